#include "framework/python/array_rules.h"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

using Kind = ValueKind;

Value Unknown() { return {}; }

bool IsArray(const Value& v) { return v.Is(Kind::kArray) && v.object != nullptr; }
bool IsFilled(const Value& v) { return IsArray(v) && !v.object->filling.how.empty(); }
bool IsDrawn(const Value& v) { return IsFilled(v) && v.object->filling.how != "constant"; }
bool IsOutput(const Value& v) { return IsArray(v) && v.object->layer >= 0; }
// Inputs and slopes multiply gradients.
bool Gates(const Value& v) { return IsArray(v) && (v.object->fed || v.object->form == "z>0"); }

// Columns of rows of one length; nothing for anything else.
std::vector<std::vector<Value>> Columns(const std::vector<Value>& rows) {
  std::vector<std::vector<Value>> columns;
  for (const Value& row : rows) {
    if (!row.Is(Kind::kSequence)) return {};
    const auto& items = row.object->items;
    if (columns.empty()) columns.resize(items.size());
    if (items.size() != columns.size()) return {};
    for (size_t i = 0; i < items.size(); ++i) columns[i].push_back(items[i]);
  }
  return columns;
}

// What a division by a known number multiplies by.
Value Inverse(const Value& v) {
  if (!v.IsKnown() || v.number == 0) return v;
  Value inverse = v;
  inverse.number = 1 / v.number;
  inverse.text.clear();
  inverse.counts_rows = v.counts_rows || (v.number >= 2 && v.number == std::floor(v.number));
  return inverse;
}

constexpr double kLargestEpsilon = 1e-3;  // that keeps logarithms and divisions finite

bool IsRoleless(const Value& v) {
  if (v.Is(Kind::kUnknown)) return true;
  if (!IsArray(v) || IsFilled(v)) return false;
  const Object& o = *v.object;
  return o.layer < 0 && o.data.dataset < 0 && !o.difference && !o.literal && !o.gradient &&
         o.neuron == 0 && o.part_of == nullptr && o.factors.empty() && o.form.empty() &&
         o.view_of == nullptr && !o.fed && !o.first.IsKnown() && o.moment_of == nullptr;
}

}  // namespace

bool IsWeightName(const std::string& name) {
  if (name.empty()) return false;
  const std::string lower = LowerCase(name);
  const char* const kBegin[] = {"w", "theta", "syn", "kernel", "param", "coef", "beta"};
  for (const char* begin : kBegin) {
    if (lower.starts_with(begin)) return true;
  }
  return lower.find("weight") != std::string::npos;
}

Value ArrayRules::Fresh(const std::string& made_by) {
  if (heap_->full()) return Unknown();
  Object* object = heap_->New();
  object->made_by = made_by;
  return ObjectValue(Kind::kArray, object);
}

Value ArrayRules::Derived(const Value& from, const std::string& made_by) {
  Value v = Fresh(made_by);
  if (v.object == nullptr || !IsArray(from)) return v;
  v.object->data = from.object->data;
  v.object->literal = from.object->literal && from.object->items.size() <= kMostLiteral;
  if (v.object->literal) v.object->items = from.object->items;
  v.name = from.name;
  return v;
}

Value ArrayRules::Sequence(std::vector<Value> items) {
  items_ += items.size();
  if (heap_->full() || items_ > kMostItems) return Unknown();
  Object* object = heap_->New();
  object->items = std::move(items);
  return ObjectValue(Kind::kSequence, object);
}

Value ArrayRules::Invented() {
  Value v = NumberValue(1000003 + 2 * invented_++);
  v.invented = true;
  return v;
}

void ArrayRules::SetShape(const Value& array, std::vector<Value> shape) {
  if (!IsArray(array)) return;
  array.object->shape = std::move(shape);
  array.object->ranked = true;
}

Value ArrayRules::Size(const Value& array, size_t axis) {
  if (array.Is(Kind::kSequence)) {
    if (axis == 0 && array.object->grows) return Invented();
    if (axis == 0) return NumberValue(static_cast<double>(array.object->items.size()));
    return array.object->items.empty() ? Unknown() : Size(array.object->items[0], axis - 1);
  }
  if (!IsArray(array)) return Invented();
  Object& object = *array.object;
  while (object.shape.size() <= axis && object.shape.size() < 8) object.shape.push_back(Invented());
  return axis < object.shape.size() ? object.shape[axis] : Invented();
}

