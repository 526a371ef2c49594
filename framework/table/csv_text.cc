#include "framework/table/csv_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

namespace nabla {
namespace {

// As many lines tell the separator.
constexpr size_t kSampleRecords = 20;

constexpr char kSeparators[] = {'\t', ';', ',', '|'};

// Calls see(i) for each character outside of double quotes, from `begin` on, until it returns
// false; returns where that was, or the end. A quote that does not begin a cell is a character;
// where the separator is not known yet, any may stand before a cell.
template <typename F>
size_t Outside(std::string_view text, size_t begin, std::optional<char> separator, const F& see) {
  const auto separates = [&](char c) { return separator ? c == *separator : IsCsvSeparator(c); };
  bool opens = true;  // a quote here would begin a cell
  for (size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '"' && opens) {
      for (++i; i < text.size() && (text[i] != '"' || text.substr(i).starts_with("\"\"")); ++i) {
        i += text[i] == '"' ? 1 : 0;  // the second one of two
      }
      opens = false;
      continue;
    }
    if (!see(i)) return i;
    opens = separates(text[i]) || text[i] == '\n' || (opens && IsCsvSpace(text[i]));
  }
  return text.size();
}

// The first records, each to its line break or that of the text.
std::vector<std::string_view> FirstLines(std::string_view text, std::optional<char> separator,
                                         size_t most) {
  std::vector<std::string_view> lines;
  for (size_t begin = 0; begin < text.size() && lines.size() < most;) {
    const size_t end = Outside(text, begin, separator, [&](size_t i) { return text[i] != '\n'; });
    const std::string_view line = text.substr(begin, end - begin);
    // Those that CsvCursor does not skip.
    const bool empty =
        std::ranges::all_of(line, [&](char c) { return IsCsvSpace(c) && c != separator; });
    if (!empty) lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

size_t CountOutside(std::string_view line, char wanted) {
  size_t count = 0;
  Outside(line, 0, std::nullopt, [&](size_t i) {
    count += line[i] == wanted;
    return true;
  });
  return count;
}

char SeparatorOf(const std::vector<std::string_view>& lines) {
  char best = ',';
  for (const char candidate : kSeparators) {
    const size_t first = CountOutside(lines[0], candidate);
    if (first == 0) continue;
    const bool everywhere = std::ranges::all_of(
        lines, [&](std::string_view line) { return CountOutside(line, candidate) == first; });
    if (everywhere) return candidate;
    if (first > CountOutside(lines[0], best)) best = candidate;
  }
  return best;
}

// Whether a cell is digits, `point`, digits, perhaps with a sign.
bool HasFraction(std::string_view cell, char point) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  const size_t at = cell.find(point);
  if (at == std::string_view::npos || at == 0 || at + 1 == cell.size()) return false;
  const auto digits = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  return digits(cell.substr(0, at)) && digits(cell.substr(at + 1));
}

// A cell without quotes around it.
std::string Unquoted(std::string_view cell) {
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return std::string(cell);
  std::string text;
  for (size_t i = 1; i + 1 < cell.size(); ++i) {
    text += cell[i];
    if (cell[i] == '"') ++i;  // the second one of two
  }
  return text;
}

std::vector<std::string> CellsOf(std::string_view line, char separator) {
  std::vector<std::string> cells;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end =
        Outside(line, begin, separator, [&](size_t i) { return line[i] != separator; });
    cells.push_back(Unquoted(Trimmed(line.substr(begin, end - begin))));
    begin = end + 1;
  }
  return cells;
}

// Reads a cell that is a number and nothing else: how that went, or nothing if it is none.
std::optional<std::errc> ReadNumeral(std::string_view cell, bool decimal_comma, double* value) {
  cell = Trimmed(cell);
  if (decimal_comma && cell.find('.') != std::string_view::npos) return std::nullopt;
  if (decimal_comma && cell.find(',') != std::string_view::npos) {
    std::string changed(cell);
    std::ranges::replace(changed, ',', '.');
    return ReadNumeral(changed, false, value);
  }
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  const char* end = cell.data() + cell.size();
  const auto [parsed, error] = std::from_chars(cell.data(), end, *value);
  if (cell.empty() || error == std::errc::invalid_argument || parsed != end) return std::nullopt;
  return error;
}

}  // namespace

CsvDialect DialectOf(std::string_view text, std::optional<char> separator) {
  const std::vector<std::string_view> lines = FirstLines(text, separator, kSampleRecords);
  if (lines.empty()) return {};
  CsvDialect dialect{.separator = separator ? *separator : SeparatorOf(lines)};
  if (dialect.separator == ',') return dialect;
  bool points = false;
  for (const auto& record : FirstRecords(text, dialect.separator, kSampleRecords)) {
    for (const std::string& cell : record) {
      points = points || HasFraction(cell, '.');
      dialect.decimal_comma = dialect.decimal_comma || HasFraction(cell, ',');
    }
  }
  dialect.decimal_comma = dialect.decimal_comma && !points;
  return dialect;
}

std::vector<std::vector<std::string>> FirstRecords(std::string_view text, char separator,
                                                   size_t most) {
  std::vector<std::vector<std::string>> records;
  for (const std::string_view line : FirstLines(text, separator, most)) {
    records.push_back(CellsOf(line, separator));
  }
  return records;
}

std::optional<double> CsvNumber(std::string_view cell, bool decimal_comma) {
  double value = 0;
  const std::optional<std::errc> error = ReadNumeral(cell, decimal_comma, &value);
  if (!error || *error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value == 0 ? 0 : value;  // -0 is 0
}

bool IsNumeral(std::string_view cell, bool decimal_comma) {
  double value = 0;
  return ReadNumeral(cell, decimal_comma, &value).has_value();
}

bool IsMissing(std::string_view cell) {
  constexpr std::string_view kMissing[] = {"", "?", "na", "n/a", "nan", "-nan", "null", "none"};
  constexpr size_t kLongest = 4;
  if (cell.size() > kLongest) return false;
  std::string low(cell);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(kMissing, low) != std::end(kMissing);
}

}  // namespace nabla
