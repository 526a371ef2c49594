#include "framework/notebook/metric_asides.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace nabla {
namespace {

bool IsMark(const std::vector<PrintedItem>& items, size_t i, char mark) {
  return i < items.size() && items[i].kind == PrintedItem::kMark && items[i].text[0] == mark;
}

bool IsWord(const std::vector<PrintedItem>& items, size_t i) {
  return i < items.size() && items[i].kind == PrintedItem::kWord;
}

double NumberOf(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool IsMeanWord(const std::string& word) {
  return word == "avg" || word == "average" || word == "mean" || word == "running";
}

}  // namespace

bool IsDeviation(const std::vector<PrintedItem>& items, size_t at) {
  if (at == 0) return false;
  const bool sign = items[at - 1].kind == PrintedItem::kMark && items[at - 1].text == "\xC2";
  const bool minus = IsMark(items, at - 1, '-');
  const bool plus =
      at > 1 && (IsMark(items, at - 2, '+') ||
                 (at > 2 && IsMark(items, at - 2, '/') && IsMark(items, at - 3, '+')));
  return sign || (minus && plus);
}

bool SaysWhich(const std::vector<PrintedItem>& items, size_t at, std::vector<std::string>* label,
               bool* compares) {
  static constexpr std::string_view kKinds[] = {
      "of",         "model",         "net",        "network", "run",   "trial",  "seed",
      "experiment", "exp",           "classifier", "digit",   "task",  "client", "version",
      "member",     "configuration", "k",          "config",  "setup", "agent"};
  const auto word = [&](size_t i) {
    return i < items.size() && items[i].kind == PrintedItem::kWord ? FirstPart(items[i].text) : "";
  };
  if (at == 0 || label->empty() || items[at].percent || !WholeNumber(items[at].text)) return false;
  const size_t behind_dash = IsMark(items, at - 1, '-') && at > 1 ? at - 2 : at - 1;
  if (IsMark(items, at - 1, '@') || word(behind_dash) == "top") {
    if (items[at].text != "1") label->push_back("top5");
    return true;
  }
  const bool metric =
      LabelOf(*label).kind == MetricKind::kAccuracy || LabelOf(*label).kind == MetricKind::kLoss;
  const bool closes = IsMark(items, at + 1, ')') || IsMark(items, at + 1, ',');
  if (at > 2 && IsMark(items, at - 1, '=') && IsMark(items, at - 3, '(') && closes && metric) {
    const std::string name = word(at - 2);
    const bool said = StepRank(name) == 0 && !IsBatchWord(name) && label->back() == name &&
                      LabelOf({name}).kind == MetricKind::kUnknown;
    if (said) label->pop_back();
    return said;
  }
  const std::string before = word(at - 1);
  const bool kind = std::find(std::begin(kKinds), std::end(kKinds), before) != std::end(kKinds);
  *compares = *compares || (kind && metric && IsMark(items, at + 1, ':'));
  return kind && metric && IsMark(items, at + 1, ':');
}

void TakeSplitBefore(const std::vector<PrintedItem>& items, size_t at, const PrintedMetric& before,
                     PrintedMetric* metric) {
  const bool bare = metric->label == MetricLabel() && metric->words.empty() && at > 0 &&
                    items[at - 1].kind == PrintedItem::kNumber;
  const bool split =
      before.label.kind == MetricKind::kUnknown && before.label.split != MetricSplit::kUnknown;
  if (!bare || !split || before.words.find(' ') != std::string::npos) return;
  metric->label.split = before.label.split;
  metric->words = before.words + kSecond;
}

bool IsShareOfLoss(const std::vector<PrintedItem>& items, size_t at, const PrintedMetric& before) {
  return at > 0 && items[at].percent && IsMark(items, at - 1, '/') && !before.percent &&
         before.label.kind != MetricKind::kAccuracy;
}

void AddShare(PrintedMetric share, std::vector<PrintedMetric>* metrics) {
  PrintedMetric& before = metrics->back();
  if (!before.total.empty() || before.percent || before.label.kind == MetricKind::kAccuracy) return;
  share.label = {MetricKind::kAccuracy, before.label.split};
  share.words = before.words + " accuracy";
  const bool split = before.label.split != MetricSplit::kUnknown;
  if (before.label.kind == MetricKind::kUnknown && split) before.label.kind = MetricKind::kLoss;
  metrics->push_back(std::move(share));
}

bool TakeCounts(const std::string& count, const std::string& total, PrintedMetric* before) {
  const double n = NumberOf(total);
  if (before->label.kind != MetricKind::kAccuracy || n <= 0) return false;
  const double share = NumberOf(count) / n;
  if (std::abs(share - NumberOf(before->text) / (before->percent ? 100 : 1)) > 0.01) return false;
  if (!before->percent) return true;
  before->text = count;
  before->total = total;
  before->percent = false;
  return true;
}

bool IsMeanBehind(const std::vector<PrintedItem>& items, size_t metric, size_t at,
                  MetricKind kind) {
  if (!IsMark(items, metric + 1, '(') || !IsMark(items, at + 1, ')')) return false;
  bool mean = false;
  for (size_t i = metric + 2; i < at; ++i) {
    if (items[i].kind == PrintedItem::kMark) continue;
    if (!IsWord(items, i)) return false;
    for (const std::string& part : NameParts(items[i].text)) {
      if (!IsMeanWord(part) && LabelOf({part}).kind != kind) return false;
      mean = mean || IsMeanWord(part);
    }
  }
  return mean;
}

void SplitRepeated(std::vector<PrintedMetric>* metrics) {
  const auto same = [](const PrintedMetric& a, const PrintedMetric& b) {
    return a.label == b.label && a.words == b.words && !a.words.empty();
  };
  std::vector<MetricSplit> splits(metrics->size(), MetricSplit::kUnknown);
  MetricSplit last = MetricSplit::kUnknown;
  for (size_t i = 0; i < metrics->size(); ++i) {
    const PrintedMetric& metric = (*metrics)[i];
    if (metric.label.split != MetricSplit::kUnknown) last = metric.label.split;
    const auto times = std::count_if(metrics->begin(), metrics->end(),
                                     [&](const auto& other) { return same(other, metric); });
    if (times == 2 && metric.label.split == MetricSplit::kUnknown) splits[i] = last;
  }
  for (size_t i = 0; i < metrics->size(); ++i) {
    if (splits[i] != MetricSplit::kUnknown) (*metrics)[i].label.split = splits[i];
  }
}

MetricSplit SplitBehind(const std::vector<PrintedItem>& items, size_t at) {
  if (!IsMark(items, at + 1, '(') || !IsWord(items, at + 2) || !IsMark(items, at + 3, ')'))
    return MetricSplit::kUnknown;
  const MetricLabel label = LabelOf(NameParts(items[at + 2].text));
  return label.kind == MetricKind::kUnknown ? label.split : MetricSplit::kUnknown;
}

}  // namespace nabla