// scale * randn(...), rand(...) - 0.5 and the like are fillings too.
Value ArrayRules::Refilled(const std::string& op, const Value& array, const Value& number,
                           bool left) {
  Value v = Fresh(array.object->made_by);
  if (v.object == nullptr) return v;
  *v.object = *array.object;
  const bool layer = IsLayer(array.object);
  if (layer) v.object->factors.clear();
  if (layer || v.object->scaled == nullptr) v.object->scaled = array.object;
  Filling& f = v.object->filling;
  f.invented = f.invented || number.invented;
  if (f.doubt == nullptr) f.doubt = number.doubt;
  const double n = number.number;
  if (op == "*" || (op == "/" && !left && n != 0)) {
    const double factor = op == "*" ? n : 1 / n;
    f.a *= factor;
    f.b *= factor;
  } else if (op == "+" || (op == "-" && !left)) {
    const double shift = op == "+" ? n : -n;
    f.a += shift;
    if (f.how == "uniform") f.b += shift;
  } else if (op == "-" && left) {
    f.a = n - f.a;
    f.b = f.how == "uniform" ? n - f.b : f.b;
  } else {
    f.how.clear();
  }
  if (f.how == "uniform" && f.b < f.a) std::swap(f.a, f.b);
  // Sums of gradients begin as zeros, and penalties as weights.
  if (op == "*" || op == "/") {
    AddFactors(op == "/" ? Inverse(number) : number, v.object);
  }
  return v;
}

// A rate that a loop changes counts with the value that it begins with.
void ArrayRules::AddFactor(const Value& part, Object* to) {
  const bool changes = IsArray(part) && part.object->first.IsKnown();
  if (!changes) return AddFactors(part, to);
  if (part.object->turn) return;
  Value first = part.object->first;
  first.name = part.name;
  first.changes = true;
  AddFactors(first, to);
}

// Numbers, and those that an array was multiplied by.
void ArrayRules::AddFactors(const Value& part, Object* to) {
  constexpr size_t kMostFactors = 16;
  if (part.IsNumber() && to->factors.size() < kMostFactors) to->factors.push_back(part);
  // A name that was never bound, perhaps in a module that is not there, counts as a library's.
  if (part.Is(Kind::kLibrary)) to->unread_factor = true;
  if (!IsArray(part)) return;
  if (part.object->unread_factor) to->unread_factor = true;
  for (const Value& factor : part.object->factors) {
    if (to->factors.size() < kMostFactors) to->factors.push_back(factor);
  }
}

// The result of two operands of which at least one is an array.
Value ArrayRules::Combined(const std::string& op, const Value& left, const Value& right,
                           CellPlace place) {
  const Value& main = IsOutput(left) || !IsArray(right)   ? left
                      : IsOutput(right) || !IsArray(left) ? right
                                                          : left;
  const std::string form = Form(op, left, right);
  Value v = Derived(main);
  if (v.object == nullptr) return v;
  if (IsArray(main)) {
    v.object->shape = main.object->shape;
    v.object->ranked = main.object->ranked;
  }
  if (op == "*" || op == "/") {
    AddFactor(left, v.object);
    AddFactor(op == "/" ? Inverse(right) : right, v.object);
    // What nothing is known of may be a rate.
    const bool unread = op == "*" && (IsRoleless(left) || IsRoleless(right));
    v.object->unread_factor = v.object->unread_factor || unread;
  } else if (op == "+" || op == "-") {
    // lr * dW - v, or mu * v - lr * dW
    for (const Value* part : {&left, &right}) {
      if (IsArray(*part)) AddFactors(*part, v.object);
    }
  }
  v.object->form = form;
  SetFirst(op, left, right, v.object);
  v.object->difference = form == "p-y" || IsDifference(left) || IsDifference(right);
  v.object->gradient = (IsArray(left) && left.object->gradient && right.IsNumber()) ||
                       (IsArray(right) && right.object->gradient && left.IsNumber());
  NoteTerms(op, left, right, v.object);
  // (p - y) * x is a gradient, not an output.
  const bool gradient =
      op == "*" && ((Gates(left) && IsDifference(right)) || (Gates(right) && IsDifference(left)));
  if (IsOutput(main) && !gradient) {
    v.object->layer = main.object->layer;
    v.object->activated = main.object->activated;
    v.object->added = main.object->added;
    v.object->made = main.object->made;
  }
  const bool activation =
      form == "sigmoid" || form == "softmax" || form == "tanh" || form == "relu";
  if (activation && !gradient && IsOutput(main)) {
    v.object->form.clear();
    return Activated(form, v, place);
  }
  const bool tiny = right.IsKnown() && right.number > 0 && right.number <= kLargestEpsilon;
  if (op == "+" && tiny && IsOutput(left)) v.object->added = right.number;
  NoteForm(op, left, right, v, place);
  return v;
}

