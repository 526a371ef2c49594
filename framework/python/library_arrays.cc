#include <algorithm>
#include <cmath>

#include "framework/python/activation_names.h"
#include "framework/python/library.h"

namespace nabla {
namespace {

using Kind = ValueKind;

bool IsOneOf(const std::string& name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return name == each; });
}

bool IsOutput(const Value& v) { return v.Is(Kind::kArray) && v.object->layer >= 0; }

constexpr const char* kZeros = "zeros_like";

// Whether all of it is 0.
bool IsZero(const Value& v) {
  return (v.IsKnown() && v.number == 0) || (v.Is(Kind::kArray) && v.object->made_by == kZeros);
}

// Whether a list is one of drawn matrices, each the weights of a layer, and no array of numbers.
bool HoldsMatrices(const Value& list) {
  const auto& items = list.object->items;
  return !items.empty() && std::all_of(items.begin(), items.end(), [](const Value& v) {
    return v.Is(Kind::kArray) && !v.object->filling.how.empty() && v.object->ranked &&
           v.object->shape.size() >= 2;
  });
}

// Lists of drawn numbers, or of rows of them, as a comprehension makes them: how they were drawn.
// Adds the sizes of the lists to the shape; null for other lists.
const Filling* DrawnIn(const Value& v, std::vector<Value>* shape) {
  constexpr size_t kMostAxes = 4;
  if (shape->size() > kMostAxes) return nullptr;
  if (v.Is(Kind::kSequence) && !v.object->items.empty() && !v.object->grows) {
    shape->push_back(NumberValue(static_cast<double>(v.object->items.size())));
    return DrawnIn(v.object->items[0], shape);
  }
  const bool drawn = v.Is(Kind::kArray) && v.object->ranked && !v.object->filling.how.empty() &&
                     v.object->filling.how != "explicit" && v.object->layer < 0;
  if (!drawn) return nullptr;
  shape->insert(shape->end(), v.object->shape.begin(), v.object->shape.end());
  return &v.object->filling;
}

// A function of numbers alone; unknown for others.
Value OfNumbers(const std::string& name, const Value& x, const Value& y) {
  const double n = x.number;
  double r = std::nan("");
  if (name == "sqrt") r = std::sqrt(n);
  if (name == "log") r = std::log(n);
  if (name == "exp") r = std::exp(n);
  if (name == "square") r = n * n;
  if ((name == "power" || name == "pow") && y.IsNumber()) r = std::pow(n, y.number);
  if (name == "ceil") r = std::ceil(n);
  if (name == "floor") r = std::floor(n);
  if (!std::isfinite(r)) return {};
  Value v = NumberValue(r);
  v.invented = x.invented || y.invented;
  v.doubt = DoubtOf(x, y);
  return v;
}

// What several functions are called alike.
std::string PlainName(const std::string& name) {
  if (name == "nan_to_num" || name == "item" || name == "squeeze") return "keep";
  if (name == "absolute") return "abs";
  if (name == "average") return "mean";
  if (name == "amax" || name == "amin") return name.substr(1);
  return name;
}

}  // namespace

Value Library::ArrayFunction(const std::string& name, const Value& self, const Arguments& a,
                             bool* known) {
  *known = true;
  // A method of an array is the function with the array in front.
  if (self.object != nullptr) {
    const Value array = ObjectValue(Kind::kArray, self.object);
    Value named = array;
    named.name = self.name;
    const Value v = ArrayMethod(name, named, a, known);
    if (*known) return v;
    *known = true;
    Arguments with = a;
    with.list.insert(with.list.begin(), named);
    return MathFunction(name, with, known);
  }
  const Value v = Creation(name, a, known);
  if (*known) return v;
  *known = true;
  // X.dot(W), where another module has X.
  if (a.list.size() == 1 && IsOneOf(name, {"dot", "matmul", "mm"})) {
    return rules_->Dot(rules_->Fresh(""), a.list[0], a.place);
  }
  return MathFunction(name, a, known);
}

