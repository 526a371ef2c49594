// Data sets, and what libraries do to their rows: splits, scaling, preparation.
#include <algorithm>

#include "framework/python/library.h"

namespace nabla {
namespace {

using Kind = ValueKind;

bool Contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

// A data set that a path or a file's name speaks of.
struct NamedData {
  const char* part;
  const char* name;
  double inputs, classes;
};

constexpr NamedData kNamedData[] = {
    {"fashion", "fashion_mnist", 784, 10},
    {"kmnist", "kmnist", 784, 10},
    {"mnist", "mnist", 784, 10},
    {"digit-recognizer", "mnist", 784, 10},
    {"digit_recognizer", "mnist", 784, 10},
    {"t10k", "mnist", 784, 10},
    {"cifar10", "cifar10", 3072, 10},
    {"cifar-10", "cifar10", 3072, 10},
    {"load_digits", "digits8x8", 64, 10},
    {"load_iris", "iris", 4, 3},
    {"iris.csv", "iris", 4, 3},
    {"iris.data", "iris", 4, 3},
    {"load_wine", "wine", 13, 3},
    {"load_breast_cancer", "breast_cancer", 30, 2},
    {"load_diabetes", "diabetes", 10, 0},
    {"make_moons", "moons", 2, 2},
    {"make_circles", "circles", 2, 2},
    {"make_blobs", "blobs", 2, 0},
    {"load_planar_dataset", "planar_flower", 2, 2},
    {"spiral_data", "teaching_spirals", 2, 3},
};

const NamedData* NamedBy(const std::string& text) {
  const std::string lower = LowerCase(text);
  for (const NamedData& data : kNamedData) {
    if (Contains(lower, data.part)) return &data;
  }
  return nullptr;
}

const NamedData* Named(const std::string& name) {
  for (const NamedData& data : kNamedData) {
    if (name == data.name) return &data;
  }
  return nullptr;
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

// Rows of a data set; their sizes are known where the data set is.
Value Library::Rows(int dataset, bool test, bool labels) {
  Value v = rules_->Fresh("rows");
  if (v.object == nullptr) return v;
  v.object->data = {dataset, labels, false, false};
  const NamedData* named = Named(trace_->datasets[static_cast<size_t>(dataset)].name);
  if (labels || named == nullptr) return v;
  const bool pictures = named->inputs == 784;
  const double rows = pictures ? (test ? 10000 : 60000) : 0;
  const Value count = rows > 0 ? NumberValue(rows) : rules_->Invented();
  rules_->SetShape(v, {count, NumberValue(named->inputs)});
  return v;
}

// ((x_train, y_train), (x_test, y_test))
Value Library::Pairs(int dataset) {
  std::vector<Value> pairs;
  for (const bool test : {false, true}) {
    pairs.push_back(rules_->Sequence({Rows(dataset, test, false), Rows(dataset, test, true)}));
  }
  return rules_->Sequence(std::move(pairs));
}

Value Library::DataOf(const std::string& name, const std::string& detail, const Arguments& a,
                      bool guessed) {
  const int index = static_cast<int>(trace_->datasets.size());
  AddEvent(&trace_->datasets, TracedDataset{name, detail, a.keywords, a.place, guessed, 0}, trace_);
  for (size_t i = 0; i < a.list.size() && i < 8; ++i) {
    trace_->datasets.back().keywords.emplace("#" + std::to_string(i), a.list[i]);
  }
  return NumberValue(std::min(index, static_cast<int>(trace_->datasets.size()) - 1));
}

Value Library::Dataset(const std::string& path, const Arguments& a, bool* known) {
  const size_t dot = path.rfind('.');
  const std::string name = path.substr(dot == std::string::npos ? 0 : dot + 1);
  std::string file;
  for (const Value& v : a.list) {
    const bool address = v.Is(Kind::kLibrary) && Contains(v.text, "URLs.");
    if (v.Is(Kind::kString) || address) {
      file = v.text;
      break;
    }
  }
  const bool reads = name == "read_csv" || name == "loadtxt" || name == "genfromtxt" ||
                     name == "read_table" || name == "open" || name == "load" ||
                     name == "loadmat" || name == "read_excel";
  const bool loads = Contains(LowerCase(name), "load") || Contains(LowerCase(name), "mnist") ||
                     Contains(LowerCase(name), "cifar") || Contains(LowerCase(name), "fetch") ||
                     Contains(name, "dataset") || name.starts_with("make_") ||
                     Contains(path, "datasets.") || name == "spiral_data" ||
                     Contains(name, "get_data") || name == "read_data_sets" || name == "untar_data";
  const NamedData* data = loads ? NamedBy(path) : nullptr;
  if (data == nullptr && (loads || reads) && !file.empty()) data = NamedBy(file);
  const bool csv = reads && name != "open" && name != "load";
  if (data == nullptr && !csv) {
    *known = false;
    return {};
  }
  if (Contains(path, "transforms.") || Contains(path, "DataLoader")) {
    *known = false;
    return {};
  }
  const bool guessed = reads || !(Contains(path, "datasets.") || Contains(path, "sklearn") ||
                                  Contains(path, "keras"));
  const Value index = DataOf(data != nullptr ? data->name : "csv", file, a, guessed);
  if (trace_->datasets.empty()) return rules_->Fresh(path);
  const int dataset = static_cast<int>(index.number);
  if (name == "load_data" || name == "load_mnist") return Pairs(dataset);
  const Value train = a.At(1, "train");
  const bool test = Contains(LowerCase(file), "test") || Contains(LowerCase(file), "t10k") ||
                    (train.IsKnown() && train.number == 0 && !Contains(path, "sklearn"));
  const Value both = a.At(99, "return_X_y");
  const bool pair = name.starts_with("make_") || name == "spiral_data" ||
                    name == "load_planar_dataset" || (both.IsKnown() && both.number != 0);
  if (pair) return rules_->Sequence({Rows(dataset, test, false), Rows(dataset, test, true)});
  const Value rows = Rows(dataset, test, false);
  if (rows.object != nullptr) rows.object->data.frame = name.starts_with("read_");
  return rows;
}

// Two parts of each array, for training and for testing.
Value Library::SplitRows(const Arguments& a) {
  std::vector<Value> parts;
  for (const Value& v : a.list) {
    for (int i = 0; i < 2; ++i) {
      Value part = rules_->Derived(v);
      if (part.object == nullptr) continue;
      part.object->literal = false;
      if (v.Is(Kind::kArray) && v.object->ranked && v.object->shape.size() > 1) {
        rules_->SetShape(part, {rules_->Invented(), v.object->shape[1]});
      }
      parts.push_back(part);
    }
  }
  return rules_->Sequence(std::move(parts));
}

// Splits, and what prepares pictures and targets.
Value Library::Prepared(const std::string& path, const Arguments& a, bool* known) {
  const size_t dot = path.rfind('.');
  const std::string name = path.substr(dot == std::string::npos ? 0 : dot + 1);
  if (name == "train_test_split") return SplitRows(a);
  if (name == "Normalize" && Contains(path, "transforms")) {
    for (const bool mean : {true, false}) {
      Value v = a.At(mean ? 0 : 1, mean ? "mean" : "std");
      if (v.Is(Kind::kSequence) && !v.object->items.empty()) v = v.object->items[0];
      AddEvent(&trace_->scalings, TracedScaling{mean ? "subtract" : "divide", v, a.place, false, 0},
               trace_);
    }
    return rules_->Fresh(path);
  }
  if (name == "ToTensor") {
    AddEvent(&trace_->scalings, TracedScaling{"divide", NumberValue(255), a.place, false, 0},
             trace_);
    return rules_->Fresh(path);
  }
  if (name == "to_categorical" || name == "one_hot") {
    Value v = rules_->Derived(a.At(0, "y"));
    const Value classes = a.At(1, "num_classes");
    rules_->SetShape(v, {rules_->Invented(), classes.IsNumber() ? classes : rules_->Invented()});
    return v;
  }
  *known = false;
  return {};
}

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