// Operands without arrays.
Value ArrayRules::Plain(const std::string& op, const Value& left, const Value& right) {
  if (left.Is(Kind::kString) && right.Is(Kind::kString)) {
    if (op == "+") return StringValue((left.text + right.text).substr(0, kLongestText));
    if (op == "==" || op == "!=") return NumberValue((left.text == right.text) == (op == "=="));
  }
  if ((op == "==" || op == "!=") && (left.Is(Kind::kNone) || right.Is(Kind::kNone))) {
    const bool both = left.Is(Kind::kNone) && right.Is(Kind::kNone);
    const bool unknown = left.Is(Kind::kUnknown) || right.Is(Kind::kUnknown);
    return unknown ? Unknown() : NumberValue(both == (op == "=="));
  }
  if (left.Is(Kind::kSequence) && right.Is(Kind::kSequence) && op == "+") {
    std::vector<Value> items = left.object->items;
    items.insert(items.end(), right.object->items.begin(), right.object->items.end());
    if (items.size() > 1000) items.resize(1000);
    return Sequence(std::move(items));
  }
  return Unknown();
}

Value ArrayRules::Binary(const std::string& op, const Value& left, const Value& right,
                         CellPlace place, int loops) {
  // What is not known is an array where it meets something known: lr * gradients[key].
  const bool arithmetic = op == "+" || op == "-" || op == "*" || op == "/";
  if (heap_->full()) return Unknown();
  if ((op == "-" || op == "+") && loops > 0) NoteStep(op, left, right, place);
  const bool computes = arithmetic || op == "**" || op == "//" || op == "%";
  const auto stands = [&](const Value& v) {
    return v.Is(Kind::kUnknown) && (arithmetic || (computes && !std::isnan(v.first)));
  };
  if (stands(left) && (right.IsNumber() || IsArray(right))) {
    return Binary(op, Standing(left), right, place, loops);
  }
  if (stands(right) && (left.IsNumber() || IsArray(left))) {
    const Value unknown = Standing(right);
    if (unknown.object == nullptr) return unknown;
    if (op == "*" && !right.name.empty() && left.IsNumber()) unknown.object->form = "t";
    return Binary(op, left, unknown, place, loops);
  }
  if (left.IsNumber() && right.IsNumber()) return Numbers(op, left, right);
  if (!IsArray(left) && !IsArray(right)) return Plain(op, left, right);
  if (op == "**" || (op == "*" && IsArray(left) && left.object == right.object)) {
    NoteWeightSum("square", left, place);
  }
  if (IsFilled(left) && right.IsNumber() && left.object->layer < 0) {
    return Refilled(op, left, right, false);
  }
  if (IsFilled(right) && left.IsNumber() && right.object->layer < 0) {
    return Refilled(op, right, left, true);
  }
  // NaN: by a factor that the program does not say.
  const bool scaled = op == "*" || op == "/";
  if (scaled && IsFilled(left) && right.Is(Kind::kLibrary) && left.object->layer < 0) {
    return Refilled(op, left, NumberValue(std::nan("")), false);
  }
  if (op == "*" && IsFilled(right) && left.Is(Kind::kLibrary) && right.object->layer < 0) {
    return Refilled(op, right, NumberValue(std::nan("")), true);
  }
  // The sum of two single numbers is no step.
  const bool numbers = IsFilled(left) && left.object->ranked && left.object->shape.empty() &&
                       IsArray(right) && right.object->factors.empty() && op == "+";
  const bool steps = (op == "-" || op == "+") && loops > 0 && IsFilled(left) && IsArray(right) &&
                     !IsDrawn(right) && right.object->layer < 0 && !numbers;
  if (steps) return Update(left, right, place);
  if (op == "+" && IsOutput(left) && !left.object->activated && IsArray(right) &&
      right.object->literal && right.object->filling.how.empty()) {
    Spelled(right.object);
  }
  if (op == "+" && IsOutput(left) && !left.object->activated && IsFilled(right)) {
    return AddBias(left, right);
  }
  if (op == "+" && IsOutput(right) && !right.object->activated && IsFilled(left)) {
    return AddBias(right, left);
  }
  if (op == "+" && IsArray(left) && IsFilled(right)) NoteAdded(left, right, place, loops);
  NoteScaled(op, left, right, place);
  if (op == "+") NoteJoined(left, right);
  return Combined(op, left, right, place);
}

