#include "framework/table/csv_cursor.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "framework/table/csv_text.h"

namespace nabla {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The last character of "sep=;", which Excel writes before the header; none of another line.
std::optional<char> SeparatorIn(std::string_view line) {
  constexpr std::string_view kBegin = "sep=";
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() != kBegin.size() + 1 || !line.starts_with(kBegin)) return std::nullopt;
  return line.back();
}

}  // namespace

CsvCursor::CsvCursor(std::span<const uint8_t> text, const std::string& name)
    : at_(reinterpret_cast<const char*>(text.data())),
      end_(at_ + text.size()),
      line_begin_(at_),
      name_(name) {
  if (Rest().starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
  if (const std::optional<char> said = SeparatorIn(Rest().substr(0, Rest().find('\n')))) {
    if (IsCsvSeparator(*said)) said_separator_ = said;
    NextLine();
  }
  SkipEmptyLines();
}

bool CsvCursor::TakeNumber(bool decimal_comma, double* out) {
  double value = 0;
  const auto [p, error] = std::from_chars(at_, end_, value);
  const bool whole = error == std::errc() && (p == end_ || *p == separator_ || *p == '\n');
  if (!whole || !std::isfinite(value)) return false;
  if (decimal_comma && std::find(at_, p, '.') != p) return false;
  *out = value == 0 ? 0 : value;  // -0 is 0
  at_ = p;
  return true;
}

std::string_view CsvCursor::TakeCell() {
  cell_line_ = line_;
  cell_column_ = static_cast<int>(at_ - line_begin_) + 1;
  const char* p = at_;
  while (p != end_ && IsCsvSpace(*p) && *p != separator_) ++p;
  if (p != end_ && *p == '"') {
    at_ = p;
    return TakeQuoted();
  }
  const char* stop = at_;
  while (stop != end_ && *stop != separator_ && *stop != '\n') ++stop;
  const std::string_view cell = Trimmed({at_, stop});
  at_ = stop;
  return cell;
}

// From the first quote on.
std::string_view CsvCursor::TakeQuoted() {
  unquoted_.clear();
  for (++at_; at_ != end_; ++at_) {
    if (*at_ == '"') {
      const bool twice = at_ + 1 != end_ && at_[1] == '"';
      if (!twice) break;
      ++at_;
    }
    unquoted_ += *at_;
    if (*at_ == '\n') {
      line_begin_ = at_ + 1;
      ++line_;
    }
  }
  if (at_ == end_) throw InputError({Problem{CellPlace(), "this quote is never closed"}});
  ++at_;
  while (at_ != end_ && IsCsvSpace(*at_) && *at_ != separator_) ++at_;
  if (at_ != end_ && *at_ != separator_ && *at_ != '\n') {
    Fail("expected the end of the cell after its closing quote; a quote inside is written twice");
  }
  return Trimmed(unquoted_);
}

void CsvCursor::EndRow(size_t fields) {
  while (at_ != end_ && IsCsvSpace(*at_) && *at_ != separator_) ++at_;
  if (at_ != end_ && *at_ != '\n') {
    const char* row_end = std::find(at_, end_, '\n');
    FailLength(fields + static_cast<size_t>(std::count(at_, row_end, separator_)), fields);
  }
  if (at_ != end_) NextLine();
  SkipEmptyLines();
}

void CsvCursor::SkipRow() {
  TakeCell();
  while (at_ != end_ && *at_ == separator_) {
    ++at_;
    TakeCell();
  }
  if (at_ != end_) NextLine();
  SkipEmptyLines();
}

void CsvCursor::NextLine() {
  const void* found = std::memchr(at_, '\n', static_cast<size_t>(end_ - at_));
  at_ = found == nullptr ? end_ : static_cast<const char*>(found) + 1;
  line_begin_ = at_;
  ++line_;
}

void CsvCursor::SkipEmptyLines() {
  while (at_ != end_) {
    const char* p = at_;
    while (p != end_ && IsCsvSpace(*p) && *p != separator_) ++p;
    if (p != end_ && *p != '\n') return;
    at_ = p;
    if (at_ != end_) NextLine();
  }
}

void CsvCursor::Fail(const std::string& message) const {
  throw InputError({Problem{{name_, line_, static_cast<int>(at_ - line_begin_) + 1}, message}});
}

void CsvCursor::FailLength(size_t found, size_t expected) const {
  Fail("expected " + std::to_string(expected) + " fields, as in the first row, found " +
       std::to_string(found));
}

}  // namespace nabla
