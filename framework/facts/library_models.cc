#include "framework/facts/library_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/facts/listed_layers.h"
#include "framework/facts/trace_search.h"
#include "framework/python/activation_names.h"

namespace nabla {
namespace {

// scikit-learn draws weights and biases of a layer alike, within sqrt(6 / (I + O)), or
// sqrt(2 / (I + O)) where the inner layers are logistic.
std::string PerceptronLayer(const TracedCall& call, const std::string& units) {
  const Value activation = KeywordArgument(call, {"activation"});
  const bool logistic = activation.Is(ValueKind::kString) && activation.text == "logistic";
  const std::string drawn =
      logistic ? fmt::format("{{name: xavier_uniform, gain: {}}}", 1 / std::sqrt(3.0))
               : "xavier_uniform";
  return fmt::format("{{name: linear, units: {}, weight: {}, bias_init: {}}}", units, drawn, drawn);
}

// Two classes are one logistic output there.
void AddPerceptronOutput(const CodeTrace& trace, const TracedCall& call, CodeFacts* facts) {
  const std::string classes = ClassesOf(trace);
  const bool classifier = call.path.ends_with("MLPClassifier");
  const bool one = !classifier || classes == "2";
  const std::string units = one ? "1" : classes.empty() ? "\"?\"" : classes;
  // How many targets a row of a file has is not in the code.
  const bool file = !classifier && std::any_of(trace.datasets.begin(), trace.datasets.end(),
                                               [](const auto& data) { return data.name == "csv"; });
  facts->model.push_back({{PerceptronLayer(call, units), call.place, units == "\"?\"" || file,
                           units == "\"?\"" ? "units: the classes"
                           : file           ? "units: the targets of a row"
                                            : ""}});
  const char* loss = !classifier ? "half_mse" : one ? "bce_with_logits" : "cross_entropy";
  facts->loss = {loss, call.place, false, ""};
}

// MLPClassifier(hidden_layer_sizes=(100,))
std::vector<Value> HiddenSizes(const TracedCall& call) {
  const auto sizes = call.keywords.find("hidden_layer_sizes");
  const Value given = sizes != call.keywords.end() ? sizes->second
                      : !call.arguments.empty()    ? call.arguments[0]
                                                   : NumberValue(100);
  if (given.Is(ValueKind::kSequence)) return given.object->items;
  return {given};
}

bool SameSizes(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Value& x, const Value& y) { return x.number == y.number; });
}

// scikit-learn's MLPClassifier(hidden_layer_sizes=(100,)).
bool ReadPerceptron(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* perceptron = FindPerceptron(trace);
  if (perceptron == nullptr) return false;
  const TracedCall& call = *perceptron;
  const std::vector<Value> hidden = HiddenSizes(call);
  const std::vector<const TracedCall*> others = OtherPerceptrons(trace, call);
  const bool other = std::any_of(others.begin(), others.end(), [&](const TracedCall* each) {
    return !SameSizes(HiddenSizes(*each), hidden);
  });
  const auto named = call.keywords.find("activation");
  const std::string activation =
      named != call.keywords.end() ? ActivationOf(named->second.text) : "relu";
  const bool tried = IsSearched(trace, "hidden_layer_sizes");
  const bool bent = IsSearched(trace, "activation");
  for (const Value& units : hidden) {
    const std::string size = units.IsKnown() ? NumberText(units.number) : "\"?\"";
    const char* why = tried             ? "several sizes are tried"
                      : other           ? "another net has other sizes"
                      : units.IsKnown() ? ""
                                        : "units: the program computes them";
    facts->model.push_back({{PerceptronLayer(call, size), call.place, why[0] != 0, why}});
    AddDoubt(units.doubt, &facts->model.back().line);
    AddActivation(activation, 0, call.place, facts);
    Fact& last = facts->model.back().line;
    if (bent) last = {last.text, last.place, true, "several are tried"};
    if (named != call.keywords.end()) AddDoubt(named->second.doubt, &last);
  }
  AddPerceptronOutput(trace, call, facts);
  return true;
}

bool IsSize(const Value& v) {
  return v.IsKnown() && v.number >= 1 && v.number == std::floor(v.number);
}

// The number of inputs, which comes first, may be one that the program computes.
bool AreSizes(const Value& v) {
  if (!v.Is(ValueKind::kSequence)) return false;
  const auto& items = v.object->items;
  return items.size() >= 2 && items.size() <= 50 && (items[0].invented || IsSize(items[0])) &&
         std::all_of(items.begin() + 1, items.end(), IsSize);
}

std::string HiddenActivation(std::string_view name) {
  const std::string activation = ActivationOf(name);
  return activation == "softmax" || activation == "log_softmax" ? "" : activation;
}

