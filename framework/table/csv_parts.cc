#include "framework/table/csv_parts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "framework/formats/complaint.h"
#include "framework/model/dataset.h"
#include "framework/table/csv_layout.h"
#include "framework/table/csv_rows.h"
#include "framework/table/csv_text.h"
#include "framework/table/odd_number.h"

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
    throw InputError({Problem{odd->first, "expected a number, found " + Quoted(odd->text) +
                                              NoNumberHint(odd->text, decimal_comma)}});
  }
}

// Words of which most look like numbers were probably meant to be some.
void RemarkOddNumbers(const std::vector<CsvColumn>& columns, bool decimal_comma,
                      std::vector<std::string>* remarks) {
  for (const CsvColumn& column : columns) {
    const CsvWord* odd = nullptr;
    size_t odd_words = 0;
    for (const CsvWord& word : column.seen) {
      if (OddNumberHint(word.text, decimal_comma).empty()) continue;
      if (odd == nullptr) odd = &word;
      ++odd_words;
    }
    if (column.asked || odd == nullptr || 2 * odd_words <= column.seen.size()) continue;
    const std::string name =
        column.name.empty() ? std::to_string(column.field) : Quoted(column.name);
    remarks->push_back(odd->first.ToString() + ": warning: the column " + name +
                       " is taken for words, such as " + Quoted(odd->text) +
                       OddNumberHint(odd->text, decimal_comma));
  }
}

// The column of row numbers that pandas writes has no name.
bool CountsRows(const CsvTable& table, size_t input) {
  constexpr size_t kLeastRows = 3;
  if (table.rows < kLeastRows) return false;
  const auto at = [&](size_t row) {
    const size_t cell = row * table.inputs.size() + input;
    return table.numbers.empty() ? static_cast<double>(table.pixels[cell]) : table.numbers[cell];
  };
  for (size_t row = 1; row < table.rows; ++row) {
    if (at(row) != at(0) + static_cast<double>(row)) return false;
  }
  return true;
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

std::vector<size_t> FieldsOf(const std::vector<CsvColumn>& columns) {
  std::vector<size_t> fields;
  for (const CsvColumn& column : columns) fields.push_back(column.field);
  return fields;
}

void SetFields(const std::vector<size_t>& fields, std::vector<CsvColumn>* columns) {
  for (size_t c = 0; c < fields.size(); ++c) (*columns)[c].field = fields[c];
}

}  // namespace

void CsvParts::Read(std::span<const uint8_t> text, const std::string& name) {
  Look(text, name);
  if (parts_.size() == 1) {
    SettleWords();
    words_ = Words();
  }
  if (failure_) return;
  try {
    AddNext(text, name);
  } catch (const InputError&) {
    failure_ = std::current_exception();
  }
}

bool CsvParts::Stands() {
  SettleWords();
  if (Words() == words_) {
    if (failure_) std::rethrow_exception(failure_);
    CheckRows();
    return true;
  }
  added_ = 0;
  dropped_ = 0;
  table_ = {};
  return false;
}

void CsvParts::Add(std::span<const uint8_t> text, const std::string& name) {
  AddNext(text, name);
  if (added_ == parts_.size()) CheckRows();
}

// For each column, the inputs before the targets, whether it is of words.
std::vector<bool> CsvParts::Words() const {
  std::vector<bool> words;
  for (const auto* columns : {&layout_.inputs, &layout_.targets}) {
    for (const CsvColumn& column : *columns) words.push_back(column.words);
  }
  return words;
}

void CsvParts::CheckRows() const {
  if (table_.rows > 0) return;
  throw InputError({Problem{last_row_, "every row has a missing value: none is left"}});
}

// What names the columns of the next file: the header of the first one, or else the inputs of the
// table that all are like.
std::vector<std::string> CsvParts::KnownNames() const {
  if (!first_.header.empty()) return CsvNames(first_.header, first_.header.size());
  std::vector<std::string> names;
  if (format_.like == nullptr) return names;
  for (const CsvColumn& column : format_.like->inputs) names.push_back(column.name);
  return names;
}

