#include "framework/table/coding.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/formats/complaint.h"
#include "framework/table/odd_number.h"

namespace nabla {
namespace {

std::string NameOf(const CsvColumn& column) {
  return column.name.empty() ? std::to_string(column.field) : column.name;
}

// Names and numbers of persons and things tell one row from another, and nothing more.
void CheckCategories(const CsvColumn& column, size_t categories, size_t rows) {
  constexpr size_t kFew = 50;
  if (column.asked || categories <= kFew || 2 * categories <= rows) return;
  const std::string name = NameOf(column);
  throw InputError({Problem{
      column.seen[0].first,
      "the column " + Quoted(name) + " has " + std::to_string(categories) + " different words in " +
          std::to_string(rows) +
          " rows: nothing can be learned from it; leave it out with `ignore: [" + name +
          "]`, or write `categorical: [" + name + "]`" + OddNumberHint(column.seen[0].text)}});
}

// The category of each word of a column; the number of categories if it is none.
std::vector<size_t> CategoriesOf(const CsvColumn& column, const InputColumn& coding,
                                 bool may_miss) {
  std::vector<size_t> categories;
  for (const CsvWord& word : column.seen) {
    const auto found = std::ranges::lower_bound(coding.categories, word.text);
    const bool known = found != coding.categories.end() && *found == word.text;
    if (!known && !may_miss && word.count > 0) {
      throw InputError({Problem{
          word.first, "the column " + Quoted(NameOf(column)) + " has " + Quoted(word.text) +
                          ", which no training row has" + Suggest(word.text, coding.categories) +
                          ". Leave this row out, train on rows that have it, or train "
                          "with `missing: mean`, which takes it for a missing value"}});
    }
    categories.push_back(known ? static_cast<size_t>(found - coding.categories.begin())
                               : coding.categories.size());
  }
  return categories;
}

// Writes the inputs of one column into rows of `width` inputs, from `to` on.
void EncodeColumn(const double* from, size_t columns, size_t rows, const InputColumn& coding,
                  const std::vector<size_t>& categories, size_t width, double* to) {
  const size_t mark = coding.Width() - 1;
  for (size_t r = 0; r < rows; ++r, from += columns, to += width) {
    bool missing = std::isnan(*from);
    if (coding.categories.empty()) {
      *to = *from;
    } else {
      const size_t category =
          missing ? coding.categories.size() : categories[static_cast<size_t>(*from)];
      missing = category == coding.categories.size();
      std::fill_n(to, coding.categories.size(), 0.0);
      if (!missing) to[category] = 1;
    }
    if (coding.marked) to[mark] = missing ? 1 : 0;
  }
}

}  // namespace

std::vector<InputColumn> CodingOf(const CsvTable& table) {
  std::vector<InputColumn> coding;
  for (const CsvColumn& column : table.inputs) {
    InputColumn& coded = coding.emplace_back(InputColumn{.name = column.name});
    coded.marked = column.missing > 0;
    for (const CsvWord& word : column.seen) {
      if (word.count > 0) coded.categories.push_back(word.text);
    }
    std::ranges::sort(coded.categories);
    CheckCategories(column, coded.categories.size(), table.rows);
  }
  return coding;
}

CsvTable LikeCoding(const std::vector<InputColumn>& coding, const std::string& source) {
  CsvTable like{.source = source};
  like.fields = coding.size();
  for (size_t i = 0; i < coding.size(); ++i) {
    const bool words = !coding[i].categories.empty();
    like.inputs.push_back({.name = coding[i].name, .field = i, .words = words, .asked = words});
  }
  return like;
}

std::vector<std::string> InputNames(const std::vector<InputColumn>& coding) {
  std::vector<std::string> names;
  bool named = false;
  for (const InputColumn& column : coding) {
    named = named || !column.name.empty();
    if (column.categories.empty()) names.push_back(column.name);
    for (const std::string& category : column.categories) {
      names.push_back(column.name + "=" + category);
    }
    if (column.marked) names.push_back(column.name + " missing");
  }
  return named ? names : std::vector<std::string>();
}

std::vector<NumberMark> NumberMarks(const std::vector<InputColumn>& coding) {
  std::vector<NumberMark> marks;
  size_t at = 0;
  for (const InputColumn& column : coding) {
    if (column.marked && column.categories.empty()) marks.push_back({at + 1, at});
    at += column.Width();
  }
  return marks;
}

bool IsPlain(const std::vector<InputColumn>& coding) {
  return std::ranges::all_of(coding, [](const InputColumn& column) {
    return column.categories.empty() && !column.marked;
  });
}

CodedRows Encode(CsvTable table, const std::vector<InputColumn>& coding, MissingValues missing) {
  if (IsPlain(coding)) return {std::move(table.pixels), std::move(table.numbers)};
  constexpr size_t kMostNumbers = size_t{1} << 31;
  const bool may_miss = missing == MissingValues::kMean || missing == MissingValues::kMedian;
  const size_t columns = coding.size();
  size_t width = 0;
  for (const InputColumn& column : coding) width += column.Width();
  if (width > kMostNumbers / table.rows) {
    throw InputError({Problem{{table.source},
                              std::to_string(table.rows) + " rows of " + std::to_string(width) +
                                  " inputs are too many: columns of words become an input for each "
                                  "different word; leave some out with `ignore`"}});
  }
  if (table.numbers.empty()) table.numbers.assign(table.pixels.begin(), table.pixels.end());
  CodedRows rows;
  rows.numbers.resize(table.rows * width);
  size_t at = 0;
  for (size_t c = 0; c < columns; ++c) {
    const std::vector<size_t> categories = CategoriesOf(table.inputs[c], coding[c], may_miss);
    EncodeColumn(table.numbers.data() + c, columns, table.rows, coding[c], categories, width,
                 rows.numbers.data() + at);
    at += coding[c].Width();
  }
  return rows;
}

}  // namespace nabla
