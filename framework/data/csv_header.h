// The first line of a table of numbers: names of its columns, or its first row.
#ifndef NABLA_FRAMEWORK_DATA_CSV_HEADER_H_
#define NABLA_FRAMEWORK_DATA_CSV_HEADER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.h"

namespace nabla {

// The number in a cell, spaces around it left out; none unless it is finite and all of the cell.
std::optional<double> CsvNumber(std::string_view cell);

// The cells of a line, without spaces around them.
std::vector<std::string_view> CsvCells(std::string_view line, char separator);

// Whether a line names columns: not all of its cells are numbers.
bool IsCsvHeader(const std::vector<std::string_view>& cells);

// The names in a header that has `columns` of them, without quotes around them and fit to be
// printed; none if it has another number of cells.
std::vector<std::string> CsvNames(const std::vector<std::string_view>& cells, size_t columns);

// What to tell the user of a line that was taken for a header; `asked`: because the user said so.
// "" if there is nothing to tell.
std::string HeaderRemark(const std::vector<std::string_view>& cells, const Place& place,
                         bool asked);

// A warning where the first line was taken for a row and looks like a header all the same: it
// counts columns. "" otherwise.
std::string FirstRowRemark(const std::vector<std::string_view>& cells, const Place& place);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_CSV_HEADER_H_
