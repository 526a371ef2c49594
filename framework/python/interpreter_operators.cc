#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

constexpr Doubt kEitherWay = {"a condition decides that was not understood"};
constexpr size_t kMostNames = 500;  // of a scope that conditions look at

bool HasRemainder(const Expr& e, int depth) {
  constexpr int kDeepest = 6;
  if (e.kind == Expr::Kind::kBinary && e.text == "%") return true;
  return depth < kDeepest && std::any_of(e.items.begin(), e.items.end(), [&](const Expr& item) {
           return HasRemainder(item, depth + 1);
         });
}

}  // namespace

// The numbers of the scope that runs.
std::map<std::string, double> Interpreter::NumbersHere() {
  std::map<std::string, double> numbers;
  if (scope_->fields.size() > kMostNames) return numbers;
  steps_ += static_cast<int>(scope_->fields.size() / 16);  // what this costs
  for (const auto& [name, value] : scope_->fields) {
    if (value.IsKnown()) numbers.emplace(name, value.number);
  }
  return numbers;
}

// Behind both branches of a condition that is not known: numbers that depend on it. `between` are
// those behind the first branch.
void Interpreter::DoubtDifferent(const std::map<std::string, double>& before,
                                 const std::map<std::string, double>& between) {
  if (scope_->fields.size() > kMostNames) return;
  for (auto& [name, value] : scope_->fields) {
    if (!value.IsKnown()) continue;
    const auto was = before.find(name), then = between.find(name);
    const bool differs = (was != before.end() && was->second != value.number) ||
                         (then != between.end() && then->second != value.number);
    if (differs && !value.IsDoubtful()) value.doubt = &kEitherWay;
  }
}

// Behind a handler of exceptions, which may not have run: numbers that it alone gives. `settings`
// is how many there were before it.
void Interpreter::DoubtNew(const std::map<std::string, double>& before, size_t settings) {
  if (scope_->fields.size() > kMostNames) return;
  for (auto& [name, value] : scope_->fields) {
    if (value.IsKnown() && !value.IsDoubtful() && !before.contains(name)) {
      value.doubt = &kEitherWay;
    }
  }
  for (size_t i = settings; i < trace_->settings.size(); ++i) {
    Value& value = trace_->settings[i].value;
    if (!value.IsDoubtful()) value.doubt = &kEitherWay;
  }
}

Interpreter::Flow Interpreter::RunIf(const Statement& s) {
  const Value condition = Eval(s.values[0]);
  const std::optional<bool> truth = Truth(condition);
  if (truth) return RunBlock(*truth ? s.body : s.otherwise);
  const bool before = maybe_, sometimes = sometimes_;
  maybe_ = true;
  sometimes_ = sometimes_ || HasRemainder(s.values[0], 0);
  const std::optional<bool> first = InFirstTurn(s.values[0]);
  const auto numbers = NumbersHere();
  RunBranch(s.body, first.value_or(true), s.line);
  const auto between = NumbersHere();
  RunBranch(s.otherwise, !first.value_or(false), s.line);
  if (!first) DoubtDifferent(numbers, between);
  maybe_ = before;
  sometimes_ = sometimes;
  return std::nullopt;
}

// Of "epoch == 30" and the like.
std::optional<bool> Interpreter::InFirstTurn(const Expr& condition) {
  if (condition.kind != Expr::Kind::kBinary || condition.items[0].kind != Expr::Kind::kName) {
    return std::nullopt;
  }
  const Value turn = Eval(condition.items[0]), bound = Eval(condition.items[1]);
  if (!turn.Is(Kind::kUnknown) || std::isnan(turn.first) || !bound.IsKnown()) return std::nullopt;
  const std::string& op = condition.text;
  if (op == "==") return turn.first == bound.number;
  if (op == "<" || op == "<=") return turn.first < bound.number + (op == "<=" ? 1 : 0);
  if (op == ">" || op == ">=") return turn.first > bound.number - (op == ">=" ? 1 : 0);
  return std::nullopt;
}

// Numbers that a later turn sets keep what they are in the first.
void Interpreter::RunBranch(const std::vector<Statement>& block, bool first, int line) {
  if (first || scope_->fields.size() > kMostNames) {
    RunBlock(block);
    return;
  }
  Object* const scope = scope_;
  steps_ += static_cast<int>(scope->fields.size() / 8);
  const std::map<std::string, Value> before = scope->fields;
  RunBlock(block);
  for (const auto& [name, old] : before) {
    Value& now = scope->fields[name];
    if (!old.IsKnown() || (now.IsKnown() && now.number == old.number)) continue;
    now = old;
    now.changes = true;
    AddEvent(&trace_->changes, TracedChange{name, At(line)}, trace_);
  }
}

