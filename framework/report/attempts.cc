#include "framework/report/attempts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "framework/report/report_parts.h"
#include "framework/spec/spec.h"

namespace nabla {

bool IsActivationThatDies(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "relu", "relu6", "hardtanh", "hardswish", "sigmoid", "tanh", "elu", "selu", "leaky_relu"};
  return std::ranges::find(kNames, name) != kNames.end();
}

const Node* Attempts::At(std::string_view path) const {
  const Node* node = &config_;
  while (node != nullptr && !path.empty()) {
    const std::string_view key = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), key.size() + 1));
    if (!node->IsList()) {
      node = node->Find(key);
      continue;
    }
    size_t index = 0;
    const auto [stop, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    const bool within = error == std::errc() && index < node->items.size();
    node = within ? &node->items[index] : nullptr;
  }
  return node;
}

std::optional<double> Attempts::NumberAt(std::string_view path) const {
  const Node* node = At(path);
  return node == nullptr ? std::nullopt : NumberOf(node->text);
}

bool Attempts::Is(std::string_view path, std::string_view value) const {
  const Node* node = At(path);
  return node != nullptr && node->IsScalar() && node->text == value;
}

std::string Attempts::NameAt(std::string_view path) const {
  const Node* node = At(path);
  return node == nullptr ? "" : PluginName(*node);
}

template <typename F>
std::string Attempts::FirstWeight(F holds) const {
  const Node* model = At("model");
  if (model == nullptr || !model->IsList()) return "";
  for (size_t i = 0; i < model->items.size(); ++i) {
    const Node* weight = model->items[i].IsMap() ? model->items[i].Find("weight") : nullptr;
    if (weight != nullptr && holds(*weight)) return fmt::format("model.{}.weight", i);
  }
  return "";
}

bool Attempts::HasPlainCrossEntropy() const {
  if (NameAt("loss") != "cross_entropy") return false;
  const Node* penalties = At("penalties");
  const Node* weights = At("class_weights");
  const Node* shown = At("shown_loss");
  return (penalties == nullptr || penalties->items.empty()) &&
         (weights == nullptr || weights->IsNull()) && (shown == nullptr || shown->IsNull()) &&
         (At("loss.reduction") == nullptr || Is("loss.reduction", "mean"));
}

bool Attempts::StopsEarly() const {
  const Node* stop = At("early_stop");
  return stop != nullptr && !stop->IsNull();
}

bool Attempts::HasBatchesOf(double rows) const {
  return NumberAt("train.batch_size").value_or(rows) >= rows;
}

double Attempts::ValidationFraction() const {
  return NumberAt("split.validation_fraction").value_or(0);
}

std::string Attempts::SmallerRate() const {
  const auto rate = NumberAt("optimizer.lr");
  return rate ? fmt::format("optimizer.lr={:.3g}", *rate / 10) : "";
}

std::string Attempts::LargerRate() const {
  const auto rate = NumberAt("optimizer.lr");
  return rate ? fmt::format("optimizer.lr={:.3g}", *rate * 10) : "";
}

bool Attempts::IsRaw() const {
  const Node* range = At("min_max");
  return Is("standardise", "false") && (range == nullptr || range->IsNull());
}

std::string Attempts::SmallerStart() const {
  constexpr double kLarge = 0.3;  // standard deviations that suit no more than ten inputs
  const auto large = [](const Node& weight) {
    const std::string name = PluginName(weight);
    if (name == "randn" || name == "uniform") return true;
    const Node* size = name == "normal"         ? weight.Find("std")
                       : name == "scaled_randn" ? weight.Find("scale")
                                                : nullptr;
    return size != nullptr && NumberOf(size->text).value_or(0) >= kLarge;
  };
  const std::string weight = FirstWeight(large);
  if (!weight.empty()) return weight + "=xavier_normal";
  if (IsRaw()) return "standardise=true";
  return At("model.0.weight") != nullptr ? "model.0.weight=xavier_normal" : SmallerRate();
}

std::string Attempts::AwayFromConstant() const {
  const std::string zeros = FirstWeight(
      [](const Node& w) { return PluginName(w) == "zeros" || PluginName(w) == "constant"; });
  const Node* model = At("model");
  if (!zeros.empty() && model->items.size() > 1) return zeros + "=xavier_normal";
  const bool unscaled = IsRaw() && NumberAt("dataset.scale").value_or(1) == 1;
  return unscaled ? "standardise=true" : SmallerRate();
}

std::string Attempts::LivingActivation(const std::string& layer, const std::string& name) const {
  const bool listed = layer.find('.') == std::string::npos;
  return listed && name.starts_with("relu") ? fmt::format("model.{}=leaky_relu", layer)
                                            : SmallerRate();
}

std::string Attempts::BalancedClasses() const {
  const Node* weights = At("class_weights");
  return weights == nullptr || weights->IsNull() ? "class_weights=balanced" : "";
}

std::string Attempts::Restraint() const {
  const auto decay = NumberAt("optimizer.weight_decay");
  if (!decay) return "";
  return fmt::format("optimizer.weight_decay={:.3g}", *decay == 0 ? 0.01 : 10 * *decay);
}

std::string Attempts::Epochs(int64_t epochs) const {
  return fmt::format("train.epochs={}", epochs);
}

std::string Attempts::MoreEpochs(size_t trained) const {
  return fmt::format("train.epochs={}", 2 * trained);
}

}  // namespace nabla
