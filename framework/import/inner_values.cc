#include "framework/import/inner_values.h"

#include <algorithm>

#include "framework/notebook/metric_words.h"

namespace nabla {
namespace {

constexpr int kDeepest = 30;  // of expressions
constexpr size_t kMostNames = 10000;

// Whether an expression has a name such as num_epochs.
bool SpeaksOfEpochs(const Expr& e, int depth) {
  if (depth > kDeepest) return false;
  if (e.kind == Expr::Kind::kName || e.kind == Expr::Kind::kAttribute) {
    for (const std::string& part : NameParts(e.text)) {
      if (StepRank(part) == 2) return true;
    }
  }
  return std::any_of(e.items.begin(), e.items.end(),
                     [&](const Expr& item) { return SpeaksOfEpochs(item, depth + 1); });
}

// The words of a split in the names of an expression; none of what only counts.
void SplitWords(const Expr& e, int depth, std::vector<std::string>* words) {
  const bool range = e.kind == Expr::Kind::kCall && e.items[0].text.ends_with("range");
  if (depth > kDeepest || range) return;
  if (e.kind == Expr::Kind::kName || e.kind == Expr::Kind::kAttribute) {
    for (const std::string& part : NameParts(e.text)) {
      if (LabelOf({part}).split != MetricSplit::kUnknown) words->push_back(part);
    }
  }
  for (const Expr& item : e.items) SplitWords(item, depth + 1, words);
}

}  // namespace

void InnerValues::EnterLoop(const Statement& loop) {
  ++depth_;
  splits_.emplace_back();
  if (loop.kind == Statement::Kind::kFor) SplitWords(loop.values[0], 0, &splits_.back());
  if (loop.kind != Statement::Kind::kFor) return;
  const Expr* target = &loop.targets[0];
  if (target->kind == Expr::Kind::kTuple && !target->items.empty()) target = &target->items[0];
  if (epochs_depth_ > 0) {
    if (target->kind == Expr::Kind::kName && counters_.size() < kMostNames)
      counters_.insert(target->text);
    return;
  }
  counters_.erase(target->text);
  if (SpeaksOfEpochs(loop.targets[0], 0) || SpeaksOfEpochs(loop.values[0], 0))
    epochs_depth_ = depth_;
}

void InnerValues::LeaveLoop() {
  if (depth_ == epochs_depth_) epochs_depth_ = 0;
  --depth_;
  splits_.pop_back();
}

bool InnerValues::UsesSum(const Expr& e, int depth) const {
  if (depth > kDeepest) return true;
  const bool name = e.kind == Expr::Kind::kName || e.kind == Expr::Kind::kAttribute;
  if (name && sums_.contains(e.text)) return true;
  return std::any_of(e.items.begin(), e.items.end(),
                     [&](const Expr& item) { return UsesSum(item, depth + 1); });
}

void InnerValues::Assigned(const Expr& target, const Expr& value) {
  if (target.kind == Expr::Kind::kTuple) {
    for (const Expr& item : target.items) {
      if (item.kind == Expr::Kind::kName) Assigned(item, value);
    }
    return;
  }
  if (target.kind != Expr::Kind::kName || set_.size() > kMostNames) return;
  set_[target.text] = depth_;
  // total = 0 begins a sum anew, which only the loop below makes one.
  if (UsesSum(value, 0)) {
    sums_.insert(target.text);
  } else if (value.kind != Expr::Kind::kNumber) {
    sums_.erase(target.text);
  }
}

void InnerValues::Accumulated(const std::string& name) {
  if (sums_.size() < kMostNames) sums_.insert(name);
  if (!splits_.empty() && summed_.size() < kMostNames) summed_[name] = splits_.back();
  const bool within = epochs_depth_ > 0 && depth_ > epochs_depth_;
  if (within && counters_.size() < kMostNames) counters_.insert(name);
}

const std::vector<std::string>& InnerValues::SplitOf(const std::string& sum) const {
  static const std::vector<std::string> kNone;
  const auto found = summed_.find(sum);
  return found == summed_.end() ? kNone : found->second;
}

bool InnerValues::IsOfLastTurn(const Expr& e, int depth) const {
  if (depth > kDeepest) return false;
  if (e.kind == Expr::Kind::kBinary && e.text == "/") return false;  // a mean
  if (e.kind == Expr::Kind::kName) {
    const auto found = set_.find(e.text);
    return found != set_.end() && found->second > depth_ && !sums_.contains(e.text);
  }
  return std::any_of(e.items.begin(), e.items.end(),
                     [&](const Expr& item) { return IsOfLastTurn(item, depth + 1); });
}

}  // namespace nabla
