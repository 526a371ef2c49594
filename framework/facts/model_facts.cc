#include <fmt/format.h>

#include <algorithm>

#include "framework/facts/facts.h"
#include "framework/facts/initializer_facts.h"
#include "framework/facts/library_models.h"
#include "framework/facts/listed_pictures.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

void AddLinear(const CodeTrace& trace, const std::vector<size_t>& chain, size_t i,
               CodeFacts* facts) {
  const TracedLayer& layer = trace.layers[i];
  Fact fact;
  fact.place = layer.place;
  std::string units = layer.units.IsKnown() ? NumberText(layer.units.number) : "";
  if (units.empty() && i == chain.back()) {
    units = ClassesOf(trace);
    const bool one = units == "2" && layer.activation == "sigmoid";
    if (units == "2" && !one) units.clear();  // one output or two
    if (one) {
      units = "1";
      fact.guessed = true;
      fact.why = "units: one sigmoid for two classes";
    } else if (!units.empty()) {
      fact.why = "units: as many as the data has classes";
    }
  }
  if (units.empty()) {
    units = "\"?\"";
    fact.guessed = true;
    fact.why = "units: the program computes them";
  }
  const std::string weight = WeightInitializer(trace, chain, i);
  if (Contains(weight, "\"?\"")) {
    fact.guessed = true;
    fact.why += (fact.why.empty() ? "" : "; ") + std::string("weight: not said in the notebook");
  }
  const std::string unread = weight == "torch_linear" ? UnreadInitializer(trace) : "";
  if (!unread.empty()) fact = {fact.text, fact.place, true, unread};
  const std::string bias = layer.bias ? BiasInitializer(layer.bias_filling) : "";
  fact.text = fmt::format("{{name: linear, units: {}", units);
  if (!layer.bias) fact.text += ", bias: false";
  if (!weight.empty() && weight != "torch_linear") fact.text += ", weight: " + weight;
  const bool usual = layer.library == "torch" && layer.bias_filling.how == "uniform";
  if (!bias.empty() && bias != "torch_linear" && !usual) {
    fact.text += ", bias_init: " + bias;
  }
  fact.text += "}";
  facts->model.push_back({fact});
}

TracedCall CallOf(const Object& module, const std::string& path, CellPlace place) {
  TracedCall call;
  call.path = path;
  call.arguments = module.arguments;
  call.keywords = module.keywords;
  call.place = place;
  return call;
}

// A convolution of torch.
void AddConvolution(const CodeTrace& trace, const std::vector<size_t>& chain, size_t i,
                    CodeFacts* facts) {
  const TracedLayer& layer = trace.layers[i];
  const std::string weight = WeightInitializer(trace, chain, i);
  const TracedCall call = CallOf(*layer.weight, layer.weight->made_by, layer.place);
  Fact fact = PictureLayer(call, weight == "torch_linear" ? "" : weight);
  if (layer.joined) {
    fact.guessed = true;
    fact.why = "its output is added to another one's: see residual";
  }
  facts->model.push_back({fact});
}

void AddBehind(const TracedLayer& layer, bool activated, CodeFacts* facts) {
  for (const TracedBehind& each : layer.behind) {
    if (each.activated != activated) continue;
    if (each.module != nullptr) {
      facts->model.push_back({PictureLayer(CallOf(*each.module, each.name, each.place), "")});
      continue;
    }
    if (each.name == "Dropout2d") {
      facts->inexpressible.push_back({"Dropout2d of torch: write this layer by hand", each.place});
      continue;
    }
    Fact fact = {each.name, each.place};
    const Fact p = each.name == "dropout" ? GivenNumber(each.p, each.place, {}) : Fact{};
    if (p.found()) {
      fact = p;
      fact.text = fmt::format("{{name: dropout, p: {}}}", p.text);
      fact.place = each.place;
    }
    facts->model.push_back({fact});
  }
}

