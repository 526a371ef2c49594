#include "framework/import/library_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/import/initializer_facts.h"
#include "framework/import/trace_search.h"
#include "framework/python/activation_names.h"

namespace nabla {
namespace {

// Classes of fully connected layers, in Keras and in packages of the notebook's author.
bool IsDense(const std::string& name) {
  static constexpr const char* kNames[] = {
      "dense",       "denselayer",     "layerdense",         "fclayer",
      "fc",          "linear",         "linearlayer",        "affine",
      "affinelayer", "fullyconnected", "fullyconnectedlayer"};
  std::string folded;
  for (const char c : LowerCase(name)) folded += c == '_' ? "" : std::string(1, c);
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](const char* each) { return folded == each; });
}

Value ArgumentOf(const TracedCall& call, const char* keyword, size_t position) {
  const auto found = call.keywords.find(keyword);
  if (found != call.keywords.end()) return found->second;
  return position < call.arguments.size() ? call.arguments[position] : Value();
}

// The activation that a text, a function or an object of one stands for.
std::string ActivationBy(const Value& v) {
  if (v.Is(ValueKind::kString) || v.Is(ValueKind::kLibrary)) return ActivationOf(LastPart(v.text));
  if (v.Is(ValueKind::kFunction)) return ActivationOf(v.object->name);
  return v.Is(ValueKind::kArray) ? ActivationOf(LastPart(v.object->made_by)) : "";
}

// Keras' uniform and normal first weights are of 0.05 where the program says no width; what the
// program says and nabla does not know is a question.
std::string KerasWeights(const TracedCall& call) {
  const Value given =
      ArgumentOf(call, call.keywords.contains("init") ? "init" : "kernel_initializer", 99);
  const bool made = given.Is(ValueKind::kArray);
  if (!made && !given.Is(ValueKind::kString)) return "xavier_uniform";
  const std::string name = made ? LastPart(given.object->made_by) : given.text;
  const std::string lower = LowerCase(name);
  const auto number = [&](const char* keyword, size_t position, double otherwise) {
    if (!made) return otherwise;
    const auto found = given.object->keywords.find(keyword);
    const auto& list = given.object->arguments;
    const Value v = found != given.object->keywords.end() ? found->second
                    : position < list.size()              ? list[position]
                                                          : NumberValue(otherwise);
    return v.IsKnown() ? v.number : std::nan("");
  };
  const auto text = [](double n) { return std::isnan(n) ? "\"?\"" : NumberText(n); };
  if (lower == "uniform" || lower == "random_uniform" || lower == "randomuniform") {
    return fmt::format("{{name: uniform, low: {}, high: {}}}", text(number("minval", 0, -0.05)),
                       text(number("maxval", 1, 0.05)));
  }
  if (lower == "normal" || lower == "random_normal" || lower == "randomnormal") {
    return fmt::format("{{name: normal, mean: {}, std: {}}}", text(number("mean", 0, 0)),
                       text(number("stddev", 1, 0.05)));
  }
  const std::string known = NamedInitializer(name);
  return known.empty() ? "\"?\"" : known;
}

// Of Affine(W, b): the size of the weights that the bias has too, else their last.
Value UnitsOfArrays(const TracedCall& call) {
  const auto sizes = [&](size_t i) {
    const bool array = i < call.arguments.size() && call.arguments[i].Is(ValueKind::kArray);
    return array && call.arguments[i].object->ranked ? call.arguments[i].object->shape
                                                     : std::vector<Value>();
  };
  const std::vector<Value> weights = sizes(0), bias = sizes(1);
  if (weights.size() != 2) return {};
  for (const Value& b : bias) {
    for (const Value& w : weights) {
      if (b.IsKnown() && w.IsKnown() && b.number == w.number && b.number > 1) return b;
    }
  }
  return weights[1];
}

// Dense(128, activation="relu") of Keras; Dense(784, 128) of others.
void AddDense(const TracedCall& call, CodeFacts* facts) {
  const bool keras = Contains(call.path, "keras") || Contains(call.path, "tensorflow");
  Value units = ArgumentOf(call, "units", 0);
  if (call.keywords.contains("output_dim")) units = call.keywords.at("output_dim");
  const Value second = ArgumentOf(call, "out_features", 1);
  if (!keras && second.IsNumber()) units = second;
  if (!units.IsNumber()) units = UnitsOfArrays(call);
  // tf.layers.dense(x, 100)
  if (!units.IsNumber() && second.IsNumber()) units = second;
  const std::string weight = KerasWeights(call);
  const std::string text = units.IsKnown() ? NumberText(units.number) : "\"?\"";
  Fact fact{fmt::format("{{name: linear, units: {}{}}}", text,
                        keras ? ", weight: " + weight + ", bias_init: zeros" : ""),
            call.place, !units.IsKnown() || !keras || Contains(weight, "?"),
            !units.IsKnown()        ? "units: the program computes them"
            : weight == "\"?\""     ? "weight: an initializer that nabla does not have"
            : Contains(weight, "?") ? "weight: not said in the notebook"
            : keras                 ? ""
                                    : "the weights' first values are not in the notebook"};
  facts->model.push_back({fact});
  for (const auto& [key, value] : call.keywords) {
    if (Contains(key, "activation"))
      return AddActivation(ActivationBy(value), 0, call.place, facts);
  }
  for (const Value& v : call.arguments) {
    if (v.IsNumber() || v.Is(ValueKind::kNone)) continue;
    const std::string activation = ActivationBy(v);
    if (!activation.empty()) return AddActivation(activation, 0, call.place, facts);
  }
}

