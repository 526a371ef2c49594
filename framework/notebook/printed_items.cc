#include "framework/notebook/printed_items.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "framework/notebook/metric_words.h"
#include "framework/notebook/printed_text.h"

namespace nabla {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 128;
}

// Cuts a line into words, numbers and marks.
class Scanner {
 public:
  explicit Scanner(std::string_view line) : line_(line) {}

  std::vector<PrintedItem> Run() {
    while (at_ < line_.size()) Next();
    return std::move(items_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < line_.size() ? line_[at_ + ahead] : '\0';
  }

  // Lines, arrows, blocks and pictures are no letters: U+2000 .. U+2FFF and beyond U+FFFF.
  bool IsSymbol() const {
    const auto c = static_cast<unsigned char>(Peek());
    return c == 0xE2 || c >= 0xF0 || (c == 0xC2 && static_cast<unsigned char>(Peek(1)) < 0xC0);
  }

  void Next() {
    const char c = Peek();
    if (c == ' ' || c == '\t') {
      ++at_;
      spaced_ = true;
      return;
    }
    PrintedItem item;
    item.spaced = spaced_ || items_.empty();
    spaced_ = false;
    if (c == kArrayMark) {
      ++at_;
      item.kind = PrintedItem::kArray;
      while (IsDigit(Peek())) item.text += line_[at_++];
    } else if (StartsNumber(item.spaced)) {
      Number(&item);
    } else if (IsLetter(c) && !IsSymbol()) {
      item.kind = PrintedItem::kWord;
      while (at_ < line_.size() && !IsSymbol() && (IsLetter(Peek()) || IsDigit(Peek()))) {
        // A name may have digits, "fc1", but the 3 of "第3轮" is a number.
        if (IsDigit(Peek()) && static_cast<unsigned char>(item.text.back()) > 127) break;
        if (IsDigit(Peek()) && BeginsFraction(item.text)) break;
        item.text += line_[at_++];
      }
    } else {
      item.text = c;
      const auto lead = static_cast<unsigned char>(c);
      at_ += lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    }
    items_.push_back(std::move(item));
  }

  // "accuracy0.98" has no space between a metric and its value.
  bool BeginsFraction(const std::string& word) const {
    if (Peek(1) != '.' || !IsDigit(Peek(2))) return false;
    const MetricKind kind = LabelOf(NameParts(word)).kind;
    return word.size() > 1 && (kind == MetricKind::kLoss || kind == MetricKind::kAccuracy);
  }

  bool StartsNumber(bool spaced) const {
    if (IsDigit(Peek()) || (Peek() == '.' && IsDigit(Peek(1)))) return true;
    const bool sign = Peek() == '-' || Peek() == '+';
    if (!sign || !(IsDigit(Peek(1)) || (Peek(1) == '.' && IsDigit(Peek(2))))) return false;
    // In "3-4" and "epoch-3" it is no sign.
    return items_.empty() || spaced ||
           (items_.back().kind == PrintedItem::kMark && items_.back().text != ")");
  }

  void Number(PrintedItem* item) {
    item->kind = PrintedItem::kNumber;
    const size_t begin = at_;
    if (Peek() == '-' || Peek() == '+') ++at_;
    const bool labelled = IsLabelled(item->spaced);
    while (IsDigit(Peek()) || (Peek() == ',' && Thousands(begin, labelled))) ++at_;
    if (Peek() == '.') ++at_;
    while (IsDigit(Peek())) ++at_;
    const bool exponent =
        (Peek() == 'e' || Peek() == 'E') &&
        (IsDigit(Peek(1)) || ((Peek(1) == '-' || Peek(1) == '+') && IsDigit(Peek(2))));
    if (exponent) {
      at_ += 2;
      while (IsDigit(Peek())) ++at_;
    }
    item->text = std::string(line_.substr(begin, at_ - begin));
    std::erase(item->text, ',');
    if (item->text.back() == '.') item->text.pop_back();
    if (item->text[0] == '+') item->text.erase(0, 1);
    // The "轮" of "3轮" is a word.
    while (IsLetter(Peek()) && static_cast<unsigned char>(Peek()) < 128) {
      item->unit += line_[at_++];
    }
    size_t percent = at_;
    while (percent < line_.size() && line_[percent] == ' ') ++percent;
    if (percent < line_.size() && line_[percent] == '%') {
      item->percent = true;
      at_ = percent + 1;
    }
  }

  // Whether the number at hand has a word before it: "loss: 1,903.25", not "1,903.25", which may be
  // two numbers of a table.
  bool IsLabelled(bool spaced) const {
    if (items_.empty()) return false;
    const PrintedItem& last = items_.back();
    return (last.kind == PrintedItem::kWord && spaced) ||
           (last.kind == PrintedItem::kMark && (last.text == ":" || last.text == "="));
  }

  // "60,000": one to three digits before and three after; "1,903.25" and "1,234,567" if labelled.
  bool Thousands(size_t begin, bool labelled) const {
    const size_t group = line_.substr(begin, at_ - begin).rfind(',');
    const size_t digits = group == std::string_view::npos ? at_ - begin : 3;
    const bool three =
        IsDigit(Peek(1)) && IsDigit(Peek(2)) && IsDigit(Peek(3)) && !IsDigit(Peek(4));
    if (at_ == begin || digits > 3 || !three || (digits == 1 && line_[begin] == '0')) return false;
    return labelled || (group == std::string_view::npos && Peek(4) != ',' && Peek(4) != '.');
  }

  std::string_view line_;
  size_t at_ = 0;
  bool spaced_ = false;
  std::vector<PrintedItem> items_;
};

bool IsMark(const std::vector<PrintedItem>& items, size_t i, char mark) {
  return i < items.size() && items[i].kind == PrintedItem::kMark && items[i].text[0] == mark;
}

// The [0.1, 0.2] of "tensor([0.1, 0.2])", which is no metric.
bool IsPair(const std::vector<PrintedItem>& items, size_t i) {
  while (IsMark(items, i, '[')) ++i;
  const auto number = [&](size_t k) {
    return k < items.size() && items[k].kind == PrintedItem::kNumber;
  };
  return number(i) && (number(i + 1) || (IsMark(items, i + 1, ',') && number(i + 2)));
}

// The 0.5 of "tensor(0.5, grad_fn=<MeanBackward0>)" and "np.float64(0.5)".
std::vector<PrintedItem> Unwrapped(std::vector<PrintedItem> items) {
  std::vector<PrintedItem> kept;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string& text = items[i].text;
    const bool wraps = items[i].kind == PrintedItem::kWord && IsMark(items, i + 1, '(') &&
                       !items[i + 1].spaced &&
                       (text == "tensor" || text == "array" || text == "Array" ||
                        text == "float64" || text == "float32");
    if (!wraps) {
      kept.push_back(std::move(items[i]));
      continue;
    }
    if (kept.size() >= 2 && IsMark(kept, kept.size() - 1, '.')) kept.resize(kept.size() - 2);
    i += 2;
    const bool several = IsPair(items, i);
    for (; i < items.size() && !IsMark(items, i, ',') && !IsMark(items, i, ')'); ++i) {
      if (!several) kept.push_back(std::move(items[i]));
    }
    while (i < items.size() && !IsMark(items, i, ')')) ++i;
  }
  return kept;
}

}  // namespace