Value ArrayRules::Negated(const Value& v) {
  if (v.IsNumber()) {
    Value r = v;
    r.number = -r.number;
    r.text = v.text.empty() ? "" : v.text.starts_with("-") ? v.text.substr(1) : "-" + v.text;
    return r;
  }
  if (!IsArray(v)) return Unknown();
  Value r = Combined("neg", v, Unknown(), {});
  if (r.object == nullptr) return r;
  r.object->factors = v.object->factors;
  r.object->first = Negated(v.object->first);
  r.object->unread_factor = v.object->unread_factor;
  const bool logs = v.object->form.starts_with("log");
  r.object->form = logs ? v.object->form : IsOutput(v) && !v.object->activated ? "-z" : "-";
  return r;
}

std::vector<Value> ArrayRules::TransposedRows(const std::vector<Value>& rows) {
  std::vector<Value> transposed;
  if (rows.size() > kMostLiteral) return transposed;
  for (std::vector<Value>& column : Columns(rows)) {
    transposed.push_back(Sequence(std::move(column)));
  }
  return transposed;
}

Value ArrayRules::Transposed(const Value& array) {
  if (!IsArray(array)) return array;
  Value v = Derived(array);
  if (v.object == nullptr) return v;
  const Object& from = *array.object;
  if (from.view_of != nullptr) return ObjectValue(Kind::kArray, from.view_of);
  v.object->view_of = array.object;
  v.object->items = TransposedRows(from.items);
  v.object->ranked = from.ranked;
  Size(array, 1);  // two axes at least
  v.object->shape.assign(from.shape.rbegin(), from.shape.rend());
  v.object->layer = from.layer;
  v.object->activated = from.activated;
  v.object->made = from.made;
  v.object->difference = from.difference;
  v.object->filling = from.filling;
  v.object->filled = from.filled;
  v.object->factors = from.factors;
  v.object->unread_factor = from.unread_factor;
  v.object->form = from.form;
  return v;
}

Value ArrayRules::Indexed(const Value& array, const std::vector<Value>& index,
                          const std::vector<bool>& is_slice) {
  if (!IsArray(array)) return Unknown();
  // w[1:] of a vector of weights whose first is the bias, w[0].
  const Object& from = *array.object;
  const bool vector = IsFilled(array) && from.ranked && from.shape.size() == 1 &&
                      index.size() == 1 && IsWeightName(array.name);
  if (vector && is_slice[0]) return array;
  Value v = Derived(array);
  if (v.object == nullptr) return v;
  if (vector && index[0].IsKnown()) {
    v.object->filling = from.filling;
    SetShape(v, {});
    v.object->ranked = true;
    return v;
  }
  v.object->layer = from.layer;
  v.object->activated = from.activated;
  v.object->made = from.made;
  v.object->difference = from.difference;
  v.object->factors = from.factors;
  v.object->unread_factor = from.unread_factor;
  if (from.filling.how.empty() && from.literal && from.items.size() > 0 && index.size() == 1 &&
      !is_slice[0]) {
    v.object->items.clear();
  }
  v.object->part_of = from.literal ? array.object : from.part_of;
  std::vector<Value> shape;
  for (size_t axis = 0; axis < std::max(index.size(), from.shape.size()); ++axis) {
    if (axis >= index.size()) {
      shape.push_back(from.shape[axis]);
    } else if (is_slice[axis]) {
      shape.push_back(index[axis].IsNumber() ? index[axis] : Size(array, axis));
    } else if (!index[axis].IsNumber()) {
      shape.push_back(Invented());
    }
  }
  SetShape(v, std::move(shape));
  // The rows of what may have more axes may have them too.
  if (!from.ranked && index.size() == 1) v.object->ranked = false;
  return v;
}

}  // namespace nabla
