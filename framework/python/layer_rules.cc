// The part of ArrayRules that knows of layers: products with weights, biases, activations, updates,
// and what is computed from their outputs.
#include <algorithm>

#include "framework/python/array_rules.h"

namespace nabla {
namespace {

using Kind = ValueKind;

constexpr size_t kMostLayers = 1000;
constexpr size_t kMostUses = 100;  // of a layer

bool IsArray(const Value& v) { return v.Is(Kind::kArray) && v.object != nullptr; }
bool IsOutput(const Value& v) { return IsArray(v) && v.object->layer >= 0; }
bool IsOnes(const Value& v) {
  return IsArray(v) && v.object->filling.how == "constant" && v.object->filling.a == 1;
}

constexpr Doubt kUsedAgain = {"its outputs come back to it: a layer may be missing"};
constexpr Doubt kRowOfBiases = {"the biases are a row of the weights: a column of ones"};

}  // namespace

Value ArrayRules::Update(const Value& weight, const Value& step, CellPlace place) {
  std::vector<Value> factors = step.object->factors;
  // A weight of a neuron that is a number is one of a layer too.
  bool of_layer = weight.object->ranked && weight.object->shape.empty();
  for (TracedLayer& layer : trace_->layers) {
    if (layer.weight == weight.object || layer.weight == weight.object->view_of) {
      layer.updated = of_layer = true;
    }
  }
  AddEvent(&trace_->updates,
           TracedUpdate{
               .weight = weight.object->view_of != nullptr ? weight.object->view_of : weight.object,
               .factors = std::move(factors),
               .place = place,
               .of_layer = of_layer,
               .unread_factor = step.object->unread_factor,
               .traced = IsDifference(step)},
           trace_);
  return weight;
}

Value ArrayRules::AddBias(const Value& output, const Value& bias) {
  TracedLayer& layer = trace_->layers[static_cast<size_t>(output.object->layer)];
  // What has the shape of the weights collects their gradients.
  const std::vector<Value>& shape = bias.object->shape;
  const bool like_weights = shape.size() == 2 && layer.weight->shape.size() == 2 &&
                            shape[0].number == layer.weight->shape[0].number &&
                            shape[1].number == layer.weight->shape[1].number &&
                            layer.inputs.number > 1;
  if (IsDifference(output) || like_weights) return output;
  layer.bias = true;
  if (layer.bias_filling.how.empty()) layer.bias_filling = bias.object->filling;
  if (!layer.units.IsKnown() && bias.object->ranked && !bias.object->shape.empty()) {
    const Value& last = bias.object->shape.back();
    if (last.IsKnown() && last.number > 1) layer.units = last;
  }
  return output;
}

void ArrayRules::NoteInputs(const Value& input) {
  Object* const whole = input.object->part_of;
  if (whole == nullptr && !input.object->literal) return;
  trace_->inputs = whole == nullptr ? input : ObjectValue(Kind::kArray, whole);
  if (whole != nullptr) trace_->inputs.place = whole->filled;
}

Value ArrayRules::WithOnes(const std::vector<Value>& parts) {
  if (parts.size() < 2 || !std::any_of(parts.begin(), parts.end(), IsOnes)) return {};
  const auto rows = std::find_if_not(parts.begin(), parts.end(), IsOnes);
  Value v =
      rows == parts.end() ? Value() : Derived(*rows, IsArray(*rows) ? rows->object->made_by : "");
  if (v.object == nullptr) return v;
  if (IsOutput(*rows)) *v.object = *rows->object;
  v.object->data.ones = true;
  return v;
}

Value ArrayRules::LayerOutput(Object* weight, const Value& input, bool right, bool transposed,
                              CellPlace place) {
  int index = -1;
  for (size_t i = 0; i < trace_->layers.size(); ++i) {
    const TracedLayer& layer = trace_->layers[i];
    if (layer.weight != weight) continue;
    // The same weights the other way round carry gradients back.
    if (layer.right != right || layer.transposed != transposed) return Fresh("");
    index = static_cast<int>(i);
  }
  if (index < 0 && trace_->layers.size() >= kMostLayers) return Fresh("");
  if (index < 0) {
    TracedLayer layer;
    layer.weight = weight;
    layer.right = right;
    layer.transposed = transposed;
    layer.input = IsOutput(input) ? input.object->layer : -1;
    layer.weight_filling = weight->filling;
    layer.place = weight->filled.line > 0 ? weight->filled : place;
    const Value w = ObjectValue(Kind::kArray, weight);
    const bool last = right != transposed;  // units are the last axis of the weights
    // A vector of weights is one unit.
    const bool vector = weight->ranked && weight->shape.size() == 1;
    layer.inputs = Size(w, last || vector ? 0 : 1);
    layer.units = vector ? NumberValue(1) : Size(w, last ? 1 : 0);
    if (IsArray(input) && input.object->data.ones) {
      layer.bias = true;
      layer.bias_filling = weight->filling;
      layer.units.doubt = &kRowOfBiases;
    }
    if (layer.input < 0 && IsArray(input)) {
      (input.object->view_of != nullptr ? input.object->view_of : input.object)->fed = true;
      if (!trace_->inputs.object) NoteInputs(input);
    }
    index = static_cast<int>(trace_->layers.size());
    AddEvent(&trace_->layers, std::move(layer), trace_);
    if (trace_->layers.size() <= static_cast<size_t>(index)) return Fresh("");
  }
  TracedLayer& used = trace_->layers[static_cast<size_t>(index)];
  for (int from = IsOutput(input) ? input.object->layer : -1; from >= index;
       from = trace_->layers[static_cast<size_t>(from)].input) {
    const bool doubted = used.units.doubt != nullptr && used.units.doubt->why != nullptr;
    if (from == index && !doubted) used.units.doubt = &kUsedAgain;
  }
  if (used.uses.size() < kMostUses) {
    used.uses.push_back(trace_->order);
    used.rows.push_back(IsArray(input) ? input.object->data.rows : 0);
  }
  Value v = Fresh("");
  if (v.object == nullptr) return v;
  v.object->layer = index;
  v.object->made = trace_->order;
  if (IsArray(input) && input.object->form == "-") v.object->form = "-z";  // -x @ W
  const Value units = trace_->layers[static_cast<size_t>(index)].units;
  const Value rows = right ? Size(input, 0) : Size(input, 1);
  SetShape(v, right ? std::vector<Value>{rows, units} : std::vector<Value>{units, rows});
  return v;
}

// The residual nets of pictures add the outputs of several layers.
void ArrayRules::NoteJoined(const Value& left, const Value& right) {
  if (!IsOutput(left) || !IsOutput(right) || left.object->layer == right.object->layer) return;
  for (const Value* each : {&left, &right}) {
    TracedLayer& layer = trace_->layers[static_cast<size_t>((*each).object->layer)];
    if (layer.library == "torch") layer.joined = true;
  }
}

void ArrayRules::Unrank(const Value& array) {
  if (!IsArray(array)) return;
  array.object->shape.clear();
  array.object->ranked = false;
}

Value ArrayRules::Dot(const Value& left, const Value& right, CellPlace place) {
  const auto weight_of = [](const Value& v) -> Object* {
    if (!IsArray(v)) return nullptr;
    Object* base = v.object->view_of != nullptr ? v.object->view_of : v.object;
    const bool drawn = !base->filling.how.empty() && !base->fed && v.object->layer < 0;
    return drawn ? base : nullptr;
  };
  Object* l = weight_of(left);
  Object* r = weight_of(right);
  // np.dot(np.ones(n), delta) sums gradients up.
  const auto sums = [&](const Object* ones, const Value& of) {
    return ones != nullptr && ones->filling.how == "constant" && !IsLayer(ones) && IsDifference(of);
  };
  if (sums(l, right)) l = nullptr;
  if (sums(r, left)) r = nullptr;
  if (l != nullptr && r != nullptr) {
    const bool left_named = IsWeightName(left.name) && !IsWeightName(right.name);
    if (left_named) {
      r = nullptr;
    } else {
      l = nullptr;
    }
  }
  if (l != nullptr || r != nullptr) {
    const Value& by = r != nullptr ? right : left;
    const Value& input = r != nullptr ? left : right;
    const bool transposed = by.object->view_of != nullptr;
    const Value out = LayerOutput(r != nullptr ? r : l, input, r != nullptr, transposed, place);
    // Gradients that go back stay what they are.
    if (out.object != nullptr && !IsOutput(out)) out.object->difference = IsDifference(input);
    return out;
  }
  Value v = Fresh("");
  if (v.object == nullptr) return v;
  // (p - y).T @ (p - y)
  if (IsOutput(left) && IsOutput(right) && left.object->form == "p-y" &&
      right.object->form == "p-y") {
    v.object->form = "square sum";
    v.object->layer = left.object->layer;
    v.object->activated = true;
    NoteForm("", left, right, v, place);
  }
  if (IsArray(left) && IsArray(right)) SetShape(v, {Size(left, 0), Size(right, 1)});
  // lr * x.T @ delta; a plain 2 within delta comes from the loss.
  AddFactors(left, v.object);
  AddFactors(right, v.object);
  v.object->difference = IsDifference(left) || IsDifference(right);
  const size_t of_left = IsArray(left) ? left.object->factors.size() : 0;
  std::vector<Value>& factors = v.object->factors;
  const auto inner = factors.begin() + static_cast<long>(std::min(of_left, factors.size()));
  const auto plain = [](const Value& f) { return f.name.empty() && !f.invented && !f.counts_rows; };
  factors.erase(std::remove_if(inner, factors.end(), plain), factors.end());
  return v;
}

Value ArrayRules::Activated(const std::string& activation, const Value& z, CellPlace place,
                            double slope) {
  if (IsArray(z) && z.object->neuron > 0 && !z.object->fired) return Fired(activation, z, place);
  if (!IsOutput(z)) return Derived(z);
  TracedLayer& layer = trace_->layers[static_cast<size_t>(z.object->layer)];
  if (layer.activation.empty() && !z.object->activated) {
    layer.activation = activation;
    layer.slope = slope;
    layer.activation_place = place;
  }
  Value v = Derived(z);
  if (v.object == nullptr) return v;
  v.object->layer = z.object->layer;
  v.object->activated = true;
  v.object->made = z.object->made;
  v.object->shape = z.object->shape;
  v.object->ranked = z.object->ranked;
  return v;
}

Value ArrayRules::Mapped(const std::string& function, const Value& array, CellPlace place) {
  if (!IsArray(array)) return Fresh(function);
  Value v = Combined(function, array, Value(), place);
  if (v.object == nullptr) return v;
  const Object& from = *array.object;
  if (function == "square" || function == "abs" || function == "norm") {
    NoteWeightSum(function == "abs" ? "absolute" : "square", array, place);
  }
  const bool moment = function == "mean" || function == "std" || function == "max" ||
                      function == "min" || function == "norm" || function == "ptp";
  if (moment && from.layer < 0) {
    v.object->form = function + " x";
    v.object->moment_of = array.object;
  }
  if (!IsOutput(array)) return v;
  if (function == "exp") {
    v.object->form = from.form == "-z" ? "exp(-z)" : "exp(z)";
  } else if (function == "sum" && from.form == "exp(z)") {
    v.object->form = "sum exp(z)";
  } else if (function == "log") {
    const bool inverse = from.form == "1-p" || from.form == "1-p+e";
    AddEvent(&trace_->losses,
             TracedLoss{inverse ? "log1m" : "log", from.layer, from.added, 0, place, from.made},
             trace_);
    v.object->form = "log";
  } else if (function == "square" && from.form == "p-y") {
    v.object->form = "square";
    NoteForm("", array, {}, v, place);
  } else if ((function == "sum" || function == "mean") &&
             (from.form.ends_with("square") || from.form == "log")) {
    v.object->form = from.form + " " + function;
    NoteForm("", array, {}, v, place);
  } else if (function == "mean" && from.form.ends_with("square sum")) {
    v.object->form = from.form.substr(0, from.form.size() - 3) + "rows";
    NoteForm("", array, {}, v, place);
  } else if (function == "keep" || function == "mean") {
    v.object->form = from.form;
    v.object->factors = from.factors;
    v.object->unread_factor = from.unread_factor;
  }
  return v;
}

}  // namespace nabla
