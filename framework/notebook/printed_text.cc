#include "framework/notebook/printed_text.h"

#include <algorithm>

namespace nabla {
namespace {

constexpr size_t kLongestLine = 100000;
constexpr int kDeepestArray = 6;  // brackets within each other

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Skips ESC [ ... letter; returns the index of its last character.
size_t SkipEscape(std::string_view text, size_t at) {
  size_t end = at + 1;
  if (end >= text.size() || text[end] != '[') return at;
  for (++end; end < text.size(); ++end) {
    const char c = text[end];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return end;
  }
  return text.size() - 1;
}

// What a terminal would show. A progress bar writes over its line again and again: what was
// written last stays, unless that is empty.
std::string Shown(std::string_view text) {
  std::string shown;
  size_t line = 0;  // where it begins
  std::string before;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\x1b') {
      i = SkipEscape(text, i);
    } else if (c == '\b') {
      if (shown.size() > line) shown.pop_back();
    } else if (c == '\r') {
      if (shown.find_first_not_of(' ', line) != std::string::npos) before = shown.substr(line);
      shown.resize(line);
    } else if (c == '\n') {
      if (shown.find_first_not_of(' ', line) == std::string::npos) shown.append(before);
      before.clear();
      shown += c;
      line = shown.size();
    } else if (c == '\t' || static_cast<unsigned char>(c) >= 32) {
      shown += c;
    }
  }
  if (shown.find_first_not_of(' ', line) == std::string::npos) shown.append(before);
  return shown;
}

// Reads an array that begins at text[*at] == '['. Returns false, and leaves *at, if there are words
// in it, it does not end, or it has fewer than three numbers.
class ArrayReader {
 public:
  ArrayReader(std::string_view text, size_t at) : text_(text), at_(at) {}

  bool Read(PrintedArray* array, size_t* end) {
    int open = 0;
    bool numbers_in_row = false;
    do {
      const char c = text_[at_];
      if (c == '[' || c == '(') {
        ++open;
        if (open > kDeepestArray) return false;
        array->depth = std::max(array->depth, open);
        numbers_in_row = false;
      } else if (c == ']' || c == ')') {
        --open;
        if (numbers_in_row) ++array->rows;
        numbers_in_row = false;
      } else if (text_.substr(at_, 3) == "...") {
        array->whole = false;
        at_ += 2;
      } else if (c == ',' || c == ' ' || c == '\n' || c == '\t') {
      } else if (Number(array)) {
        numbers_in_row = true;
        continue;  // stands behind the number already
      } else if (!SkipType()) {
        return false;
      }
      ++at_;
    } while (open > 0 && at_ < text_.size());
    *end = at_;
    return open == 0 && (array->numbers.size() >= 3 || !array->whole);
  }

 private:
  bool Number(PrintedArray* array) {
    size_t end = at_;
    if (end < text_.size() && (text_[end] == '-' || text_[end] == '+')) ++end;
    const size_t digits = end;
    while (end < text_.size() && (IsDigit(text_[end]) || text_[end] == '.')) ++end;
    if (end == digits || (end == digits + 1 && text_[digits] == '.')) return false;
    if (end + 1 < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      size_t power = end + 1;
      if (text_[power] == '-' || text_[power] == '+') ++power;
      if (power < text_.size() && IsDigit(text_[power])) {
        for (end = power; end < text_.size() && IsDigit(text_[end]);) ++end;
      }
    }
    std::string number(text_.substr(at_, end - at_));
    if (number.find("..") != std::string::npos) return false;
    if (number.back() == '.') number.pop_back();
    array->numbers.push_back(std::move(number));
    at_ = end;
    return true;
  }

  // "np.float64(0.5)", "tensor(0.5)" and "array([..." are numbers too, and so is "dtype=..." none.
  bool SkipType() {
    static constexpr std::string_view kTypes[] = {
        "np.float64",      "np.float32",          "np.int64", "tensor", "array", "dtype=float32",
        "device='cuda:0'", "dtype=torch.float64", "'"};
    for (const std::string_view type : kTypes) {
      if (text_.substr(at_).starts_with(type)) {
        at_ += type.size() - 1;
        return type != "'";
      }
    }
    return false;
  }

  std::string_view text_;
  size_t at_;
};

}  // namespace

namespace {

// "0,53" instead of "0.53" in a text without decimal points, whose commas then are points.
std::string WithPoints(std::string text) {
  const auto digit = [&](size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  bool commas = false;
  for (size_t i = 1; i + 2 < text.size(); ++i) {
    if (digit(i - 1) && text[i] == '.' && digit(i + 1)) return text;
    const bool zero = text[i - 1] == '0' && (i < 2 || text[i - 2] == ' ' || text[i - 2] == '\n' ||
                                             text[i - 2] == ':' || text[i - 2] == '=');
    commas = commas || (zero && text[i] == ',' && digit(i + 1) && digit(i + 2));
  }
  if (!commas) return text;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (digit(i - 1) && text[i] == ',' && digit(i + 1)) text[i] = '.';
  }
  return text;
}

}  // namespace

PrintedText ReadPrintedText(std::string_view text) {
  const std::string shown = WithPoints(Shown(text));
  PrintedText all;
  std::string line;
  const auto end_line = [&] {
    if (line.size() > kLongestLine) line.resize(kLongestLine);
    all.lines.push_back(std::move(line));
    line.clear();
  };
  for (size_t i = 0; i < shown.size(); ++i) {
    PrintedArray array;
    size_t end = 0;
    if (shown[i] == '\n') {
      end_line();
    } else if (shown[i] == '[' && ArrayReader(shown, i).Read(&array, &end)) {
      line += kArrayMark + std::to_string(all.arrays.size()) + ' ';
      all.arrays.push_back(std::move(array));
      i = end - 1;
    } else {
      line += shown[i];
    }
  }
  if (!line.empty()) end_line();
  return all;
}

}  // namespace nabla
