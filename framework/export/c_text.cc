#include "framework/export/c_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "framework/base/error.h"

namespace nabla {
namespace {

constexpr size_t kMostString = 4095;  // characters of a string literal (C99, 5.2.4.1)

// Not those of <cctype>, which depend on the locale.
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPlain(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

bool IsCName(std::string_view name) {
  return !name.empty() && name.size() <= kMostCName && IsLetter(name.front()) &&
         std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

std::string CNameOf(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  if (name.empty() || !IsLetter(name.front())) name = "net_" + name;
  for (char& c : name) {
    if (!IsLetter(c) && !IsDigit(c)) c = '_';
  }
  return name.substr(0, kMostCName);
}

std::string CNumber(double value, bool wide) {
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "INFINITY";
  std::array<char, 40> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                          std::abs(value), std::chars_format::hex);
  return sign + "0x" + std::string(digits.data(), end) + (wide ? "" : "f");
}

std::string CString(std::string_view text) {
  if (text.size() > kMostString) {
    throw InputError(fmt::format("a name in the model has {} bytes; a string of C has at most {}",
                                 text.size(), kMostString));
  }
  std::string literal = "\"";
  char before = ' ';
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '?') {
      literal += '\\';
      literal += c;
    } else if (!IsPlain(c) || (c == '/' && before == '*')) {
      // Three digits: a digit that follows is no part of the escape.
      literal += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      literal += c;
    }
    before = c;
  }
  return literal + "\"";
}

std::string CComment(std::string_view text) {
  std::string comment(text);
  for (char& c : comment) {
    if (!IsPlain(c) || c == '\\' || c == '?' || c == '*') c = '_';
  }
  return comment;
}

}  // namespace nabla
