#include "framework/data/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "framework/base/error.h"

namespace nabla {
namespace {

constexpr int32_t kMostClasses = 1 << 20;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// A cursor over the text that knows its line and column for errors.
class Reader {
 public:
  Reader(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format)
      : at_(reinterpret_cast<const char*>(text.data())),
        end_(at_ + text.size()),
        line_begin_(at_),
        name_(name),
        separator_(format.separator) {
    SkipEmptyLines();
    if (format.header && at_ != end_) NextLine();
    SkipEmptyLines();
  }

  bool Done() const { return at_ == end_; }

  // The number of fields in the current line.
  size_t CountFields() const {
    const char* end = std::find(at_, end_, '\n');
    return 1 + static_cast<size_t>(std::count(at_, end, separator_));
  }

  // Reads a field that is a whole number from 0 to 255, as nearly every field of an image is.
  // Returns false, and does not move, for any other field.
  bool TakeByte(uint8_t* out) {
    const char* p = at_;
    unsigned value = 0;
    for (; p != end_ && *p >= '0' && *p <= '9' && p - at_ < 4; ++p) value = value * 10 + (*p - '0');
    if (p == at_ || value > 255 || (p != end_ && *p != separator_ && *p != '\n')) return false;
    *out = static_cast<uint8_t>(value);
    at_ = p;
    return true;
  }

  double TakeNumber() {
    const char* stop = FieldEnd();
    const char* first = at_;
    while (first != stop && IsSpace(*first)) ++first;
    const char* last = stop;
    while (last != first && IsSpace(last[-1])) --last;
    double value = 0;
    const char* start = first != last && *first == '+' ? first + 1 : first;
    const auto [parsed, error] = std::from_chars(start, last, value);
    if (first == last || error != std::errc() || parsed != last || !std::isfinite(value)) {
      Fail("expected a number, found \"" + std::string(first, std::min(last, first + 40)) + "\"");
    }
    at_ = stop;
    return value;
  }

  int32_t TakeLabel() {
    uint8_t byte = 0;
    if (TakeByte(&byte)) return byte;
    const char* field = at_;
    const double value = TakeNumber();
    if (value < 0 || value >= kMostClasses || value != std::floor(value)) {
      const std::string found(field, at_);
      at_ = field;
      Fail("expected a class, a whole number from 0, found \"" + found + "\"");
    }
    return static_cast<int32_t>(value);
  }

  // After a field: skips the separator, or fails if the line ends early.
  void NextField(size_t field, size_t fields) {
    if (at_ != end_ && *at_ == separator_) {
      ++at_;
      return;
    }
    FailLength(field, fields);
  }

  // After the last field.
  void EndRow(size_t fields) {
    while (at_ != end_ && IsSpace(*at_)) ++at_;
    if (at_ != end_ && *at_ != '\n') {
      const char* row_end = std::find(at_, end_, '\n');
      FailLength(fields + static_cast<size_t>(std::count(at_, row_end, separator_)), fields);
    }
    if (at_ != end_) NextLine();
    SkipEmptyLines();
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError(
        std::vector<Problem>{{{name_, line_, static_cast<int>(at_ - line_begin_) + 1}, message}});
  }

 private:
  const char* FieldEnd() const {
    const char* p = at_;
    while (p != end_ && *p != separator_ && *p != '\n') ++p;
    return p;
  }

  void NextLine() {
    const void* found = std::memchr(at_, '\n', static_cast<size_t>(end_ - at_));
    at_ = found == nullptr ? end_ : static_cast<const char*>(found) + 1;
    line_begin_ = at_;
    ++line_;
  }

  void SkipEmptyLines() {
    while (at_ != end_) {
      const char* p = at_;
      while (p != end_ && IsSpace(*p)) ++p;
      if (p != end_ && *p != '\n') return;
      at_ = p;
      if (at_ != end_) NextLine();
    }
  }

  [[noreturn]] void FailLength(size_t found, size_t expected) const {
    Fail("expected " + std::to_string(expected) + " fields, as in the first row, found " +
         std::to_string(found));
  }

  const char* at_;
  const char* end_;
  const char* line_begin_;
  int line_ = 1;
  const std::string& name_;
  char separator_;
};

// Inputs are stored as bytes until one is not a byte; then all those read so far become numbers.
void TakeInput(Reader& reader, CsvTable* table) {
  uint8_t byte = 0;
  if (table->numbers.empty() && reader.TakeByte(&byte)) {
    table->pixels.push_back(byte);
    return;
  }
  const double number = reader.TakeNumber();
  const bool is_byte = number >= 0 && number <= 255 && number == std::floor(number);
  if (table->numbers.empty() && is_byte) {
    table->pixels.push_back(static_cast<uint8_t>(number));
    return;
  }
  if (table->numbers.empty()) {
    table->numbers.reserve(table->pixels.capacity());
    table->numbers.assign(table->pixels.begin(), table->pixels.end());
    table->pixels = {};
  }
  table->numbers.push_back(number);
}

}  // namespace

CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format) {
  Reader reader(text, name, format);
  if (reader.Done()) reader.Fail("expected rows of numbers, found none");
  const size_t fields = reader.CountFields();
  const auto count = static_cast<int64_t>(fields);
  const int64_t label = format.label_column < 0 ? count + format.label_column : format.label_column;
  if (fields < 2 || label < 0 || label >= count) {
    reader.Fail("expected a label in column " + std::to_string(format.label_column) +
                " and inputs in other columns, found " + std::to_string(fields) + " columns");
  }
  CsvTable table{.columns = fields - 1};
  // A field takes at least two characters, with its separator.
  table.pixels.reserve(text.size() / 2);
  while (!reader.Done()) {
    for (size_t field = 0; field < fields; ++field) {
      if (static_cast<int64_t>(field) == label) {
        table.labels.push_back(reader.TakeLabel());
      } else {
        TakeInput(reader, &table);
      }
      if (field + 1 < fields) reader.NextField(field + 1, fields);
    }
    reader.EndRow(fields);
    ++table.rows;
  }
  return table;
}

}  // namespace nabla