Value Library::Creation(const std::string& name, const Arguments& a, bool* known) {
  if (IsOneOf(name, {"zeros", "ones", "full", "empty"})) {
    const double value = name == "ones" ? 1 : 0;
    Filling f{"constant", "", value, 0, ""};
    if (name == "full" && a.At(1, "fill_value").IsNumber()) f.a = a.At(1, "fill_value").number;
    std::vector<Value> shape =
        name == "full" ? ShapeOf(a.At(0, "shape")) : ShapeFrom(a, 0, "shape");
    return Filled(f, std::move(shape), a);
  }
  if (name == "get_variable") {
    const Value by = a.At(2, "initializer");
    const std::string maker = by.Is(Kind::kArray) ? by.object->made_by : by.text;
    Filling f{"uniform", "tensorflow", 0, 1, "xavier_uniform"};  // what it is without one
    if (maker.find("zeros") != std::string::npos) f = {"constant", "", 0, 0, ""};
    return Filled(f, ShapeOf(a.At(1, "shape")), a);
  }
  if (name == "arange" && !a.list.empty() && a.list.size() <= 3) {
    Value v = rules_->Fresh("arange");
    const Value range = rules_->Range(a.list);
    if (v.object == nullptr || range.object == nullptr) return v;
    if (a.list.size() == 1 && a.list[0].IsKnown()) rules_->SetShape(v, {a.list[0]});
    v.object->items = {range};  // that a loop over it counts
    return v;
  }
  const Value of = a.At(0, "object");
  if (name == "unique" && a.keywords.empty()) return rules_->Distinct(of);
  const bool zero = of.IsKnown() && of.number == 0 && IsOneOf(name, {"array", "tensor", "Tensor"});
  if (zero || IsOneOf(name, {"zeros_like", "ones_like", "empty_like", "full_like"})) {
    return rules_->Fresh(zero ? kZeros : name);
  }
  if (IsOneOf(name, {"array", "asarray", "tensor", "as_tensor", "matrix", "mat", "asmatrix",
                     "FloatTensor", "Tensor", "constant", "DataFrame"})) {
    const bool kept = of.Is(Kind::kArray) && (!of.object->filling.how.empty() || IsOutput(of));
    if (kept) return of;
    if (of.Is(Kind::kArray)) {
      const Value v = rules_->Derived(of, of.object->made_by);
      if (v.object != nullptr) v.object->data.frame = name == "DataFrame";
      return v;
    }
    if (!of.Is(Kind::kSequence)) return rules_->Fresh(name);
    if (HoldsMatrices(of)) return of;
    if (of.object->grows) {
      const auto& items = of.object->items;
      return items.empty() ? rules_->Fresh("array") : rules_->Derived(items[0], "array");
    }
    std::vector<Value> drawn;
    if (const Filling* filling = DrawnIn(of, &drawn)) return Filled(*filling, drawn, a);
    Value v = rules_->Fresh("array");
    if (v.object == nullptr) return v;
    v.object->literal = true;
    v.object->filled = a.place;
    v.object->items = of.object->items;
    v.place = a.place;
    std::vector<Value> shape = {rules_->Size(of, 0)};
    if (!of.object->items.empty() && of.object->items[0].Is(Kind::kSequence)) {
      shape.push_back(rules_->Size(of.object->items[0], 0));
    }
    rules_->SetShape(v, std::move(shape));
    return v;
  }
  if (IsOneOf(name, {"concatenate", "concat", "cat", "hstack", "vstack", "column_stack", "append",
                     "insert"})) {
    const bool list = of.Is(Kind::kSequence);
    std::vector<Value> parts = list ? of.object->items : a.list;
    const Value number = a.At(2, "values");
    const bool inserts = name == "insert" && number.IsKnown() && number.number == 1;
    if (inserts) parts = {of, Filled({"constant", "", 1, 0, ""}, {}, a)};
    const Value beside = rules_->WithOnes(parts);
    *known = !beside.Is(Kind::kUnknown);
    return beside;
  }
  if (IsOneOf(name, {"float32", "float64", "int32", "int64"}) && of.IsNumber()) return of;
  if (name == "eye" || name == "identity") {
    Value v = rules_->Fresh("eye");
    rules_->SetShape(v, {a.At(0, "N"), a.At(0, "N")});
    return v;
  }
  if (IsOneOf(name, {"Parameter", "Variable", "from_numpy", "ascontiguousarray"}) &&
      !a.list.empty()) {
    return a.list[0];
  }
  *known = false;
  return {};
}

