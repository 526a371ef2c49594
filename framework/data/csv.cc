#include "framework/data/csv.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "framework/base/error.h"
#include "framework/data/csv_header.h"
#include "framework/formats/complaint.h"
#include "framework/model/dataset.h"

namespace nabla {
namespace {

constexpr int32_t kMostClasses = 1 << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

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
    if (Rest().starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
    SkipEmptyLines();
  }

  bool Done() const { return at_ == end_; }
  Place LinePlace() const { return {name_, line_, 0}; }
  std::vector<std::string_view> Cells() const {
    return CsvCells({at_, std::find(at_, end_, '\n')}, separator_);
  }

  // From the beginning of a line to that of the next one that is not empty.
  void SkipLine() {
    if (at_ != end_) NextLine();
    SkipEmptyLines();
  }

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
    const std::string_view cell(at_, stop);
    const std::optional<double> value = CsvNumber(cell);
    if (!value) Fail("expected a number, found " + Quoted(CsvCells(cell, separator_).front()));
    at_ = stop;
    return *value;
  }

  int32_t TakeLabel() {
    uint8_t byte = 0;
    if (TakeByte(&byte)) return byte;
    const char* field = at_;
    const double value = TakeNumber();
    if (value < 0 || value >= kMostClasses || value != std::floor(value)) {
      const std::string_view found(field, at_);
      at_ = field;
      Fail("expected a class, a whole number from 0, found " + Quoted(found));
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
    SkipLine();
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError(
        std::vector<Problem>{{{name_, line_, static_cast<int>(at_ - line_begin_) + 1}, message}});
  }

 private:
  std::string_view Rest() const { return {at_, end_}; }

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
  if (table->numbers.empty() && IsByte(number)) {
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

// The column of the label, from 0; none where all columns are inputs.
std::optional<size_t> LabelColumn(const Reader& reader, const CsvFormat& format, size_t fields) {
  if (!format.label_column) return std::nullopt;
  const auto count = static_cast<int64_t>(fields);
  const int64_t wanted = *format.label_column;
  const int64_t label = wanted < 0 ? count + wanted : wanted;
  if (fields < 2 || label < 0 || label >= count) {
    reader.Fail("expected a label in column " + std::to_string(wanted) +
                " and inputs beside it, found " + std::to_string(fields) + " columns");
  }
  return static_cast<size_t>(label);
}

// Goes over the header, if there is one, and returns its cells.
std::vector<std::string_view> TakeHeader(Reader& reader, const CsvFormat& format, CsvTable* table) {
  if (reader.Done()) return {};
  const std::vector<std::string_view> cells = reader.Cells();
  const Place place = reader.LinePlace();
  const bool header = format.header.value_or(IsCsvHeader(cells));
  if (header) reader.SkipLine();
  // One that was told to be a row is one, or an error.
  std::string remark = header          ? HeaderRemark(cells, place, format.header.has_value())
                       : format.header ? ""
                                       : FirstRowRemark(cells, place);
  if (!remark.empty()) table->remarks.push_back(std::move(remark));
  return header ? cells : std::vector<std::string_view>();
}

// pandas makes names such as 0.1 of a row that it takes for a header: then that line alone is not
// of whole numbers from 0 to 255.
bool OnlyFirstRowIsOdd(const CsvTable& table) {
  constexpr size_t kLeastRows = 3;
  if (table.rows < kLeastRows || table.numbers.empty()) return false;
  const auto second = table.numbers.begin() + static_cast<std::ptrdiff_t>(table.columns);
  return std::all_of(second, table.numbers.end(), IsByte);
}

}  // namespace

CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format) {
  CsvTable table;
  Reader reader(text, name, format);
  const Place first_line = reader.LinePlace();
  const std::vector<std::string_view> header = TakeHeader(reader, format, &table);
  if (reader.Done()) reader.Fail("expected rows of numbers, found none");
  const size_t fields = reader.CountFields();
  const std::optional<size_t> label = LabelColumn(reader, format, fields);
  table.columns = fields - (label ? 1 : 0);
  table.names = CsvNames(header, fields);
  if (label && !table.names.empty()) {
    table.names.erase(table.names.begin() + static_cast<std::ptrdiff_t>(*label));
  }
  // A field takes at least two characters, with its separator.
  table.pixels.reserve(text.size() / 2);
  while (!reader.Done()) {
    for (size_t field = 0; field < fields; ++field) {
      if (field == label) {
        table.labels.push_back(reader.TakeLabel());
      } else {
        TakeInput(reader, &table);
      }
      if (field + 1 < fields) reader.NextField(field + 1, fields);
    }
    reader.EndRow(fields);
    ++table.rows;
  }
  if (!format.header && header.empty() && table.remarks.empty() && OnlyFirstRowIsOdd(table)) {
    table.remarks.push_back(first_line.ToString() +
                            ": warning: the line is taken for a row, since all its cells are "
                            "numbers, but it alone has other than whole numbers from 0 to 255: is "
                            "it a header, or damaged?");
  }
  return table;
}

}  // namespace nabla
