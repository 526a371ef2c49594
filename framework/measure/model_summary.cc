#include "framework/measure/model_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// The name of a layer, or of the activation that it applies.
std::string NameOf(const Node& layer) {
  const Node* function = layer.Find("function");
  return PluginName(function == nullptr ? layer : *function);
}

struct Columns {
  size_t layer = 5;
  size_t output = 6;
  bool fixed = false;  // whether there are numbers that are not trained
};

std::string Count(size_t count) { return count == 0 ? "" : std::to_string(count); }

std::string Line(const Columns& c, const std::string& layer, const std::string& output,
                 const std::string& parameters, const std::string& fixed,
                 const std::string& products) {
  std::string line =
      fmt::format("{:<{}}  {:<{}}  {:>12}", layer, c.layer, output, c.output, parameters);
  if (c.fixed) line += fmt::format("  {:>12}", fixed);
  line += fmt::format("  {:>14}", products);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Title(const LayerSummary& layer) {
  return layer.path + " " + layer.name + (layer.frozen ? " (frozen)" : "");
}

// Whether layer_updates freezes the layer at a path.
bool IsFrozen(const std::vector<LayerUpdate>& updates, const std::string& path) {
  const int64_t layer = std::stoll(path);
  return std::ranges::any_of(updates, [&](const LayerUpdate& update) {
    return update.lr_scale == 0 && std::ranges::count(update.layers, layer) > 0;
  });
}

// "; 100 of them are frozen".
std::string FrozenText(const std::vector<LayerSummary>& layers) {
  size_t frozen = 0;
  for (const LayerSummary& layer : layers) frozen += layer.frozen ? layer.parameters : 0;
  return frozen == 0 ? "" : fmt::format("; {} parameters are frozen", frozen);
}

Columns ColumnsOf(const ModelSummary& summary) {
  Columns columns{.output = std::max<size_t>(6, Shape{summary.input}.ToString().size())};
  for (const LayerSummary& layer : summary.layers) {
    columns.layer = std::max(columns.layer, Title(layer).size());
    columns.output = std::max(columns.output, Shape{layer.output}.ToString().size());
    columns.fixed = columns.fixed || layer.fixed > 0;
  }
  return columns;
}

// "372.2 KiB".
std::string Memory(size_t numbers, const std::string& dtype) {
  double size = static_cast<double>(numbers * (dtype == "float64" ? 8 : 4));
  const char* const units[] = {"bytes", "KiB", "MiB", "GiB"};
  size_t unit = 0;
  for (; size >= 1024 && unit < 3; ++unit) size /= 1024;
  return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, units[unit]);
}

}  // namespace

template <typename T>
std::string LayerName(const ExperimentSpec<T>& spec, const std::string& path) {
  std::istringstream parts(path);
  std::string part;
  std::getline(parts, part, '.');
  const Node* layer = &spec.model[std::stoul(part)].config;
  while (std::getline(parts, part, '.')) {
    const Node* list = layer->Find("layers");
    if (const Node* paths = layer->Find("paths"); paths != nullptr || part == "projection") {
      list = paths != nullptr ? &paths->items[std::stoul(part)] : layer->Find("projection");
      if (!std::getline(parts, part, '.')) return "branch";
    }
    layer = &list->items[std::stoul(part)];
  }
  return NameOf(*layer);
}

LayerSummary ModelSummary::Total() const {
  LayerSummary total{.path = "", .name = "total", .output = layers.back().output};
  for (const LayerSummary& layer : layers) {
    total.parameters += layer.parameters;
    total.fixed += layer.fixed;
    total.multiply_adds += layer.multiply_adds;
  }
  return total;
}

template <typename T>
ModelSummary SummariseModel(const ExperimentSpec<T>& spec, const Network<T>& network) {
  ModelSummary summary{.name = spec.name,
                       .dtype = sizeof(T) == 4 ? "float32" : "float64",
                       .input = network.layers().front().input.dims,
                       .layers = {}};
  for (size_t i = 0; i < network.layers().size(); ++i) {
    const NetworkLayer<T>& layer = network.layers()[i];
    LayerSummary& shown = summary.layers.emplace_back();
    shown.path = layer.path;
    shown.name = LayerName(spec, layer.path);
    shown.output = layer.output.dims;
    shown.multiply_adds = layer.multiply_adds;
    shown.frozen = layer.parameter_count > 0 && IsFrozen(spec.layer_updates, layer.path);
    for (size_t k = 0; k < layer.parameter_count; ++k) {
      const Parameter<T>& parameter = network.parameters()[layer.first_parameter + k];
      const auto value = parameter.value.view();
      (parameter.trained ? shown.parameters : shown.fixed) += value.rows * value.cols;
    }
  }
  return summary;
}

std::string SummaryTable(const ModelSummary& summary) {
  const Columns columns = ColumnsOf(summary);
  const auto row = [&](const std::string& name, const LayerSummary& layer) {
    return Line(columns, name, Shape{layer.output}.ToString(), Count(layer.parameters),
                Count(layer.fixed), Count(layer.multiply_adds));
  };
  std::string text =
      Line(columns, "layer", "output", "parameters", "not trained", "multiply-adds") +
      Line(columns, "input", Shape{summary.input}.ToString(), "", "", "");
  for (const LayerSummary& layer : summary.layers) text += row(Title(layer), layer);
  const LayerSummary total = summary.Total();
  return text + row(total.name, total) +
         fmt::format("{} of {}; multiply-adds of one row forward, in products with weights{}\n",
                     Memory(total.parameters + total.fixed, summary.dtype), summary.dtype,
                     FrozenText(summary.layers));
}

std::string SummaryJson(const ModelSummary& summary) {
  Json json = {{"name", summary.name},
               {"dtype", summary.dtype},
               {"input", summary.input},
               {"layers", Json::array()}};
  for (const LayerSummary& layer : summary.layers) {
    json["layers"].push_back(LayerJson<Json>(layer));
  }
  const LayerSummary total = summary.Total();
  json["parameters"] = total.parameters;
  json["fixed"] = total.fixed;
  json["multiply_adds"] = total.multiply_adds;
  return json.dump(2) + "\n";
}

#define NABLA_INSTANTIATE(T)                                                         \
  template ModelSummary SummariseModel(const ExperimentSpec<T>&, const Network<T>&); \
  template std::string LayerName(const ExperimentSpec<T>&, const std::string&);
NABLA_INSTANTIATE(float)
NABLA_INSTANTIATE(double)
#undef NABLA_INSTANTIATE

}  // namespace nabla