// The loss of a library, by the name of a class, function or text.
std::string LibraryLoss(const std::string& name) {
  const std::pair<const char*, const char*> kNames[] = {
      {"BCEWithLogits", "bce_with_logits"},
      {"binary_cross_entropy_with_logits", "bce_with_logits"},
      {"sigmoid_cross_entropy_with_logits", "bce_with_logits"},
      {"BCELoss", "bce"},
      {"binary_cross", "bce"},
      {"BinaryCross", "bce"},
      {"CrossEntropyLoss", "cross_entropy"},
      {"categorical_crossentropy", "cross_entropy"},
      {"categorical_cross_entropy", "cross_entropy"},
      {"softmax_cross_entropy_with_logits", "cross_entropy"},
      {"CategoricalCrossentropy", "cross_entropy"},
      {"categoricalcrossentropy", "cross_entropy"},
      {"binarycrossentropy", "bce"},
      {"cross_entropy", "cross_entropy"},
      {"NLLLoss", "nll"},
      {"nll_loss", "nll"},
      {"MSELoss", "mse"},
      {"mse_loss", "mse"},
      {"mean_squared_error", "mse"},
      {"MeanSquaredError", "mse"},
      {"SmoothL1Loss", "smooth_l1"},
      {"smooth_l1_loss", "smooth_l1"},
      {"L1Loss", "l1"},
      {"l1_loss", "l1"},
      {"mean_absolute_error", "l1"},
      {"MeanAbsoluteError", "l1"},
      {"HuberLoss", "huber"},
      {"huber_loss", "huber"},
      {"KLDivLoss", "kl_div"},
      {"MultiMarginLoss", "multi_margin"}};
  for (const auto& [part, loss] : kNames) {
    if (Contains(name, part)) return loss;
  }
  return name == "mse" ? "mse" : name == "mae" ? "l1" : "";
}

// The loss that the name of a function speaks of, not of its derivative.
std::string LossOf(std::string_view name) {
  const std::string lower = LowerCase(std::string(name));
  for (const char* other : {"grad", "deriv", "prime", "back", "delta"}) {
    if (Contains(lower, other)) return "";
  }
  const std::string loss = LibraryLoss(lower);
  if (!loss.empty()) return loss;
  if (Contains(lower, "mse") || Contains(lower, "squared_error")) return "mse";
  if (Contains(lower, "quadratic")) return "half_mse";
  return Contains(lower, "crossentropy") ? "cross_entropy" : "";
}

// CrossEntropyLoss(reduction='sum', label_smoothing=0.1).
bool AddLibraryLoss(const TracedCall& call, const std::string& loss, CodeFacts* facts) {
  const Value reduction = KeywordArgument(call, {"reduction"});
  const Fact smoothing = GivenNumber(call, {"label_smoothing"}, {});
  const bool smooths = smoothing.found() && smoothing.text != "0" && loss == "cross_entropy";
  const bool sums = reduction.Is(ValueKind::kString) && reduction.text == "sum";
  std::string text = loss;
  if (sums || smooths) {
    text = fmt::format("{{name: {}{}{}}}", loss, sums ? ", reduction: sum" : "",
                       smooths ? ", label_smoothing: " + smoothing.text : "");
  }
  facts->loss = {text, call.place, smooths && smoothing.guessed,
                 smooths ? smoothing.why : std::string()};
  for (const char* other : {"weight", "pos_weight", "class_weight", "ignore_index"}) {
    const Value v = KeywordArgument(call, {other});
    if (v.Is(ValueKind::kUnknown) || v.Is(ValueKind::kNone)) continue;
    const bool by_class = std::string_view(other).ends_with("weight") && other[0] != 'p';
    facts->inexpressible.push_back(
        {std::string(other) + " of the loss" + (by_class ? ": write it as class_weights" : ""),
         call.place});
  }
  return true;
}

// Sums over rows mostly evaluate; `sums` takes them too.
bool ReadLibraryLoss(const CodeTrace& trace, bool sums, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    std::string loss;
    const Value reduction = KeywordArgument(call, {"reduction"});
    if (!sums && reduction.Is(ValueKind::kString) && reduction.text == "sum") continue;
    if (Contains(call.path, "torch") || Contains(call.path, "keras") ||
        Contains(call.path, "tensorflow")) {
      loss = LibraryLoss(LastPart(call.path));
      if (!loss.empty()) return AddLibraryLoss(call, loss, facts);
    }
    if (LastPart(call.path) == "compile") {
      Value given = KeywordArgument(call, {"loss"});
      if (given.Is(ValueKind::kUnknown) && call.arguments.size() > 1) given = call.arguments[1];
      loss =
          LibraryLoss(given.Is(ValueKind::kArray) ? LastPart(given.object->made_by) : given.text);
    }
    if (loss.empty()) continue;
    facts->loss = {loss, call.place, false, ""};
    return true;
  }
  return false;
}

// The loss that a call of another package gets: Model(..., loss=MSE()), net.use(mse, mse_prime).
Fact GivenLoss(const CodeTrace& trace) {
  const auto name = [](const Value& v) {
    if (v.Is(ValueKind::kLibrary) || v.Is(ValueKind::kString)) return LastPart(v.text);
    if (v.Is(ValueKind::kClass) || v.Is(ValueKind::kInstance)) return v.object->name;
    return v.Is(ValueKind::kArray) ? LastPart(v.object->made_by) : "";
  };
  for (const TracedCall& call : trace.calls) {
    const std::string type = LowerCase(LastPart(call.path));
    if (type == "softmaxwithloss" || type == "softmaxcrossentropy") {
      return {"cross_entropy", call.place, true, "by its name"};
    }
    std::vector<Value> given = {
        KeywordArgument(call, {"loss", "loss_func", "loss_function", "loss_fn", "criterion", "cost",
                               "cost_function", "cost_fn"})};
    for (const Value& v : call.arguments) {
      const bool object = v.Is(ValueKind::kClass) || v.Is(ValueKind::kInstance);
      if (v.Is(ValueKind::kLibrary) || object) given.push_back(v);
    }
    for (const Value& v : given) {
      const std::string loss = LossOf(name(v));
      if (!loss.empty()) return {loss, call.place, true, "by its name"};
    }
  }
  return {};
}

