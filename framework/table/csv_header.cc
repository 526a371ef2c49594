#include "framework/table/csv_header.h"

#include <algorithm>

#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/table/csv_text.h"

namespace nabla {
namespace {

// Longer headers are shown by their first names.
constexpr size_t kMostShown = 8;

std::string_view Unquoted(std::string_view name) {
  for (const char quote : {'"', '\''}) {
    if (name.size() >= 2 && name.front() == quote && name.back() == quote) {
      return name.substr(1, name.size() - 2);
    }
  }
  return name;
}

// Whether a cell is no name of a column: it says that its value is missing or not finite.
bool IsNoName(const std::string& cell) {
  const std::string_view bare = Unquoted(cell);
  return IsMissing(bare) || bare == "-" || bare == "inf" || bare == "-inf" || CsvNumber(cell);
}

// Whether a cell occurs in a column of some records.
bool Occurs(const std::string& cell, const std::vector<CsvCells>& records, size_t column) {
  return std::ranges::any_of(records, [&](const CsvCells& record) {
    return column < record.size() && record[column] == cell;
  });
}

std::string Shown(const CsvCells& cells) {
  std::string text;
  for (size_t i = 0; i < std::min(cells.size(), kMostShown); ++i) {
    text += (i > 0 ? ", " : "") + Quoted(Unquoted(cells[i]));
  }
  if (cells.size() <= kMostShown) return text;
  return text + ", ... (" + std::to_string(cells.size()) + " cells)";
}

}  // namespace

int WordVotes(const std::vector<CsvCells>& records, size_t column, bool decimal_comma) {
  int votes = 0;
  for (const CsvCells& record : records) {
    if (column >= record.size() || IsMissing(record[column])) continue;
    votes += IsNumeral(record[column], decimal_comma) ? -1 : 1;
  }
  return votes;
}

bool IsCsvHeader(const CsvCells& first, const std::vector<CsvCells>& rest, bool decimal_comma) {
  const auto is_word = [&](const std::string& cell) {
    return !IsMissing(cell) && !CsvNumber(cell, decimal_comma);
  };
  const auto is_number = [&](const std::string& cell) {
    return bool{CsvNumber(cell, decimal_comma)};
  };
  if (std::ranges::all_of(first, is_number)) return false;
  if (rest.empty()) return std::ranges::none_of(first, is_number);
  if (first.size() != rest[0].size()) return true;
  bool known = false;
  for (size_t c = 0; c < first.size(); ++c) {
    const bool words = WordVotes(rest, c, decimal_comma) > 0;
    if (!words && is_word(first[c])) return true;
    known = known || (words && Occurs(first[c], rest, c));
  }
  return !known && std::ranges::none_of(first, [](const auto& cell) { return IsMissing(cell); });
}

std::vector<std::string> CsvNames(const CsvCells& cells, size_t columns) {
  std::vector<std::string> names;
  if (cells.size() != columns) return names;
  for (const std::string& cell : cells) names.push_back(Escaped(Unquoted(cell)));
  return names;
}

std::string HeaderRemark(const CsvCells& cells, const Place& place, bool asked) {
  const auto no_number =
      std::ranges::find_if(cells, [](const auto& cell) { return !CsvNumber(cell); });
  if (no_number == cells.end()) {
    const char* why =
        asked ? "`header: true` says that it names the columns" : "it has the names of the columns";
    return place.ToString() + ": warning: the line is left out, since " + why +
           ", but all its cells are numbers: " + Shown(cells);
  }
  // pandas gives its column of row numbers no name.
  const auto first = cells[0].empty() ? cells.begin() + 1 : cells.begin();
  const bool odd = std::any_of(first, cells.end(), IsNoName);
  if (odd) {
    return place.ToString() + ": warning: the line is taken for a header, since " +
           Quoted(*no_number) + " is not a number, but it looks like a row: " + Shown(cells);
  }
  return asked ? "" : place.ToString() + ": note: the line is taken for a header: " + Shown(cells);
}

std::string FirstRowRemark(const CsvCells& cells, const Place& place) {
  constexpr size_t kLeast = 3;  // two cells, 0 and 1, are a row of many tables
  if (cells.size() < kLeast) return "";
  const double first = CsvNumber(cells[0]).value_or(-1);
  if (first != 0 && first != 1) return "";
  for (size_t i = 0; i < cells.size(); ++i) {
    if (CsvNumber(cells[i]) != first + static_cast<double>(i)) return "";
  }
  return place.ToString() +
         ": warning: the line is taken for a row, since all its cells are numbers, but it counts: "
         "if it names the columns, leave it out, or write `header: true` in the data set";
}

}  // namespace nabla