void CsvParts::Look(std::span<const uint8_t> text, const std::string& name) {
  CsvCursor cursor(text, name);
  CsvTable table{.source = name};
  CsvBeginning beginning = BeginCsv(format_, KnownNames(), name, &cursor, &table.remarks);
  const bool first = parts_.empty();
  if (first || format_.like != nullptr) {
    LayOut(beginning, format_, &table);
  } else {
    LayOutPart(beginning, format_, layout_, first_.Names(), &table);
  }
  Say(std::move(table.remarks));
  parts_.push_back({.header = !beginning.header.empty(),
                    .separator = beginning.separator,
                    .decimal_comma = beginning.decimal_comma,
                    .fields = table.fields,
                    .inputs = FieldsOf(table.inputs),
                    .targets = FieldsOf(table.targets),
                    .weight = table.weight ? table.weight->field : 0});
  if (first) {
    input_votes_.resize(table.inputs.size());
    target_votes_.resize(table.targets.size());
    table.remarks.clear();
    layout_ = std::move(table);
  }
  Vote(beginning, parts_.back());
  if (first) first_ = std::move(beginning);
}

void CsvParts::Vote(const CsvBeginning& beginning, const PartFile& part) {
  const auto add = [&](const std::vector<size_t>& fields, std::vector<int>* votes) {
    for (size_t c = 0; c < fields.size(); ++c) {
      (*votes)[c] += WordVotes(beginning.sample, fields[c], beginning.decimal_comma);
    }
  };
  add(part.inputs, &input_votes_);
  add(part.targets, &target_votes_);
}

// All files tell together which columns are of words, unless the columns of another table do.
void CsvParts::SettleWords() {
  const auto settle = [](const std::vector<int>& votes, std::vector<CsvColumn>* columns) {
    for (size_t c = 0; c < votes.size(); ++c) {
      (*columns)[c].words = votes[c] > 0 || (*columns)[c].asked;
    }
  };
  if (format_.like != nullptr) return;
  settle(input_votes_, &layout_.inputs);
  settle(target_votes_, &layout_.targets);
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

void CsvParts::AddNext(std::span<const uint8_t> text, const std::string& name) {
  const PartFile& part = parts_[added_++];
  CsvTable table = layout_;
  table.fields = part.fields;
  SetFields(part.inputs, &table.inputs);
  SetFields(part.targets, &table.targets);
  if (table.weight) table.weight->field = part.weight;
  CsvCursor cursor(text, name);
  cursor.set_separator(part.separator);
  if (part.header) cursor.SkipRow();
  dropped_ += ReadCsvRows(format_, part.decimal_comma, &cursor, &table);
  if (table_.rows == 0) {
    table_ = std::move(table);
  } else if (table.rows > 0) {
    Append(std::move(table), &table_);
  }
  last_row_ = cursor.LinePlace();
  last_row_.column = 1;
}

CsvTable CsvParts::Take() {
  table_.fields = parts_[0].fields;
  SetFields(parts_[0].inputs, &table_.inputs);
  SetFields(parts_[0].targets, &table_.targets);
  CheckWords(table_.inputs, first_.decimal_comma);
  CheckWords(table_.targets, first_.decimal_comma);
  table_.remarks = std::move(remarks_);
  if (dropped_ > 0) {
    table_.remarks.push_back(table_.source + ": note: left out " + std::to_string(dropped_) +
                             " of " + std::to_string(dropped_ + table_.rows) +
                             " rows, in which a value is missing (`missing: drop`)");
  }
  RemarkOddNumbers(table_.inputs, first_.decimal_comma, &table_.remarks);
  RemarkOddNumbers(table_.targets, first_.decimal_comma, &table_.remarks);
  for (size_t i = 0; i < table_.inputs.size() && format_.like == nullptr; ++i) {
    const CsvColumn& column = table_.inputs[i];
    const bool nameless = column.name.empty() && !first_.header.empty() && !column.words;
    if (!nameless || !CountsRows(table_, i)) continue;
    const std::string field = std::to_string(column.field);
    table_.remarks.push_back(
        first_.place.ToString() + ": warning: the column " + field +
        " has no name and counts the rows: leave it out with `ignore: " + field + "`");
  }
  if (!format_.header && first_.header.empty() && OnlyFirstRowIsOdd(table_) &&
      std::ranges::none_of(table_.inputs, &CsvColumn::words)) {
    table_.remarks.push_back(first_.place.ToString() +
                             ": warning: the line is taken for a row, since all its cells are "
                             "numbers, but it alone has other than whole numbers from 0 to 255: is "
                             "it a header, or damaged?");
  }
  return std::move(table_);
}

}  // namespace nabla
