#include <algorithm>

#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

bool IsBinary(const Expr& e, std::string_view op) {
  return e.kind == Expr::Kind::kBinary && e.text == op;
}

// The comparisons of names with upper bounds in a condition: "wait < 3 and epoch < 100".
void FindBounds(const Expr& e, int depth, std::vector<const Expr*>* bounds) {
  constexpr int kDeepest = 20;
  if (depth > kDeepest || e.kind != Expr::Kind::kBinary) return;
  if (e.text == "and") {
    for (const Expr& item : e.items) FindBounds(item, depth + 1, bounds);
  } else if (e.text.starts_with("<") && e.items[0].kind == Expr::Kind::kName) {
    bounds->push_back(&e);
  }
}

// The one whose name counts epochs, or the first one, or the condition.
const Expr& Bound(const Expr& condition) {
  std::vector<const Expr*> bounds;
  FindBounds(condition, 0, &bounds);
  for (const Expr* bound : bounds) {
    const std::string& name = bound->items[0].text;
    if (name.find("ep") != std::string::npos || name.find("it") == 0) return *bound;
  }
  return bounds.empty() ? condition : *bounds[0];
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

// The first statement "if ...: break" in the body of a loop from one on; null if there is none.
const Statement* BreakIn(const std::vector<Statement>& body, size_t from) {
  for (size_t i = from; i < body.size(); ++i) {
    const Statement& s = body[i];
    if (s.kind != Statement::Kind::kIf) continue;
    const bool breaks = std::any_of(s.body.begin(), s.body.end(), [](const Statement& each) {
      return each.kind == Statement::Kind::kOther && each.name == "break";
    });
    if (breaks) return &s;
  }
  return nullptr;
}

// The condition of the first "if epoch == 10: break" there; null if there is none.
const Expr* EndOf(const std::vector<Statement>& body) {
  for (const Statement* s = BreakIn(body, 0); s != nullptr;
       s = BreakIn(body, static_cast<size_t>(s - body.data()) + 1)) {
    const Expr& condition = s->values[0];
    if (IsBinary(condition, "==") || IsBinary(condition, ">=") || IsBinary(condition, ">")) {
      return &condition;
    }
  }
  return nullptr;
}

// Whether a condition within the body of a loop may end it.
bool MayEnd(const std::vector<Statement>& body, int depth) {
  constexpr int kDeepest = 10;
  return BreakIn(body, 0) != nullptr ||
         std::any_of(body.begin(), body.end(), [depth](const Statement& s) {
           return s.kind == Statement::Kind::kIf && depth < kDeepest &&
                  (MayEnd(s.body, depth + 1) || MayEnd(s.otherwise, depth + 1));
         });
}

// TensorFlow 1: sess.run(train_step, feed_dict={...}), train_step.run(...)
bool RunsTraining(const TracedCall& call) {
  if (!call.path.ends_with(".run")) return false;
  const auto trains = [](const Value& v) {
    const bool made = v.Is(Kind::kArray) && (v.object->made_by.ends_with("minimize") ||
                                             v.object->made_by.ends_with("apply_gradients"));
    return made || v.name.starts_with("train") || v.name.starts_with("optim");
  };
  if (call.path.ends_with("minimize.run")) return true;
  if (call.arguments.empty()) return false;
  const Value& first = call.arguments[0];
  return trains(first) ||
         (first.Is(Kind::kSequence) &&
          std::any_of(first.object->items.begin(), first.object->items.end(), trains));
}

constexpr const char* kTried = "one of several that a loop tries";
constexpr Doubt kBroken = {"a break ends the loop before its range does"};

}  // namespace

// Puts a doubt on what is not the same in all turns of a loop: rates, sizes and names, within lists
// and dicts too.
void Interpreter::Differ(std::vector<Value*> turns, const Doubt* doubt, int depth) {
  constexpr int kDeepest = 3;
  if (turns.empty() || depth > kDeepest || Spent()) return;
  Value& first = *turns[0];
  const auto all = [&](auto is) {
    return std::all_of(turns.begin(), turns.end(), [&](const Value* v) { return is(*v); });
  };
  const bool lists = all([](const Value& v) { return v.Is(Kind::kSequence); });
  const bool dicts = all([](const Value& v) { return v.Is(Kind::kDict); });
  const auto parts = [&](auto part) {
    std::vector<Value*> same;
    for (Value* v : turns) {
      if (Value* at = part(*v->object)) same.push_back(at);
    }
    return same;
  };
  if (dicts) {
    for (const auto& field : first.object->fields) {
      const std::string& key = field.first;
      Differ(parts([&](Object& o) -> Value* {
               const auto found = o.fields.find(key);
               return found == o.fields.end() ? nullptr : &found->second;
             }),
             doubt, depth + 1);
    }
    return;
  }
  const bool long_alike = lists && all([&](const Value& v) {
                            return v.object->items.size() == first.object->items.size();
                          });
  if (long_alike) {
    for (size_t i = 0; i < std::min(first.object->items.size(), kMostTurns); ++i) {
      Differ(parts([i](Object& o) { return &o.items[i]; }), doubt, depth + 1);
    }
    return;
  }
  const bool same = all([&](const Value& v) {
    return v.kind == first.kind && v.number == first.number && v.text == first.text &&
           v.object == first.object;
  });
  if (same && turns.size() > 1) return;
  for (Value* v : turns) {
    if (!v->IsDoubtful()) v->doubt = doubt;
    if (!v->Is(Kind::kSequence)) continue;
    steps_ += static_cast<int>(v->object->items.size() / 16);
    for (Value& item : v->object->items) {
      if (!item.IsDoubtful()) item.doubt = doubt;
    }
  }
}

