// The part of ArrayRules that computes with numbers.
#include <algorithm>
#include <cmath>

#include "framework/python/array_rules.h"

namespace nabla {
namespace {

using Kind = ValueKind;

// Whole numbers times two to the power of `by`, rounded down; NaN for others.
double Shifted(double a, double by) {
  const bool whole = a == std::floor(a) && by == std::floor(by) && std::abs(by) <= 64;
  return whole ? std::floor(std::ldexp(a, static_cast<int>(by))) : std::nan("");
}

// A number of two; NaN where there is none.
double Computed(const std::string& op, double a, double b) {
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (op == "**") return std::pow(a, b);
  if (op == "<<" || op == ">>") return Shifted(a, op == "<<" ? b : -b);
  if (op == "<") return a < b;
  if (op == ">") return a > b;
  if (op == "<=") return a <= b;
  if (op == ">=") return a >= b;
  if (op == "==") return a == b;
  if (op == "!=") return a != b;
  const bool divides = b != 0 && (op == "/" || op == "//" || op == "%");
  if (!divides) return std::nan("");
  if (op == "/") return a / b;
  return op == "//" ? std::floor(a / b) : a - b * std::floor(a / b);
}

// Whether a quotient is a rate for each row of a batch: lr / batch_size.
bool IsRateOfRows(const std::string& op, const Value& left, const Value& right) {
  if (op != "/" || left.name.empty() || right.number <= 1) return false;
  const std::string rate = LowerCase(left.name), size = LowerCase(right.name);
  const bool rates = rate == "lr" || rate == "eta" || rate == "alpha" || rate == "rate" ||
                     rate.starts_with("learning");
  return rates && (size.find("batch") != std::string::npos || size == "bs");
}

// Of a number, or of what a loop changes: in its first turn.
Value First(const Value& v) {
  if (v.IsKnown()) return v;
  return v.Is(Kind::kArray) && v.object != nullptr ? v.object->first : Value();
}

}  // namespace

Value ArrayRules::Numbers(const std::string& op, const Value& left, const Value& right) {
  const double a = left.number, b = right.number;
  const double r = Computed(op, a, b);
  const bool two = (a == 2 && !right.name.empty()) || (b == 2 && !left.name.empty());
  if (!std::isfinite(r)) return {};
  Value v = NumberValue(r);
  v.invented = left.invented || right.invented;
  v.doubt = DoubtOf(left, right);
  v.twice = (op == "*" && two) || (op == "/" && (right.twice || (a == 0.5 && !right.name.empty())));
  v.doubled = op == "/" && a == 2;
  v.counts_rows = (op == "*" || op == "/") && (left.counts_rows || right.counts_rows);
  v.counts_rows = v.counts_rows || IsRateOfRows(op, left, right);
  // Invented sizes compare with nothing.
  if (v.invented && (op[0] == '<' || op[0] == '>' || op == "==" || op == "!=")) return {};
  const auto sized = [](const Value& x) { return x.invented || x.counts_rows; };
  const bool main_left = !sized(left) || left.base != 0 || op == "-";
  const Value& main = main_left ? left : right;
  v.place = main.place.line > 0 ? main.place : right.place;
  if (sized(v) && (op == "*" || op == "/")) {
    v.base = main.base != 0 ? main.base : sized(main) ? 0 : main.number;
    v.name = main.name;
    v.text = main.text;
  }
  return v;
}

Value ArrayRules::Range(const std::vector<Value>& bounds) {
  if (heap_->full()) return {};
  Object* range = heap_->New();
  const bool one = bounds.size() < 2;
  range->items = {one ? NumberValue(0) : bounds[0],
                  one && bounds.empty() ? Value() : bounds[one ? 0 : 1],
                  bounds.size() > 2 ? bounds[2] : NumberValue(1)};
  return ObjectValue(Kind::kRange, range);
}

// What is not known stands for an array where it meets something known.
Value ArrayRules::Standing(const Value& unknown) {
  Value v = Fresh("");
  if (v.object == nullptr || std::isnan(unknown.first)) return v;
  v.object->first = NumberValue(unknown.first);
  v.object->turn = true;
  return v;
}

Value ArrayRules::Distinct(const Value& list) {
  const bool rows = list.Is(Kind::kArray) && list.object != nullptr && list.object->literal;
  if (!list.Is(Kind::kSequence) && !rows) return Fresh("unique");
  std::vector<Value> items;
  for (const Value& item : list.object->items) {
    if (!item.IsKnown() && !item.Is(Kind::kString)) return Fresh("unique");
    const bool known = std::any_of(items.begin(), items.end(), [&](const Value& v) {
      return v.kind == item.kind && v.number == item.number &&
             (item.IsKnown() || v.text == item.text);
    });
    if (!known) items.push_back(item);
  }
  return Sequence(std::move(items));
}

void ArrayRules::SetFirst(const std::string& op, const Value& left, const Value& right,
                          Object* to) {
  const Value l = First(left), r = First(right);
  if (l.IsKnown() && r.IsKnown()) to->first = Numbers(op, l, r);
}

}  // namespace nabla
