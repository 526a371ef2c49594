// Tables that fit a terminal.
#ifndef NABLA_FRAMEWORK_TERMINAL_TEXT_TABLE_H_
#define NABLA_FRAMEWORK_TERMINAL_TEXT_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace nabla {

struct TextColumn {
  std::string title;
  std::vector<std::string> cells;  // one a row, UTF-8 without line breaks
  bool left = false;               // aligned left, as texts are; numbers are aligned right
  int spare = 0;  // where room is short, the column with the greatest goes first; 0 always stays
};

struct TextTable {
  std::string text;                  // the titles and the rows; every line ends with '\n'
  std::vector<std::string> omitted;  // titles of the columns for which there was no room
};

// The columns side by side, two spaces between them, in lines of at most `width` characters as far
// as leaving out columns achieves that.
TextTable FitTable(const std::vector<TextColumn>& columns, size_t width);

// "not shown, for lack of room: a, b\n"; "" if everything is.
std::string OmittedText(const TextTable& table);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_TEXT_TABLE_H_
