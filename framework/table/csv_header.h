// The first line of a table: names of its columns, or its first row.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_HEADER_H_
#define NABLA_FRAMEWORK_TABLE_CSV_HEADER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/base/error.h"

namespace nabla {

using CsvCells = std::vector<std::string>;

// Whether `first` names the columns of the records `rest` below it: it has a word where they have
// numbers, or another number of cells; or nothing but words, none of which occurs below itself.
bool IsCsvHeader(const CsvCells& first, const std::vector<CsvCells>& rest, bool decimal_comma);

// How many more words than numbers a column has in some records; `column` counts from 0. Cells that
// are missing do not count.
int WordVotes(const std::vector<CsvCells>& records, size_t column, bool decimal_comma);

// The names in a header that has `columns` of them, without quotes around them and fit to be
// printed; none if it has another number of cells.
std::vector<std::string> CsvNames(const CsvCells& cells, size_t columns);

// What to tell the user of a line that was taken for a header; `asked`: because the user said so.
// "" if there is nothing to tell.
std::string HeaderRemark(const CsvCells& cells, const Place& place, bool asked);

// A warning where the first line was taken for a row and looks like a header all the same: it
// counts columns. "" otherwise.
std::string FirstRowRemark(const CsvCells& cells, const Place& place);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_HEADER_H_
