#include "framework/data/csv_header.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "framework/formats/complaint.h"

namespace nabla {
namespace {

constexpr const char* kSpaces = " \t\r";
// Longer headers are shown by their first names.
constexpr size_t kMostShown = 8;

std::string_view Trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(kSpaces), text.size());
  return text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
}

std::string_view Unquoted(std::string_view name) {
  for (const char quote : {'"', '\''}) {
    if (name.size() >= 2 && name.front() == quote && name.back() == quote) {
      return name.substr(1, name.size() - 2);
    }
  }
  return name;
}

// Whether a cell says that its number is missing: such a line is a row rather than a header.
bool IsMissing(std::string_view cell) {
  std::string low(Unquoted(cell));
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  constexpr std::string_view kMissing[] = {"",     "na",  "n/a", "nan",  "null", "none",
                                           "-nan", "inf", "?",   "-inf", "-"};
  return std::ranges::find(kMissing, low) != std::end(kMissing);
}

std::string Shown(const std::vector<std::string_view>& cells) {
  std::string text;
  for (size_t i = 0; i < std::min(cells.size(), kMostShown); ++i) {
    text += (i > 0 ? ", " : "") + Quoted(Unquoted(cells[i]));
  }
  if (cells.size() <= kMostShown) return text;
  return text + ", ... (" + std::to_string(cells.size()) + " cells)";
}

}  // namespace

std::optional<double> CsvNumber(std::string_view cell) {
  cell = Trimmed(cell);
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [parsed, error] = std::from_chars(cell.data(), end, value);
  if (cell.empty() || error != std::errc() || parsed != end || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value == 0 ? 0 : value;  // -0 is 0
}

std::vector<std::string_view> CsvCells(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(separator, begin), line.size());
    cells.push_back(Trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return cells;
}

bool IsCsvHeader(const std::vector<std::string_view>& cells) {
  return !std::ranges::all_of(cells, [](std::string_view cell) { return bool{CsvNumber(cell)}; });
}

std::vector<std::string> CsvNames(const std::vector<std::string_view>& cells, size_t columns) {
  std::vector<std::string> names;
  if (cells.size() != columns) return names;
  for (const std::string_view cell : cells) {
    const std::string quoted = Quoted(Unquoted(cell));
    names.push_back(quoted.substr(1, quoted.size() - 2));
  }
  return names;
}

std::string HeaderRemark(const std::vector<std::string_view>& cells, const Place& place,
                         bool asked) {
  const auto no_number = std::ranges::find_if(cells, [](auto cell) { return !CsvNumber(cell); });
  if (no_number == cells.end()) {
    return place.ToString() +
           ": warning: the line is left out, since `header: true` says that it names the columns, "
           "but all its cells are numbers: " +
           Shown(cells);
  }
  const bool odd = std::ranges::any_of(
      cells, [](std::string_view cell) { return CsvNumber(cell) || IsMissing(cell); });
  if (odd) {
    return place.ToString() + ": warning: the line is taken for a header, since " +
           Quoted(*no_number) + " is no number, but it looks like a row: " + Shown(cells);
  }
  return asked ? "" : place.ToString() + ": note: the line is taken for a header: " + Shown(cells);
}

std::string FirstRowRemark(const std::vector<std::string_view>& cells, const Place& place) {
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