std::vector<PrintedItem> PrintedItems(std::string_view line) {
  std::vector<PrintedItem> items = Unwrapped(Scanner(line).Run());
  const auto word = [&](size_t i, std::string_view text) {
    return items[i].kind == PrintedItem::kWord && items[i].text == text;
  };
  // "43 correct out of 45" as "correct 43 out of 45"
  for (size_t i = 0; i + 3 < items.size(); ++i) {
    const bool counts = items[i].kind == PrintedItem::kNumber && word(i + 1, "correct") &&
                        (word(i + 2, "out") || word(i + 2, "of"));
    if (counts) std::swap(items[i], items[i + 1]);
  }
  return items;
}

void CutOverwritten(std::vector<PrintedItem>* items, size_t at,
                    const std::vector<std::string>& label) {
  PrintedItem& number = (*items)[at];
  const bool fraction = number.text.find('.') != std::string::npos;
  if (number.unit != "s" || !fraction || at == 0 || !IsMark(*items, at - 1, ':')) return;
  const MetricKind kind = LabelOf(label).kind;
  if (kind != MetricKind::kLoss && kind != MetricKind::kAccuracy) return;
  number.unit.clear();
  items->resize(at + 1);
}

std::optional<int64_t> WholeNumber(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<int64_t> RuledNumber(const std::vector<PrintedItem>& items) {
  constexpr long kFewestMarks = 3;  // on each side
  const auto number = std::find_if(items.begin(), items.end(), [](const PrintedItem& item) {
    return item.kind == PrintedItem::kNumber;
  });
  if (number - items.begin() < kFewestMarks || items.end() - number <= kFewestMarks)
    return std::nullopt;
  const auto marks = std::count_if(items.begin(), items.end(), [&](const PrintedItem& item) {
    return item.kind == PrintedItem::kMark && item.text == items[0].text;
  });
  const bool ruled = marks + 1 == std::ssize(items) &&
                     std::string_view("=-*#_~").find(items[0].text) != std::string_view::npos;
  return ruled ? WholeNumber(number->text) : std::nullopt;
}

std::string CountText(const std::string& text) {
  const size_t point = text.find('.');
  const bool whole = point != std::string::npos && point > 0 &&
                     text.find_first_not_of('0', point + 1) == std::string::npos;
  return whole ? text.substr(0, point) : text;
}

std::optional<size_t> TotalEnd(const std::vector<PrintedItem>& items, size_t at) {
  const auto word = [&](size_t i, std::string_view text) {
    return i < items.size() && items[i].kind == PrintedItem::kWord && items[i].text == text;
  };
  const bool of = word(at + 1, "of") || word(at + 1, "out");
  if (!IsMark(items, at + 1, '/') && !of) return std::nullopt;
  size_t number = at + 2;
  if (of && word(number, "of")) ++number;
  const bool total = number < items.size() && items[number].kind == PrintedItem::kNumber &&
                     WholeNumber(items[number].text) && WholeNumber(CountText(items[at].text));
  return total ? std::optional(number) : std::nullopt;
}

size_t LeadingListEnd(const std::vector<PrintedItem>& items) {
  const auto whole = [&](size_t i) {
    return i < items.size() && items[i].kind == PrintedItem::kNumber && !items[i].percent &&
           WholeNumber(items[i].text);
  };
  const bool cut = !items.empty() && items[0].kind == PrintedItem::kArray;
  if (items.empty() || !(cut || IsMark(items, 0, '[') || IsMark(items, 0, '('))) return 0;
  size_t end = 1;
  if (cut) {
    const bool value = items.size() > 2 && items[2].kind == PrintedItem::kNumber;
    return whole(end) && value && !whole(end + 1) ? end : 0;
  }
  while (whole(end) && IsMark(items, end + 1, ',')) end += 2;
  if (end < 3) return 0;  // of at least two
  if (whole(end)) ++end;
  if (!IsMark(items, end++, items[0].text == "[" ? ']' : ')')) return 0;
  const bool value = end + 1 < items.size() && items[end + 1].kind == PrintedItem::kNumber;
  return whole(end) && value && !whole(end + 1) ? end : 0;
}

bool CountsRows(const std::vector<PrintedItem>& items, size_t at, bool* neurons) {
  const auto word = [&](size_t i) {
    return i < items.size() && items[i].kind == PrintedItem::kWord ? FirstPart(items[i].text) : "";
  };
  if (items[at].percent) {
    const std::string next = word(at + 1);
    return next == "complete" || next == "completed" || next == "done";
  }
  if (!WholeNumber(items[at].text)) return false;
  for (size_t i = at + 1; i <= at + 2 && !word(i).empty(); ++i) {
    *neurons = *neurons || IsNeuronWord(word(i));
    if (IsRowWord(word(i)) || IsNeuronWord(word(i))) return true;
  }
  return false;
}

bool IsBehindBar(const std::vector<PrintedItem>& items, size_t at) {
  constexpr size_t kFewestMarks = 5;
  if (at < kFewestMarks || !IsMark(items, at - 1, ']')) return false;
  for (size_t i = at - kFewestMarks + 1; i + 1 < at; ++i) {
    const bool part = items[i].kind == PrintedItem::kMark &&
                      std::string_view("=#>.-*").find(items[i].text) != std::string_view::npos;
    if (!part) return false;
  }
  return true;
}

std::string BarTotal(const std::vector<PrintedItem>& items, size_t from) {
  for (size_t i = from; i + 2 < items.size(); ++i) {
    if (items[i].kind == PrintedItem::kNumber) {
      return IsMark(items, i + 1, '/') ? items[i + 2].text : "";
    }
  }
  return "";
}

size_t DateEnd(const std::vector<PrintedItem>& items, size_t at) {
  const auto number = [&](size_t i) {
    return i < items.size() && items[i].kind == PrintedItem::kNumber;
  };
  const bool date = items[at].text.size() == 4 && WholeNumber(items[at].text) &&
                    (IsMark(items, at + 1, '-') || IsMark(items, at + 1, '/')) && number(at + 2) &&
                    items[at + 1].text == items[at + 3 < items.size() ? at + 3 : 0].text &&
                    number(at + 4);
  if (!date) return at;
  at += 4;
  if (number(at + 1) && IsMark(items, at + 2, ':')) ++at;
  while ((IsMark(items, at + 1, ':') || IsMark(items, at + 1, ',')) && number(at + 2) &&
         !items[at + 2].spaced) {
    at += 2;
  }
  return at;
}

std::optional<size_t> TimeEnd(const std::vector<PrintedItem>& items, size_t at) {
  const auto is = [&](size_t i, PrintedItem::Kind kind) {
    return i < items.size() && items[i].kind == kind;
  };
  const PrintedItem& item = items[at];
  const size_t next = at + 1;
  const bool clock = IsMark(items, next, ':') && is(next + 1, PrintedItem::kNumber) &&
                     !items[next].spaced && !items[next + 1].spaced && item.text.size() <= 2 &&
                     items[next + 1].text.substr(0, 2).find('.') == std::string::npos &&
                     items[next + 1].text.size() >= 2 && IsDigit(items[next + 1].text[1]);
  if (clock) {
    at += 2;
    while (IsMark(items, at + 1, ':') && is(at + 2, PrintedItem::kNumber)) at += 2;
    return at;
  }
  bool unit = !item.unit.empty() && !IsOrdinal(item.unit);
  if (!unit && is(next, PrintedItem::kWord) && IsUnit(FirstPart(items[next].text)) &&
      StepRank(FirstPart(items[next].text)) == 0) {
    unit = true;
    ++at;
  }
  if (!unit) return std::nullopt;
  // "2ms/step"
  return IsMark(items, at + 1, '/') && is(at + 2, PrintedItem::kWord) ? at + 2 : at;
}

std::string FirstPart(const std::string& word) {
  auto parts = NameParts(word);
  return parts.empty() ? "" : parts[0];
}

}  // namespace nabla
