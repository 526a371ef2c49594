#include "framework/table/csv_beginning.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/table/csv_text.h"

namespace nabla {
namespace {

// So many rows tell which columns are of words.
constexpr size_t kSampleRows = 20;

// What was found of it; `asked`: the separator was not.
std::string DialectRemark(const std::string& name, const CsvDialect& dialect, bool asked) {
  constexpr const char* kComma = "1,5 is one and a half";
  if (dialect.separator == ',' || (asked && !dialect.decimal_comma)) return "";
  if (asked) return name + ": note: " + kComma;
  const std::string separator =
      dialect.separator == '\t' ? "tabs" : std::string("'") + dialect.separator + "'";
  return name + ": note: " + separator + " separate the columns" +
         (dialect.decimal_comma ? std::string(", and ") + kComma : "");
}

// What people take for CSV, and what reads as a row of nonsense.
void CheckText(std::string_view text, const std::string& name) {
  constexpr size_t kNearBegin = 1 << 10;  // where the first member has its name
  constexpr std::string_view kByteOrderMarks16[] = {"\xFF\xFE", "\xFE\xFF"};
  const auto fail = [&](const std::string& message) {
    throw InputError({Problem{{name}, message}});
  };
  for (const std::string_view mark : kByteOrderMarks16) {
    if (text.starts_with(mark)) fail("the file is UTF-16: save it as UTF-8");
  }
  const bool zip = text.starts_with("PK\x03\x04");
  if ((zip && text.find(".npy") < kNearBegin) || text.starts_with("\x93NUMPY")) {
    fail("the file holds arrays of NumPy: write `name: numpy` in the data set");
  }
  if (zip) {
    fail("the file is a zip archive, as .xlsx and .ods files are: save the table as CSV");
  }
  const size_t zero = text.find('\0');
  if (zero != std::string_view::npos) {
    fail("byte " + std::to_string(zero) + " is 0: this is not text, or not UTF-8");
  }
  const bool other_lines = text.find('\n') == std::string_view::npos;
  if (other_lines && Trimmed(text).find('\r') != std::string_view::npos) {
    fail("a carriage return alone ends the lines: save the file with line feeds, as UTF-8 text");
  }
}

// The first row may have another length than the header if most rows have: then that names nothing.
void CheckFirstRow(const CsvBeginning& beginning) {
  const size_t names = beginning.header.size();
  const size_t found = beginning.sample[0].size();
  const auto of_length = [&](size_t n) {
    return std::ranges::count(beginning.sample, n, [](const auto& cells) { return cells.size(); });
  };
  if (found == names || names == 1 || of_length(names) < of_length(found)) return;
  throw InputError({Problem{beginning.row_place, "expected " + std::to_string(names) +
                                                     " fields, as in the header, found " +
                                                     std::to_string(found)}});
}

void CheckHeaderText(const CsvCells& cells, const Place& place) {
  for (const std::string& cell : cells) {
    if (IsUtf8(cell)) continue;
    throw InputError(
        {Problem{place, "the name " + Quoted(cell) + " is not UTF-8: save the file as UTF-8"}});
  }
}

// Whether a line has all of some names.
bool HasNames(const CsvCells& first, const std::vector<std::string>& names) {
  const std::vector<std::string> own = CsvNames(first, first.size());
  const std::set<std::string_view> all(own.begin(), own.end());
  const auto has = [&](const std::string& name) { return name.empty() || all.contains(name); };
  return std::ranges::any_of(names, [](const std::string& name) { return !name.empty(); }) &&
         std::ranges::all_of(names, has);
}

}  // namespace

CsvBeginning BeginCsv(const CsvFormat& format, const std::vector<std::string>& known,
                      const std::string& name, CsvCursor* cursor,
                      std::vector<std::string>* remarks) {
  CheckText(cursor->Rest(), name);
  const CsvDialect dialect =
      DialectOf(cursor->Rest(), format.separator ? format.separator : cursor->said_separator());
  cursor->set_separator(dialect.separator);
  const auto say = [&](std::string remark) {
    if (!remark.empty()) remarks->push_back(std::move(remark));
  };
  say(DialectRemark(name, dialect, bool{format.separator}));
  CsvBeginning beginning{.place = cursor->LinePlace(),
                         .separator = dialect.separator,
                         .decimal_comma = dialect.decimal_comma};
  beginning.sample = FirstRecords(cursor->Rest(), dialect.separator, kSampleRows + 1);
  if (beginning.sample.empty()) cursor->Fail("expected rows of numbers, found none");
  CsvCells first = beginning.sample[0];
  const std::vector<CsvCells> rest(beginning.sample.begin() + 1, beginning.sample.end());
  const bool header = format.header.value_or(HasNames(first, known) ||
                                             IsCsvHeader(first, rest, dialect.decimal_comma));
  // One that was told to be a row is one, or an error.
  say(header          ? HeaderRemark(first, beginning.place, format.header.has_value())
      : format.header ? ""
                      : FirstRowRemark(first, beginning.place));
  if (!header) return beginning;
  CheckHeaderText(first, beginning.place);
  cursor->SkipRow();
  if (cursor->Done()) cursor->Fail("expected rows of numbers, found none");
  beginning.header = std::move(first);
  beginning.row_place = cursor->LinePlace();
  beginning.sample = FirstRecords(cursor->Rest(), dialect.separator, kSampleRows);
  if (beginning.sample.empty()) cursor->Fail("expected rows of numbers, found none");
  CheckFirstRow(beginning);
  return beginning;
}

}  // namespace nabla