// The call in which a loss of torch gets the outputs of this layer; nullptr if there is none.
const TracedCall* LossCall(const CodeTrace& trace, int layer) {
  constexpr std::string_view kCall = ".__call__";
  for (const TracedCall* call : MainCallsFirst(trace)) {
    if (!Contains(call->path, "torch") || call->arguments.size() < 2) continue;
    std::string path = call->path;
    if (path.ends_with(kCall)) path.resize(path.size() - kCall.size());
    const Value& outputs = call->arguments[0];
    const bool of_layer = outputs.Is(ValueKind::kArray) && outputs.object->layer == layer;
    if (of_layer && !LibraryLoss(LastPart(path)).empty()) return call;
  }
  return nullptr;
}

// An autoencoder's targets are its inputs: what a loss of torch compares the outputs with are rows
// of data that are no labels, or Keras fits rows to themselves.
void ReadInputTargets(const CodeTrace& trace, const std::vector<size_t>& chain,
                      const TracedCall* called, CodeFacts* facts) {
  if (called == nullptr) {
    const TracedCall* fit = FindKerasFit(trace);
    const bool same = fit != nullptr && fit->arguments.size() > 1 &&
                      fit->arguments[0].Is(ValueKind::kArray) &&
                      fit->arguments[0].object == fit->arguments[1].object;
    if (same) facts->dataset_keys.push_back({"target", {"input", fit->place}});
    return;
  }
  const Value& targets = called->arguments[1];
  const TracedLayer &first = trace.layers[chain.front()], &last = trace.layers[chain.back()];
  const bool other_width =
      first.inputs.IsKnown() && last.units.IsKnown() && first.inputs.number != last.units.number;
  if (other_width || !targets.Is(ValueKind::kArray)) return;
  const DataNote& rows = targets.object->data;
  if (rows.dataset < 0 || rows.labels || targets.object->layer >= 0) return;
  facts->dataset_keys.push_back({"target", {"input", called->place}});
}

// Cross entropy has its softmax inside. `called` is the call of torch's loss, if there is one: it
// shows whether that gets the last activation or only what predicts has it.
void FitLastActivation(const TracedLayer* layer, const TracedCall* called, CodeFacts* facts) {
  if (facts->model.empty()) return;
  Fact& line = facts->model.back().line;
  const std::string last = line.text;
  if (layer != nullptr && called != nullptr && last == layer->activation) {
    if (!called->arguments[0].object->activated) {
      facts->model.pop_back();
      return;
    }
    if (last == "softmax" && Contains(facts->loss.text, "cross_entropy")) {
      line.why = "the loss has one of its own too";
      return;
    }
  }
  if (facts->loss.text.starts_with("cross_entropy") ||
      Contains(facts->loss.text, "cross_entropy")) {
    if (last == "softmax" || last == "log_softmax") facts->model.pop_back();
  } else if (facts->loss.text == "nll" && last == "log_softmax") {
    facts->model.pop_back();
    facts->loss.text = "cross_entropy";
    facts->loss.why = "log_softmax and nll";
  }
}

// A net of other outputs than the data has classes, and that is no autoencoder, may lack layers
// behind something that was not understood.
void DoubtOutputs(const CodeTrace& trace, const std::vector<size_t>& chain, CodeFacts* facts) {
  if (chain.empty()) return;
  const std::string classes = ClassesOf(trace);
  const TracedLayer &first = trace.layers[chain.front()], &last = trace.layers[chain.back()];
  if (classes.empty() || classes == "2") return;
  if (!last.units.IsKnown() || NumberText(last.units.number) == classes) return;
  if (first.inputs.IsKnown() && first.inputs.number == last.units.number) return;
  Fact& line = facts->model.back().line;
  line.guessed = true;
  line.why += (line.why.empty() ? "" : "; ") + ("the data has " + classes) +
              " classes: a layer may be missing";
}

