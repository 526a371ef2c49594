#include <algorithm>
#include <cmath>

#include "framework/python/interpreter.h"
#include "framework/python/parser.h"

namespace nabla {
namespace {

using Kind = ValueKind;

// Without functions: those would keep pointers into the tree.
bool IsSimple(const Expr& e) {
  using E = Expr::Kind;
  const bool known = e.kind == E::kName || e.kind == E::kNumber || e.kind == E::kBinary ||
                     e.kind == E::kAttribute || e.kind == E::kUnary;
  return known && std::all_of(e.items.begin(), e.items.end(), IsSimple);
}

// Numbers, texts, lists and dicts of them.
bool IsLiteral(const Expr& e, int depth) {
  using E = Expr::Kind;
  const bool leaf =
      e.kind == E::kNumber || e.kind == E::kString || e.kind == E::kConstant || e.kind == E::kName;
  const bool holds =
      e.kind == E::kList || e.kind == E::kDict || e.kind == E::kTuple || e.kind == E::kUnary;
  return depth < 20 && (leaf || holds) &&
         std::all_of(e.items.begin(), e.items.end(),
                     [&](const Expr& item) { return IsLiteral(item, depth + 1); });
}

}  // namespace

// json.loads('{"lr": 0.1}')
Value Interpreter::Loaded(const std::string& text, int line) {
  constexpr size_t kLongest = 20000;
  constexpr int kMostLines = 10000;
  if (text.size() > kLongest) return rules_.Fresh("");
  steps_ += static_cast<int>(text.size() / 10);  // what reading it costs
  const std::vector<Statement> parsed = ParsePython(
      std::string(static_cast<size_t>(std::clamp(line - 1, 0, kMostLines)), '\n') + text);
  const bool literal = parsed.size() == 1 && parsed[0].kind == Statement::Kind::kExpression &&
                       IsLiteral(parsed[0].values[0], 0);
  return literal ? Eval(parsed[0].values[0]) : rules_.Fresh("");
}

Value Interpreter::EvalText(const Expr& e) {
  Value v = e.kind == Expr::Kind::kString ? StringValue(e.text) : EvalFormatted(e);
  v.place = At(e.line);
  return v;
}

// f"W{l + 1}": a key, if all that stands in it is known.
Value Interpreter::EvalFormatted(const Expr& e) {
  std::string plain;
  std::vector<Value> values;
  for (size_t at = 0; at < e.text.size(); ++at) {
    plain += e.text[at];
    if (e.text[at] != '{') continue;
    const size_t end = e.text.find('}', at);
    if (end == std::string::npos) return {};
    const std::vector<Statement> parsed = ParsePython(e.text.substr(at + 1, end - at - 1));
    const bool simple = parsed.size() == 1 && parsed[0].kind == Statement::Kind::kExpression &&
                        IsSimple(parsed[0].values[0]);
    if (!simple) return {};
    values.push_back(Eval(parsed[0].values[0]));
    at = end - 1;
  }
  return Formatted(plain, values);
}

// The text with the values in place of {}, {0} or %d; unknown if one of them is.
Value Interpreter::Formatted(const std::string& text, const std::vector<Value>& values) const {
  std::string all;
  size_t next = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool brace = text[at] == '{';
    const bool percent = text[at] == '%' && at + 1 < text.size() &&
                         (text[at + 1] == 'd' || text[at + 1] == 's' || text[at + 1] == 'i');
    if (!brace && !percent) {
      all += text[at];
      continue;
    }
    if (next >= values.size()) return {};
    const Value& v = values[next++];
    if (v.Is(Kind::kString)) {
      all += v.text;
    } else if (v.IsKnown() && v.number == std::floor(v.number) && std::abs(v.number) < 1e9) {
      all += std::to_string(static_cast<int64_t>(v.number));
    } else {
      return {};
    }
    at = brace ? std::min(text.find('}', at), text.size()) : at + 1;
    if (all.size() > 1000) return {};
  }
  return StringValue(std::move(all));
}

// x[:n] and x[n:] divide the rows of data.
double Interpreter::NoteSlice(const Value& of, const Value& from, const Value& to, int line) {
  const bool rows = of.Is(Kind::kArray) && of.object->data.dataset >= 0 && loops_ == 0;
  const bool front = to.IsKnown() && !from.IsNumber();
  const bool back = from.IsKnown() && !to.IsNumber();
  const double count = front ? to.number : from.number;
  if (!rows || front == back || count < 1) return 0;
  AddEvent(&trace_->slices, TracedSlice{front, count, At(line), 0}, trace_);
  return front ? count : count > 1 ? -count : 0;  // x[1:] is behind a header
}

Value Interpreter::SequenceSlice(const Value& of, const Expr& slice) {
  const std::vector<Value>& items = of.object->items;
  const double size = static_cast<double>(items.size());
  const auto bound = [&](size_t part, double none) {
    if (part >= slice.items.size() || slice.items[part].kind == Expr::Kind::kOther) return none;
    const Value v = Eval(slice.items[part]);
    if (!v.IsKnown()) return none;
    return std::clamp(v.number < 0 ? v.number + size : v.number, 0.0, size);
  };
  double step = 1;
  if (slice.items.size() > 2) {
    const Value v = Eval(slice.items[2]);
    if (v.IsKnown() && v.number == -1) step = -1;
  }
  std::vector<Value> part;
  const double from = bound(0, 0), to = bound(1, size);
  for (double i = from; i < to; ++i) part.push_back(items[static_cast<size_t>(i)]);
  if (step < 0) std::reverse(part.begin(), part.end());
  return rules_.Sequence(std::move(part));
}

}  // namespace nabla
