#include "framework/facts/listed_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "framework/facts/initializer_facts.h"
#include "framework/facts/library_models.h"
#include "framework/facts/listed_pictures.h"
#include "framework/facts/trace_search.h"
#include "framework/python/activation_names.h"

namespace nabla {

bool IsDenseLayer(const std::string& name) {
  static constexpr const char* kNames[] = {
      "dense",       "denselayer",     "layerdense",         "fclayer",
      "fc",          "linear",         "linearlayer",        "affine",
      "affinelayer", "fullyconnected", "fullyconnectedlayer"};
  std::string folded;
  for (const char c : LowerCase(name)) folded += c == '_' ? "" : std::string(1, c);
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](const char* each) { return folded == each; });
}

namespace {

Value ArgumentOf(const TracedCall& call, const char* keyword, size_t position) {
  const auto found = call.keywords.find(keyword);
  if (found != call.keywords.end()) return found->second;
  return position < call.arguments.size() ? call.arguments[position] : Value();
}

bool IsKeras(const TracedCall& call) {
  return Contains(call.path, "keras") || Contains(call.path, "tensorflow");
}

// The activation that a text, a function or an object of one stands for.
std::string ActivationBy(const Value& v) {
  if (v.Is(ValueKind::kString) || v.Is(ValueKind::kLibrary)) return ActivationOf(LastPart(v.text));
  if (v.Is(ValueKind::kFunction)) return ActivationOf(v.object->name);
  return v.Is(ValueKind::kArray) ? ActivationOf(LastPart(v.object->made_by)) : "";
}

// The activation that the call of a layer names.
void AddActivationOf(const TracedCall& call, CodeFacts* facts) {
  for (const auto& [key, value] : call.keywords) {
    if (!Contains(key, "activation")) continue;
    const size_t before = facts->model.size();
    AddActivation(ActivationBy(value), 0, call.place, facts);
    if (facts->model.size() > before) AddDoubt(value.doubt, &facts->model.back().line);
    return;
  }
  for (const Value& v : call.arguments) {
    if (v.IsNumber() || v.Is(ValueKind::kNone)) continue;
    const std::string activation = ActivationBy(v);
    if (!activation.empty()) return AddActivation(activation, 0, call.place, facts);
  }
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

// kernel_regularizer=l2(0.01): nabla has penalties of all layers.
void DoubtPenalised(const TracedCall& call, Fact* fact) {
  for (const auto& [key, value] : call.keywords) {
    if (!key.ends_with("_regularizer") || value.Is(ValueKind::kNone)) continue;
    std::string how;
    if (value.Is(ValueKind::kString)) how = " " + value.text;
    if (value.Is(ValueKind::kArray)) {
      how = " " + LastPart(value.object->made_by);
      const auto& list = value.object->arguments;
      if (!list.empty() && list[0].IsKnown()) how += " of " + NumberText(list[0].number);
    }
    fact->Guess(key + how + ": see penalties");
  }
}

// Dense(128, activation="relu") of Keras; Dense(784, 128) of others.
void AddDense(const TracedCall& call, CodeFacts* facts) {
  const bool keras = IsKeras(call);
  Value units = ArgumentOf(call, "units", 0);
  for (const char* other : {"output_dim", "features"}) {
    if (call.keywords.contains(other)) units = call.keywords.at(other);
  }
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
  AddDoubt(units.doubt, &fact);
  DoubtPenalised(call, &fact);
  facts->model.push_back({fact});
  AddActivationOf(call, facts);
}

// Keras adds 0.001 to the variance, and keeps 0.99 of the running values.
Fact KerasBatchNorm(const TracedCall& call) {
  if (!IsKeras(call)) return {"batch_norm", call.place};
  const Fact eps = GivenNumber(call, {"epsilon"}, {"0.001", call.place, false, ""});
  const Value kept = ArgumentOf(call, "momentum", 99);
  Fact fact{"", call.place, eps.guessed, eps.why};
  std::string momentum = "0.01";
  if (kept.IsKnown()) {
    momentum = fmt::format("{:.6g}", 1 - kept.number);
  } else if (call.keywords.contains("momentum")) {
    momentum = "\"?\"";
    fact.guessed = true;
    fact.why = "momentum: the program computes it";
  }
  fact.text = fmt::format("{{name: batch_norm, eps: {}, momentum: {}}}", eps.text, momentum);
  return fact;
}

// ReLU(), Activation("relu") and ActivationLayer(tanh, tanh_prime), but not relu(x) unless it is
// flax's.
std::string ActivationLayer(const TracedCall& call) {
  const std::string name = LastPart(call.path);
  if (name.starts_with("Activation") && name.size() <= 16) {
    return ActivationBy(ArgumentOf(call, "activation", 0));
  }
  const bool numbers = std::all_of(call.arguments.begin(), call.arguments.end(),
                                   [](const Value& v) { return v.IsNumber(); });
  const bool type = !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
  const bool function = call.path.starts_with("flax.") || call.path.starts_with("jax.nn.");
  return (numbers && type) || function ? ActivationOf(name) : "";
}

using Calls = std::vector<const TracedCall*>;

bool IsOneOf(const std::string& name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return name == each; });
}

