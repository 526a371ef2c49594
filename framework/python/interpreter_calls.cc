#include <algorithm>
#include <cmath>

#include "framework/python/activation_names.h"
#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

}  // namespace

Arguments Interpreter::EvalArguments(const Expr& e) {
  Arguments a;
  a.place = At(e.line);
  a.loops = loops_;
  a.unknown_loops = unknown_loops_;
  a.sometimes = sometimes_;
  for (size_t i = 1; i < e.items.size(); ++i) {
    const std::string keyword = i - 1 < e.keywords.size() ? e.keywords[i - 1] : "";
    Value v = Eval(e.items[i]);
    if (keyword == "*" && v.Is(Kind::kSequence)) {
      const std::vector<Value> spread = v.object->items;
      for (size_t k = 0; k < std::min(spread.size(), kMostTurns); ++k) a.list.push_back(spread[k]);
    } else if (keyword == "**" && v.Is(Kind::kDict)) {
      for (const auto& [key, value] : v.object->fields) a.keywords[key] = value;
    } else if (keyword.empty()) {
      a.list.push_back(std::move(v));
    } else {
      if (v.place.line == 0) v.place = At(e.items[i].line);
      a.keywords[keyword] = std::move(v);
    }
  }
  return a;
}

Value Interpreter::EvalCall(const Expr& e) {
  const Value callee = Eval(e.items[0]);
  Arguments a = EvalArguments(e);
  for (const auto& [name, value] : a.keywords) Note(name, value, e.line);
  return CallValue(callee, std::move(a));
}

// Functions that make texts, tuples and copies of what they get.
std::optional<Value> Interpreter::CallKnown(const Value& callee, const Arguments& a) {
  if (callee.text == "itertools.product") return Product(a);
  const bool replaces = callee.text == "dataclasses.replace" || callee.text == "replace";
  if (replaces && !a.list.empty() && a.list[0].Is(Kind::kInstance) && !heap_.full()) {
    const Value copy = ObjectValue(Kind::kInstance, heap_.New());
    *copy.object = *a.list[0].object;
    for (const auto& [name, value] : a.keywords) copy.object->fields[name] = value;
    return copy;
  }
  // jax.jit(f) is f; jax.grad(f) has what f does.
  const bool derives = callee.text == "jax.grad" || callee.text == "jax.value_and_grad";
  if (derives && !a.list.empty() && a.list[0].Is(Kind::kFunction)) {
    CallValue(a.list[0], Arguments{.list = {}, .keywords = {}, .place = a.place, .loops = a.loops});
  }
  const bool same = callee.text == "jax.jit" || callee.text == "jax.vmap";
  if (same && !a.list.empty() && a.list[0].Is(Kind::kFunction)) return a.list[0];
  if (callee.text == "str.format") return Formatted(callee.name, a.list);
  if (callee.text == "str.split" && a.list.empty()) return Words(callee.name);
  return std::nullopt;
}

Value Interpreter::CallValue(const Value& callee, Arguments a) {
  if (Spent() || depth_ >= kDeepestCall) return rules_.Fresh("");
  switch (callee.kind) {
    case Kind::kFunction:
      return CallFunction(callee, a);
    case Kind::kClass:
      return MakeInstance(callee, a);
    case Kind::kInstance: {
      for (const char* name : {"__call__", "forward", "call"}) {
        const Value method = Attribute(callee, name);
        if (method.Is(Kind::kFunction)) return CallFunction(method, a);
      }
      return rules_.Fresh("");
    }
    case Kind::kArray:
      return library_.Call(callee.object->made_by + ".__call__", callee, a);
    case Kind::kLibrary:
      break;
    default:
      return rules_.Fresh("");
  }
  bool known = false;
  const Value self = callee.object != nullptr ? callee : Value();
  const size_t dot = callee.text.rfind('.');
  const std::string last = callee.text.substr(dot == std::string::npos ? 0 : dot + 1);
  if (dot == std::string::npos || callee.text.starts_with("tqdm")) {
    const Value v = CallBuiltin(last, a, &known);
    if (known) return v;
  }
  const bool loads = callee.text == "json.loads" || callee.text == "ast.literal_eval";
  if (loads && !a.list.empty() && a.list[0].Is(Kind::kString)) {
    return Loaded(a.list[0].text, a.place.line);
  }
  if (const auto made = CallKnown(callee, a)) return *made;
  // model.to(device) is the model.
  const bool same = last == "to" || last == "cuda" || last == "float" || last == "double" ||
                    last == "train" || last == "eval";
  if (same && callee.text.starts_with("instance.")) {
    return ObjectValue(Kind::kInstance, callee.object);
  }
  if (callee.text.starts_with("list.") || callee.text.starts_with("dict.")) {
    return CallSequenceMethod(callee, last, a);
  }
  return library_.Call(callee.text, self, a);
}

Value Interpreter::CallFunction(const Value& function, const Arguments& a) {
  const std::string activation = ActivationOf(function.object->name);
  const Value* z = nullptr;
  for (const Value& v : a.list) {
    if (v.Is(Kind::kArray) && (v.object->layer >= 0 || v.object->neuron > 0)) {
      z = &v;
      break;
    }
  }
  Value result =
      function.object->lambda != nullptr ? CallLambda(function, a) : BindAndRun(function, a);
  if (activation.empty() || z == nullptr || z->object->activated || z->object->fired) return result;
  const Value output = rules_.Activated(activation, *z, a.place);
  // Some return the input again, for the way back.
  if (result.Is(Kind::kSequence) && !result.object->items.empty()) {
    result.object->items[0] = output;
    return result;
  }
  return output;
}

