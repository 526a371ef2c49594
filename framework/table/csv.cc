#include "framework/table/csv.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <utility>

#include "framework/table/csv_parts.h"

namespace nabla {
std::vector<std::string> CsvTable::Names() const {
  std::vector<std::string> names;
  for (const CsvColumn& input : inputs) names.push_back(input.name);
  const bool named = std::ranges::any_of(names, [](const auto& name) { return !name.empty(); });
  return named ? names : std::vector<std::string>();
}

CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format) {
  CsvParts parts(format);
  parts.Read(text, name);
  if (!parts.Stands()) parts.Add(text, name);
  return parts.Take();
}

namespace {

// Adds the words that `more` alone has; the new code of each of its words.
std::vector<double> Join(std::vector<CsvWord> more, std::vector<CsvWord>* words) {
  std::unordered_map<std::string, size_t> known;
  for (size_t i = 0; i < words->size(); ++i) known.emplace((*words)[i].text, i);
  std::vector<double> codes;
  for (CsvWord& word : more) {
    const auto [found, is_new] = known.try_emplace(word.text, words->size());
    codes.push_back(static_cast<double>(found->second));
    if (is_new) {
      words->push_back(std::move(word));
    } else {
      (*words)[found->second].count += word.count;
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
  table->weights.insert(table->weights.end(), more.weights.begin(), more.weights.end());
  table->remarks.insert(table->remarks.end(), more.remarks.begin(), more.remarks.end());
  table->rows += more.rows;
}

}  // namespace nabla
