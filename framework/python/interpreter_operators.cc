#include <algorithm>
#include <cmath>
#include <utility>

#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

constexpr Doubt kEitherWay = {"a condition decides that was not understood"};

}  // namespace

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