Value Interpreter::CallLambda(const Value& function, const Arguments& a) {
  if (heap_.full()) return {};
  const Expr& lambda = *function.object->lambda;
  Object* const outer = scope_;
  Object* inner = heap_.New();
  inner->parent = function.object->parent;
  const std::vector<Value>& defaults = function.object->items;
  for (size_t i = 0; i < lambda.keywords.size(); ++i) {
    const auto given = a.keywords.find(lambda.keywords[i]);
    Value& parameter = inner->fields[lambda.keywords[i]];
    if (i < a.list.size()) {
      parameter = a.list[i];
    } else if (given != a.keywords.end()) {
      parameter = given->second;
    } else if (i < defaults.size()) {
      parameter = defaults[i];
    }
  }
  scope_ = inner;
  ++depth_;
  const int cell = cell_;
  cell_ = function.object->cell;
  const Value v = Eval(lambda.items[0]);
  cell_ = cell;
  --depth_;
  scope_ = outer;
  return v;
}

Value Interpreter::BindAndRun(const Value& function, const Arguments& a) {
  if (heap_.full() || function.object->statement == nullptr) return {};
  const Statement& def = *function.object->statement;
  called_.insert(&def);
  Object* const outer = scope_;
  Object* inner = heap_.New();
  inner->parent = function.object->parent;
  inner->self = function.object->self;
  const int cell = cell_;
  const bool maybe = maybe_;
  std::optional<Value> perhaps = std::move(perhaps_);
  perhaps_.reset();
  maybe_ = false;
  scope_ = inner;
  cell_ = function.object->cell;
  BindParameters(def, function.object->self, a, inner);
  ++depth_;
  const Flow flow = RunBlock(def.body);
  --depth_;
  Value result = ObjectValue(Kind::kNone, nullptr);
  if (flow) {
    result = *flow;
  } else if (perhaps_) {
    result = *perhaps_;
  }
  scope_ = outer;
  cell_ = cell;
  maybe_ = maybe;
  perhaps_ = std::move(perhaps);
  return result;
}

void Interpreter::BindParameters(const Statement& def, Object* self, const Arguments& a,
                                 Object* scope) {
  size_t next = 0;
  bool first = true;
  for (const FunctionParameter& p : def.parameters) {
    Value v;
    const auto keyword = a.keywords.find(p.name);
    if (first && self != nullptr) {
      v = ObjectValue(self->parent != nullptr ? Kind::kInstance : Kind::kArray, self);
    } else if (p.stars == "*") {
      std::vector<Value> rest(a.list.begin() + static_cast<long>(std::min(next, a.list.size())),
                              a.list.end());
      v = rules_.Sequence(std::move(rest));
      next = a.list.size();
    } else if (p.stars == "**") {
      if (heap_.full()) return;
      v = ObjectValue(Kind::kDict, heap_.New());
      for (const auto& [name, value] : a.keywords) v.object->fields[name] = value;
    } else if (keyword != a.keywords.end()) {
      v = keyword->second;
    } else if (next < a.list.size()) {
      v = a.list[next++];
    } else if (!p.fallback.empty()) {
      v = Eval(p.fallback[0]);
    } else {
      v = rules_.Fresh("");
    }
    first = false;
    Note(p.name, v, def.line);
    // Weights keep the name that they were made under.
    if (v.name.empty() || !v.Is(Kind::kArray)) v.name = p.name;
    scope->fields[p.name] = std::move(v);
  }
}

Value Interpreter::FindMethod(Object* type, const std::string& name) const {
  int classes = 0;
  return FindMethod(type, name, &classes);
}

Value Interpreter::FindMethod(Object* type, const std::string& name, int* classes) const {
  if (type == nullptr || ++*classes > kMostBases) return {};
  const auto found = type->fields.find(name);
  if (found != type->fields.end()) return found->second;
  for (const Value& base : type->bases) {
    if (!base.Is(Kind::kClass)) continue;
    const Value method = FindMethod(base.object, name, classes);
    if (!method.Is(Kind::kUnknown)) return method;
  }
  return {};
}

Value Interpreter::MakeInstance(const Value& type, const Arguments& a) {
  if (heap_.full()) return {};
  called_.insert(type.object->statement);
  Object* instance = heap_.New();
  instance->parent = type.object;
  instance->name = type.object->name;
  instances_[type.object] = instance;
  // No library's call ends with this.
  if (!a.list.empty() || !a.keywords.empty()) {
    AddEvent(&trace_->calls,
             TracedCall{type.object->name + kOwnClass, a.list, a.keywords, a.place, a.loops, 0},
             trace_);
  }
  const Value value = ObjectValue(Kind::kInstance, instance);
  for (const char* name : {"__init__", "__post_init__"}) {
    const Value init = Attribute(value, name);
    if (init.Is(Kind::kFunction)) BindAndRun(init, a);
  }
  // Fields of a dataclass.
  if (!FindMethod(type.object, "__init__").Is(Kind::kFunction)) {
    for (const auto& [name, v] : a.keywords) instance->fields[name] = v;
  }
  return value;
}

}  // namespace nabla