Value Library::Reshaped(const Value& v, std::vector<Value> shape) {
  Value r = rules_->Derived(v, v.object != nullptr ? v.object->made_by : "");
  if (r.object == nullptr || v.object == nullptr) return r;
  r.object->filling = v.object->filling;
  r.object->filled = v.object->filled;
  r.object->layer = v.object->layer;
  r.object->activated = v.object->activated;
  r.object->made = v.object->made;
  r.object->difference = v.object->difference;
  r.object->data.flat = true;
  double known = 1, all = 1;
  bool complete = v.object->ranked;
  for (const Value& axis : v.object->shape) {
    complete = complete && axis.IsNumber();
    all *= axis.number;
  }
  int unknown = 0;
  for (const Value& axis : shape) {
    if (axis.IsNumber() && axis.number > 0) {
      known *= axis.number;
    } else {
      ++unknown;
    }
  }
  for (Value& axis : shape) {
    if (axis.IsNumber() && axis.number > 0) continue;
    if (complete && unknown == 1 && known > 0) {
      axis = NumberValue(all / known);
    } else {
      axis = rules_->Invented();
    }
  }
  rules_->SetShape(r, std::move(shape));
  return r;
}

Value Library::ArrayMethod(const std::string& name, const Value& self, const Arguments& a,
                           bool* known) {
  const CellPlace place = a.place;
  if (IsOneOf(name, {"to",         "cuda",   "cpu",           "float", "double",   "requires_grad_",
                     "clone",      "detach", "numpy",         "copy",  "astype",   "squeeze",
                     "contiguous", "long",   "tolist",        "type",  "to_numpy", "as_matrix",
                     "eval",       "train",  "requires_grad", "half",  "repeat",   "batch",
                     "prefetch",   "cache"})) {
    return self;
  }
  // table.insert(0, "ones", 1)
  if (name == "insert" && a.list.size() == 3 && a.list[2].IsKnown() && a.list[2].number == 1) {
    self.object->data.ones = true;
    return self;
  }
  if (name == "t" || name == "transpose") return rules_->Transposed(self);
  if (IsOneOf(name, {"reshape", "view", "resize", "unsqueeze", "flatten", "ravel"})) {
    // The outputs of one unit stay those of their layer.
    if (IsOutput(self) && (name == "flatten" || name == "ravel")) return self;
    if (name == "flatten" || name == "ravel" || name == "unsqueeze") return rules_->Derived(self);
    std::vector<Value> shape = ShapeFrom(a, 0, "shape");
    return Reshaped(self, std::move(shape));
  }
  if (IsOneOf(name, {"uniform_", "normal_", "zero_", "fill_"}) &&
      self.object->filling.how == "constant") {
    const Value x = a.At(0, "mean"), y = a.At(1, "std");
    Filling f{name == "uniform_" ? "uniform" : "normal", "torch", x.IsNumber() ? x.number : 0,
              y.IsNumber() ? y.number : 1, ""};
    if (name != "zero_" && name != "fill_") {
      self.object->filling = f;
      AddEvent(&trace_->draws, TracedDraw{"torch", name, place, 0, {}, a.unknown_loops}, trace_);
    }
    return self;
  }
  if (IsOneOf(name, {"sub_", "add_"}) && !a.list.empty()) {
    return rules_->Binary(name == "sub_" ? "-" : "+", self, a.list[0], place, a.loops);
  }
  if (IsOneOf(name, {"sub", "add", "mul", "div"}) && !a.list.empty()) {
    const char* op = name == "sub" ? "-" : name == "add" ? "+" : name == "mul" ? "*" : "/";
    return rules_->Binary(op, self, a.list[0], place, a.loops);
  }
  if (name == "pow" && !a.list.empty()) return rules_->Binary("**", self, a.list[0], place, 0);
  if (name == "clamp" || name == "clip" || name == "clamp_min" || name == "clamp_") {
    const Value low = a.At(0, "min");
    const bool bounded = a.At(1, "max").IsNumber();
    if (IsOutput(self) && low.IsKnown() && low.number == 0 && !bounded) {
      return rules_->Activated("relu", self, place);
    }
    Value v = rules_->Mapped("keep", self, place);
    if (IsOutput(self) && self.object->activated && low.IsKnown() && low.number < 1e-3) {
      if (v.object != nullptr) v.object->added = -low.number;  // a clamp
    }
    return v;
  }
  *known = false;
  return {};
}

