#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include "framework/search/hypothesis_list.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

constexpr double kFactors[] = {2, 0.5, 10, 0.1, 5, 0.2, 100, 0.01, 4, 0.25, 3, 1.0 / 3};
constexpr double kFewFactors[] = {2, 0.5, 10, 0.1};

Node Made(const char* name, std::initializer_list<std::pair<const char*, double>> parameters) {
  Node made = Node::Map();
  made.Set("name", Node::Scalar(name));
  for (const auto& [key, value] : parameters) {
    made.Set(key, Node::Scalar(fmt::format("{:.6g}", value)));
  }
  return made;
}

// Initial values times `factor`; nothing where no parameter says so.
std::optional<Node> Times(const Node& initializer, double factor) {
  if (PluginName(initializer) == "randn") return Made("scaled_randn", {{"scale", factor}});
  Node changed = initializer;
  bool any = false;
  for (const char* key : {"gain", "scale", "std", "low", "high"}) {
    Node* number = changed.Find(key);
    if (number == nullptr) continue;
    number->text = fmt::format("{:.6g}", factor * NumberOf(*number));
    any = true;
  }
  return any ? std::optional(changed) : std::nullopt;
}

// Initial values that notebooks use, without those that have to be told more.
struct Initializers {
  std::vector<Node> all;
  size_t named = 0;  // the first ones, which need no number
  size_t usual = 0;  // these and the next ones
};

Initializers InitializersOf(const Registry& registry) {
  Initializers made;
  std::set<std::string> named;
  for (const char* name : {"randn", "xavier_normal", "xavier_uniform", "he_normal", "he_uniform",
                           "torch_linear", "kaiming_uniform", "zeros"}) {
    made.all.push_back(Node::Scalar(name));
    named.insert(name);
  }
  made.named = made.all.size();
  for (const double scale : {0.01, 0.1, 0.001, 0.05, 0.5}) {
    made.all.push_back(Made("scaled_randn", {{"scale", scale}}));
  }
  for (const double bound : {1.0, 0.5, 0.1, 0.05, 0.01}) {
    made.all.push_back(Made("uniform", {{"low", -bound}, {"high", bound}}));
  }
  made.all.push_back(Made("uniform", {{"low", 0}, {"high", 1}}));
  made.usual = made.all.size();
  for (const char* told : {"explicit", "constant", "scaled_randn", "uniform", "normal"}) {
    named.insert(told);
  }
  for (const std::string& name : registry.Names("initializer")) {
    if (!named.contains(name)) made.all.push_back(Node::Scalar(name));
  }
  return made;
}

// change(layer) gives the new value of `key`, or nothing.
using Change = std::function<std::optional<Node>(const Node& layer)>;

std::vector<Setting> InAll(const std::vector<LayerAt>& layers, const char* key,
                           const Change& change) {
  std::vector<Setting> settings;
  for (const auto& [path, layer] : layers) {
    if (auto value = change(*layer)) settings.push_back({path + "." + key, *std::move(value)});
  }
  return settings;
}

// First what has a name, then factors of what the file says, then other numbers.
void AddWeightsOf(const char* family, const std::string& what, const std::vector<LayerAt>& layers,
                  std::span<const double> factors, HypothesisList* list) {
  const Initializers others = InitializersOf(list->registry);
  const int least = list->rarity;
  const auto add = [&](size_t first, size_t end) {
    for (size_t i = first; i < end; ++i) {
      const Node& value = others.all[i];
      list->rarity = i < others.usual ? least : 1;
      list->Add(family, what + " " + InlineYaml(value),
                InAll(layers, "weight", [&](const Node&) { return value; }));
    }
    list->rarity = least;
  };
  add(0, others.named);
  for (const double factor : factors) {
    list->Add(family, fmt::format("{} x {:.4g}", what, factor),
              InAll(layers, "weight",
                    [factor](const Node& layer) { return Times(*layer.Find("weight"), factor); }));
  }
  add(others.named, others.all.size());
}

bool IsActivation(const Node& layer, const HypothesisList& list) {
  const std::vector<std::string> names = list.registry.Names("activation");
  return std::ranges::find(names, PluginName(layer)) != names.end();
}

// Those between layers with weights: the last layer's activation belongs to the loss.
std::vector<LayerAt> HiddenActivations(HypothesisList* list) {
  std::vector<LayerAt> layers = LayersOf(list->tree);
  if (!layers.empty()) layers.pop_back();
  std::erase_if(layers, [&](const LayerAt& at) { return !IsActivation(*at.node, *list); });
  return layers;
}

// The last layer with units gives the outputs.
std::vector<LayerAt> HiddenLayers(HypothesisList* list) {
  std::vector<LayerAt> layers = LayersWith(list->tree, "units");
  if (!layers.empty()) layers.pop_back();
  for (const LayerAt& layer : LayersWith(list->tree, "channels")) layers.push_back(layer);
  return layers;
}

const char* SizeKey(const LayerAt& layer) {
  return layer.node->Find("units") != nullptr ? "units" : "channels";
}

// Layers with nothing between them may have lost their activations.
void InsertActivations(HypothesisList* list) {
  const Node* model = list->tree.Find("model");
  if (model == nullptr || model->items.size() < 2) return;
  for (const char* name : {"relu", "sigmoid", "tanh"}) {
    Node layers = Node::List();
    for (const Node& layer : model->items) {
      if (!layers.items.empty()) layers.items.push_back(Node::Scalar(name));
      layers.items.push_back(layer);
    }
    list->Add("activation", fmt::format("{} between the layers", name), {{"model", layers}});
  }
}

