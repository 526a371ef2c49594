#include "framework/inference/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "framework/engine/penalties.h"
#include "framework/inference/output_kind.h"
#include "framework/training/experiment.h"
#include "framework/training/ids.h"
#include "framework/training/prepared_data.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
using Metrics = std::vector<std::shared_ptr<const Metric<T>>>;

template <typename T>
bool Fits(const Metric<T>& metric, const Shape& output, size_t classes) {
  try {
    metric.Check(output, classes);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

// The metric with its defaults; nothing where it cannot be made without parameters, needs
// probabilities that the outputs do not give, or looks for a class among as many as there are.
template <typename T>
std::shared_ptr<const Metric<T>> MadeByDefault(const std::string& name, OutputKind kind,
                                               bool single, size_t classes,
                                               const Registry& registry) {
  const auto make = [&](const Node& config) {
    Problems problems;
    return registry.Maker<T>()->Make(Metric<T>::kKind, config, problems);
  };
  MadePlugin made = make(Node::Scalar(name));
  const Node* most = made.config.Find("k");
  const bool counts = classes > 0 && most != nullptr && most->IsScalar();
  if (counts && std::strtoull(most->text.c_str(), nullptr, 10) >= classes) return nullptr;
  if (made.object != nullptr && made.config.Find("input") != nullptr) {
    // Of a single output for two classes the sigmoid is the probability; of an output for each
    // class the sigmoids are none that add up to 1.
    const bool separate = kind == OutputKind::kSeparateLogits && !single;
    if (!HasProbabilities(kind) || separate) return nullptr;
    Node config = Node::Map();
    config.Set("name", Node::Scalar(name));
    config.Set("input",
               Node::Scalar(kind == OutputKind::kProbabilities ? "probabilities" : "logits"));
    made = make(config);
  }
  return std::static_pointer_cast<const Metric<T>>(made.object);
}

// A metric that takes rows without classes is one of values: of classes it would measure how far
// the outputs are from 0 and 1.
template <typename T>
Metrics<T> MetricsFor(const Model<T>& model, const Registry& registry) {
  const Shape& output = model.network->output();
  const size_t classes = model.head.input.classes;
  const OutputKind kind = OutputKindOf(model.spec, classes);
  Metrics<T> metrics;
  std::set<std::string> listed;
  if (model.spec.metrics) {
    for (const auto& metric : *model.spec.metrics) {
      if (!Fits(*metric, output, classes)) continue;
      metrics.push_back(metric.object);
      listed.insert(PluginName(metric.config));
    }
  }
  // They compare each output with a target.
  if (classes == 0 && model.head.input.values != output.size()) return metrics;
  for (const std::string& name : registry.Names(Metric<T>::kKind)) {
    if (listed.contains(name) || model.head.input.meaning.labels) continue;
    const auto metric = MadeByDefault<T>(name, kind, output.size() == 1, classes, registry);
    if (metric == nullptr || !Fits(*metric, output, classes)) continue;
    if (classes > 0 && Fits(*metric, output, 0)) continue;
    // A metric between 0 and 1 counts labels, and numbers have none.
    if (classes == 0 && std::isfinite(metric->Range().second - metric->Range().first)) continue;
    metrics.push_back(metric);
  }
  return metrics;
}

// The rows and columns of a matrix, which name themselves.
std::string MatrixText(const NamedMatrix& matrix) {
  size_t width = 0;
  for (const std::string& name : matrix.row_names) width = std::max(width, name.size());
  std::vector<size_t> widths;
  std::string text = fmt::format("\n{}\n{:{}}", matrix.name, "", width);
  for (const std::string& name : matrix.column_names) {
    widths.push_back(std::max<size_t>(name.size(), 6));
    text += fmt::format("  {:>{}}", name, widths.back());
  }
  text += "\n";
  for (size_t r = 0; r < matrix.row_names.size(); ++r) {
    text += fmt::format("{:<{}}", matrix.row_names[r], width);
    for (size_t c = 0; c < widths.size(); ++c) {
      const double value = matrix.values[r * widths.size() + c];
      text += fmt::format(
          "  {:>{}}", fmt::format("{:.{}f}", value, value == std::floor(value) ? 0 : 4), widths[c]);
    }
    text += "\n";
  }
  return text;
}

Json MatrixJson(const NamedMatrix& matrix) {
  Json json = {{"rows", matrix.row_names}, {"columns", matrix.column_names}};
  const auto columns = static_cast<ptrdiff_t>(matrix.column_names.size());
  for (auto row = matrix.values.begin(); row != matrix.values.end(); row += columns) {
    json["values"].push_back(std::vector<double>(row, row + columns));
  }
  return json;
}

}  // namespace

template <typename T>
EvaluationResult EvaluateModel(const Model<T>& model, const Registry& registry,
                               const Samples& samples, Threads& threads) {
  CheckIds<T>(IdsOf(model.spec, *model.network), samples, "row");
  const FlushDenormals flush;  // as in training
  const Loss<T>& loss = model.spec.shown_loss ? **model.spec.shown_loss : *model.spec.loss;
  const auto& weights = model.spec.class_weights;
  EvaluationResult result =
      Evaluation<T>(*model.network, loss, MetricsFor(model, registry), samples, threads, nullptr,
                    ThresholdOf(model.spec), weights ? weights->list : std::vector<double>{})
          .Run();
  result.loss += Penalties<T>(*model.network, model.spec.penalties).Shown(true, samples.count);
  if (std::isfinite(result.loss)) return result;
  throw RunError(
      "the loss of these rows is not finite: the model's training diverged, or their "
      "values are far from those it was trained on");
}

std::string EvaluationText(const EvaluatedFile& file, const EvaluationResult& result) {
  size_t width = 4;
  for (const auto& [name, value] : result.metrics) width = std::max(width, name.size());
  std::string text = fmt::format("{} row{} of {}\n", file.rows, file.rows == 1 ? "" : "s",
                                 fmt::join(file.data, ", "));
  text += fmt::format("{:<{}}  {:.6g}\n", "loss", width, result.loss);
  for (const auto& [name, value] : result.metrics) {
    text += fmt::format("{:<{}}  {:.6g}\n", name, width, value);
  }
  for (const NamedMatrix& matrix : result.matrices) text += MatrixText(matrix);
  return text;
}

std::string EvaluationJson(const EvaluatedFile& file, const EvaluationResult& result) {
  Json json = {{"model", file.model},
               {"data", file.data.size() == 1 ? Json(file.data[0]) : Json(file.data)},
               {"rows", file.rows},
               {"loss", result.loss},
               {"metrics", Json::object()}};
  for (const auto& [name, value] : result.metrics) json["metrics"][name] = value;
  for (const NamedMatrix& matrix : result.matrices) {
    json["matrices"][matrix.name] = MatrixJson(matrix);
  }
  // Files may have names of any bytes.
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

template <typename T>
Samples EvaluationRows(const Model<T>& model, RawRows rows) {
  Samples samples = MakeSamples(model.head.input, std::move(rows));
  if (!model.head.input.meaning.inputs) return samples;
  samples = AimedAtInputs(model.spec.dtype, std::move(samples));
  // As in training, the metrics are in the units of the data set.
  samples.meaning = std::make_shared<const TargetMeaning>(model.head.input.meaning);
  return samples;
}

template <typename T>
std::string WeightColumn(const Model<T>& model) {
  const std::vector<std::string> columns = TextsIn(model.spec.dataset.config.Find("row_weight"));
  return columns.empty() ? "" : columns[0];
}

template <typename T>
ColumnChoice TargetColumns(const Model<T>& model) {
  const ModelInput& input = model.head.input;
  const Node& dataset = model.spec.dataset.config;
  std::vector<std::string> columns = TextsIn(dataset.Find("target"));
  const bool named = !columns.empty();
  if (!named) columns = TextsIn(dataset.Find("label_column"));
  const size_t wanted = input.classes > 0 ? 1 : input.values;
  if (columns.size() == wanted) return {columns, !named};
  columns.clear();
  for (size_t i = 0; i < wanted; ++i) columns.push_back(std::to_string(i));
  return {columns, true};
}

#define NABLA_INSTANTIATE(T)                                                                \
  template EvaluationResult EvaluateModel(const Model<T>&, const Registry&, const Samples&, \
                                          Threads&);                                        \
  template Samples EvaluationRows(const Model<T>&, RawRows);                                \
  template std::string WeightColumn(const Model<T>&);                                       \
  template ColumnChoice TargetColumns(const Model<T>&);
NABLA_INSTANTIATE(float)
NABLA_INSTANTIATE(double)
#undef NABLA_INSTANTIATE

}  // namespace nabla
