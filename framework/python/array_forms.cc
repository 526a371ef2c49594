// What became of arrays, as far as formulas tell: activations, scalings, losses and penalties.
#include <algorithm>
#include <cmath>

#include "framework/python/array_rules.h"

namespace nabla {
namespace {

using Kind = ValueKind;

// Small numbers that keep logarithms finite.
constexpr double kLargestEpsilon = 1e-3;
constexpr size_t kMostNeurons = 1000;

bool IsArray(const Value& v) { return v.Is(Kind::kArray) && v.object != nullptr; }
bool IsOutput(const Value& v) { return IsArray(v) && v.object->layer >= 0; }
bool IsFilled(const Value& v) { return IsArray(v) && !v.object->filling.how.empty(); }

// Rows of a data set: its inputs or its targets.
bool IsData(const Value& v) {
  return IsArray(v) && v.object->layer < 0 && v.object->data.dataset >= 0;
}
bool IsRows(const Value& v) { return IsData(v) && !v.object->data.labels; }

bool IsCount(const Value& v, const char* name) {
  const std::string path = v.Is(Kind::kLibrary) ? v.text : IsArray(v) ? v.object->made_by : "";
  return path.ends_with(name);
}

// Sums of logarithms, added to each other, or over a number of rows.
std::string SummedLogs(const std::string& op, const std::string& l, const std::string& r,
                       const Value& left, const Value& right) {
  const Value& by = l == "log sum" ? right : left;
  // Another such sum, a number, or a penalty.
  const bool penalty = IsArray(by) && by.object->layer < 0;
  if ((op == "+" || op == "-") && (l == r || by.IsNumber() || penalty)) return "log sum";
  if (op == "/" && IsCount(by, "size")) return "log mean";
  const bool sign = by.IsKnown() && std::abs(by.number) == 1;
  if (op == "*" && sign) return "log sum";
  return (op == "*" || op == "/") && (by.IsNumber() || IsArray(by)) ? "log rows" : "";
}

bool IsTwo(const Value& v) {
  return v.IsNumber() && (v.doubled || (v.IsKnown() && std::abs(v.number) == 2));
}

// A "square" or "square sum" times or over a number: half of it, or its mean over rows.
std::string Averaged(const std::string& op, const std::string& form, const Value& by) {
  const bool sum = form.ends_with("sum");
  const bool half = form.starts_with("half ");
  if (op == "/" && sum && IsCount(by, "size")) return form.substr(0, form.size() - 3) + "mean";
  if (!by.IsNumber() && !(IsArray(by) && op == "/")) return "";
  const double factor = op == "/" && by.IsKnown() ? 1 / by.number : by.number;
  const std::string halved = half ? form : "half " + form;
  if (by.IsKnown() && factor == 0.5 && !by.twice && by.name.empty()) return halved;
  if (!sum || (by.IsKnown() && factor == 1)) return form;
  const std::string& whole = by.twice ? halved : form;
  return whole.substr(0, whole.size() - 3) + "rows";
}

// Rows of data less or over their moments: "x-mean", "standard x", "ranged x", "x/max", ...
std::string ScaledForm(const std::string& op, const Value& left, const Value& right) {
  const std::string l = IsArray(left) ? left.object->form : "";
  const std::string r = IsArray(right) ? right.object->form : "";
  if (op == "-" && l == "max x" && r == "min x") return "ptp x";
  if (op == "-" && IsData(left) && r == "mean x") return "x-mean";
  if (op == "-" && IsData(left) && r == "min x") return "x-min";
  if (op == "/" && l == "x-mean" && r == "std x") return "standard x";
  if (op == "/" && l == "x-min" && r == "ptp x") return "ranged x";
  if (op == "/" && IsRows(left) && l.empty() && r == "max x") return "x/max";
  if (op == "/" && IsRows(left) && l.empty() && r == "norm x") return "x/norm";
  return op == "+" && l.ends_with(" x") && right.IsNumber() ? l : "";
}

// The scaling that such a form ends with; "" for others.
std::string ScalingBy(const std::string& form, const std::string& over) {
  static constexpr std::pair<const char*, const char*> kForms[] = {
      {"standard x", "standardise"}, {"ranged x", "minmax"}, {"x/max", "max"}, {"x/norm", "norm"}};
  for (const auto& [known, what] : kForms) {
    if (form != known) continue;
    const bool columns = over != "row" && over != "all";
    const bool feature = form.ends_with(" x");
    if (columns) return feature ? what : std::string("other each input over its largest value");
    return (over == "row" ? "row " : "whole ") + std::string(what);
  }
  return "";
}

}  // namespace

std::string ArrayRules::Form(const std::string& op, const Value& left, const Value& right) const {
  const std::string l = IsArray(left) ? left.object->form : "";
  const std::string r = IsArray(right) ? right.object->form : "";
  const bool one_left = left.IsKnown() && left.number == 1;
  const bool one_right = right.IsKnown() && right.number == 1;
  const bool minus =
      (left.IsKnown() && left.number == -1) || (right.IsKnown() && right.number == -1);
  if (op == "*" && minus && l.empty() && r.empty()) return "-z";
  if (op == "+" && ((one_left && r == "exp(-z)") || (one_right && l == "exp(-z)"))) {
    return "1+exp(-z)";
  }
  if (op == "+" && ((one_left && r == "exp(z)") || (one_right && l == "exp(z)"))) return "1+exp(z)";
  if (op == "/" && one_left && r == "1+exp(-z)") return "sigmoid";
  if (op == "/" && l == "exp(z)" && r == "1+exp(z)") return "sigmoid";
  if (op == "/" && l == "exp(z)" && r == "sum exp(z)") return "softmax";
  if (op == "/" && l == "exp(z)-exp(-z)") return "tanh";
  if (op == "-" && l == "exp(z)" && r == "exp(-z)") return "exp(z)-exp(-z)";
  if (op == "*" && (r == "z>0" || l == "z>0")) return "relu";
  if (IsOutput(left) && right.IsKnown() && right.number == 0) {
    if (op == ">" || op == ">=") return "z>0";
    if (op == "<" || op == "<=") return "z<=0";
  }
  if (op == "*" && (l == "t" || r == "t") && (left.IsKnown() || right.IsKnown())) return "k t";
  if (op == "+" && ((one_left && r == "k t") || (one_right && l == "k t"))) return "1+k t";
  const std::string scaled = ScaledForm(op, left, right);
  if (!scaled.empty()) return scaled;
  if (l.find("square") != std::string::npos && (op == "*" || op == "/"))
    return Averaged(op, l, right);
  if (r.find("square") != std::string::npos && op == "*") return Averaged(op, r, left);
  if (op == "+" && l == "1-p" && right.IsKnown() && std::abs(right.number) < kLargestEpsilon) {
    return "1-p+e";
  }
  if (l == "log" || r == "log") return op == "/" ? "" : "log";
  if (l == "log sum" || r == "log sum") return SummedLogs(op, l, r, left, right);
  if (op == "*" && ((l == "p-y" && IsTwo(right)) || (r == "p-y" && IsTwo(left)))) return "2(p-y)";
  if (op == "/" && (l == "p-y" || l == "2(p-y)")) return IsCount(right, "size") ? l + "/size" : l;
  if (op == "-" && IsOutput(left) && l.empty()) return right.IsNumber() ? "" : "p-y";
  if (op == "-" && IsOutput(right) && r.empty()) return one_left ? "1-p" : "p-y";
  if (op == "**" && l == "p-y" && right.IsNumber() && right.number == 2) return "square";
  if (op == "*" && l == "p-y" && r == "p-y") return "square";
  return "";
}

// Moments of rows of data, and what is computed with them.
void ArrayRules::NoteScalingForm(const std::string& op, const Value& left, const Value& right,
                                 const Value& result, CellPlace place) {
  Object& to = *result.object;
  const auto moment = [](const Value& v) { return IsArray(v) ? v.object->moment_of : nullptr; };
  if (to.form == "x-mean" || to.form == "x-min") to.moment_of = left.object;
  const std::string over = IsArray(right) ? right.object->over : "";
  if (to.form.ends_with(" x") && op != "/") {
    to.over = !over.empty() || !IsArray(left) ? over : left.object->over;
    to.moment_of = moment(left) != nullptr ? moment(left) : moment(right);
  }
  const Object* const rows = moment(left) != nullptr ? moment(left) : left.object;
  const bool targets = IsArray(left) && (left.object->data.labels || rows->data.labels);
  std::string scaling = op == "/" ? ScalingBy(to.form, targets ? "" : over) : "";
  if (scaling.empty()) return;
  if (targets) scaling.insert(0, "targets ");
  AddEvent(&trace_->scalings, TracedScaling{scaling, {}, place, rows == moment(right), 0}, trace_);
}

// Tells of what a form shows.
void ArrayRules::NoteForm(const std::string& op, const Value& left, const Value& right,
                          const Value& result, CellPlace place) {
  const std::string& form = result.object->form;
  const bool loss = form.find("square") != std::string::npos ||
                    form.find("p-y") != std::string::npos || form.starts_with("log ");
  if (loss) {
    AddEvent(&trace_->losses,
             TracedLoss{form, result.object->layer, 0, 0, place, result.object->made}, trace_);
  }
  NoteScalingForm(op, left, right, result, place);
  if (op == "/" && left.IsNumber() && IsArray(right) && right.object->form == "1+k t" &&
      !right.object->factors.empty()) {
    AddEvent(&trace_->decays, TracedDecay{right.object->factors.front(), place}, trace_);
    result.object->first = {};  // the schedule says how it changes
  }
}

// params[key] - lr * gradients[key], and p.data + -0.1 * p.grad.
void ArrayRules::NoteStep(const std::string& op, const Value& left, const Value& right,
                          CellPlace place) {
  const bool gradient = IsArray(right) && right.object->gradient;
  const bool data = (left.Is(Kind::kLibrary) && left.text.ends_with(".data")) ||
                    (gradient && !IsFilled(left) && !IsOutput(left));
  if (data && IsArray(right) && !right.object->factors.empty() && right.object->layer < 0) {
    AddEvent(&trace_->updates,
             TracedUpdate{.factors = right.object->factors, .place = place, .of_layer = true},
             trace_);
    return;
  }
  if (op == "+") return;
  const bool foreign =
      left.Is(Kind::kUnknown) || (IsArray(left) && !IsFilled(left) && left.object->layer < 0 &&
                                  left.object->data.dataset < 0 && !left.object->literal);
  if (!foreign || !IsArray(right) || right.object->layer >= 0) return;
  const auto& factors = right.object->factors;
  const bool named = std::any_of(factors.begin(), factors.end(),
                                 [](const Value& f) { return f.IsKnown() && !f.name.empty(); });
  if (named) AddEvent(&trace_->updates, TracedUpdate{.factors = factors, .place = place}, trace_);
}

// Rows of data: x / 255, (x - 0.5) / 0.5.
void ArrayRules::NoteScaled(const std::string& op, const Value& left, const Value& right,
                            CellPlace place) {
  const bool pixels = op == "/" && right.IsKnown() && right.number == 255;
  if (IsArray(left) && right.IsKnown() && !right.counts_rows && left.object->layer < 0 &&
      (left.object->data.dataset >= 0 || pixels) && !left.object->data.labels &&
      (op == "/" || op == "-" || op == "*")) {
    const char* what = op == "/" ? "divide" : op == "-" ? "subtract" : "multiply";
    AddEvent(&trace_->scalings, TracedScaling{what, right, place, false, 0}, trace_);
  }
}

// Noise on data, or a penalty on a gradient.
void ArrayRules::NoteAdded(const Value& left, const Value& right, CellPlace place, int loops) {
  const Object& added = *right.object;
  Object* const weight = added.scaled != nullptr ? added.scaled : right.object;
  if (IsLayer(weight)) {
    if (loops > 0 && left.object->layer < 0) {
      AddEvent(&trace_->penalties, TracedPenalty{weight, added.factors, place}, trace_);
    }
  } else if (left.object->layer < 0 && added.filling.how != "constant") {
    AddEvent(&trace_->noises, TracedNoise{left.object, added.filling, place, 0}, trace_);
  }
}

// Products of single weights, and their sums.
void ArrayRules::NoteTerms(const std::string& op, const Value& left, const Value& right,
                           Object* to) {
  if (op != "*" && op != "+") return;
  int inputs = 0, terms = 0;
  Object *weight = nullptr, *first = nullptr;
  for (const Value* part : {&left, &right}) {
    if (!IsArray(*part)) continue;
    const Object& o = *part->object;
    if (o.filling.how == "normal" && o.ranked && o.shape.empty()) {
      weight = part->object;
    } else if (o.fired) {
      inputs = std::max(inputs, o.neuron);
    } else if (o.neuron > 0) {
      terms = std::max(terms, o.neuron);
      if (first == nullptr) first = o.neuron_weight;
    }
  }
  if (op == "*" && weight != nullptr) {
    to->neuron = inputs + 1;
    to->neuron_weight = weight;
  } else if (op == "+" && terms > 0) {
    to->neuron = terms;
    to->neuron_weight = first;
  }
}

Value ArrayRules::Fired(const std::string& activation, const Value& z, CellPlace place) {
  Value v = Fresh("");
  if (v.object == nullptr) return v;
  v.object->neuron = z.object->neuron;
  v.object->fired = true;
  const bool known =
      std::any_of(trace_->neurons.begin(), trace_->neurons.end(),
                  [&](const TracedNeuron& n) { return n.weight == z.object->neuron_weight; });
  if (!known && trace_->neurons.size() < kMostNeurons) {
    AddEvent(&trace_->neurons,
             TracedNeuron{z.object->neuron, z.object->neuron_weight, activation, place}, trace_);
  }
  return v;
}

bool ArrayRules::IsLayer(const Object* weight) const {
  return std::any_of(trace_->layers.begin(), trace_->layers.end(),
                     [&](const TracedLayer& layer) { return layer.weight == weight; });
}

void ArrayRules::NoteWeightSum(const char* what, const Value& weight, CellPlace place) {
  if (!IsArray(weight)) return;
  Object* const base = weight.object->view_of != nullptr ? weight.object->view_of : weight.object;
  const bool foreign = base->filling.how.empty() && base->layer < 0 && IsWeightName(weight.name);
  if (IsLayer(base) || foreign || base->made_by == "parameter") {
    AddEvent(&trace_->weight_sums, TracedWeightSum{what, base, place}, trace_);
  }
}

}  // namespace nabla
