#include "framework/training/layer_updates.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

namespace nabla {
namespace {

// The experiment's optimizer with another decay; `key` is where that is written.
template <typename T>
std::shared_ptr<const Optimizer<T>> WithDecay(const ExperimentSpec<T>& spec, double decay,
                                              const std::string& key, const Registry& registry) {
  Node config = spec.optimizer.config;
  if (config.Find("weight_decay") == nullptr) {
    throw InputError(fmt::format("{} is set, but the optimizer {} has no weight_decay", key,
                                 PluginName(config)));
  }
  config.Set("weight_decay", PrintDouble(decay));
  Problems problems;
  const MadePlugin made = registry.Maker<T>()->Make(Optimizer<T>::kKind, config, problems);
  problems.ThrowIfAny();
  auto optimizer = std::static_pointer_cast<const Optimizer<T>>(made.object);
  if (optimizer->States() == spec.optimizer->States()) return optimizer;
  throw InputError(key + ": the optimizer has other states with it");
}

// The parameters of model.<layer>, those inside a residual too.
template <typename T>
std::vector<size_t> TrainedIn(const Network<T>& network, int64_t layer) {
  std::vector<size_t> trained;
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    const Parameter<T>& parameter = network.parameters()[p];
    if (parameter.trained && std::stoll(parameter.name) == layer) trained.push_back(p);
  }
  return trained;
}

}  // namespace

template <typename T>
std::vector<ParameterUpdate<T>> MakeLayerUpdates(const ExperimentSpec<T>& spec,
                                                 const Registry& registry, Network<T>* network) {
  if (spec.layer_updates.empty()) return {};
  std::vector<ParameterUpdate<T>> updates(network->parameters().size());
  std::map<int64_t, size_t> listed;  // in which entry
  for (size_t i = 0; i < spec.layer_updates.size(); ++i) {
    const LayerUpdate& wish = spec.layer_updates[i];
    const std::string key = fmt::format("layer_updates.{}", i);
    ParameterUpdate<T> update{.lr_scale = wish.lr_scale};
    if (wish.weight_decay) {
      update.optimizer = WithDecay(spec, *wish.weight_decay, key + ".weight_decay", registry);
    }
    for (const int64_t layer : wish.layers) {
      const auto [before, is_new] = listed.try_emplace(layer, i);
      if (!is_new) {
        throw InputError(fmt::format("{}.layers has {}, which layer_updates.{} has already", key,
                                     layer, before->second));
      }
      const std::vector<size_t> trained = TrainedIn(*network, layer);
      if (trained.empty()) {
        throw InputError(fmt::format("{}.layers has {}, but model.{} has no parameters to train",
                                     key, layer, layer));
      }
      for (const size_t p : trained) {
        updates[p] = update;
        network->parameters()[p].frozen = wish.lr_scale == 0;
      }
    }
  }
  if (std::ranges::none_of(network->parameters(), &Parameter<T>::IsUpdated)) {
    throw InputError("layer_updates freezes all layers that have parameters: nothing to train");
  }
  return updates;
}

template <typename T>
std::string FrozenText(const Network<T>& network) {
  std::vector<std::string> layers;
  size_t numbers = 0;
  for (const Parameter<T>& p : network.parameters()) {
    if (!p.frozen) continue;
    numbers += p.value.view().rows * p.value.view().cols;
    const std::string layer = "model." + network.layers()[p.layer].path;
    if (layers.empty() || layers.back() != layer) layers.push_back(layer);
  }
  if (layers.empty()) return "";
  return fmt::format("frozen: {} ({} of {} parameters)", fmt::join(layers, ", "), numbers,
                     network.parameter_count());
}

#define NABLA_INSTANTIATE(T)                                                               \
  template std::vector<ParameterUpdate<T>> MakeLayerUpdates(const ExperimentSpec<T>&,      \
                                                            const Registry&, Network<T>*); \
  template std::string FrozenText(const Network<T>&);
NABLA_INSTANTIATE(float)
NABLA_INSTANTIATE(double)
#undef NABLA_INSTANTIATE

}  // namespace nabla
