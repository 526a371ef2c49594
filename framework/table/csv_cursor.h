// A place in the text of a table, moved from cell to cell.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_CURSOR_H_
#define NABLA_FRAMEWORK_TABLE_CSV_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "framework/base/error.h"

namespace nabla {

// Knows its line and column for errors, which are InputErrors in the file `name`.
class CsvCursor {
 public:
  // Stands at the first line that is not empty, after a byte order mark and a line "sep=;" with any
  // separator. `name` must outlive it.
  CsvCursor(std::span<const uint8_t> text, const std::string& name);

  bool Done() const { return at_ == end_; }
  std::string_view Rest() const { return {at_, end_}; }
  Place LinePlace() const { return {name_, line_, 0}; }
  void set_separator(char separator) { separator_ = separator; }
  // What the line "sep=;" says; none if there is no such line, or one with another character than
  // separates columns.
  std::optional<char> said_separator() const { return said_separator_; }

  // Reads cells that are whole numbers from 0 to 255, as nearly every cell of an image is, until
  // one is not, the line ends or there are `most`; returns how many. Then it stands behind the last
  // of them, or has not moved.
  size_t TakeBytes(size_t most, uint8_t* out) {
    const char* const end = end_;
    const char separator = separator_;
    const char* p = at_;
    for (size_t taken = 0;;) {
      const char* const cell = p;
      unsigned value = 0;
      for (; p != end && *p >= '0' && *p <= '9' && p - cell < 4; ++p)
        value = value * 10 + (*p - '0');
      if (p == cell || value > 255 || (p != end && *p != separator && *p != '\n')) return taken;
      out[taken++] = static_cast<uint8_t>(value);
      at_ = p;
      if (taken == most || p == end || *p == '\n') return taken;
      ++p;
    }
  }

  // Reads a cell that is a finite number and nothing else, not even spaces. Returns false, and does
  // not move, for any other cell, and with decimal commas also for one with a point.
  bool TakeNumber(bool decimal_comma, double* out);

  // The next cell, without spaces or double quotes around it: there may be separators and line
  // breaks between the quotes, and "" is one of them. Valid until the next call.
  std::string_view TakeCell();
  // Where the cell begins that was taken last.
  Place CellPlace() const { return {name_, cell_line_, cell_column_}; }

  // After a cell that is number `field` of `fields`, from 1: goes to the next one, or fails where
  // the line ends early.
  void NextField(size_t field, size_t fields) {
    if (at_ != end_ && *at_ == separator_) {
      ++at_;
      return;
    }
    FailLength(field, fields);
  }
  // After the last one: goes to the next line that is not empty.
  void EndRow(size_t fields);
  // Goes over a whole record.
  void SkipRow();

  [[noreturn]] void Fail(const std::string& message) const;

 private:
  std::string_view TakeQuoted();
  void NextLine();
  void SkipEmptyLines();
  [[noreturn]] void FailLength(size_t found, size_t expected) const;

  const char* at_;
  const char* end_;
  const char* line_begin_;
  int line_ = 1;
  int cell_line_ = 1;
  int cell_column_ = 1;
  const std::string& name_;
  char separator_ = ',';
  std::optional<char> said_separator_;
  std::string unquoted_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_CURSOR_H_