// Layers of torch that are to be written by hand.
void NoteTorchLayers(const CodeTrace& trace, CodeFacts* facts) {
  static constexpr std::string_view kNames[] = {"Conv1d",
                                                "Conv3d",
                                                "ConvTranspose1d",
                                                "ConvTranspose2d",
                                                "MaxPool1d",
                                                "AvgPool1d",
                                                "LSTM",
                                                "GRU",
                                                "RNN",
                                                "Embedding",
                                                "LayerNorm",
                                                "GroupNorm",
                                                "Bilinear",
                                                "Upsample",
                                                "InstanceNorm2d",
                                                "MultiheadAttention",
                                                "PReLU",
                                                "RNNCell",
                                                "LSTMCell",
                                                "ZeroPad2d",
                                                "Transformer",
                                                "TransformerEncoder",
                                                "Unfold",
                                                "PixelShuffle",
                                                "BatchNorm3d"};
  std::vector<std::string> told;
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool known = std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
    if (!known || !call.path.ends_with("nn." + name)) continue;
    if (std::find(told.begin(), told.end(), name) != told.end()) continue;
    told.push_back(name);
    facts->inexpressible.push_back({name + " of torch: write this layer by hand", call.place});
  }
}

// Layers of torch that the program makes and that were not seen in its net.
void DoubtMissing(const CodeTrace& trace, const std::vector<size_t>& chain, CodeFacts* facts) {
  if (chain.empty() || trace.layers[chain.front()].library != "torch") return;
  size_t made = 0;
  for (const TracedCall& call : trace.calls) {
    for (const char* type : {"nn.Linear", "nn.LazyLinear", "nn.Conv2d"}) {
      made += call.path.ends_with(type) ? 1 : 0;
    }
  }
  // Nets that are made several times have several times as many.
  if (made <= chain.size() || made % chain.size() == 0) {
    if (chain.size() > 1 || made <= 1) return;
  }
  Fact& line = facts->model.front().line;
  line.guessed = true;
  line.why += (line.why.empty() ? "" : "; ") +
              fmt::format("the program makes {} layers of weights: some may be missing", made);
}

// Other trainings that printed figures may have had nets of other sizes.
void DoubtSizes(const CodeTrace& trace, const std::vector<size_t>& chain, CodeFacts* facts) {
  if (chain.empty() || trace.trainings < 2 || trace.main_end == 0) return;
  const TracedLayer& first = trace.layers[chain.front()];
  const bool others =
      std::any_of(trace.layers.begin(), trace.layers.end(), [&](const TracedLayer& layer) {
        const bool trained = layer.updated || !layer.library.empty();
        return layer.input < 0 && trained && layer.units.IsKnown() &&
               layer.units.number != first.units.number;
      });
  if (!others) return;
  Fact& line = facts->model.front().line;
  line.guessed = true;
  line.why += (line.why.empty() ? "" : "; ") +
              std::string("the net of the last training that printed many steps");
}

}  // namespace

void ReadModelFacts(const CodeTrace& trace, CodeFacts* facts) {
  const std::vector<size_t> chain = TrainedLayers(trace);
  for (const size_t i : chain) {
    const bool pictures = IsPictureLayer(LastPart(trace.layers[i].weight->made_by));
    (pictures ? AddConvolution : AddLinear)(trace, chain, i, facts);
    AddBehind(trace.layers[i], false, facts);
    AddActivation(trace.layers[i].activation, trace.layers[i].slope,
                  trace.layers[i].activation_place, facts);
    AddBehind(trace.layers[i], true, facts);
  }
  NoteTorchLayers(trace, facts);
  DoubtMissing(trace, chain, facts);
  DoubtOutputs(trace, chain, facts);
  DoubtSizes(trace, chain, facts);
  if (chain.empty()) ReadLibraryModel(trace, facts);
  if (!facts->loss.found())
    ReadTracedLoss(trace, chain.empty() ? -1 : static_cast<int>(chain.back()), facts);
  if (!facts->loss.found() || facts->loss.guessed) {
    if (!ReadLibraryLoss(trace, false, facts)) ReadLibraryLoss(trace, true, facts);
  }
  const bool by_layer = facts->loss.guessed && facts->loss.place.line == 0;
  if (!facts->loss.found()) facts->loss = NamedFunction(trace, LossOf);
  if (!facts->loss.found() || by_layer) {
    const Fact given = GivenLoss(trace);
    if (given.found()) facts->loss = given;
  }
  // A cross entropy of sigmoids takes each output by itself.
  const bool sigmoid = !facts->model.empty() && facts->model.back().line.text == "sigmoid";
  if (sigmoid && facts->loss.guessed && facts->loss.text == "cross_entropy") {
    facts->loss.text = "bce";
  }
  const TracedLayer* last = chain.empty() ? nullptr : &trace.layers[chain.back()];
  const TracedCall* called =
      last != nullptr ? LossCall(trace, static_cast<int>(chain.back())) : nullptr;
  FitLastActivation(last, called, facts);
  ReadInputTargets(trace, chain, called, facts);
}

}  // namespace nabla
