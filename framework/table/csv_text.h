// The text of a table: records, cells, and which characters separate them.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_TEXT_H_
#define NABLA_FRAMEWORK_TABLE_CSV_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

struct CsvDialect {
  char separator = ',';
  bool decimal_comma = false;  // 1,5 is one and a half
};

// The dialect of a text. Unless it is given, the separator is the first of tab, ';', ',' and '|'
// that all of the first lines have equally often outside of quotes; if none is, the one that the
// first line has most often. Numbers have decimal commas where the separator is another character,
// a cell of the first lines looks like 1,5 and none like 1.5.
CsvDialect DialectOf(std::string_view text, std::optional<char> separator);

// The first `most` records of a text, as their cells; empty lines are none. Cells have no spaces
// around them, and no quotes if they were in double quotes, inside of which "" stands for one.
std::vector<std::vector<std::string>> FirstRecords(std::string_view text, char separator,
                                                   size_t most);

// Whether columns may be separated by it.
inline bool IsCsvSeparator(char c) { return c == '\t' || c == ';' || c == ',' || c == '|'; }

inline bool IsCsvSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// The text without spaces around it.
inline std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsCsvSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsCsvSpace(text.back())) text.remove_suffix(1);
  return text;
}

// The number in a cell, spaces around it left out; none unless it is finite and all of the cell.
// Beside decimal commas a point separates thousands, so that 1.234 is none.
std::optional<double> CsvNumber(std::string_view cell, bool decimal_comma = false);

// Whether a cell is written as a number, finite or not: inf and 1e999 are no words.
bool IsNumeral(std::string_view cell, bool decimal_comma);

// Whether a cell says that its value is missing: it is empty, ?, NA, N/A, NaN, null or None.
bool IsMissing(std::string_view cell);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_TEXT_H_
