#include "framework/table/csv_beginning.h"

#include <algorithm>
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

bool IsKnown(const CsvCells& first, const CsvCells& known) {
  return !known.empty() && std::ranges::is_permutation(first, known);
}

}  // namespace

CsvBeginning BeginCsv(const CsvFormat& format, const CsvCells& known, const std::string& name,
                      CsvCursor* cursor, std::vector<std::string>* remarks) {
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
