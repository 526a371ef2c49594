#include <algorithm>

#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

// The comparison of a name with an upper bound in a condition, or the condition.
const Expr& Bound(const Expr& condition) {
  const Expr* e = &condition;
  for (int depth = 0; depth < 20 && e->kind == Expr::Kind::kBinary && e->text == "and"; ++depth) {
    const Expr& left = e->items[0];
    const bool bound = left.kind == Expr::Kind::kBinary && left.text.starts_with("<") &&
                       left.items[0].kind == Expr::Kind::kName;
    e = bound || left.text == "and" ? &left : &e->items[1];
  }
  return *e;
}

bool IsNumbers(const Value& v, int depth) {
  if (v.IsKnown()) return true;
  return depth > 0 && v.Is(Kind::kSequence) &&
         std::all_of(v.object->items.begin(), v.object->items.end(),
                     [depth](const Value& item) { return IsNumbers(item, depth - 1); });
}

// Rows of data: unknown ones, or lists of numbers that the program spells.
bool AreRows(const Value& iterated) {
  if (iterated.Is(Kind::kArray)) {
    const std::string& maker = iterated.object->made_by;
    return maker != "generator" && !maker.ends_with("DataLoader") && !maker.ends_with("parameters");
  }
  if (!iterated.Is(Kind::kSequence) || iterated.object->items.empty()) return false;
  const Value& row = iterated.object->items[0];
  return row.Is(Kind::kSequence) && !row.object->items.empty() && IsNumbers(row, 4);
}

// The condition of the first "if epoch == 10: break" in the body of a loop; null if there is none.
const Expr* EndOf(const std::vector<Statement>& body) {
  for (const Statement& s : body) {
    if (s.kind != Statement::Kind::kIf || s.values[0].kind != Expr::Kind::kBinary) continue;
    const std::string& op = s.values[0].text;
    const bool breaks = std::any_of(s.body.begin(), s.body.end(), [](const Statement& each) {
      return each.kind == Statement::Kind::kOther && each.name == "break";
    });
    if (breaks && (op == "==" || op == ">=" || op == ">")) return &s.values[0];
  }
  return nullptr;
}

}  // namespace

// What a loop goes over, if that is short enough to go over it all.
std::vector<Value> Interpreter::Turns(const Value& iterated) const {
  std::vector<Value> turns;
  if (iterated.Is(Kind::kSequence) && iterated.object->items.size() <= kMostTurns) {
    return iterated.object->items;
  }
  if (iterated.Is(Kind::kDict) && iterated.object->fields.size() <= kMostTurns) {
    for (const auto& [key, value] : iterated.object->fields) turns.push_back(StringValue(key));
  }
  if (!iterated.Is(Kind::kRange)) return turns;
  const auto& range = iterated.object->items;
  for (const Value& v : range) {
    if (!v.IsKnown()) return turns;
  }
  constexpr double kMost = 12;
  const double step = range[2].number;
  if (step == 0 || (range[1].number - range[0].number) / step > kMost) return turns;
  for (double x = range[0].number; step > 0 ? x < range[1].number : x > range[1].number;
       x += step) {
    turns.push_back(NumberValue(x));
  }
  return turns;
}

TracedLoop Interpreter::LoopOver(const Value& iterated, const Expr& target, int line) {
  TracedLoop loop;
  const Expr& first =
      target.kind == Expr::Kind::kTuple && !target.items.empty() ? target.items[0] : target;
  if (first.kind == Expr::Kind::kName) loop.variable = first.text;
  loop.place = At(line);
  loop.depth = loops_;
  Value range = iterated;
  if (iterated.Is(Kind::kArray) && !iterated.object->items.empty() &&
      iterated.object->items[0].Is(Kind::kRange)) {
    range = iterated.object->items[0];
  }
  if (range.Is(Kind::kRange)) {
    loop.counted = true;
    loop.start = range.object->items[0];
    loop.stop = range.object->items[1];
    loop.step = range.object->items[2];
  } else {
    loop.over_rows = AreRows(iterated);
  }
  return loop;
}

