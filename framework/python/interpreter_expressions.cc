#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "framework/python/interpreter.h"

namespace nabla {
namespace {

using Kind = ValueKind;

constexpr int kDeepestNest = 250;

// Python's own functions that no library replaces.
bool IsBuiltin(const std::string& name) {
  static constexpr std::string_view kNames[] = {
      "range", "xrange", "len", "zip",   "enumerate", "print",    "list",   "tuple", "dict",
      "set",   "str",    "int", "float", "super",     "reversed", "sorted", "open",  "tqdm"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// An entry of SimpleNamespace(lr=0.1), EasyDict({"lr": 0.1}) and the like.
const Value* EntryOf(const Value& of, const std::string& name) {
  static constexpr std::string_view kRecords[] = {"Namespace", "Dict", "dict", "Munch", "Bunch"};
  if (!of.Is(Kind::kArray)) return nullptr;
  const Object& made = *of.object;
  const bool record =
      std::any_of(std::begin(kRecords), std::end(kRecords),
                  [&](std::string_view kind) { return made.made_by.ends_with(kind); });
  if (!record) return nullptr;
  const auto found = made.keywords.find(name);
  if (found != made.keywords.end()) return &found->second;
  if (made.arguments.empty() || !made.arguments[0].Is(Kind::kDict)) return nullptr;
  const auto entry = made.arguments[0].object->fields.find(name);
  return entry == made.arguments[0].object->fields.end() ? nullptr : &entry->second;
}

}  // namespace

const Value* Interpreter::Find(const std::string& name) const {
  int depth = 0;
  for (const Object* scope = scope_; scope != nullptr && depth < 100; scope = scope->parent) {
    const auto found = scope->fields.find(name);
    if (found != scope->fields.end()) return &found->second;
    ++depth;
  }
  const auto found = globals_->fields.find(name);
  return found == globals_->fields.end() ? nullptr : &found->second;
}

std::optional<bool> Interpreter::Truth(const Value& v) const {
  if (v.IsKnown()) return v.number != 0;
  if (v.Is(Kind::kNone)) return false;
  if (v.Is(Kind::kString)) return !v.text.empty();
  if (v.Is(Kind::kSequence)) return !v.object->items.empty();
  if (v.Is(Kind::kFunction) || v.Is(Kind::kInstance) || v.Is(Kind::kClass)) return true;
  return std::nullopt;
}

Value Interpreter::Eval(const Expr& e) {
  if (Spent() || nested_ > kDeepestNest) return {};
  ++nested_;
  Value v = EvalKind(e);
  --nested_;
  return v;
}

Value Interpreter::EvalKind(const Expr& e) {
  using E = Expr::Kind;
  switch (e.kind) {
    case E::kName:
      return EvalName(e);
    case E::kNumber:
      return EvalNumber(e);
    case E::kString:
    case E::kFormatted:
      return EvalText(e);
    case E::kConstant:
      return EvalConstant(e);
    case E::kList:
    case E::kTuple:
      return EvalItems(e);
    case E::kDict:
      return EvalDict(e);
    case E::kCall:
      return EvalCall(e);
    case E::kAttribute:
      return EvalAttribute(e);
    case E::kSubscript:
      return EvalSubscript(e);
    case E::kUnary:
      return EvalUnary(e);
    case E::kBinary:
      return EvalBinary(e);
    case E::kConditional:
      return EvalConditional(e);
    case E::kLambda:
      return EvalLambda(e);
    case E::kComprehension:
      return EvalComprehension(e);
    case E::kStarred:
      return Eval(e.items[0]);
    case E::kSlice:
    case E::kOther:
      break;
  }
  return {};
}

Value Interpreter::EvalConstant(const Expr& e) {
  Value v;
  if (e.text == "None") v.kind = Kind::kNone;
  if (e.text == "True" || e.text == "False") v = NumberValue(e.text == "True");
  v.text = e.text;
  v.place = At(e.line);
  return v;
}

Value Interpreter::EvalLambda(const Expr& e) {
  if (heap_.full()) return {};
  Value v = ObjectValue(Kind::kFunction, heap_.New());
  v.object->lambda = &e;
  for (size_t i = 1; i < e.items.size(); ++i) v.object->items.push_back(Eval(e.items[i]));
  v.object->parent = scope_;
  v.object->cell = cell_;
  return v;
}

Value Interpreter::EvalNumber(const Expr& e) {
  double number = 0;
  const char* begin = e.text.data();
  const char* end = begin + e.text.size();
  const bool hexadecimal = e.text.starts_with("0x") || e.text.starts_with("0X");
  const auto [stop, error] = hexadecimal
                                 ? std::from_chars(begin + 2, end, number, std::chars_format::hex)
                                 : std::from_chars(begin, end, number);
  if (error != std::errc() || stop != end) return {};
  Value v = NumberValue(number);
  v.text = e.text;
  v.place = At(e.line);
  return v;
}

Value Interpreter::EvalName(const Expr& e) {
  if (const Value* found = Find(e.text)) {
    Value v = *found;
    if (v.name.empty()) v.name = e.text;
    return v;
  }
  // Perhaps from a cell that is missing, or a builtin.
  Value v;
  v.kind = Kind::kLibrary;
  v.text = star_module_.empty() || IsBuiltin(e.text) ? e.text : star_module_ + "." + e.text;
  v.name = e.text;
  return v;
}

Value Interpreter::EvalItems(const Expr& e) {
  std::vector<Value> items;
  for (const Expr& item : e.items) {
    Value v = Eval(item);
    if (item.kind == Expr::Kind::kStarred && v.Is(Kind::kSequence)) {
      const std::vector<Value> spread = v.object->items;
      for (const Value& each : spread) items.push_back(each);
    } else {
      items.push_back(std::move(v));
    }
    if (items.size() > 5000) break;
  }
  Value v = rules_.Sequence(std::move(items));
  v.place = At(e.line);
  return v;
}

Value Interpreter::EvalDict(const Expr& e) {
  if (heap_.full()) return {};
  Value dict = ObjectValue(Kind::kDict, heap_.New());
  dict.place = At(e.line);
  for (size_t i = 0; i + 1 < e.items.size(); i += 2) {
    Value value = Eval(e.items[i + 1]);
    if (e.items[i].kind == Expr::Kind::kOther) {
      if (value.Is(Kind::kDict)) {
        for (const std::string& key : KeysOf(*value.object)) {
          SetEntry(key, value.object->fields.at(key), dict.object);
        }
      }
      continue;
    }
    const Value key = Eval(e.items[i]);
    if (key.Is(Kind::kString)) {
      Note(key.text, value, e.items[i].line);
      value.name = key.text;
      SetEntry(key.text, std::move(value), dict.object);
    } else if (key.IsNumber()) {
      SetEntry(std::to_string(key.number), std::move(value), dict.object);
    }
  }
  return dict;
}

Value Interpreter::EvalAttribute(const Expr& e) { return Attribute(Eval(e.items[0]), e.text); }

namespace {

// What the program's own class begins with, before the gradient is added to it: self.grad = 0.
bool IsZeroOf(const Value& of, const std::string& name) {
  if (!of.Is(ValueKind::kInstance)) return false;
  const auto found = of.object->fields.find(name);
  return found != of.object->fields.end() && found->second.IsKnown() && found->second.number == 0;
}

}  // namespace

Value Interpreter::Attribute(const Value& of, const std::string& name) {
  // What is transposed, or is a gradient, is an array, whoever made it.
  const bool unread = of.Is(Kind::kLibrary) || of.Is(Kind::kUnknown);
  const bool zero = name == "grad" && IsZeroOf(of, name);
  if ((name == "T" && unread) || (name == "grad" && (unread || zero || of.Is(Kind::kArray)))) {
    const bool module = of.text == "torch" || of.text == "jax" || of.text == "autograd";
    const Value v = rules_.Fresh(name);
    if (v.object != nullptr) v.object->gradient = name == "grad";
    if (!module) return v;
  }
  if (of.Is(Kind::kLibrary)) {
    if (name == "pi" && (of.text == "numpy" || of.text == "math")) {
      return NumberValue(std::numbers::pi);
    }
    Value v = of;
    v.text = of.text + "." + name;
    v.name = name;
    return v;
  }
  if (of.object == nullptr) {
    Value v;
    v.kind = Kind::kLibrary;
    v.text = of.Is(Kind::kString) ? "str." + name : "unknown." + name;
    if (of.Is(Kind::kString)) v.name = of.text;  // what the method is of
    return v;
  }
  const auto field = of.object->fields.find(name);
  if (field != of.object->fields.end() && !of.Is(Kind::kDict)) {
    Value v = field->second;
    if (v.name.empty()) v.name = name;
    return v;
  }
  if (const Value* entry = EntryOf(of, name)) return *entry;
  if (of.Is(Kind::kInstance)) {
    Value method = FindMethod(of.object->parent, name);
    if (method.Is(Kind::kFunction) && !heap_.full()) {
      Object* bound = heap_.New();
      *bound = *method.object;
      bound->self = of.object;
      method.object = bound;
      return method;
    }
    if (!method.Is(Kind::kUnknown)) return method;
  }
  return ArrayAttribute(of, name);
}

Value Interpreter::ArrayAttribute(const Value& of, const std::string& name) {
  if (of.Is(Kind::kArray)) {
    if (name == "T") return rules_.Transposed(of);
    if (name == "values" && of.object->form.ends_with(" x")) return of;  // of max(dim=0)
    // Rows of what nothing is known of have one axis each.
    if (name == "ndim") {
      return NumberValue(of.object->ranked ? static_cast<double>(of.object->shape.size()) : 2);
    }
    if (name == "shape") {
      Value shape = rules_.Sequence({});
      if (shape.object == nullptr) return {};
      rules_.Size(of, 0);
      if (!of.object->ranked) rules_.Size(of, 1);
      shape.object->items = of.object->shape;
      if (!shape.object->items.empty()) shape.object->items[0].counts_rows = true;
      return shape;
    }
    if (name == "data" || name == "values" || name == "target" || name == "targets" ||
        name == "train_data" || name == "labels") {
      Value v = name == "data" && !of.object->filling.how.empty() ? of : rules_.Derived(of);
      if (v.object != nullptr && v.object != of.object) {
        v.object->data.labels = name == "target" || name == "targets" || name == "labels";
        v.object->data.frame = v.object->data.frame && name != "values";
        v.object->shape = of.object->shape;
        v.object->ranked = of.object->ranked && !v.object->data.labels;
      }
      return v;
    }
  }
  Value v = of;
  v.kind = Kind::kLibrary;
  const std::string path = of.Is(Kind::kArray)      ? of.object->made_by
                           : of.Is(Kind::kInstance) ? "instance"
                           : of.Is(Kind::kSequence) ? "list"
                           : of.Is(Kind::kDict)     ? "dict"
                                                    : "unknown";
  v.text = path + "." + name;
  return v;
}

namespace {

// What stands in a list at an index that is not known: the first, in doubt if others differ.
Value OneOf(const std::vector<Value>& items) {
  static constexpr Doubt kOneOf = {"one of a list, by an index that is not known"};
  Value v = items[0];
  const bool same = std::all_of(items.begin(), items.end(),
                                [&](const Value& item) { return item.number == v.number; });
  if (v.IsKnown() && !same) v.doubt = &kOneOf;
  return v;
}

}  // namespace

Value Interpreter::EvalSubscript(const Expr& e) {
  Value of = Eval(e.items[0]);
  // pandas: data.iloc[...]
  if (of.Is(Kind::kLibrary) && of.object != nullptr) of.kind = Kind::kArray;
  if (of.Is(Kind::kArray) && of.object->made_by.ends_with("nn.Sequential")) {
    of = library_.Modules(of);
  }
  const Expr& index = e.items[1];
  if (of.Is(Kind::kSequence) && index.kind == Expr::Kind::kSlice) return SequenceSlice(of, index);
  std::vector<Value> values;
  std::vector<bool> slices;
  double taken = 0;  // rows
  const std::vector<Expr> alone = {index};
  for (const Expr& axis : index.kind == Expr::Kind::kTuple ? index.items : alone) {
    const bool slice = axis.kind == Expr::Kind::kSlice;
    slices.push_back(slice || axis.kind == Expr::Kind::kConstant);
    Value v;
    if (slice) {
      // The size of x[a:b] and x[:b].
      const Value from = Eval(axis.items[0]);
      const Value to = Eval(axis.items[1]);
      if (values.empty()) taken = NoteSlice(of, from, to, e.line);
      const bool counted =
          to.IsKnown() && to.number >= 0 && (from.IsKnown() || from.kind == Kind::kUnknown);
      if (counted && axis.items[0].kind == Expr::Kind::kOther) v = to;
      if (counted && from.IsKnown()) v = rules_.Binary("-", to, from, At(e.line), 0);
    } else {
      v = Eval(axis);
    }
    values.push_back(std::move(v));
  }
  if (of.Is(Kind::kLibrary) && of.text.ends_with(".c_")) {
    const Value beside = rules_.WithOnes(values);
    if (!beside.Is(Kind::kUnknown)) return beside;
  }
  const Value& first = values.empty() ? of : values[0];
  if (of.Is(Kind::kSequence) && first.IsKnown()) {
    const double size = static_cast<double>(of.object->items.size());
    const double at = first.number < 0 ? first.number + size : first.number;
    return at >= 0 && at < size ? of.object->items[static_cast<size_t>(at)] : Value();
  }
  if (of.Is(Kind::kSequence) && !of.object->items.empty()) return OneOf(of.object->items);
  // Of rows in a module that is not there.
  if (of.Is(Kind::kLibrary) && of.text.ends_with(".shape") && first.IsKnown()) {
    return library_.SizeNamed(of.text + std::to_string(first.number));
  }
  if (of.Is(Kind::kDict)) {
    const std::string key = first.IsNumber() ? std::to_string(first.number) : first.text;
    const auto found = of.object->fields.find(key);
    return found == of.object->fields.end() ? Value() : found->second;
  }
  // Rows that the program spells: X[:, :2] is no longer all of them.
  // torch's max(dim=0) gives the numbers and where they stand.
  const std::string form = of.Is(Kind::kArray) ? of.object->form : "";
  const bool numbers = (form == "max x" || form == "min x") && values.size() == 1 && !slices[0] &&
                       first.IsKnown() && first.number == 0;
  if (numbers) return of;
  Value part = rules_.Indexed(of, values, slices);
  if (taken != 0 && part.Is(Kind::kArray) && part.object != of.object) {
    part.object->data.rows = taken;
  }
  return part;
}

}  // namespace nabla