// Null where a loop has one turn.
Doubt* Interpreter::DoubtTurns(std::vector<Value>* turns) {
  if (turns->size() < 2) return nullptr;
  doubts_.emplace_back();
  std::vector<Value*> all;
  for (Value& turn : *turns) all.push_back(&turn);
  Differ(all, &doubts_.back(), 0);
  return &doubts_.back();
}

// Behind a loop: what differs in its turns is in doubt if each of them trains.
void Interpreter::Tried(bool range, size_t loops, int order, Doubt* doubt) const {
  if (doubt != nullptr && TrainedAnew(range, loops, order)) doubt->why = kTried;
}

// Whether something within a loop, from an event on, is a whole training: a fit, or a loop that
// trains. Within a loop over numbers that may be one over batches, unless its name says otherwise.
bool Interpreter::TrainedAnew(bool range, size_t loops, int order) const {
  for (size_t i = loops; i < trace_->loops.size(); ++i) {
    const TracedLoop& loop = trace_->loops[i];
    const bool named = loop.variable.find("epoch") != std::string::npos ||
                       loop.variable.find("iter") != std::string::npos;
    if (loop.trains && loop.counted && (!range || named)) return true;
  }
  for (size_t i = trace_->calls.size(); i > 0; --i) {
    const TracedCall& call = trace_->calls[i - 1];
    if (call.order <= order) break;
    const size_t dot = call.path.rfind('.');
    const std::string name = call.path.substr(dot == std::string::npos ? 0 : dot + 1);
    const bool given = !call.arguments.empty() || !call.keywords.empty();
    if (given && (name == "fit" || name == "train" || name == "SGD" || name == "learn" ||
                  name == "fit_generator" || name == "optimize")) {
      return true;
    }
  }
  return false;
}

// What a loop goes over, if that is short enough to go over it all.
std::vector<Value> Interpreter::Turns(const Value& iterated) const {
  std::vector<Value> turns;
  if (iterated.Is(Kind::kSequence) && iterated.object->items.size() <= kMostTurns) {
    return iterated.object->items;
  }
  if (iterated.Is(Kind::kDict) && iterated.object->fields.size() <= kMostTurns) {
    for (const std::string& key : KeysOf(*iterated.object)) turns.push_back(StringValue(key));
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
    const bool loader =
        iterated.Is(Kind::kArray) && iterated.object->made_by.ends_with("DataLoader");
    if (loader) loop.loader = iterated.object->made;
  }
  return loop;
}

Interpreter::Flow Interpreter::RunFor(const Statement& s) {
  Value iterated = Eval(s.values[0]);
  const bool counts = iterated.Is(Kind::kArray) && iterated.object->made_by == "arange" &&
                      !iterated.object->items.empty();
  if (counts) iterated = Value(iterated.object->items[0]);
  const Expr& target = s.targets[0];
  const size_t index = trace_->loops.size();
  TracedLoop loop = LoopOver(iterated, target, s.line);
  EndAtBreak(s.body, &loop);
  AddEvent(&trace_->loops, std::move(loop), trace_);
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
    const bool weights =
        iterated.Is(Kind::kArray) && iterated.object->made_by.ends_with("parameters");
    turns.push_back(range       ? Value()
                    : generator ? iterated.object->items[0]
                    : weights   ? rules_.Derived(iterated, "parameter")
                                : rules_.Derived(iterated, "item"));
    if (target.kind == Expr::Kind::kName && range) turns.back().name = target.text;
    if (range && iterated.object->items[0].IsKnown()) {
      turns.back().first = iterated.object->items[0].number;
    }
  }
  const bool before = maybe_;
  const bool known = !Turns(iterated).empty();
  unknown_loops_ += known ? 0 : 1;
  Doubt* const doubt = DoubtTurns(&turns);
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
  Tried(range, index + 1, order, doubt);
  if (!flow) RunBlock(s.otherwise);
  return flow;
}

// "for epoch in range(1000): ... if epoch == 5: break"
void Interpreter::EndAtBreak(const std::vector<Statement>& body, TracedLoop* loop) {
  const Expr* end = loop->counted ? EndOf(body) : nullptr;
  const bool counts = end != nullptr && end->items[0].kind == Expr::Kind::kName &&
                      end->items[0].text == loop->variable;
  const Value bound = counts ? Eval(end->items[1]) : Value();
  if (!bound.IsKnown()) {
    loop->may_end = MayEnd(body, 0);
    return;
  }
  // What stands in front of the break runs in the turn of the break too.
  const Statement* first = BreakIn(body, 0);
  const double turn = bound.number + (end->text == ">" ? 1 : 0) + (first != &body[0] ? 1 : 0);
  if (loop->stop.IsKnown() && loop->stop.number <= turn) return;
  loop->stop.kind = Kind::kNumber;
  loop->stop.number = turn;
  loop->stop.doubt = &kBroken;
}

// Notes whether weights changed while the loop ran.
void Interpreter::EndLoop(size_t index, size_t updates, int order) {
  if (index >= trace_->loops.size()) return;
  TracedLoop& loop = trace_->loops[index];
  loop.end = trace_->order;
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
                  call.path.ends_with("partial_fit") || RunsTraining(call);
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
    const bool several = end == nullptr && &condition != &s.values[0];
    loop.may_end = several || (end == nullptr && MayEnd(s.body, 0));
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
