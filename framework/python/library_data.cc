#include <algorithm>

#include "framework/python/library.h"

namespace nabla {
namespace {

using Kind = ValueKind;

bool Contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

std::string Lower(const std::string& text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return lower;
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
  const std::string lower = Lower(text);
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
  const bool loads = Contains(Lower(name), "load") || Contains(Lower(name), "mnist") ||
                     Contains(Lower(name), "cifar") || Contains(Lower(name), "fetch") ||
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
  const bool test = Contains(Lower(file), "test") || Contains(Lower(file), "t10k") ||
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

}  // namespace nabla