// The activation of hidden layers, where only its name can tell.
Fact GuessedActivation(const CodeTrace& trace, CellPlace place) {
  Fact fact = NamedFunction(trace, HiddenActivation);
  if (!fact.found()) return {"sigmoid", place, true, "or relu, tanh"};
  return fact;
}

void AddSizes(const CodeTrace& trace, const std::vector<Value>& units, CellPlace place,
              CodeFacts* facts) {
  for (size_t i = 0; i < units.size(); ++i) {
    facts->model.push_back(
        {{fmt::format("{{name: linear, units: {}}}", NumberText(units[i].number)), place, true,
          "from the list of sizes alone"}});
    if (i + 1 < units.size()) facts->model.push_back({GuessedActivation(trace, place)});
  }
}

// Sizes from a list such as layer_dims = [784, 128, 10], where no product was understood.
bool ReadSizes(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedSetting& s : trace.settings) {
    if (!s.value.Is(ValueKind::kSequence)) continue;
    const bool named = Contains(s.name, "layer") || Contains(s.name, "dims") ||
                       Contains(s.name, "sizes") || Contains(s.name, "arch") ||
                       Contains(s.name, "topology") || Contains(s.name, "neurons");
    if (!named || !AreSizes(s.value)) continue;
    std::vector<Value> units = s.value.object->items;
    units.erase(units.begin());
    AddSizes(trace, units, s.place, facts);
    return true;
  }
  return false;
}

// A class of a package that is no known library.
bool IsForeignType(const std::string& path) {
  const std::string name = LastPart(path), root = path.substr(0, path.find('.'));
  static constexpr const char* kLibraries[] = {
      "numpy",   "torch", "tensorflow", "tf",  "keras", "sklearn", "pandas",     "matplotlib",
      "seaborn", "scipy", "jax",        "PIL", "cv2",   "plotly",  "collections"};
  return root != path && name[0] >= 'A' && name[0] <= 'Z' &&
         std::none_of(std::begin(kLibraries), std::end(kLibraries),
                      [&](const char* library) { return root == library; });
}

// The inputs of a data set; 0 if they are not known.
double InputsOf(const CodeTrace& trace) {
  static constexpr std::pair<std::string_view, double> kInputs[] = {
      {"mnist", 784}, {"fashion_mnist", 784}, {"kmnist", 784},       {"cifar10", 3072},
      {"iris", 4},    {"wine", 13},           {"breast_cancer", 30}, {"digits8x8", 64}};
  for (const TracedDataset& data : trace.datasets) {
    for (const auto& [name, inputs] : kInputs) {
      if (data.name == name) return inputs;
    }
  }
  return 0;
}

// The size of the output of Net([100, 100]), whose list is of hidden layers alone: where the call
// names it, or where neither the inputs nor the classes of the data are in the list.
Value OutputsBehind(const CodeTrace& trace, const TracedCall& call,
                    const std::vector<Value>& listed) {
  for (const char* key : {"num_classes", "n_classes", "output_dim", "output_size", "out_dim"}) {
    const auto found = call.keywords.find(key);
    if (found != call.keywords.end() && IsSize(found->second)) return found->second;
  }
  const double inputs = InputsOf(trace), classes = std::strtod(ClassesOf(trace).c_str(), nullptr);
  const bool ends = classes == 2 || listed.back().number == classes;
  if (inputs == 0 || classes == 0 || ends || listed.front().number == inputs) return {};
  return NumberValue(classes);
}

// MLP(2, [16, 16, 1]) of a module that is not there, or of a class that was not understood.
bool ReadForeignNet(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall* each : MainCallsFirst(trace)) {
    const TracedCall& call = *each;
    const std::string name = LastPart(call.path);
    const bool own = call.path.ends_with(kOwnClass);
    if (IsDenseLayer(name)) continue;
    if (!(Contains(name, "MLP") || Contains(name, "Net") || Contains(name, "NN") ||
          (own && (Contains(name, "Model") || Contains(name, "Percept"))) ||
          (!own && IsForeignType(call.path)))) {
      continue;
    }
    // NeuralNetwork(784, 100, 10, 0.1)
    std::vector<Value> sizes;
    for (const Value& v : call.arguments) {
      if (!IsSize(v) && !(sizes.empty() && !v.IsKnown() && call.arguments.size() > 2)) break;
      sizes.push_back(v);
    }
    if (sizes.size() >= (sizes.empty() || sizes[0].IsKnown() ? 2 : 3)) {
      sizes.erase(sizes.begin());
      AddSizes(trace, sizes, call.place, facts);
      return true;
    }
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      if (!AreSizes(call.arguments[i])) continue;
      std::vector<Value> units = call.arguments[i].object->items;
      const Value outputs = i == 0 ? OutputsBehind(trace, call, units) : Value();
      if (outputs.IsKnown()) {
        units.push_back(outputs);
      } else if (i == 0) {
        // Without a number of inputs before it the list begins with that.
        units.erase(units.begin());
      }
      AddSizes(trace, units, call.place, facts);
      return true;
    }
  }
  return false;
}

