#include <algorithm>
#include <charconv>
#include <cmath>

#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

constexpr size_t kLongestList = 2000;

// What makes an item of a list that is not known.
std::string ItemOf(const Value& list) {
  const bool weights = list.Is(Kind::kArray) && list.object->made_by.ends_with("parameters");
  return weights ? "parameter" : "";
}

bool HasSlice(const Expr& e, int deepest = 20) {
  return e.kind == Expr::Kind::kSlice ||
         (deepest > 0 && std::any_of(e.items.begin(), e.items.end(), [deepest](const Expr& item) {
            return HasSlice(item, deepest - 1);
          }));
}

// Puts the items of known lists one behind another; false if one is not known.
bool Flatten(std::vector<Value>* lists) {
  std::vector<Value> items;
  for (const Value& list : *lists) {
    if (!list.Is(Kind::kSequence)) return false;
    items.insert(items.end(), list.object->items.begin(), list.object->items.end());
  }
  *lists = std::move(items);
  return true;
}

}  // namespace

Value Interpreter::Zip(const Arguments& a) {
  // The items of a list that is not known are unknown, but as many as the others'.
  size_t shortest = kLongestList;
  for (const Value& v : a.list) {
    if (v.Is(Kind::kSequence)) shortest = std::min(shortest, v.object->items.size());
  }
  if (a.list.empty() || shortest == kLongestList) {
    Value v = a.list.empty() ? rules_.Fresh("zip") : rules_.Derived(a.list[0], "zip");
    if (v.object != nullptr && !a.list.empty() && a.list[0].Is(Kind::kRange))
      v.object->items = {a.list[0]};
    return v;
  }
  std::vector<Value> tuples;
  for (size_t i = 0; i < shortest; ++i) {
    std::vector<Value> tuple;
    for (const Value& v : a.list) {
      tuple.push_back(v.Is(Kind::kSequence) ? v.object->items[i] : rules_.Derived(v));
    }
    tuples.push_back(rules_.Sequence(std::move(tuple)));
  }
  return rules_.Sequence(std::move(tuples));
}

// itertools.product: every item of the first list with every one of the others.
Value Interpreter::Product(const Arguments& a) {
  std::vector<std::vector<Value>> tuples = {{}};
  for (const Value& v : a.list) {
    if (!v.Is(Kind::kSequence)) return rules_.Fresh("product");
    std::vector<std::vector<Value>> longer;
    for (const std::vector<Value>& tuple : tuples) {
      for (const Value& item : v.object->items) {
        if (longer.size() >= kMostTurns || tuple.size() > kMostTurns) break;
        longer.push_back(tuple);
        longer.back().push_back(item);
      }
    }
    tuples = std::move(longer);
  }
  std::vector<Value> all;
  for (std::vector<Value>& tuple : tuples) all.push_back(rules_.Sequence(std::move(tuple)));
  return rules_.Sequence(std::move(all));
}

Value Interpreter::Enumerate(const Arguments& a) {
  const Value of = a.At(0, "iterable");
  const std::vector<Value> turns = of.Is(Kind::kRange) ? std::vector<Value>() : Turns(of);
  if (turns.empty()) {
    Value v = rules_.Derived(of, of.Is(Kind::kArray) ? of.object->made_by : "enumerate");
    if (v.object != nullptr && of.Is(Kind::kRange)) v.object->items = {of};
    if (v.object != nullptr && of.Is(Kind::kArray)) v.object->made = of.object->made;
    return v;
  }
  std::vector<Value> tuples;
  for (size_t i = 0; i < turns.size(); ++i) {
    tuples.push_back(rules_.Sequence({NumberValue(static_cast<double>(i)), turns[i]}));
  }
  return rules_.Sequence(std::move(tuples));
}

Value Interpreter::CallBuiltin(const std::string& name, const Arguments& a, bool* known) {
  *known = true;
  if (name == "range" || name == "xrange" || name == "trange") return Range(a);
  if (name == "enumerate") return Enumerate(a);
  if (name == "zip") return Zip(a);
  if (name == "map") return Map(a);
  if (name == "super" && scope_->self != nullptr) return Super();
  if (name == "setattr" && a.list.size() == 3) {
    const bool takes = a.list[0].object != nullptr && a.list[1].Is(Kind::kString);
    if (takes) a.list[0].object->fields[a.list[1].text] = a.list[2];
    return {};
  }
  if (name == "dict") {
    if (heap_.full()) return {};
    Value dict = ObjectValue(Kind::kDict, heap_.New());
    const Value first = a.At(0, "iterable");
    if (first.Is(Kind::kDict)) {
      dict.object->fields = first.object->fields;
      dict.object->keys = first.object->keys;
    }
    if (first.Is(Kind::kSequence)) dict = DictOf(first.object->items);
    if (dict.object == nullptr) return dict;
    for (const auto& [key, value] : a.keywords) dict.object->fields[key] = value;
    return dict;
  }
  const Value list = ListBuiltin(name, a, known);
  if (*known) return list;
  *known = true;
  return NumberBuiltin(name, a, known);
}

