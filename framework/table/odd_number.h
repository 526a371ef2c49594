// Cells that people read as numbers and that are none here: 1,234.50, 12 %, 2024-05-01.
#ifndef NABLA_FRAMEWORK_TABLE_ODD_NUMBER_H_
#define NABLA_FRAMEWORK_TABLE_ODD_NUMBER_H_

#include <string>
#include <string_view>

namespace nabla {

// How to write what the cell probably means, as the end of a message: "; write numbers without
// thousands separators, ...". "" for a cell that looks like a word. In a table with decimal commas
// every point is odd.
std::string OddNumberHint(std::string_view cell, bool decimal_comma = false);

// The same for a cell among numbers: also where it is a number with a unit, or may stand for a
// missing value.
std::string NoNumberHint(std::string_view cell, bool decimal_comma = false);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_ODD_NUMBER_H_