constexpr std::string_view kHidden[] = {
    "n_h",          "hidden_size", "n_hidden",          "hidden",        "hidden_dim",   "nn_hdim",
    "hidden_units", "num_hidden",  "hidden_layer_size", "n_neurons",     "hidden_nodes", "hdim",
    "HIDDEN_SIZE",  "hiddenSize",  "n_hidden_units",    "hidden_neurons"};

constexpr std::string_view kOutputs[] = {
    "n_y",         "output_size", "n_outputs",   "n_output",     "num_outputs",
    "output_dim",  "n_classes",   "num_classes", "output_nodes", "nn_output_dim",
    "OUTPUT_SIZE", "outputSize",  "nb_classes",  "out_dim",      "output_neurons"};

// The size of the output by its name, else the number of classes.
std::string OutputsOf(const CodeTrace& trace) {
  for (const TracedSetting& s : trace.settings) {
    const bool named =
        std::find(std::begin(kOutputs), std::end(kOutputs), s.name) != std::end(kOutputs);
    if (named && IsSize(s.value)) return NumberText(s.value.number);
  }
  const std::string classes = ClassesOf(trace);
  return classes.empty() ? "\"?\"" : classes;
}

// Sizes by their names, likewise.
void ReadHidden(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedSetting& s : trace.settings) {
    const bool named =
        std::find(std::begin(kHidden), std::end(kHidden), s.name) != std::end(kHidden);
    if (!named || !s.value.IsKnown() || s.value.number < 1) continue;
    facts->model.push_back({{fmt::format("{{name: linear, units: {}}}", NumberText(s.value.number)),
                             s.place, true, "from the name of the size alone"}});
    facts->model.push_back({GuessedActivation(trace, s.place)});
    facts->model.push_back({{fmt::format("{{name: linear, units: {}}}", OutputsOf(trace)), s.place,
                             true, "the size of the output"}});
    return;
  }
}

// Neurons that are numbers, counted layer by layer.
bool ReadNeurons(const CodeTrace& trace, CodeFacts* facts) {
  for (int layer = 1; layer <= 20; ++layer) {
    const TracedNeuron* first = nullptr;
    int units = 0;
    for (const TracedNeuron& n : trace.neurons) {
      if (n.layer != layer) continue;
      if (first == nullptr) first = &n;
      ++units;
    }
    if (first == nullptr) break;
    facts->model.push_back(
        {{fmt::format("{{name: linear, units: {}, weight: randn, bias_init: randn}}", units),
          first->place, true, "neurons written one by one"}});
    AddActivation(first->activation, 0, first->place, facts);
  }
  return !facts->model.empty();
}

}  // namespace

std::string ClassesOf(const CodeTrace& trace) {
  for (const TracedDataset& data : trace.datasets) {
    for (const char* ten : {"mnist", "fashion_mnist", "kmnist", "cifar10", "digits8x8"}) {
      if (data.name == ten) return "10";
    }
    for (const char* two : {"breast_cancer", "moons", "circles", "planar_flower"}) {
      if (data.name == two) return "2";
    }
    if (data.name == "iris" || data.name == "wine" || data.name == "teaching_spirals") return "3";
  }
  return "";
}

void AddActivation(const std::string& name, double slope, CellPlace place, CodeFacts* facts) {
  if (name.empty()) return;
  const bool leaky = name == "leaky_relu" && slope != 0 && slope != 0.01;
  facts->model.push_back(
      {{leaky ? fmt::format("{{name: leaky_relu, negative_slope: {}}}", NumberText(std::abs(slope)))
              : name,
        place}});
}

void ReadLibraryModel(const CodeTrace& trace, CodeFacts* facts) {
  bool read = ReadNeurons(trace, facts);
  if (!read && ReadListedLayers(trace, facts)) {
    // A layer that is shown alone, before a net of more.
    CodeFacts net;
    const bool guessed = facts->model.size() < 3 && facts->model[0].line.guessed;
    if (guessed && (ReadSizes(trace, &net) || ReadForeignNet(trace, &net)) &&
        net.model.size() > facts->model.size()) {
      facts->model = net.model;
    }
    read = true;
  }
  read = read || ReadPerceptron(trace, facts) || ReadSizes(trace, facts) ||
         ReadForeignNet(trace, facts);
  if (!read) ReadHidden(trace, facts);
}

}  // namespace nabla