bool IsTrue(const Node& layer, const std::string& key) {
  const Node* value = layer.Find(key);
  return value != nullptr && value->text == "true";
}

}  // namespace

void AddWeights(HypothesisList* list) {
  AddWeightsOf("weights", "weights", LayersWith(list->tree, "weight"), kFactors, list);
}

void AddActivations(HypothesisList* list) {
  const std::vector<LayerAt> hidden = HiddenActivations(list);
  std::vector<std::string> names = {"relu", "sigmoid", "tanh", "identity", "leaky_relu"};
  const size_t usual = names.size();
  for (const std::string& name : list->registry.Names("activation")) {
    if (name == "softmax" || name == "log_softmax") continue;  // of outputs
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    list->rarity = i < usual ? 0 : 1;
    std::vector<Setting> settings;
    for (const LayerAt& layer : hidden) settings.push_back({layer.path, Node::Scalar(name)});
    list->Add("activation", "activation " + name, std::move(settings));
  }
  list->rarity = 0;
  if (hidden.empty()) InsertActivations(list);
  const std::vector<LayerAt> layers = LayersOf(list->tree);
  if (layers.empty() || !IsActivation(*layers.back().node, *list)) return;
  for (const char* name : {"identity", "sigmoid", "softmax", "log_softmax", "tanh", "relu"}) {
    list->Add("activation", fmt::format("outputs through {}", name),
              {{layers.back().path, Node::Scalar(name)}});
  }
}

void AddUnits(HypothesisList* list) {
  const std::vector<LayerAt> hidden = HiddenLayers(list);
  constexpr double kLargest = 1 << 14;
  for (const double factor : {2.0, 0.5, 4.0, 0.25, 8.0, 0.125}) {
    list->rarity = factor > 4 || factor < 0.25 ? 1 : 0;
    std::vector<Setting> settings;
    for (const LayerAt& layer : hidden) {
      const char* key = SizeKey(layer);
      const double units = std::floor(factor * NumberOf(*layer.node->Find(key)));
      if (units < 1 || units > kLargest) continue;
      settings.push_back({layer.path + "." + key, Node::Scalar(fmt::format("{:.0f}", units))});
    }
    if (hidden.size() > 1) {
      list->Add("units", fmt::format("all hidden layers x {:g}", factor), std::move(settings));
    } else if (!settings.empty()) {
      list->Set("units", settings[0].path, settings[0].value);
      list->found.back().narrows = list->found.back().whole = true;
    }
  }
  list->rarity = 0;
}

void AddBiases(HypothesisList* list) {
  const std::vector<LayerAt> layers = LayersWith(list->tree, "bias");
  const bool any =
      std::ranges::any_of(layers, [](const LayerAt& at) { return IsTrue(*at.node, "bias"); });
  const auto all = [&](const char* key, const Node& value) {
    return InAll(layers, key, [&](const Node&) { return value; });
  };
  list->Add("bias", any ? "no bias" : "biases", all("bias", Node::Scalar(any ? "false" : "true")));
  std::vector<Node> values = {Node::Scalar("zeros"),
                              Node::Scalar("torch_linear"),
                              Node::Scalar("randn"),
                              Made("constant", {{"value", 1}}),
                              Made("scaled_randn", {{"scale", 0.01}}),
                              Made("constant", {{"value", 0.1}}),
                              Made("scaled_randn", {{"scale", 0.1}}),
                              Made("uniform", {{"low", -1}, {"high", 1}}),
                              Made("uniform", {{"low", 0}, {"high", 1}})};
  for (const Node& value : values) {
    std::vector<Setting> settings = all("bias_init", value);
    if (!any) std::ranges::move(all("bias", Node::Scalar("true")), std::back_inserter(settings));
    list->Add("bias", "biases " + InlineYaml(value), std::move(settings));
  }
  for (const char* key : {"bias_step_over_batch"}) {
    const std::vector<LayerAt> with = LayersWith(list->tree, key);
    list->Add("bias", fmt::format("the other {}", key), InAll(with, key, [key](const Node& layer) {
                return Node::Scalar(IsTrue(layer, key) ? "false" : "true");
              }));
  }
}

void AddSingleLayers(HypothesisList* list) {
  const std::vector<LayerAt> weighted = LayersWith(list->tree, "weight");
  constexpr size_t kMost = 4;  // deep nets have one habit for all layers
  if (weighted.size() > 1 && weighted.size() <= kMost) {
    for (const LayerAt& layer : weighted) {
      AddWeightsOf("layer", layer.path + " weights", {layer}, kFewFactors, list);
      if (layer.node->Find("bias") == nullptr) continue;
      list->Set("layer", layer.path + ".bias",
                Node::Scalar(IsTrue(*layer.node, "bias") ? "false" : "true"));
    }
  }
  const std::vector<LayerAt> activations = HiddenActivations(list);
  if (activations.size() > 1 && activations.size() <= kMost) {
    for (const LayerAt& layer : activations) {
      for (const char* name : {"relu", "sigmoid", "tanh", "identity"}) {
        list->Set("layer", layer.path, Node::Scalar(name));
      }
    }
  }
  const std::vector<LayerAt> hidden = HiddenLayers(list);
  for (const LayerAt& layer : hidden) {
    if (hidden.size() < 2 || hidden.size() > kMost) break;
    const char* key = SizeKey(layer);
    const double units = NumberOf(*layer.node->Find(key));
    const double sizes[] = {2 * units, std::floor(units / 2), 4 * units, std::floor(units / 4)};
    list->Numbers("layer", layer.path + "." + key, sizes, true, 1 << 14);
  }
}

}  // namespace nabla
