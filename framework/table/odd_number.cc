#include "framework/table/odd_number.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "framework/table/csv_text.h"

namespace nabla {
namespace {

constexpr const char* kSeparators =
    "; write numbers with a decimal point and without thousands separators, as 1234.5";
constexpr const char* kPoints =
    "; the table has decimal commas: write numbers without thousands separators, as 1234,5";
constexpr const char* kUnits = "; write numbers without units, as 12.5";
constexpr const char* kMinus = "; write the minus of a negative number as '-'";
constexpr const char* kDate =
    "; of a date or a time, write what may matter as numbers (the month, the hour), or leave the "
    "column out with `ignore`";
constexpr const char* kMissing =
    "; a missing value is an empty cell, ?, NA, N/A, NaN, null or None";

// Of numbers and dates, what stands between their digits.
constexpr std::string_view kGroupers[] = {",", ".", "'", " ", "\xC2\xA0", "\xE2\x80\xAF"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

size_t Digits(std::string_view text) {
  return static_cast<size_t>(std::ranges::find_if_not(text, IsDigit) - text.begin());
}

// Whether a removed prefix was there.
bool Remove(std::string_view prefix, std::string_view* text) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

bool RemoveEnd(std::string_view suffix, std::string_view* text) {
  if (!text->ends_with(suffix)) return false;
  text->remove_suffix(suffix.size());
  return true;
}

// The digits and what separates them: 1,234.5 is {1, 234, 5} and {",", "."}.
struct Parts {
  std::vector<size_t> digits;  // how many of each part
  std::vector<std::string_view> between;
};

std::optional<Parts> PartsOf(std::string_view text) {
  Parts parts;
  while (true) {
    const size_t digits = Digits(text);
    if (digits == 0) return std::nullopt;
    parts.digits.push_back(digits);
    text.remove_prefix(digits);
    if (text.empty()) return parts;
    const auto* grouper = std::ranges::find_if(
        kGroupers, [&](std::string_view grouper) { return text.starts_with(grouper); });
    if (grouper == std::end(kGroupers)) return std::nullopt;
    parts.between.push_back(*grouper);
    text.remove_prefix(grouper->size());
  }
}

bool IsPlain(const Parts& parts) {
  return parts.between.empty() || (parts.between.size() == 1 && parts.between[0] == ".");
}

// 1,234 and 1.234.567,8 and 1,5.
bool IsGrouped(const Parts& parts) {
  const size_t last = parts.digits.size() - 1;
  if (last == 1) return parts.between[0] == "," || parts.digits[1] == 3;
  for (size_t i = 0; i < last; ++i) {
    const bool fraction = i + 1 == last && parts.between[i] != parts.between[0];
    const bool decimal = parts.between[i] == "," || parts.between[i] == ".";
    if (fraction ? !decimal : parts.between[i] != parts.between[0] || parts.digits[i + 1] != 3) {
      return false;
    }
  }
  return parts.digits[0] <= 3;
}

// 2024-05-01, 1.5.2024, 05/01/24, 12:30, each with anything behind a space or a T.
bool IsDate(std::string_view text) {
  text = text.substr(0, text.find_first_of(" T"));
  size_t digits[3] = {};
  const char separator = Digits(text) < text.size() ? text[Digits(text)] : ' ';
  if (std::string_view("-/.:").find(separator) == std::string_view::npos) return false;
  size_t parts = 0;
  for (bool more = true; more; ++parts) {
    const size_t count = Digits(text);
    if (count == 0 || count > 4 || parts == 3) return false;
    digits[parts] = count;
    text.remove_prefix(count);
    more = !text.empty();
    if (more && text[0] != separator) return false;
    if (more) text.remove_prefix(1);
  }
  if (separator == ':') return parts >= 2 && digits[0] <= 2 && digits[1] == 2;
  const bool year = digits[0] == 4 || digits[2] == 4;
  const bool short_year = digits[2] == 2 && digits[0] <= 2;
  return parts == 3 && digits[1] <= 2 && (year || short_year);
}

}  // namespace

std::string OddNumberHint(std::string_view cell, bool decimal_comma) {
  std::string_view text = Trimmed(cell);
  const bool pointed = decimal_comma && text.find('.') != std::string_view::npos;
  if (pointed && CsvNumber(text)) return kPoints;
  bool units = false;
  const auto take_units = [&] {
    for (const std::string_view unit : {"$", "%", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5"}) {
      units = Remove(unit, &text) || RemoveEnd(unit, &text) || units;
    }
    text = Trimmed(text);
  };
  take_units();
  const bool minus = Remove("\xE2\x88\x92", &text) || Remove("\xE2\x80\x93", &text);
  if (!minus && !Remove("-", &text)) Remove("+", &text);
  take_units();
  if (const std::optional<Parts> parts = PartsOf(text)) {
    if (IsPlain(*parts)) return minus ? kMinus : units ? kUnits : "";
    if (IsGrouped(*parts)) return decimal_comma ? kPoints : kSeparators;
  }
  return !units && !minus && IsDate(text) ? kDate : "";
}

std::string NoNumberHint(std::string_view cell, bool decimal_comma) {
  const std::string hint = OddNumberHint(cell, decimal_comma);
  if (!hint.empty()) return hint;
  std::string_view text = Trimmed(cell);
  constexpr std::string_view kOtherMissing[] = {
      "-",       "--",      ".",   "..",  "#N/A", "#NA",     "n.a.",    "N.A.",
      "missing", "unknown", "nil", "NIL", "NONE", "#DIV/0!", "#VALUE!", "#REF!"};
  if (std::ranges::find(kOtherMissing, text) != std::end(kOtherMissing)) return kMissing;
  const size_t letters =
      static_cast<size_t>(std::find_if_not(text.rbegin(), text.rend(), IsLetter) - text.rbegin());
  text.remove_suffix(letters);
  return letters > 0 && CsvNumber(text) ? kUnits : "";
}

}  // namespace nabla
