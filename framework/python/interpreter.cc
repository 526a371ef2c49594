#include "framework/python/interpreter.h"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

using Kind = ValueKind;

constexpr int kDeepestNest = 250;

// The names that programs import libraries under, for cells that were cut off.
const std::pair<const char*, const char*> kUsualNames[] = {{"np", "numpy"},
                                                           {"numpy", "numpy"},
                                                           {"torch", "torch"},
                                                           {"nn", "torch.nn"},
                                                           {"F", "torch.nn.functional"},
                                                           {"optim", "torch.optim"},
                                                           {"pd", "pandas"},
                                                           {"tf", "tensorflow"},
                                                           {"keras", "keras"},
                                                           {"layers", "keras.layers"},
                                                           {"plt", "matplotlib.pyplot"},
                                                           {"random", "random"},
                                                           {"math", "math"},
                                                           {"cp", "numpy"},
                                                           {"jnp", "numpy"}};

// Modules whose names are known though "from numpy import *" does not spell them.
bool IsKnownModule(const std::string& path) {
  return path == "numpy" || path == "math" || path == "torch" || path == "jax.numpy";
}

}  // namespace

Interpreter::Interpreter(CodeTrace* trace)
    : trace_(trace),
      rules_(&heap_, trace),
      library_(&rules_, trace,
               [this](const Value& callee, const Arguments& a) { return CallValue(callee, a); }),
      globals_(heap_.New()),
      scope_(globals_) {
  for (const auto& [name, path] : kUsualNames) {
    Value v;
    v.kind = Kind::kLibrary;
    v.text = path;
    globals_->fields[name] = v;
  }
}

void Interpreter::Run(const std::vector<Statement>& statements, int cell) {
  cell_ = cell;
  scope_ = globals_;
  loops_ = unknown_loops_ = depth_ = nested_ = 0;
  maybe_ = false;
  perhaps_.reset();
  RunBlock(statements);
  trace_->cell_ends[cell] = trace_->order;
}

void Interpreter::RunUncalled() {
  const std::vector<Value> functions = functions_;
  for (const Value& function : functions) {
    const auto known = instances_.find(function.object);
    const bool unused = trace_->layers.empty() && known != instances_.end();
    if (called_.contains(function.object->statement) && !unused) continue;
    cell_ = function.object->cell;
    scope_ = globals_;
    loops_ = unknown_loops_ = 1;
    depth_ = nested_ = 0;
    if (unused) {
      CallMethods(function, known->second);
      continue;
    }
    Arguments none;
    none.loops = 1;
    const Value made = CallValue(function, none);
    if (function.Is(Kind::kClass) && made.Is(Kind::kInstance)) CallMethods(function, made.object);
  }
  if (trace_->layers.empty()) library_.CallSequentials();
}

// Those that nothing called.
void Interpreter::CallMethods(const Value& type, Object* instance) {
  Arguments none;
  none.loops = 1;
  for (const auto& [name, method] : type.object->fields) {
    if (!method.Is(Kind::kFunction) || called_.contains(method.object->statement)) continue;
    if (heap_.full()) return;
    Value bound = method;
    bound.object = heap_.New();
    *bound.object = *method.object;
    bound.object->self = instance;
    CallValue(bound, none);
  }
}

Interpreter::Flow Interpreter::RunBlock(const std::vector<Statement>& block) {
  if (nested_ > kDeepestNest) return std::nullopt;
  ++nested_;
  Flow flow;
  for (const Statement& s : block) {
    if (Spent()) break;
    flow = RunStatement(s);
    if (flow) break;
  }
  --nested_;
  return flow;
}

