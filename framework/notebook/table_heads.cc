#include "framework/notebook/table_heads.h"

#include "framework/notebook/metric_words.h"

namespace nabla {
namespace {

// "train loss" is one head: a split, then a kind.
bool Join(const std::string& head, const std::string& word) {
  const MetricLabel before = LabelOf(NameParts(head));
  const MetricLabel now = LabelOf(NameParts(word));
  return before.kind == MetricKind::kUnknown && before.split != MetricSplit::kUnknown &&
         now.kind != MetricKind::kUnknown && now.split == MetricSplit::kUnknown;
}

bool Separates(const std::string& mark) {
  return mark == "|" || mark == "," || static_cast<unsigned char>(mark[0]) > 127;
}

// One metric of two splits.
std::vector<std::vector<std::string>> SplitGroups(const std::vector<std::string>& words) {
  std::vector<std::string> splits, others;
  size_t last = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (LabelOf({words[i]}).split == MetricSplit::kUnknown) {
      others.push_back(words[i]);
      continue;
    }
    if (!splits.empty() && i != last + 1) return {};
    splits.push_back(words[i]);
    last = i;
  }
  const MetricKind kind = LabelOf(others).kind;
  const bool named = kind == MetricKind::kLoss || kind == MetricKind::kAccuracy;
  if (splits.size() != 2 || !named) return {};
  if (LabelOf({splits[0]}).split == LabelOf({splits[1]}).split) return {};
  std::vector<std::vector<std::string>> groups(2, others);
  for (size_t i = 0; i < 2; ++i) groups[i].push_back(splits[i]);
  return groups;
}

// Adds the words around the first slash between two words, the train/test of a line.
std::vector<std::string> WithPair(const std::vector<PrintedItem>& items,
                                  std::vector<std::string> label) {
  for (size_t i = 1; i + 1 < items.size(); ++i) {
    const bool slash = items[i].kind == PrintedItem::kMark && items[i].text == "/";
    const bool words =
        items[i - 1].kind == PrintedItem::kWord && items[i + 1].kind == PrintedItem::kWord;
    if (!slash || !words) continue;
    for (const size_t at : {i - 1, i + 1}) {
      for (std::string& part : NameParts(items[at].text)) label.push_back(std::move(part));
    }
    break;
  }
  return label;
}

}  // namespace

std::vector<std::string> TableHeads(const std::vector<PrintedItem>& items) {
  std::vector<std::string> heads;
  bool separate = true, glued = false;
  for (const PrintedItem& item : items) {
    // "validation/main/loss"
    const bool slash = item.kind == PrintedItem::kMark && item.text == "/" && !item.spaced;
    if (slash && !heads.empty()) {
      glued = true;
      continue;
    }
    if (glued && item.kind == PrintedItem::kWord && !item.spaced) {
      heads.back() += " " + item.text;
      glued = separate = false;
      continue;
    }
    glued = false;
    if (item.kind == PrintedItem::kMark) {
      separate = separate || Separates(item.text);
      continue;
    }
    if (item.kind != PrintedItem::kWord) return {};
    if (!separate && !heads.empty() && Join(heads.back(), item.text)) {
      heads.back() += " " + item.text;
    } else {
      heads.push_back(item.text);
    }
    separate = false;
  }
  return heads;
}

std::vector<std::vector<std::string>> LabelGroups(const std::vector<std::string>& words) {
  std::vector<std::vector<std::string>> groups(1);
  bool ended = false;
  MetricKind kind = MetricKind::kUnknown;
  for (const std::string& word : words) {
    const MetricLabel one = LabelOf({word});
    const bool names = one.kind == MetricKind::kLoss || one.kind == MetricKind::kAccuracy;
    const bool begins =
        ended && (one.split != MetricSplit::kUnknown || (names && one.kind != kind));
    if (begins) {
      groups.emplace_back();
      ended = false;
    }
    groups.back().push_back(word);
    if (names) {
      kind = one.kind;
      ended = true;
    }
  }
  if (groups.size() < 2 || !ended) groups.clear();
  return groups;
}

std::vector<std::vector<std::string>> PairGroups(const std::vector<PrintedItem>& items, size_t at,
                                                 const std::vector<std::string>& label) {
  size_t next = at + 1;
  while (next < items.size() && items[next].kind == PrintedItem::kMark) ++next;
  const bool pair =
      next > at + 1 && next < items.size() && items[next].kind == PrintedItem::kNumber;
  if (!pair) return {};
  const auto groups = SplitGroups(label);
  const bool slash = items[at + 1].text == "/";
  return groups.empty() && slash ? SplitGroups(WithPair(items, label)) : groups;
}

}  // namespace nabla
