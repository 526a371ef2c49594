#include "framework/table/csv_beginning.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "framework/table/csv_text.h"

namespace nabla {
namespace {

// So many rows tell which columns are of words.
constexpr size_t kSampleRows = 20;

std::string DialectRemark(const std::string& name, const CsvDialect& dialect) {
  if (dialect.separator == ',') return "";
  const std::string separator =
      dialect.separator == '\t' ? "tabs" : std::string("'") + dialect.separator + "'";
  return name + ": note: " + separator + " separate the columns" +
         (dialect.decimal_comma ? ", and 1,5 is one and a half" : "");
}

// What people take for CSV, and what reads as a row of nonsense.
void CheckText(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMarks16[] = {"\xFF\xFE", "\xFE\xFF"};
  const auto fail = [&](const std::string& message) {
    throw InputError({Problem{{name}, message}});
  };
  for (const std::string_view mark : kByteOrderMarks16) {
    if (text.starts_with(mark)) fail("the file is UTF-16: save it as UTF-8");
  }
  if (text.starts_with("PK\x03\x04")) {
    fail("the file is a zip archive, as .xlsx and .ods files are: save the table as CSV");
  }
  const size_t zero = text.find('\0');
  if (zero != std::string_view::npos) {
    fail("byte " + std::to_string(zero) + " is 0: this is no text, or not UTF-8");
  }
  const bool other_lines = text.find('\n') == std::string_view::npos;
  if (other_lines && Trimmed(text).find('\r') != std::string_view::npos) {
    fail("a carriage return alone ends the lines: save the file with line feeds, as UTF-8 text");
  }
}

bool IsKnown(const CsvCells& first, const CsvCells& known) {
  return !known.empty() && std::ranges::is_permutation(first, known);
}

}  // namespace

CsvBeginning BeginCsv(const CsvFormat& format, const CsvCells& known, const std::string& name,
                      CsvCursor* cursor, std::vector<std::string>* remarks) {
  CheckText(cursor->Rest(), name);
  const CsvDialect dialect = DialectOf(cursor->Rest(), format.separator);
  cursor->set_separator(dialect.separator);
  const auto say = [&](std::string remark) {
    if (!remark.empty()) remarks->push_back(std::move(remark));
  };
  if (!format.separator) say(DialectRemark(name, dialect));
  CsvBeginning beginning{.place = cursor->LinePlace(),
                         .separator = dialect.separator,
                         .decimal_comma = dialect.decimal_comma};
  beginning.sample = FirstRecords(cursor->Rest(), dialect.separator, kSampleRows + 1);
  if (beginning.sample.empty()) cursor->Fail("expected rows of numbers, found none");
  CsvCells first = beginning.sample[0];
  const std::vector<CsvCells> rest(beginning.sample.begin() + 1, beginning.sample.end());
  const bool header = format.header.value_or(IsKnown(first, known) ||
                                             IsCsvHeader(first, rest, dialect.decimal_comma));
  // One that was told to be a row is one, or an error.
  say(header          ? HeaderRemark(first, beginning.place, format.header.has_value())
      : format.header ? ""
                      : FirstRowRemark(first, beginning.place));
  if (!header) return beginning;
  cursor->SkipRow();
  if (cursor->Done()) cursor->Fail("expected rows of numbers, found none");
  beginning.header = std::move(first);
  beginning.sample = FirstRecords(cursor->Rest(), dialect.separator, kSampleRows);
  return beginning;
}

}  // namespace nabla
