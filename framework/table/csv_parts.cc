#include "framework/table/csv_parts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "framework/formats/complaint.h"
#include "framework/model/dataset.h"
#include "framework/table/csv_layout.h"
#include "framework/table/csv_rows.h"
#include "framework/table/csv_text.h"

namespace nabla {
namespace {

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

// What a note says behind its place.
std::string_view NoteOf(const std::string& remark) {
  const size_t at = remark.find(": note: ");
  return at == std::string::npos ? std::string_view() : std::string_view(remark).substr(at);
}

}  // namespace

void CsvParts::Look(std::span<const uint8_t> text, const std::string& name) {
  CsvCursor cursor(text, name);
  Part part{.table = {.source = name}};
  const CsvCells known = parts_.empty() ? CsvCells() : parts_[0].beginning.header;
  part.beginning = BeginCsv(format_, known, name, &cursor, &part.table.remarks);
  parts_.push_back(std::move(part));
}

void CsvParts::LayOutParts() {
  CsvTable& first = parts_[0].table;
  const std::vector<std::string> names = parts_[0].beginning.Names();
  LayOut(parts_[0].beginning, format_, &first);
  const bool own = format_.like == nullptr;
  for (Part& part : std::span(parts_).subspan(1)) {
    if (own) LayOutPart(part.beginning, format_, first, names, &part.table);
    if (!own) LayOut(part.beginning, format_, &part.table);
  }
  // All files tell together which columns are of words.
  for (auto columns : {&CsvTable::inputs, &CsvTable::targets}) {
    for (size_t c = 0; own && c < (first.*columns).size(); ++c) {
      int votes = 0;
      for (const auto& [beginning, table] : parts_) {
        votes += WordVotes(beginning.sample, (table.*columns)[c].field, beginning.decimal_comma);
      }
      const bool words = votes > 0 || (first.*columns)[c].asked;
      for (Part& part : parts_) (part.table.*columns)[c].words = words;
    }
  }
}

// A note that many files have alike is said of the first.
void CsvParts::Say(std::vector<std::string> remarks) {
  for (std::string& remark : remarks) {
    const std::string_view note = NoteOf(remark);
    const bool said = !note.empty() && std::ranges::any_of(remarks_, [&](const auto& other) {
      return other.ends_with(note);
    });
    if (!said) remarks_.push_back(std::move(remark));
  }
}

void CsvParts::Add(std::span<const uint8_t> text, const std::string& name) {
  if (added_ == 0) LayOutParts();
  const auto& [beginning, layout] = parts_[added_++];
  CsvCursor cursor(text, name);
  cursor.set_separator(beginning.separator);
  if (!beginning.header.empty()) cursor.SkipRow();
  CsvTable part = layout;
  ReadCsvRows(format_, beginning.decimal_comma, &cursor, &part);
  Say(std::move(part.remarks));
  part.remarks.clear();
  if (table_.rows == 0) {
    table_ = std::move(part);
  } else if (part.rows > 0) {
    Append(std::move(part), &table_);
  }
  if (added_ == parts_.size() && table_.rows == 0) {
    cursor.Fail("every row has a missing value: none is left");
  }
}

CsvTable CsvParts::Take() {
  const auto& [beginning, layout] = parts_[0];
  table_.source = layout.source;
  table_.fields = layout.fields;
  for (auto columns : {&CsvTable::inputs, &CsvTable::targets}) {
    for (size_t c = 0; c < (table_.*columns).size(); ++c) {
      (table_.*columns)[c].name = (layout.*columns)[c].name;
      (table_.*columns)[c].field = (layout.*columns)[c].field;
    }
    CheckWords(table_.*columns, beginning.decimal_comma);
  }
  table_.remarks = std::move(remarks_);
  if (!format_.header && beginning.header.empty() && OnlyFirstRowIsOdd(table_) &&
      std::ranges::none_of(table_.inputs, &CsvColumn::words)) {
    table_.remarks.push_back(beginning.place.ToString() +
                             ": warning: the line is taken for a row, since all its cells are "
                             "numbers, but it alone has other than whole numbers from 0 to 255: is "
                             "it a header, or damaged?");
  }
  return std::move(table_);
}

}  // namespace nabla
