#include "framework/import/inner_values.h"

#include <algorithm>

namespace nabla {
namespace {

constexpr int kDeepest = 30;  // of expressions
constexpr size_t kMostNames = 10000;

}  // namespace

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