Interpreter::Flow Interpreter::RunFor(const Statement& s) {
  const Value iterated = Eval(s.values[0]);
  const Expr& target = s.targets[0];
  const size_t index = trace_->loops.size();
  AddEvent(&trace_->loops, LoopOver(iterated, target, s.line), trace_);
  const size_t updates = trace_->updates.size();
  const int order = trace_->order;
  std::vector<Value> turns = Turns(iterated);
  const bool range = iterated.Is(Kind::kRange);
  ++loops_;
  Flow flow;
  if (turns.empty() && !(range && iterated.object->items[1].IsKnown() &&
                         iterated.object->items[1].number <= iterated.object->items[0].number)) {
    const bool generator = iterated.Is(Kind::kArray) && iterated.object->made_by == "generator" &&
                           !iterated.object->items.empty();
    turns.push_back(range       ? Value()
                    : generator ? iterated.object->items[0]
                                : rules_.Derived(iterated, "item"));
    if (target.kind == Expr::Kind::kName && range) turns.back().name = target.text;
    if (range && iterated.object->items[0].IsKnown()) {
      turns.back().first = iterated.object->items[0].number;
    }
  }
  const bool before = maybe_;
  const bool known = !Turns(iterated).empty();
  unknown_loops_ += known ? 0 : 1;
  for (const Value& turn : turns) {
    if (Spent()) break;
    if (range && target.kind == Expr::Kind::kName) {
      Name(target.text, turn);  // a count is no setting
    } else {
      Assign(target, turn);
    }
    flow = RunBlock(s.body);
    if (flow) break;
  }
  maybe_ = before;
  --loops_;
  unknown_loops_ -= known ? 0 : 1;
  EndLoop(index, updates, order);
  if (!flow) RunBlock(s.otherwise);
  return flow;
}

// Notes whether weights changed while the loop ran.
void Interpreter::EndLoop(size_t index, size_t updates, int order) {
  if (index >= trace_->loops.size()) return;
  TracedLoop& loop = trace_->loops[index];
  loop.trains = trace_->updates.size() > updates;
  for (size_t i = updates; i < trace_->updates.size(); ++i) {
    loop.trains_layers = loop.trains_layers || trace_->updates[i].of_layer;
  }
  for (size_t i = trace_->calls.size(); i > 0 && !loop.trains; --i) {
    const TracedCall& call = trace_->calls[i - 1];
    if (call.order <= order) break;
    const bool item = call.path == "item.backward";  // of a layer, which a loop goes through
    loop.trains = (call.path.ends_with(".backward") && !item) || call.path.ends_with(".step") ||
                  call.path.ends_with("apply_gradients") || call.path.ends_with("train_on_batch") ||
                  call.path.ends_with("partial_fit");
  }
}

Interpreter::Flow Interpreter::RunWhile(const Statement& s) {
  TracedLoop loop;
  loop.place = At(s.line);
  loop.depth = loops_;
  const Expr* end = s.values[0].kind == Expr::Kind::kBinary ? nullptr : EndOf(s.body);
  const Expr& condition = end != nullptr ? *end : Bound(s.values[0]);
  const bool bound = condition.text.starts_with("<") || end != nullptr;
  if (condition.kind == Expr::Kind::kBinary && bound) {
    loop.stop = Eval(condition.items[1]);
    const bool included = condition.text == "<=" || condition.text == ">";
    if (included && loop.stop.IsNumber()) ++loop.stop.number;
    if (condition.items[0].kind == Expr::Kind::kName) {
      loop.variable = condition.items[0].text;
      if (const Value* start = Find(loop.variable)) loop.start = *start;
    }
    loop.counted = loop.stop.IsNumber();
  }
  const size_t index = trace_->loops.size();
  AddEvent(&trace_->loops, std::move(loop), trace_);
  const size_t updates = trace_->updates.size();
  const int order = trace_->order;
  ++loops_;
  ++unknown_loops_;
  const Flow flow = RunBlock(s.body);
  --unknown_loops_;
  --loops_;
  EndLoop(index, updates, order);
  return flow;
}

}  // namespace nabla