Interpreter::Flow Interpreter::RunStatement(const Statement& s) {
  using S = Statement::Kind;
  switch (s.kind) {
    case S::kExpression:
      Eval(s.values[0]);
      return std::nullopt;
    case S::kAssign: {
      const Value value = Eval(s.values[0]);
      for (const Expr& target : s.targets) Assign(target, value);
      return std::nullopt;
    }
    case S::kAugmented:
      RunAugmented(s);
      return std::nullopt;
    case S::kDef:
      Define(s);
      return std::nullopt;
    case S::kClass:
      DefineClass(s);
      return std::nullopt;
    case S::kFor:
      return RunFor(s);
    case S::kWhile:
      return RunWhile(s);
    case S::kIf:
      return RunIf(s);
    case S::kBlock:
      return RunWith(s);
    case S::kReturn: {
      Value value = s.values.empty() ? ObjectValue(Kind::kNone, nullptr) : Eval(s.values[0]);
      const bool yields = s.name == "yield";
      if (yields) {
        Value generator = rules_.Fresh("generator");
        if (generator.object != nullptr) generator.object->items = {value};
        value = generator;
      }
      if (!maybe_ && !yields) return value;
      if (!perhaps_) perhaps_ = value;
      return std::nullopt;
    }
    case S::kImport:
      RunImport(s);
      return std::nullopt;
    case S::kGlobal:
      for (const Expr& name : s.targets) scope_->outside.push_back(name.text);
      return std::nullopt;
    case S::kOther:
      return std::nullopt;
  }
  return std::nullopt;
}

Interpreter::Flow Interpreter::RunWith(const Statement& s) {
  for (size_t i = 0; i < s.values.size(); ++i) {
    const Value value = Eval(s.values[i]);
    if (s.targets[i].kind != Expr::Kind::kOther) Assign(s.targets[i], value);
  }
  if (s.name != "except") return RunBlock(s.body);
  // Most programs run without the exception.
  const bool before = maybe_;
  maybe_ = true;
  const auto numbers = NumbersHere();
  const size_t settings = trace_->settings.size();
  RunBranch(s.body, false, s.line);
  DoubtNew(numbers, settings);
  maybe_ = before;
  return std::nullopt;
}

void Interpreter::RunImport(const Statement& s) {
  for (const auto& [path, name] : s.imports) {
    if (name == "*") {
      const std::string module = path.substr(0, path.size() - 2);
      if (IsKnownModule(module)) star_module_ = module;
      continue;
    }
    Value v;
    v.kind = Kind::kLibrary;
    v.text = path;
    scope_->fields[name] = v;
  }
}

void Interpreter::RunAugmented(const Statement& s) {
  const Value left = Eval(s.targets[0]);
  const Value right = Eval(s.values[0]);
  // probabilities[rows, labels] -= 1
  const bool ones = s.name == "-" && right.IsKnown() && right.number == 1;
  if (ones && s.targets[0].kind == Expr::Kind::kSubscript) {
    const Value whole = Eval(s.targets[0].items[0]);
    if (whole.Is(Kind::kArray) && whole.object->layer >= 0) whole.object->difference = true;
  }
  if (left.Is(Kind::kSequence) && right.Is(Kind::kSequence) && s.name == "+") {
    const std::vector<Value> more = right.object->items;  // which may be the same list
    for (const Value& item : more) {
      if (left.object->items.size() < 1000) left.object->items.push_back(item);
    }
    return;
  }
  // neuron["weights"][j] += rate * delta
  const bool item = s.targets[0].kind == Expr::Kind::kSubscript;
  if (item && s.name == "+" && loops_ > 0) rules_.NoteStep("-", left, right, At(s.line));
  Value value = s.name == "@" ? rules_.Dot(left, right, At(s.line))
                              : rules_.Binary(s.name, left, right, At(s.line), loops_);
  const Expr& target = s.targets[0];
  const bool falls = (s.name == "*" || s.name == "/") && loops_ > 0 && left.IsNumber();
  if (falls && !target.text.empty()) {
    AddEvent(&trace_->changes, TracedChange{target.text, At(s.line)}, trace_);
  }
  // A number that grows in a loop is known no longer.
  if (value.IsNumber() && loops_ > 0) value = Value();
  Assign(s.targets[0], value);
}