// map(torch.tensor, (x_train, y_train))
Value Interpreter::Map(const Arguments& a) {
  const bool known = a.list.size() == 2 && a.list[1].Is(Kind::kSequence);
  if (!known) return rules_.Fresh("map");
  const std::vector<Value> items = a.list[1].object->items;
  std::vector<Value> mapped;
  for (size_t i = 0; i < std::min(items.size(), kMostTurns); ++i) {
    Arguments one;
    one.list = {items[i]};
    one.place = a.place;
    one.loops = a.loops;
    mapped.push_back(CallValue(a.list[0], std::move(one)));
  }
  return rules_.Sequence(std::move(mapped));
}

// The dict of (key, value) pairs.
Value Interpreter::DictOf(const std::vector<Value>& pairs) {
  if (heap_.full()) return {};
  Value dict = ObjectValue(Kind::kDict, heap_.New());
  for (const Value& pair : pairs) {
    if (!pair.Is(Kind::kSequence) || pair.object->items.size() != 2) continue;
    const Value& key = pair.object->items[0];
    if (!key.Is(Kind::kString) && !key.IsKnown()) continue;
    const std::string name = key.IsKnown() ? std::to_string(key.number) : key.text;
    Value value = pair.object->items[1];
    value.name = name;
    SetEntry(name, std::move(value), dict.object);
  }
  return dict;
}

Value Interpreter::Range(const Arguments& a) {
  return rules_.Range(a.list.empty() ? std::vector<Value>{a.At(0, "stop")} : a.list);
}

// Functions that pass a list on, whole or turned.
Value Interpreter::ListBuiltin(const std::string& name, const Arguments& a, bool* known) {
  static constexpr const char* kPass[] = {"tqdm",  "tqdm_notebook", "list",
                                          "tuple", "progress_bar",  "iter",
                                          "set",   "sorted",        "reversed"};
  *known = std::any_of(std::begin(kPass), std::end(kPass),
                       [&](const char* each) { return name == each; });
  if (!*known) return {};
  const Value first = a.At(0, "iterable");
  if (name == "reversed" && first.Is(Kind::kSequence)) {
    std::vector<Value> items(first.object->items.rbegin(), first.object->items.rend());
    return rules_.Sequence(std::move(items));
  }
  if (a.list.empty() && a.keywords.empty()) return rules_.Sequence({});
  if (name == "set") return rules_.Distinct(first);
  const bool copies = (name == "list" || name == "tuple") && first.Is(Kind::kSequence);
  return copies ? rules_.Sequence(first.object->items) : first;
}

// Functions that give a number or a text.
Value Interpreter::NumberBuiltin(const std::string& name, const Arguments& a, bool* known) {
  const Value first = a.At(0, "x");
  if (name == "len") {
    if (first.Is(Kind::kSequence)) return rules_.Size(first, 0);
    if (first.Is(Kind::kArray)) {
      Value size = rules_.Size(first, 0);
      size.counts_rows = true;
      return size;
    }
    if (first.Is(Kind::kDict)) return NumberValue(static_cast<double>(first.object->fields.size()));
    return {};
  }
  if (name == "int" || name == "float" || name == "round" || name == "abs") {
    Value v = first;
    double number = 0;
    const char* const end = first.text.data() + first.text.size();
    const auto [stop, error] = std::from_chars(first.text.data(), end, number);
    if (first.Is(Kind::kString) && error == std::errc() && stop == end) {
      v = NumberValue(number);
      v.place = first.place;
    }
    if (!v.IsNumber()) return v.Is(Kind::kArray) ? v : Value();
    if (name == "int") v.number = std::trunc(v.number);
    if (name == "round" && a.list.size() < 2) v.number = std::round(v.number);
    if (name == "abs") v.number = std::abs(v.number);
    return v;
  }
  const bool extreme = name == "max" || name == "min";
  if (extreme && a.list.size() == 2 && a.list[0].IsKnown() && a.list[1].IsKnown()) {
    return (a.list[0].number < a.list[1].number) == (name == "min") ? a.list[0] : a.list[1];
  }
  if (name == "str") return first.Is(Kind::kString) ? first : Formatted("{}", {first});
  *known = false;
  return {};
}

// The methods of the bases alone, on the same instance.
Value Interpreter::Super() {
  if (heap_.full()) return {};
  Object* const self = scope_->self;
  Object* parent = heap_.New();
  const std::vector<Value> bases =
      self->parent != nullptr ? self->parent->bases : std::vector<Value>();
  for (const Value& base : bases) {
    if (!base.Is(Kind::kClass)) continue;
    for (const auto& [key, method] : base.object->fields) {
      Value bound = method;
      if (method.Is(Kind::kFunction) && !heap_.full()) {
        bound.object = heap_.New();
        *bound.object = *method.object;
        bound.object->self = self;
      }
      parent->fields[key] = bound;
    }
  }
  return ObjectValue(Kind::kInstance, parent);
}

