#include <algorithm>
#include <cmath>
#include <sstream>
#include <string_view>
#include <utility>

#include "framework/python/interpreter.h"
#include "framework/python/parser.h"

namespace nabla {
namespace {

using Kind = ValueKind;

// Where the expression of an f-string's field that begins at `at` ends: at its format, conversion
// or brace.
size_t FieldEnd(const std::string& text, size_t at) {
  int open = 0;
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++open;
    } else if (open > 0) {
      if (c == ')' || c == ']' || c == '}') --open;
    } else if (c == '}' || c == ':' || (c == '!' && text.compare(at, 2, "!=") != 0)) {
      return at;
    }
  }
  return std::string::npos;
}

// Behind a field's closing brace; braces of its format stand in pairs.
size_t BehindField(const std::string& text, size_t at) {
  int open = 1;
  while (at < text.size() && open > 0) {
    open += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
    ++at;
  }
  return at;
}

// A text whose first line is this one of a cell.
std::string FromLine(int line, std::string_view text) {
  constexpr int kMostLines = 10000;
  return std::string(static_cast<size_t>(std::clamp(line - 1, 0, kMostLines)), '\n') +
         std::string(text);
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
  if (text.size() > kLongest) return rules_.Fresh("");
  steps_ += static_cast<int>(text.size() / 10);  // what reading it costs
  const std::vector<Statement> parsed = ParsePython(FromLine(line, text));
  const bool literal = parsed.size() == 1 && parsed[0].kind == Statement::Kind::kExpression &&
                       IsLiteral(parsed[0].values[0], 0);
  return literal ? Eval(parsed[0].values[0]) : rules_.Fresh("");
}

// "a b".split()
Value Interpreter::Words(const std::string& text) {
  constexpr size_t kMost = 1000;
  std::istringstream in(text);
  std::vector<Value> words;
  for (std::string word; words.size() < kMost && in >> word;) words.push_back(StringValue(word));
  steps_ += static_cast<int>(text.size() / 100);
  return rules_.Sequence(std::move(words));
}

Value Interpreter::EvalText(const Expr& e) {
  Value v = e.kind == Expr::Kind::kString ? StringValue(e.text) : EvalFormatted(e);
  v.place = At(e.line);
  return v;
}

const Interpreter::FormattedText& Interpreter::Parsed(const Expr& e) {
  const auto [at, fresh] = formatted_.try_emplace({e.line, e.text});
  FormattedText& f = at->second;
  if (!fresh) return f;
  for (size_t i = 0; i < e.text.size();) {
    f.plain += e.text[i];
    if (e.text[i++] != '{') continue;
    if (i < e.text.size() && e.text[i] == '{') {  // "{{" is a brace
      f.spelled = false;
      ++i;
      continue;
    }
    const size_t end = FieldEnd(e.text, i);
    if (end == std::string::npos) {
      f.spelled = false;
      break;
    }
    steps_ += static_cast<int>(end - i) / 10 + e.line / 10;  // what reading it costs
    std::vector<Statement> parsed =
        ParsePython(FromLine(e.line, std::string_view(e.text).substr(i, end - i)));
    const bool one = parsed.size() == 1 && parsed[0].kind == Statement::Kind::kExpression;
    if (one) f.fields.push_back(std::move(parsed[0].values[0]));
    f.spelled = f.spelled && one && e.text[end] == '}';
    f.plain += '}';
    i = BehindField(e.text, end);
  }
  return f;
}

// f"W{l + 1}": a key, if all that stands in it is known. What it calls counts in any case.
Value Interpreter::EvalFormatted(const Expr& e) {
  const FormattedText& f = Parsed(e);
  std::vector<Value> values;
  for (const Expr& field : f.fields) values.push_back(Eval(field));
  return f.spelled ? Formatted(f.plain, values) : Value();
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
