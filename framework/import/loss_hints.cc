#include "framework/import/loss_hints.h"

#include <algorithm>
#include <string>

#include "framework/notebook/metric_words.h"

namespace nabla {
namespace {

using E = Expr::Kind;
using S = Statement::Kind;

constexpr int kDeepest = 60;

bool Any(const Expr& e, bool (*is)(const Expr&), int depth = 0) {
  if (depth > kDeepest) return false;
  return is(e) || std::any_of(e.items.begin(), e.items.end(),
                              [&](const Expr& item) { return Any(item, is, depth + 1); });
}

// len(x), x.size(0), x.shape[0], batch_size: rows of a batch.
bool IsSize(const Expr& e) {
  if (e.kind == E::kName || e.kind == E::kAttribute) {
    return e.text == "shape" || IsBatchName(e.text);
  }
  if (e.kind != E::kCall) return false;
  const Expr& callee = e.items[0];
  return (callee.kind == E::kName && callee.text == "len") ||
         (callee.kind == E::kAttribute && callee.text == "size");
}

// A product with the rows of a batch among its factors.
bool IsWeighted(const Expr& e) {
  return e.kind == E::kBinary && e.text == "*" &&
         (Any(e.items[0], IsSize) != Any(e.items[1], IsSize));
}

bool IsSum(const std::string& name) {
  for (const char* known : {"total", "running", "s", "tot", "epoch"}) {
    if (name == known) return true;
  }
  return false;
}

// The name of a loss of the rows to train on, or of a sum.
bool IsLossName(const std::string& name) {
  const MetricLabel label = LabelOf(NameParts(name));
  if (label.split == MetricSplit::kTest) return false;
  return IsSum(name) || (label.kind == MetricKind::kLoss && name.size() > 1);
}

bool SpeaksOfBatches(const Expr& e) {
  if (e.kind != E::kName && e.kind != E::kAttribute) return false;
  for (const std::string& part : NameParts(e.text)) {
    for (const char* known : {"batch", "batches", "minibatch", "loader", "dl", "iter", "iterator",
                              "ds", "train", "dataset", "mini", "zip"}) {
      if (part == known || part.ends_with("loader") || part.ends_with("batches")) return true;
    }
  }
  return false;
}

// range(0, n, batch), a loader, zip(X, y): not the layers or the names of weights.
bool IsOverBatches(const Statement& s) {
  if (s.kind == S::kWhile) return true;
  const Expr& e = s.values[0];
  const bool steps = e.kind == E::kCall && e.items.size() == 4 &&
                     (e.items[0].text == "range" || e.items[0].text == "xrange");
  return steps || Any(e, SpeaksOfBatches);
}

std::string NameOf(const Expr& e) {
  return e.kind == E::kName || e.kind == E::kAttribute ? e.text : "";
}

bool SetsLoss(const Expr& target) {
  if (target.kind != E::kTuple) return IsLossName(NameOf(target));
  return std::any_of(target.items.begin(), target.items.end(),
                     [](const Expr& item) { return IsLossName(NameOf(item)); });
}

class Walker {
 public:
  explicit Walker(int cell) : cell_(cell) {}

  void Block(const std::vector<Statement>& block, int depth) {
    if (depth > kDeepest) return;
    bool looped = false;
    for (const Statement& s : block) {
      // A loss set behind an inner loop, and nowhere within it.
      if (s.kind == S::kAssign && looped && loops_ > 0 && SetsLoss(s.targets[0])) {
        Note(&after_, s.line);
      }
      Inspect(s);
      const bool loop = s.kind == S::kFor || s.kind == S::kWhile;
      const bool batches = loop && IsOverBatches(s);
      loops_ += loop ? 1 : 0;
      const bool outer = in_batch_;
      in_batch_ = in_batch_ || (batches && loops_ > 1);
      Block(s.body, depth + 1);
      in_batch_ = outer;
      Block(s.otherwise, depth + 1);
      loops_ -= loop ? 1 : 0;
      looped = looped || batches;
    }
  }

  Fact Result() const {
    if (weighted_ > 0) return {"rows", {cell_, weighted_}, false, ""};
    if (after_ > 0 && plain_ == 0 && !within_) return {"after", {cell_, after_}, false, ""};
    return {};
  }
  bool Added() const { return weighted_ > 0 || plain_ > 0; }

 private:
  void Inspect(const Statement& s) {
    if (loops_ == 0) return;
    if (s.kind == S::kAugmented && s.name == "+" && IsLossName(NameOf(s.targets[0]))) {
      Note(Any(s.values[0], IsWeighted) ? &weighted_ : &plain_, s.line);
    }
    if (s.kind == S::kAssign && in_batch_ && IsLossName(NameOf(s.targets[0]))) within_ = true;
    if (s.kind != S::kExpression || s.values[0].kind != E::kCall) return;
    const Expr& callee = s.values[0].items[0];
    const bool appends = callee.kind == E::kAttribute && callee.text == "append";
    if (appends && in_batch_ && IsLossName(NameOf(callee.items[0]))) Note(&plain_, s.line);
  }

  static void Note(int* line, int at) {
    if (*line == 0) *line = at;
  }

  const int cell_;
  int loops_ = 0;
  bool in_batch_ = false;                     // within two loops
  bool within_ = false;                       // a loss is set there
  int weighted_ = 0, plain_ = 0, after_ = 0;  // lines
};

}  // namespace

namespace {

// "correct += ..." within a loop.
bool CountsRight(const std::vector<Statement>& block, bool loop, int depth) {
  if (depth > kDeepest) return false;
  return std::any_of(block.begin(), block.end(), [&](const Statement& s) {
    const bool adds = loop && s.kind == S::kAugmented && s.name == "+";
    const MetricLabel label = adds ? LabelOf(NameParts(NameOf(s.targets[0]))) : MetricLabel();
    const bool right = label.kind == MetricKind::kAccuracy && label.split != MetricSplit::kTest;
    const bool loops = loop || s.kind == S::kFor || s.kind == S::kWhile;
    return right || CountsRight(s.body, loops, depth + 1) ||
           CountsRight(s.otherwise, loop, depth + 1);
  });
}

}  // namespace

bool CountsRightRows(const std::map<int, std::vector<Statement>>& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](const auto& cell) { return CountsRight(cell.second, false, 0); });
}

Fact ReadLossHint(const std::map<int, std::vector<Statement>>& cells) {
  Fact after;
  bool added = false;
  for (const auto& [cell, program] : cells) {
    Walker walker(cell);
    walker.Block(program, 0);
    const Fact fact = walker.Result();
    if (fact.text == "rows") return fact;
    added = added || walker.Added();
    if (!after.found()) after = fact;
  }
  return added ? Fact() : after;
}

}  // namespace nabla