bool IsNetClass(const std::string& name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         (Contains(name, "Sequential") || Contains(name, "Net") || Contains(name, "NN") ||
          Contains(name, "MLP") || Contains(name, "Model"));
}

// How many layers a net is made of at once: Sequential([Dense(8), Dense(1)]); 0 if they come later.
size_t ListedIn(const TracedCall& call) {
  std::vector<Value> given = call.arguments;
  for (const auto& [key, value] : call.keywords) given.push_back(value);
  for (const Value& v : given) {
    if (v.Is(ValueKind::kSequence) && !v.object->items.empty() && !v.object->items[0].IsNumber()) {
      return v.object->items.size();
    }
  }
  return 0;
}

// A layer of Keras that is to be written by hand.
bool IsInexpressible(const std::string& name) {
  return (name.starts_with("Conv") && !IsPictureLayer(name)) || name.starts_with("SeparableConv") ||
         name.starts_with("MaxPooling1D") || name.starts_with("GlobalMax") ||
         name.starts_with("ZeroPadding") || name.starts_with("UpSampling") ||
         IsOneOf(name, {"LSTM", "GRU", "SimpleRNN", "Bidirectional", "Embedding", "Reshape",
                        "Permute", "RepeatVector", "LayerNormalization", "GaussianNoise",
                        "SpatialDropout2D", "MaxPooling3D", "MultiHeadAttention", "Rescaling",
                        "Normalization", "Lambda", "GaussianDropout", "AlphaDropout"});
}

// Where the outputs of several layers meet.
bool IsJoin(const TracedCall& call) {
  return IsKeras(call) && Contains(call.path, "layers.") &&
         IsOneOf(LastPart(call.path), {"Concatenate", "concatenate", "Add", "add", "Multiply",
                                       "multiply", "Average", "average", "Subtract", "Dot"});
}

bool IsLayer(const TracedCall& call) {
  const std::string name = LastPart(call.path);
  return IsDenseLayer(name) || !ActivationLayer(call).empty() || IsPictureLayer(name) ||
         IsOneOf(name, {"Dropout", "BatchNormalization", "Flatten", "InputLayer"}) ||
         IsInexpressible(name) || IsJoin(call);
}

bool HasDense(const Calls& net) {
  return std::any_of(net.begin(), net.end(),
                     [](const TracedCall* call) { return IsDenseLayer(LastPart(call->path)); });
}

// The training whose net is meant: the first one of the main training, else the first of all.
const TracedCall* FirstTraining(const CodeTrace& trace) {
  const TracedCall* first = nullptr;
  for (const TracedCall& call : trace.calls) {
    if (!call.path.ends_with(".compile") && !call.path.ends_with(".fit")) continue;
    if (trace.InMain(call.order)) return &call;
    if (first == nullptr) first = &call;
  }
  return trace.main_end > 0 ? nullptr : first;
}

// The calls that make the layers of the net that is trained, else of the last one made before.
Calls NetCalls(const CodeTrace& trace) {
  const TracedCall* training = FirstTraining(trace);
  Calls net, made, trained;
  bool closed = false;
  int maker = 0;  // the event of the call whose net the layers are
  const auto keep = [&] {
    if (!HasDense(net)) return;
    made = net;
    if (training != nullptr && maker > 0 && training->maker == maker) trained = net;
  };
  for (const TracedCall& call : trace.calls) {
    if (&call == training) break;
    const std::string name = LastPart(call.path);
    const bool begins = name == "Input" && closed;
    const bool pops = IsKeras(call) && call.path.ends_with("Sequential.pop");
    if (IsLayer(call)) {
      net.push_back(&call);
    } else if (pops && !net.empty()) {
      net.pop_back();
    } else if (name == "Model" && !call.path.ends_with(kOwnClass)) {
      maker = call.order;
      keep();
      closed = true;
    } else if (IsNetClass(name) || begins || IsOneOf(name, {"compile", "fit"})) {
      // Flatten() and the like of a list may not have been seen.
      const size_t listed = IsNetClass(name) ? std::min(ListedIn(call), net.size()) : 0;
      const auto own = net.end() - static_cast<long>(listed);
      const Calls list(own, net.end());
      net.erase(own, net.end());
      keep();
      net = list;
      if (IsNetClass(name)) maker = call.order;
      closed = false;
    }
  }
  keep();
  return trained.empty() ? made : trained;
}

}  // namespace

bool ReadListedLayers(const CodeTrace& trace, CodeFacts* facts) {
  bool pictures = false;
  for (const TracedCall* call : NetCalls(trace)) {
    const std::string name = LastPart(call->path);
    const CellPlace place = call->place;
    if (IsDenseLayer(name)) {
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
      facts->model.push_back({KerasBatchNorm(*call)});
    } else if (IsPictureLayer(name)) {
      facts->model.push_back({PictureLayer(*call, IsKeras(*call) ? KerasWeights(*call) : "")});
      AddActivationOf(*call, facts);
      pictures = true;
    } else if (name == "Flatten" && pictures) {
      facts->model.push_back({{"flatten", place}});
    } else if (IsInexpressible(name) || IsJoin(*call)) {
      facts->inexpressible.push_back({name + " of Keras: write this layer by hand", place});
    }
  }
  return !facts->model.empty();
}

}  // namespace nabla
