// What libraries do to the scale of inputs and targets.
#include <algorithm>

#include "framework/python/library.h"

namespace nabla {
namespace {

using Kind = ValueKind;

bool Contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

bool IsLabels(const Value& x) {
  const bool noted = x.Is(Kind::kArray) && x.object->data.labels;
  return noted || x.name.starts_with("y") || x.name.starts_with("Y");
}

// What the scaler of a path does to each feature, or to each row.
std::string ScalerOf(const std::string& path) {
  static constexpr std::pair<const char*, const char*> kScalers[] = {
      {"MinMaxScaler", "minmax"},
      {"StandardScaler", "standardise"},
      {"MaxAbsScaler", "other MaxAbsScaler"},
      {"RobustScaler", "other RobustScaler"},
      {"PowerTransformer", "other PowerTransformer"},
      {"QuantileTransformer", "other QuantileTransformer"},
      {"PolynomialFeatures", "other PolynomialFeatures"},
      {"TruncatedSVD", "other TruncatedSVD"},
      {"PCA", "other PCA"}};
  if (Contains(path, "Normalizer")) return "row norm";
  for (const auto& [name, what] : kScalers) {
    if (Contains(path, std::string(name) + ".")) return what;
  }
  return "";
}

// norm="l2", max or l1 of normalize() and Normalizer.
std::string RowNorm(const Value& norm) {
  if (!norm.Is(Kind::kString) || norm.text == "l2") return "row norm";
  return norm.text == "max" ? "row max" : "other rows divided by their sum";
}

}  // namespace

void Library::NoteScaling(const std::string& what, const Value& x, const Value& value,
                          const Arguments& a, bool own, int fitted) {
  const std::string whole = IsLabels(x) ? "targets " + what : what;
  AddEvent(&trace_->scalings, TracedScaling{whole, value, a.place, own, 0}, trace_);
  if (fitted > 0) trace_->scalings.back().order = fitted;
}

// sklearn.preprocessing.normalize and keras.utils.normalize: of pictures, the latter takes columns.
std::string Library::Normalized(const std::string& path, const Arguments& a) {
  const Value x = a.At(0, "X");
  const bool keras = Contains(path, "keras");
  const Value axis = a.At(keras ? 1 : 99, "axis");
  if (!keras)
    return axis.IsKnown() && axis.number == 0 ? "other columns" : RowNorm(a.At(1, "norm"));
  const bool pictures = x.Is(Kind::kArray) && x.object->made_by == "rows" && !x.object->data.flat &&
                        x.object->ranked && x.object->shape.back().number >= 784;
  const bool rows = !axis.IsKnown() || axis.number == 1 || axis.number == -1;
  const Value order = a.At(2, "order");
  const bool two = !order.IsKnown() || order.number == 2;
  return pictures      ? "other the columns or lines of each picture, to the norm 1"
         : rows && two ? "row norm"
                       : "other keras.utils.normalize";
}

// Scalers of scikit-learn, and functions that scale at once.
Value Library::Scaled(const std::string& path, const Value& self, const Arguments& a, bool* known) {
  const size_t dot = path.rfind('.');
  const std::string name = path.substr(dot == std::string::npos ? 0 : dot + 1);
  const Value x = a.At(0, "X");
  if (path.ends_with("preprocessing.scale") || path.ends_with("minmax_scale")) {
    const Value axis = a.At(99, "axis");
    const bool row = axis.IsKnown() && axis.number == 1;
    const std::string what = name == "scale" ? "standardise" : "minmax";
    NoteScaling((row ? "row " : "") + what, x, a.At(1, "feature_range"), a, true);
    return rules_->Derived(x);
  }
  if (name == "normalize" && (Contains(path, "keras") || Contains(path, "preprocessing"))) {
    NoteScaling(Normalized(path, a), x, {}, a, true);
    return rules_->Derived(x, x.Is(Kind::kArray) ? x.object->made_by : "");
  }
  if (name == "per_image_standardization") {
    NoteScaling("row standardise", {}, {}, a, true);
    return rules_->Derived(x);
  }
  const bool fits = name == "fit", both = name == "fit_transform";
  const std::string what = ScalerOf(path);
  if ((!fits && !both && name != "transform") || (fits && what.empty())) {
    *known = false;
    return {};
  }
  Object* const scaler = self.object;
  if (fits) {
    ++trace_->order;
    if (scaler != nullptr) scaler->made = trace_->order;
    return scaler != nullptr ? ObjectValue(Kind::kArray, scaler) : rules_->Fresh(path);
  }
  if (!what.empty()) {
    Value range, norm;
    if (scaler != nullptr) {
      const auto field = [&](const char* key, size_t at) {
        const auto found = scaler->keywords.find(key);
        if (found != scaler->keywords.end()) return found->second;
        return at < scaler->arguments.size() ? scaler->arguments[at] : Value();
      };
      range = field("feature_range", 0);
      norm = field("norm", 0);
    }
    NoteScaling(what == "row norm" ? RowNorm(norm) : what, x, range, a, both,
                scaler == nullptr || both ? 0 : scaler->made);
  }
  Value v = rules_->Derived(x);
  if (v.object == nullptr || !x.Is(Kind::kArray)) return v;
  v.object->data.frame = false;
  const bool keeps = !Contains(path, "Encoder") && !Contains(path, "Binarizer") &&
                     !Contains(path, "PCA") && !Contains(path, "SVD");
  if (keeps) {
    v.object->shape = x.object->shape;
    v.object->ranked = x.object->ranked;
  }
  return v;
}

std::string Library::MomentOver(const Value& x, const Value& axis) {
  const bool frame = x.Is(Kind::kArray) && x.object->data.frame;
  if (axis.Is(Kind::kUnknown) && frame) return "columns";
  if (axis.Is(Kind::kUnknown) || axis.Is(Kind::kNone)) return "all";
  if (axis.Is(Kind::kSequence)) {
    const auto& axes = axis.object->items;
    const bool first = std::any_of(axes.begin(), axes.end(),
                                   [](const Value& v) { return v.IsKnown() && v.number == 0; });
    return first ? "all" : "row";
  }
  return axis.IsKnown() && axis.number != 0 ? "row" : "columns";
}

}  // namespace nabla