void Interpreter::Define(const Statement& s) {
  if (heap_.full()) return;
  Object* function = heap_.New();
  function->statement = &s;
  function->parent = scope_;
  function->name = s.name;
  function->cell = cell_;
  const Value value = ObjectValue(Kind::kFunction, function);
  scope_->fields[s.name] = value;
  if (trace_->functions.size() < kMostEvents) trace_->functions.push_back({s.name, At(s.line)});
  if (scope_ == globals_) functions_.push_back(value);
}

void Interpreter::DefineClass(const Statement& s) {
  if (heap_.full()) return;
  Object* type = heap_.New();
  type->statement = &s;
  type->parent = scope_;
  type->name = s.name;
  type->cell = cell_;
  for (const Expr& base : s.targets) type->bases.push_back(Eval(base));
  const Value value = ObjectValue(Kind::kClass, type);
  scope_->fields[s.name] = value;
  if (scope_ == globals_) functions_.push_back(value);
  Object* const outer = scope_;
  scope_ = type;
  RunBlock(s.body);
  scope_ = outer;
  for (auto& [name, method] : type->fields) {
    if (method.Is(Kind::kFunction)) method.object->parent = outer;
  }
}

void Interpreter::Assign(const Expr& target, Value value) {
  switch (target.kind) {
    case Expr::Kind::kName:
      Bind(target.text, std::move(value), target.line);
      return;
    case Expr::Kind::kTuple:
    case Expr::Kind::kList:
      AssignItems(target.items, value);
      return;
    case Expr::Kind::kStarred:
      return;
    case Expr::Kind::kAttribute: {
      const Value of = Eval(target.items[0]);
      Note(target.text, value, target.line);
      NoteSetAgain(of, target.text, value, target.line);
      value.name = target.text;
      TakeSpelled(target.text, value);
      if (of.object != nullptr) of.object->fields[target.text] = std::move(value);
      return;
    }
    case Expr::Kind::kSubscript:
      AssignItem(target, value);
      return;
    default:
      return;
  }
}

void Interpreter::AssignItems(const std::vector<Expr>& targets, const Value& value) {
  const auto star = std::find_if(targets.begin(), targets.end(), [](const Expr& target) {
    return target.kind == Expr::Kind::kStarred;
  });
  if (star != targets.end() && value.Is(Kind::kSequence) &&
      value.object->items.size() + 1 >= targets.size()) {
    const std::vector<Value> items = value.object->items;
    const size_t before = static_cast<size_t>(star - targets.begin());
    const size_t rest = items.size() + 1 - targets.size();
    const auto begin = items.begin() + static_cast<long>(before);
    for (size_t i = 0; i < before; ++i) Assign(targets[i], items[i]);
    Assign(star->items[0], rules_.Sequence({begin, begin + static_cast<long>(rest)}));
    for (size_t i = before + 1; i < targets.size(); ++i) Assign(targets[i], items[i - 1 + rest]);
    return;
  }
  const bool known = value.Is(Kind::kSequence) && value.object->items.size() == targets.size();
  // x, y = f(data) gives rows of the same data, x, y = something else unknown values.
  for (size_t i = 0; i < targets.size(); ++i) {
    if (known) {
      Assign(targets[i], value.object->items[i]);
    } else if (value.Is(Kind::kArray) && value.object->literal &&
               value.object->items.size() == targets.size()) {
      Assign(targets[i], value.object->items[i]);
    } else {
      Value part =
          value.Is(Kind::kArray) ? rules_.Derived(value, value.object->made_by) : rules_.Fresh("");
      if (part.object != nullptr && i == targets.size() - 1 && targets.size() == 2) {
        part.object->data.labels = true;
      }
      Assign(targets[i], part);
    }
  }
}

