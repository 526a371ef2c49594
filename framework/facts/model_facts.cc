#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "framework/facts/facts.h"
#include "framework/facts/initializer_facts.h"
#include "framework/facts/library_losses.h"
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
  AddDoubt(layer.units.doubt, &fact);
  AddDoubt(layer.weight_filling.doubt, &fact);
  const std::string weight = WeightInitializer(trace, chain, i);
  if (Contains(weight, "\"?\"")) {
    fact.Guess("weight: not said in the notebook");
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
  facts->model.back().line.Guess("the data has " + classes + " classes: a layer may be missing");
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
  facts->model.front().line.Guess(
      fmt::format("the program makes {} layers of weights: some may be missing", made));
}

// How many layers of the net a module of torch has.
size_t WeightsIn(const Value& module, const std::set<const Object*>& net, int depth) {
  constexpr int kDeepest = 10;
  if (!module.Is(ValueKind::kArray) || depth > kDeepest) return 0;
  const std::string type = LastPart(module.object->made_by);
  if (type != "Sequential") return net.count(module.object);
  size_t all = 0;
  for (const Value& each : module.object->arguments) all += WeightsIn(each, net, depth + 1);
  return all;
}

// Weights that the program keeps as they are, gives no optimizer, or reads from a file.
void DoubtKept(const CodeTrace& trace, const std::vector<size_t>& chain, CodeFacts* facts) {
  if (facts->model.empty()) return;
  const auto doubt = [facts](const std::string& what, CellPlace place) {
    facts->model.front().line.Guess(what + ": " + place.ToString());
  };
  const auto frozen = std::find_if(trace.changes.begin(), trace.changes.end(),
                                   [](const TracedChange& each) { return each.name == kFrozen; });
  if (frozen != trace.changes.end()) {
    return doubt("some weights are kept as they are", frozen->place);
  }
  std::set<const Object*> net;
  for (const size_t i : chain) net.insert(trace.layers[i].weight);
  const TracedCall* fit = FindKerasFit(trace);
  const TracedLoop* loop = fit == nullptr ? EpochLoop(trace) : nullptr;
  const int training = fit != nullptr ? fit->order : loop != nullptr ? loop->order : 0;
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool loads = name == "load_weights" || name == "load_state_dict";
    if (loads && call.order < training) return doubt("its weights may be loaded", call.place);
    const Value given = call.arguments.empty() ? Value() : call.arguments[0];
    const bool part = Contains(call.path, "optim.") && given.Is(ValueKind::kArray) &&
                      given.object->keywords.contains("of");
    const size_t weights = part ? WeightsIn(given.object->keywords.at("of"), net, 0) : 0;
    if (weights > 0 && weights < chain.size()) {
      return doubt("an optimizer gets some of the weights alone", call.place);
    }
  }
}

// A tensor that several layers of Keras get.
void DoubtBranches(const CodeTrace& trace, CodeFacts* facts) {
  if (facts->model.empty()) return;
  std::set<const Object*> given;
  for (const TracedCall& call : trace.calls) {
    const bool layer = Contains(call.path, "keras") && Contains(call.path, "layers.") &&
                       call.path.ends_with(".__call__");
    if (!layer || call.arguments.empty() || !call.arguments[0].Is(ValueKind::kArray)) continue;
    if (given.insert(call.arguments[0].object).second) continue;
    facts->model.front().line.Guess("several layers get the same: " + call.place.ToString());
    return;
  }
}

// Layers that nabla lacks are listed behind the file.
void DoubtLacking(CodeFacts* facts) {
  const bool lacks =
      std::any_of(facts->inexpressible.begin(), facts->inexpressible.end(),
                  [](const Fact& fact) { return Contains(fact.text, "this layer by hand"); });
  if (!lacks || facts->model.empty()) return;
  facts->model.front().line.Guess("the net has layers that nabla lacks: see the end");
}

// A matrix of drawn numbers, as weights begin.
bool IsDrawnMatrix(const Object* array) {
  if (array == nullptr || !array->ranked || array->shape.size() != 2) return false;
  const bool vector = std::any_of(array->shape.begin(), array->shape.end(), [](const Value& axis) {
    return axis.IsKnown() && axis.number == 1;
  });
  return !vector && (array->filling.how == "normal" || array->filling.how == "uniform");
}

// Where other weights change too, a layer was not understood; a net of zeros may be none.
void DoubtOthers(const CodeTrace& trace, const std::vector<size_t>& chain, CodeFacts* facts) {
  if (chain.empty() || facts->model.empty()) return;
  const auto layer_has = [&](const Object* weight) {
    return std::any_of(trace.layers.begin(), trace.layers.end(),
                       [&](const TracedLayer& layer) { return layer.weight == weight; });
  };
  const bool others =
      std::any_of(trace.updates.begin(), trace.updates.end(), [&](const TracedUpdate& update) {
        const bool main = trace.main_end == 0 || trace.InMain(update.order);
        if (!main || !IsDrawnMatrix(update.weight)) return false;
        const Object* scaled = update.weight->scaled;  // 0.9 * W
        return !layer_has(update.weight) && (scaled == nullptr || !layer_has(scaled));
      });
  const bool zeros = std::all_of(chain.begin(), chain.end(), [&](size_t i) {
    const TracedLayer& layer = trace.layers[i];
    return !layer.updated && !layer.bias && layer.weight_filling.how == "constant";
  });
  if (!others && !zeros) return;
  const std::string what = zeros ? "these may be no weights" : "other weights change too";
  facts->model.front().line.Guess(what + ": layers may be missing");
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
  facts->model.front().line.Guess("the net of the last training that printed many steps");
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
  DoubtOthers(trace, chain, facts);
  DoubtOutputs(trace, chain, facts);
  DoubtSizes(trace, chain, facts);
  if (chain.empty()) ReadLibraryModel(trace, facts);
  if (!facts->loss.found())
    ReadTracedLoss(trace, chain.empty() ? -1 : static_cast<int>(chain.back()), facts);
  if (!facts->loss.found() || facts->loss.guessed) {
    if (!ReadLibraryLoss(trace, false, facts)) ReadLibraryLoss(trace, true, facts);
  }
  DoubtLacking(facts);
  DoubtKept(trace, chain, facts);
  DoubtBranches(trace, facts);
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