// ReLU(), Activation("relu") and ActivationLayer(tanh, tanh_prime), but not relu(x).
std::string ActivationLayer(const TracedCall& call) {
  const std::string name = LastPart(call.path);
  if (name.starts_with("Activation") && name.size() <= 16) {
    return ActivationBy(ArgumentOf(call, "activation", 0));
  }
  const bool numbers = std::all_of(call.arguments.begin(), call.arguments.end(),
                                   [](const Value& v) { return v.IsNumber(); });
  const bool type = !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
  return numbers && type ? ActivationOf(name) : "";
}

// Layers in the order in which the program makes them.
bool ReadListed(const CodeTrace& trace, CodeFacts* facts) {
  const auto fit = std::find_if(trace.calls.begin(), trace.calls.end(), [](const TracedCall& call) {
    return call.path.ends_with(".compile") || call.path.ends_with(".fit");
  });
  for (auto call = trace.calls.begin(); call != fit; ++call) {
    const std::string name = LastPart(call->path);
    const CellPlace place = call->place;
    if (IsDense(name)) {
      AddDense(*call, facts);
      continue;
    }
    const Value rate = ArgumentOf(*call, "rate", 0);
    if (!facts->model.empty()) AddActivation(ActivationLayer(*call), 0, place, facts);
    const Fact drop = name == "Dropout" ? GivenNumber(rate, place, {}) : Fact{};
    if (drop.found() && !facts->model.empty()) {
      Fact fact = drop;
      fact.text = fmt::format("{{name: dropout, p: {}}}", drop.text);
      fact.place = place;
      facts->model.push_back({fact});
    } else if (name == "BatchNormalization") {
      facts->model.push_back({{"batch_norm", place}});
    } else if (name.starts_with("Conv") || name.starts_with("MaxPool") || name == "LSTM") {
      facts->inexpressible.push_back({name + " of Keras: write this layer by hand", place});
    }
  }
  return !facts->model.empty();
}

// Two classes are one logistic output there.
void AddPerceptronOutput(const TracedCall& call, const std::string& classes, CodeFacts* facts) {
  const bool classifier = call.path.ends_with("MLPClassifier");
  const bool one = !classifier || classes == "2";
  const std::string units = one ? "1" : classes.empty() ? "\"?\"" : classes;
  facts->model.push_back(
      {{fmt::format("{{name: linear, units: {}, weight: xavier_uniform}}", units), call.place,
        units == "\"?\"", units == "\"?\"" ? "units: the classes" : ""}});
  const char* loss = !classifier ? "half_mse" : one ? "bce_with_logits" : "cross_entropy";
  facts->loss = {loss, call.place, false, ""};
}

// scikit-learn's MLPClassifier(hidden_layer_sizes=(100,)).
bool ReadPerceptron(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    if (!call.path.ends_with("MLPClassifier") && !call.path.ends_with("MLPRegressor")) continue;
    const auto sizes = call.keywords.find("hidden_layer_sizes");
    std::vector<Value> hidden = {NumberValue(100)};
    if (sizes != call.keywords.end() && sizes->second.Is(ValueKind::kSequence)) {
      hidden = sizes->second.object->items;
    } else if (sizes != call.keywords.end() && sizes->second.IsKnown()) {
      hidden = {sizes->second};
    } else if (!call.arguments.empty() && call.arguments[0].Is(ValueKind::kSequence)) {
      hidden = call.arguments[0].object->items;
    }
    const auto named = call.keywords.find("activation");
    const std::string activation =
        named != call.keywords.end() ? ActivationOf(named->second.text) : "relu";
    for (const Value& units : hidden) {
      facts->model.push_back({{fmt::format("{{name: linear, units: {}, weight: xavier_uniform}}",
                                           NumberText(units.number)),
                               call.place}});
      AddActivation(activation, 0, call.place, facts);
    }
    AddPerceptronOutput(call, ClassesOf(trace), facts);
    return true;
  }
  return false;
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

// MLP(2, [16, 16, 1]) of a module that is not there, or of a class that was not understood.
bool ReadForeignNet(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool own = call.path.ends_with(kOwnClass);
    if (IsDense(name)) continue;
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
      // Without a number of inputs before it the list begins with that.
      if (i == 0) units.erase(units.begin());
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
  if (!read && ReadListed(trace, facts)) {
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