// What depends on how far a loop is counts with what it is in the first turn.
Value Interpreter::EvalConditional(const Expr& e) {
  const Expr& condition = e.items[1];
  const std::string& op = condition.text;
  const bool compares =
      condition.kind == Expr::Kind::kBinary && (op == "<" || op == "<=" || op == ">" || op == ">=");
  const Value turn = compares ? Eval(condition.items[0]) : Value();
  const Value bound = compares ? Eval(condition.items[1]) : Value();
  if (!turn.Is(Kind::kUnknown) || std::isnan(turn.first) || !bound.IsKnown()) {
    const std::optional<bool> truth = Truth(Eval(condition));
    Value v = Eval(e.items[truth.value_or(true) ? 0 : 2]);
    if (truth || !v.IsKnown()) return v;
    const Value other = Eval(e.items[2]);
    if (!other.IsKnown() || other.number != v.number) v.doubt = &kEitherWay;
    return v;
  }
  const bool below = op[0] == '<';
  const double from = bound.number + (op == "<=" || op == ">" ? 1 : 0);
  const bool first = below == (turn.first < from);
  const Value now = Eval(e.items[first ? 0 : 2]), later = Eval(e.items[first ? 2 : 0]);
  if (!now.IsKnown() || !later.IsKnown() || now.number == later.number) return now;
  Value v = now;
  v.changes = true;
  const bool yet = turn.first < from;
  if (yet) {
    AddEvent(&trace_->falls,
             TracedFall{condition.items[0].text, from - turn.first, now.number, later.number,
                        At(e.line)},
             trace_);
  }
  return v;
}

Value Interpreter::EvalUnary(const Expr& e) {
  const Value v = Eval(e.items[0]);
  if (e.text == "not") {
    const std::optional<bool> truth = Truth(v);
    return truth ? NumberValue(!*truth) : Value();
  }
  return e.text == "-" ? rules_.Negated(v) : v;
}

// What a class of the program's own does with an operator: its __add__, or the __radd__ of the
// right operand's.
std::optional<Value> Interpreter::OwnOperator(const std::string& op, const Value& left,
                                              const Value& right, int line) {
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"+", "add"}, {"-", "sub"}, {"*", "mul"}, {"/", "truediv"}, {"@", "matmul"}, {"**", "pow"}};
  const auto named = std::find_if(std::begin(kNames), std::end(kNames),
                                  [&](const auto& each) { return op == each.first; });
  if (named == std::end(kNames)) return std::nullopt;
  for (const bool reversed : {false, true}) {
    const Value& self = reversed ? right : left;
    if (!self.Is(Kind::kInstance)) continue;
    const std::string name = std::string(reversed ? "__r" : "__") + named->second + "__";
    if (!FindMethod(self.object->parent, name).Is(Kind::kFunction)) continue;
    Arguments a;
    a.place = At(line);
    a.loops = loops_;
    a.unknown_loops = unknown_loops_;
    a.list = {reversed ? left : right};
    return CallValue(Attribute(self, name), std::move(a));
  }
  return std::nullopt;
}

Value Interpreter::EvalBinary(const Expr& e) {
  if (e.text == ":=") {
    const Value named = Eval(e.items[1]);
    Assign(e.items[0], named);
    return named;
  }
  const Value left = Eval(e.items[0]);
  if (e.text == "and" || e.text == "or") {
    const std::optional<bool> truth = Truth(left);
    const Value right = Eval(e.items[1]);
    if (truth) return *truth == (e.text == "and") ? right : left;
    return Value();
  }
  const Value right = Eval(e.items[1]);
  if (const auto own = OwnOperator(e.text, left, right, e.line)) return *own;
  if (e.text == "@") return rules_.Dot(left, right, At(e.line));
  if (e.text == "%" && left.Is(Kind::kString)) {
    return Formatted(left.text,
                     right.Is(Kind::kSequence) ? right.object->items : std::vector<Value>{right});
  }
  if (e.text == "|" && left.Is(Kind::kDict) && right.Is(Kind::kDict) && !heap_.full()) {
    const Value both = ObjectValue(Kind::kDict, heap_.New());
    both.object->fields = right.object->fields;
    both.object->fields.insert(left.object->fields.begin(), left.object->fields.end());
    return both;
  }
  if (e.text == "in" && right.Is(Kind::kDict) && left.Is(Kind::kString)) {
    return NumberValue(right.object->fields.contains(left.text));
  }
  if (e.text == "in" && right.Is(Kind::kSequence) && left.Is(Kind::kString)) {
    const auto& items = right.object->items;
    return NumberValue(std::any_of(items.begin(), items.end(),
                                   [&](const Value& v) { return v.text == left.text; }));
  }
  if (e.text == "*" && left.Is(Kind::kSequence) && right.IsKnown()) {
    std::vector<Value> items;
    for (double i = 0; i < right.number && items.size() < 1000; ++i) {
      const auto& part = left.object->items;
      items.insert(items.end(), part.begin(), part.end());
      if (part.empty()) break;
    }
    return rules_.Sequence(std::move(items));
  }
  return rules_.Binary(e.text, left, right, At(e.line), loops_);
}

}  // namespace nabla