void Interpreter::AssignItem(const Expr& target, const Value& value) {
  const Value of = Eval(target.items[0]);
  const Value index = Eval(target.items[1]);
  // model[2] = nn.Linear(64, 10)
  const bool modules = of.Is(Kind::kArray) && of.object->made_by.ends_with("nn.Sequential") &&
                       index.IsKnown() && index.number >= 0 &&
                       index.number < static_cast<double>(of.object->arguments.size());
  if (modules) {
    of.object->arguments[static_cast<size_t>(index.number)] = value;
    return;
  }
  if (index.Is(Kind::kString)) NoteSetAgain(of, index.text, value, target.line);
  if (of.Is(Kind::kDict) && index.Is(Kind::kString)) {
    Note(index.text, value, target.line);
    Value named = value;
    named.name = index.text;
    SetEntry(index.text, std::move(named), of.object);
  } else if (of.Is(Kind::kSequence) && index.IsKnown() && index.number >= 0 &&
             index.number < static_cast<double>(of.object->items.size())) {
    of.object->items[static_cast<size_t>(index.number)] = value;
  } else if (of.Is(Kind::kDict) && index.IsKnown()) {
    SetEntry(std::to_string(index.number), value, of.object);
  }
}

// optimizer.param_groups[0]["lr"] = 0.1, model.optimizer.lr = 0.1, weights.requires_grad = False
void Interpreter::NoteSetAgain(const Value& of, const std::string& name, const Value& value,
                               int line) {
  const bool kept = name == "requires_grad" || name == "trainable";
  const bool data = of.Is(Kind::kArray) && of.object->data.dataset >= 0;
  if (kept && !data && value.IsKnown() && value.number == 0) {
    AddEvent(&trace_->changes, TracedChange{kFrozen, At(line)}, trace_);
  }
  const bool rate = name == "lr" || name == "learning_rate";
  if (!rate || !(of.Is(Kind::kArray) || of.Is(Kind::kLibrary) || of.Is(Kind::kUnknown))) return;
  AddEvent(&trace_->changes, TracedChange{kSetAgain, At(line)}, trace_);
}

void Interpreter::Bind(const std::string& name, Value value, int line) {
  static constexpr Doubt kDisordered = {
      "cells set it in another order than they stand: see the end"};
  const bool anywhere = scope_ == globals_ && disordered_.contains(name);
  if (anywhere && value.IsKnown() && !value.IsDoubtful()) value.doubt = &kDisordered;
  Note(name, value, line);
  if (value.Is(Kind::kFunction) && value.object->lambda != nullptr) value.object->name = name;
  Name(name, std::move(value));
}

void Interpreter::Name(const std::string& name, Value value) {
  const auto& outside = scope_->outside;
  const bool global = std::find(outside.begin(), outside.end(), name) != outside.end();
  value.name = name;
  const bool rate = name == "lr" || name == "learning_rate" || name == "eta" || name == "rate";
  if (rate && loops_ > 0 && value.Is(Kind::kArray) && !value.object->factors.empty()) {
    AddEvent(&trace_->changes, TracedChange{kComputedRate, value.place}, trace_);
  }
  TakeSpelled(name, value);
  (global ? globals_ : scope_)->fields[name] = std::move(value);
}

// Weights that the program spells.
void Interpreter::TakeSpelled(const std::string& name, const Value& value) {
  const bool spelled = value.Is(Kind::kArray) && value.object->literal && IsWeightName(name) &&
                       value.object->filling.how.empty() && value.object->shape.size() == 2;
  if (spelled) rules_.Spelled(value.object);
}

// Names that get numbers, texts or lists: one of them may be a setting.
void Interpreter::Note(const std::string& name, const Value& value, int line) {
  const bool plain = value.IsNumber() || value.Is(Kind::kString) || value.Is(Kind::kSequence) ||
                     (value.Is(Kind::kArray) && value.object->literal);
  if (!plain) return;
  const CellPlace place = value.place.line > 0 ? value.place : At(line);
  AddEvent(&trace_->settings, TracedSetting{name, value, place, 0}, trace_);
}

}  // namespace nabla
