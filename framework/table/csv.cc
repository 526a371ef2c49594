#include "framework/table/csv.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "framework/formats/complaint.h"
#include "framework/model/dataset.h"
#include "framework/table/csv_cursor.h"
#include "framework/table/csv_header.h"
#include "framework/table/csv_layout.h"
#include "framework/table/csv_rows.h"
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

// Looks at the first rows, and goes over the header if there is one.
CsvBeginning Begin(const CsvFormat& format, const CsvDialect& dialect, CsvCursor* cursor,
                   CsvTable* table) {
  CsvBeginning beginning{.place = cursor->LinePlace(), .decimal_comma = dialect.decimal_comma};
  beginning.sample = FirstRecords(cursor->Rest(), dialect.separator, kSampleRows + 1);
  if (beginning.sample.empty()) cursor->Fail("expected rows of numbers, found none");
  CsvCells first = beginning.sample[0];
  const std::vector<CsvCells> rest(beginning.sample.begin() + 1, beginning.sample.end());
  const bool header = format.header.value_or(IsCsvHeader(first, rest, dialect.decimal_comma));
  // One that was told to be a row is one, or an error.
  std::string remark = header ? HeaderRemark(first, beginning.place, format.header.has_value())
                       : format.header ? ""
                                       : FirstRowRemark(first, beginning.place);
  if (!remark.empty()) table->remarks.push_back(std::move(remark));
  if (!header) return beginning;
  cursor->SkipRow();
  if (cursor->Done()) cursor->Fail("expected rows of numbers, found none");
  beginning.header = std::move(first);
  beginning.sample = FirstRecords(cursor->Rest(), dialect.separator, kSampleRows);
  return beginning;
}

// A column whose first values were words turns out to be of numbers: those words were none.
void CheckWords(const std::vector<CsvColumn>& columns, bool decimal_comma) {
  for (const CsvColumn& column : columns) {
    size_t numbers = 0;
    size_t words = 0;
    const CsvWord* odd = nullptr;
    for (const CsvWord& word : column.seen) {
      const bool number = bool{CsvNumber(word.text, decimal_comma)};
      (number ? numbers : words) += word.count;
      if (!number && odd == nullptr) odd = &word;
    }
    if (column.asked || numbers < words || odd == nullptr) continue;
    throw InputError({Problem{odd->first, "expected a number, found " + Quoted(odd->text)}});
  }
}

// pandas makes names such as 0.1 of a row that it takes for a header: then that line alone is not
// of whole numbers from 0 to 255.
bool OnlyFirstRowIsOdd(const CsvTable& table) {
  constexpr size_t kLeastRows = 3;
  if (table.rows < kLeastRows || table.numbers.empty()) return false;
  const auto second = table.numbers.begin() + static_cast<std::ptrdiff_t>(table.inputs.size());
  return std::all_of(second, table.numbers.end(), IsByte);
}

}  // namespace

std::vector<std::string> CsvTable::Names() const {
  std::vector<std::string> names;
  for (const CsvColumn& input : inputs) names.push_back(input.name);
  const bool named = std::ranges::any_of(names, [](const auto& name) { return !name.empty(); });
  return named ? names : std::vector<std::string>();
}

CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format) {
  CsvTable table{.source = name};
  CsvCursor cursor(text, name);
  const CsvDialect dialect = DialectOf(cursor.Rest(), format.separator);
  cursor.set_separator(dialect.separator);
  if (!format.separator) {
    if (std::string remark = DialectRemark(name, dialect); !remark.empty()) {
      table.remarks.push_back(std::move(remark));
    }
  }
  const CsvBeginning beginning = Begin(format, dialect, &cursor, &table);
  LayOut(beginning, format, &table);
  ReadCsvRows(format, dialect.decimal_comma, &cursor, &table);
  if (table.rows == 0) cursor.Fail("every row has a missing value: none is left");
  CheckWords(table.inputs, dialect.decimal_comma);
  CheckWords(table.targets, dialect.decimal_comma);
  if (!format.header && beginning.header.empty() && OnlyFirstRowIsOdd(table) &&
      std::ranges::none_of(table.inputs, &CsvColumn::words)) {
    table.remarks.push_back(beginning.place.ToString() +
                            ": warning: the line is taken for a row, since all its cells are "
                            "numbers, but it alone has other than whole numbers from 0 to 255: is "
                            "it a header, or damaged?");
  }
  return table;
}

namespace {

// Adds the words that `more` alone has; the new code of each of its words.
std::vector<double> Join(std::vector<CsvWord> more, std::vector<CsvWord>* words) {
  std::vector<double> codes;
  for (CsvWord& word : more) {
    const auto found = std::ranges::find(*words, word.text, &CsvWord::text);
    codes.push_back(static_cast<double>(found - words->begin()));
    if (found == words->end()) {
      words->push_back(std::move(word));
    } else {
      found->count += word.count;
    }
  }
  return codes;
}

// Joins the columns, and gives the words among `values` (N, columns) their new codes.
void JoinColumns(std::vector<CsvColumn> more, std::vector<double>* values,
                 std::vector<CsvColumn>* columns) {
  for (size_t c = 0; c < columns->size(); ++c) {
    CsvColumn& column = (*columns)[c];
    column.missing += more[c].missing;
    if (!column.no_bit) column.no_bit = more[c].no_bit;
    if (!column.fraction) column.fraction = more[c].fraction;
    if (!column.no_class) column.no_class = more[c].no_class;
    if (!column.words) continue;
    const std::vector<double> codes = Join(std::move(more[c].seen), &column.seen);
    for (size_t at = c; at < values->size(); at += columns->size()) {
      if (!std::isnan((*values)[at])) (*values)[at] = codes[static_cast<size_t>((*values)[at])];
    }
  }
}

void HoldNumbers(CsvTable* table) {
  if (table->pixels.empty()) return;
  table->numbers.assign(table->pixels.begin(), table->pixels.end());
  table->pixels = {};
}

}  // namespace

void Append(CsvTable more, CsvTable* table) {
  const bool words = std::ranges::any_of(table->inputs, &CsvColumn::words);
  if (words || table->pixels.empty() != more.pixels.empty()) {
    HoldNumbers(table);
    HoldNumbers(&more);
  }
  JoinColumns(std::move(more.inputs), &more.numbers, &table->inputs);
  JoinColumns(std::move(more.targets), &more.values, &table->targets);
  table->pixels.insert(table->pixels.end(), more.pixels.begin(), more.pixels.end());
  table->numbers.insert(table->numbers.end(), more.numbers.begin(), more.numbers.end());
  table->values.insert(table->values.end(), more.values.begin(), more.values.end());
  table->remarks.insert(table->remarks.end(), more.remarks.begin(), more.remarks.end());
  table->rows += more.rows;
}

}  // namespace nabla