Value Interpreter::CallSequenceMethod(const Value& self, const std::string& name,
                                      const Arguments& a) {
  Object& object = *self.object;
  if (name == "append" || name == "insert" || name == "add") {
    const Value item = a.list.empty() ? Value() : a.list.back();
    const auto size = static_cast<double>(object.items.size());
    double at = size;
    if (name == "insert" && a.list.size() == 2 && a.list[0].IsKnown()) {
      at = a.list[0].number < 0 ? a.list[0].number + size : a.list[0].number;
    }
    const auto place = object.items.begin() + static_cast<long>(std::clamp(at, 0.0, size));
    if (object.items.size() < kLongestList) object.items.insert(place, item);
    object.grows = object.grows || unknown_loops_ > 0;
  } else if (name == "items") {
    std::vector<Value> pairs;
    for (const std::string& key : KeysOf(object)) {
      pairs.push_back(rules_.Sequence({StringValue(key), object.fields.at(key)}));
      if (pairs.size() > kMostTurns) break;
    }
    return rules_.Sequence(std::move(pairs));
  } else if (name == "values" || name == "keys") {
    std::vector<Value> all;
    for (const std::string& key : KeysOf(object)) {
      all.push_back(name == "keys" ? StringValue(key) : object.fields.at(key));
    }
    return rules_.Sequence(std::move(all));
  } else if (name == "pop" && object.fields.contains(a.At(0, "key").text)) {
    const Value taken = object.fields.at(a.At(0, "key").text);
    object.fields.erase(a.At(0, "key").text);
    return taken;
  } else if (name == "get" || name == "setdefault" || (name == "pop" && a.list.size() == 2)) {
    const auto found = object.fields.find(a.At(0, "key").text);
    return found != object.fields.end() ? found->second : a.At(1, "default");
  } else if (name == "update") {
    const Value other = a.At(0, "other");
    if (other.Is(Kind::kDict) && other.object != self.object) {
      for (const std::string& key : KeysOf(*other.object)) {
        SetEntry(key, other.object->fields.at(key), &object);
      }
    }
    for (const auto& [key, value] : a.keywords) SetEntry(key, value, &object);
  } else if (name == "copy") {
    Value v = rules_.Sequence(object.items);
    if (v.object != nullptr) v.object->fields = object.fields;
    if (v.object != nullptr) v.object->keys = object.keys;
    if (object.items.empty() && v.object != nullptr) v.kind = Kind::kDict;
    return v;
  } else if (name == "pop" && !object.items.empty()) {
    const Value last = object.items.back();
    object.items.pop_back();
    return last;
  }
  return {};
}

// As many drawn numbers, or rows of them, as a long range has: [random() for i in range(784)].
Value Interpreter::Repeated(const Value& iterated, const std::vector<Value>& items) {
  const bool drawn = iterated.Is(Kind::kRange) && !items.empty() && items[0].Is(Kind::kArray) &&
                     items[0].object->ranked && !items[0].object->filling.how.empty() &&
                     items[0].object->layer < 0;
  Value v = drawn ? rules_.Fresh(items[0].object->made_by) : rules_.Derived(iterated);
  if (!drawn || v.object == nullptr) return v;
  *v.object = *items[0].object;
  const std::vector<Value>& range = iterated.object->items;
  v.object->shape.insert(v.object->shape.begin(),
                         rules_.Binary("-", range[1], range[0], items[0].object->filled, 0));
  return v;
}

Value Interpreter::EvalComprehension(const Expr& e) {
  const Value iterated = Eval(e.items[2]);
  // [rows[k:k + 10] for k in range(0, n, 10)]
  if (iterated.Is(Kind::kRange) && HasSlice(e.items[0])) {
    AddEvent(&trace_->loops, LoopOver(iterated, e.items[1], e.line), trace_);
  }
  std::vector<Value> turns = Turns(iterated);
  const bool known = !turns.empty();
  Doubt* const doubt = DoubtTurns(&turns);
  const size_t loops = trace_->loops.size();
  const int order = trace_->order;
  if (!known) turns.push_back(rules_.Derived(iterated, ItemOf(iterated)));
  if (heap_.full()) return {};
  Object* const outer = scope_;
  Object* const inner = heap_.New();
  inner->parent = outer;
  scope_ = inner;
  std::vector<Value> items;
  for (const Value& turn : turns) {
    if (Spent()) break;
    Assign(e.items[1], turn);
    if (e.items.size() > 3 && !Truth(Eval(e.items[3])).value_or(true) && known) continue;
    items.push_back(Eval(e.items[0]));
  }
  scope_ = outer;
  Tried(iterated.Is(Kind::kRange), loops, order, doubt);
  if (!e.keywords.empty() && (!known || !Flatten(&items))) return rules_.Derived(iterated);
  if (e.text == "dict") return known ? DictOf(items) : Value();
  if (!known) return Repeated(iterated, items);
  const Value all = rules_.Sequence(std::move(items));
  return e.text == "set" ? rules_.Distinct(all) : all;
}

}  // namespace nabla