// Functions made of two pieces: np.maximum(0, z), np.where(z > 0, z, 0.01 * z).
Value Library::PiecewiseFunction(const std::string& name, const Arguments& a, bool* known) {
  const Value x = a.At(0, a.keywords.contains("input") ? "input" : "x");
  const Value y = a.At(1, a.keywords.contains("other") ? "other" : "y");
  const CellPlace place = a.place;
  // torch.max(z, torch.zeros_like(z)); a plain number is an axis there.
  if (name == "max" && IsOutput(x) && y.Is(Kind::kArray) && IsZero(y)) {
    return rules_->Activated("relu", x, place);
  }
  if (name == "maximum" || name == "clip" || name == "clamp") {
    if (name == "maximum" && IsOutput(x) && IsZero(y)) return rules_->Activated("relu", x, place);
    if (name == "maximum" && IsOutput(x) && IsOutput(y)) {
      const auto& factors = x.object->factors.empty() ? y.object->factors : x.object->factors;
      return rules_->Activated("leaky_relu", IsOutput(y) && y.object->factors.empty() ? y : x,
                               place, factors.empty() ? 0.01 : factors[0].number);
    }
    if (name != "maximum" && !a.list.empty()) {
      return ArrayMethod("clip", x,
                         {{a.list.begin() + 1, a.list.end()}, a.keywords, place, a.loops}, known);
    }
  }
  const std::string condition = x.Is(Kind::kArray) ? x.object->form : "";
  if (name == "where" && a.list.size() == 3 && (condition == "z>0" || condition == "z<=0")) {
    const Value& above = a.list[condition == "z>0" ? 1 : 2];
    const Value& below = a.list[condition == "z>0" ? 2 : 1];
    if (IsOutput(above) && IsZero(below)) return rules_->Activated("relu", above, place);
    if (IsOutput(above) && IsOutput(below)) {
      const auto& factors = below.object->factors;
      return rules_->Activated("leaky_relu", above, place,
                               factors.empty() ? 0.01 : factors[0].number);
    }
  }
  *known = false;
  return {};
}

Value Library::MathFunction(const std::string& name, const Arguments& a, bool* known) {
  const Value x = a.At(0, "x"), y = a.At(1, "y");
  const CellPlace place = a.place;
  if (IsOneOf(name, {"dot", "matmul", "mm", "inner", "einsum"}) && a.list.size() >= 2) {
    return rules_->Dot(x, y, place);
  }
  // b + x @ W
  if (name == "addmm" && a.list.size() >= 3) {
    return rules_->Binary("+", rules_->Dot(y, a.list[2], place), x, place, a.loops);
  }
  if (x.IsNumber()) {
    const Value v = OfNumbers(name, x, y);
    if (v.IsNumber()) return v;
    if (name == "maximum" && IsOutput(y)) return rules_->Activated("relu", y, place);
  }
  const std::string activation = ActivationOf(name);
  if (!activation.empty() && x.Is(Kind::kArray)) {
    const Value slope = a.At(1, a.keywords.contains("alpha") ? "alpha" : "negative_slope");
    return rules_->Activated(activation, x, place, slope.IsKnown() ? slope.number : 0.01);
  }
  for (const auto step : {&Library::PiecewiseFunction, &Library::TorchFunction}) {
    *known = true;
    const Value v = (this->*step)(name, a, known);
    if (*known) return v;
  }
  *known = true;
  if (IsOneOf(name, {"multiply", "divide", "subtract", "add", "true_divide", "power"}) &&
      a.list.size() >= 2) {
    const char* op = name == "multiply"   ? "*"
                     : name == "subtract" ? "-"
                     : name == "add"      ? "+"
                     : name == "power"    ? "**"
                                          : "/";
    return rules_->Binary(op, x, y, place, a.loops);
  }
  if (IsOneOf(name, {"exp",  "log",  "sum",     "square", "max",      "mean",       "average",
                     "amax", "abs",  "sqrt",    "log2",   "absolute", "nan_to_num", "std",
                     "norm", "item", "squeeze", "min",    "amin",     "ptp"}) &&
      x.Is(Kind::kArray)) {
    Value v = rules_->Mapped(PlainName(name), x, place);
    if (v.object != nullptr && v.object->form.ends_with(" x")) {
      const size_t axis = name == "norm" ? 2 : 1;
      v.object->over = MomentOver(x, a.At(axis, a.keywords.contains("dim") ? "dim" : "axis"));
    }
    if (v.object != nullptr && x.object->first.IsKnown()) {
      v.object->first = OfNumbers(name, x.object->first, {});
    }
    return v;
  }
  if (IsOneOf(name, {"transpose"})) return rules_->Transposed(x);
  if (name == "reshape" && x.Is(Kind::kSequence)) return Creation("array", {{x}, {}, place}, known);
  if (name == "reshape" && x.Is(Kind::kArray)) return Reshaped(x, ShapeFrom(a, 1, "newshape"));
  if (name == "flatten" && x.Is(Kind::kArray)) return IsOutput(x) ? x : rules_->Derived(x);
  *known = false;
  return {};
}

}  // namespace nabla
