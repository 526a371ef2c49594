#include "framework/training/task_defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "framework/base/error.h"
#include "framework/engine/rows.h"
#include "framework/spec/metric_results.h"

namespace nabla {
namespace {

bool SaysLogProbabilities(const Node& loss) {
  const Node* input = loss.Find("input");
  return input != nullptr && input->text == "log_probabilities";
}

// What follows from data and model.
struct TaskFacts {
  size_t classes = 0;
  size_t values = 0;
  bool labels = false;
  bool inputs = false;
  Shape output;      // without dimensions if the layers do not fit
  std::string last;  // what makes the outputs
};

template <typename T>
TaskFacts FactsOf(const Samples& rows, const ExperimentSpec<T>& spec) {
  TaskFacts task{.classes = rows.classes,
                 .values = rows.values_per_row,
                 .labels = rows.meaning != nullptr && rows.meaning->labels,
                 .inputs = rows.meaning != nullptr && rows.meaning->inputs,
                 .output = rows.shape,
                 .last = LastFunction(spec.model.back().config)};
  try {
    for (const auto& layer : spec.model) task.output = layer->Output(task.output);
  } catch (const InputError&) {
    task.output = {};  // Network says it with the layer's place
  }
  return task;
}

Node LossOf(const TaskFacts& task) {
  const bool labels = task.labels || IsBinary(task.output, task.classes);
  if (labels) return Node::Scalar(task.last == "sigmoid" ? "bce" : "bce_with_logits");
  if (task.classes == 0) return Node::Scalar("mse");
  if (task.last == "softmax") return Node::Scalar("nll");
  if (task.last != "log_softmax") return Node::Scalar("cross_entropy");
  Node nll = Node::Map();
  nll.Set("name", Node::Scalar("nll"));
  nll.Set("input", Node::Scalar("log_probabilities"));
  return nll;
}

std::span<const char* const> MetricsOf(const TaskFacts& task) {
  if (task.labels) return kLabelMetrics;
  // A loss of the user's may want more outputs than there are numbers to compare them with.
  const bool numbers = task.classes == 0 && task.output.size() == task.values;
  if (numbers && !task.inputs) return kRegressionMetrics;
  return {};
}

template <typename I, typename T>
Plug<I> Made(const Node& config, const Registry& registry) {
  Plug<I> plug;
  Problems problems;
  FieldType<Plug<I>>::Parse(config, {}, {problems, registry.Maker<T>().get()}, &plug);
  problems.ThrowIfAny();
  return plug;
}

void Balance(const Samples& rows, ClassWeights* weights) {
  std::vector<double> counts(rows.classes);
  for (const int32_t label : rows.labels) ++counts[static_cast<size_t>(label)];
  for (size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) {
      throw InputError(fmt::format("class_weights is balanced, but no training row is of class {}",
                                   rows.ClassName(c)));
    }
    weights->list.push_back(static_cast<double>(rows.count) /
                            (static_cast<double>(rows.classes) * counts[c]));
  }
}

// A target value that is not what it must be.
struct OddTarget {
  std::string row;  // "training row 3"
  double value = 0;
};

// The first target value, in the units of the data set, that is not `good`.
template <typename F>
std::optional<OddTarget> FindOddTarget(const DataSplits& data, const F& good) {
  const std::pair<const Samples*, const char*> splits[] = {
      {&data.train, "training"}, {&data.validation, "validation"}, {&data.test, "test"}};
  for (const auto& [samples, name] : splits) {
    const TargetMeaning* meaning = samples->meaning.get();
    const size_t width = samples->values_per_row;
    for (size_t i = 0; i < samples->values.size(); ++i) {
      const double stored = samples->values[i];
      const double raw = meaning == nullptr ? stored : meaning->Raw(i % width, stored);
      if (!good(stored, raw)) return OddTarget{fmt::format("{} row {}", name, i / width), raw};
    }
  }
  return std::nullopt;
}

bool AreNumbers(const Samples& rows) { return rows.classes == 0 && rows.values_per_row > 0; }

// What to do about a single column of whole numbers.
std::string ClassHint(const Samples& rows, double found) {
  const bool whole = rows.values_per_row == 1 && found == std::floor(found) && found >= 0;
  return whole ? "; if they are classes, they must be read as classes: `task: classification`" : "";
}

template <typename T>
void CheckLossTargets(const Plug<Loss<T>>& loss, const DataSplits& data) {
  if (loss->Domain() == LossDomain::kAny) return;
  const auto odd =
      FindOddTarget(data, [](double stored, double) { return stored >= 0 && stored <= 1; });
  if (!odd) return;
  const bool standardised = data.train.meaning != nullptr && !data.train.meaning->mean.empty();
  throw InputError({Problem{
      loss.config.place,
      fmt::format("{} takes targets from 0 to 1, but {} has {}{}: of numbers, take mse, l1 or "
                  "huber{}",
                  PluginName(loss.config), odd->row, odd->value,
                  standardised ? ", which is standardised" : "",
                  ClassHint(data.train, odd->value))}});
}

// A metric of probabilities takes logits unless it is told otherwise: those of a softmax or a
// sigmoid would go through another one.
template <typename T>
void TellOutputs(const ExperimentSpec<T>& spec, const TaskFacts& task, const Registry& registry,
                 Plug<Metric<T>>* metric) {
  const Node* input = metric->config.Find("input");
  if (input == nullptr) return;
  const OutputKind kind = OutputKindOf(spec, task.classes);
  const bool squashed = task.last == "softmax" || task.last == "sigmoid";
  const bool logits = kind == OutputKind::kLogits || kind == OutputKind::kSeparateLogits;
  if (input->text == "probabilities" && logits && !squashed) {
    throw InputError({Problem{
        metric->config.place,
        fmt::format("{} would take logits for probabilities: {} reads logits; leave `input` out",
                    PluginName(metric->config), PluginName(spec.loss.config))}});
  }
  const bool probabilities =
      kind == OutputKind::kProbabilities || (kind == OutputKind::kScores && squashed);
  if (input->text != "logits" || !probabilities) return;
  Node config = metric->config;
  config.Set("input", Node::Scalar("probabilities"));
  *metric = Made<Metric<T>, T>(config, registry);
}

}  // namespace

std::string LastFunction(const Node& layer) {
  const Node* function = layer.Find("function");
  return PluginName(function == nullptr ? layer : *function);
}

template <typename T>
OutputKind OutputKindOf(const ExperimentSpec<T>& spec, size_t classes) {
  if (classes == 0) return OutputKind::kNumbers;
  const std::string loss = PluginName(spec.loss.config);
  if (loss == "cross_entropy") return OutputKind::kLogits;
  if (loss == "bce_with_logits") return OutputKind::kSeparateLogits;
  if (loss == "bce") return OutputKind::kProbabilities;
  if (loss == "nll") {
    return SaysLogProbabilities(spec.loss.config) ? OutputKind::kLogProbabilities
                                                  : OutputKind::kProbabilities;
  }
  const std::string last = LastFunction(spec.model.back().config);
  if (last == "softmax") return OutputKind::kProbabilities;
  if (last == "log_softmax") return OutputKind::kLogProbabilities;
  return OutputKind::kScores;
}

template OutputKind OutputKindOf(const ExperimentSpec<float>&, size_t);
template OutputKind OutputKindOf(const ExperimentSpec<double>&, size_t);

template <typename T>
void FitTask(const DataSplits& data, const Registry& registry, ExperimentSpec<T>* spec) {
  auto& weights = spec->class_weights;
  if (weights && weights->balanced && weights->list.empty()) Balance(data.train, &*weights);
  const TaskFacts task = FactsOf(data.train, *spec);
  if (!spec->loss) {
    Node config = LossOf(task);
    config.place = spec->model.back().config.place;  // where what it expects is decided
    spec->loss = Made<Loss<T>, T>(config, registry);
    spec->loss.config.place = config.place;
  }
  if (!spec->metrics) {
    spec->metrics.emplace();
    for (const char* name : MetricsOf(task)) {
      spec->metrics->push_back(Made<Metric<T>, T>(Node::Scalar(name), registry));
    }
  }
  for (Plug<Metric<T>>& metric : *spec->metrics) TellOutputs(*spec, task, registry, &metric);
}

void FitTask(const DataSplits& data, const Registry& registry, AnySpec* spec) {
  std::visit([&](auto& typed) { FitTask(data, registry, &typed); }, *spec);
}

template <typename T>
Node ModelConfig(const ExperimentSpec<T>& spec) {
  Node config = ResolvedConfig(spec);
  if (const auto& weights = spec.class_weights; weights && !weights->list.empty()) {
    config.Set("class_weights", FieldType<std::vector<double>>::Print(weights->list));
  }
  return config;
}

template Node ModelConfig(const ExperimentSpec<float>&);
template Node ModelConfig(const ExperimentSpec<double>&);

template <typename T>
void CheckTargets(const DataSplits& data, const ExperimentSpec<T>& spec) {
  if (!AreNumbers(data.train)) return;
  CheckLossTargets(spec.loss, data);
  if (spec.shown_loss) CheckLossTargets(*spec.shown_loss, data);
  // Standardised and back, 1 is not quite 1.
  constexpr double kSlack = 1e-6;
  for (const auto& metric : *spec.metrics) {
    if (!metric->CountsLabels()) continue;
    const auto odd = FindOddTarget(data, [](double, double raw) {
      return std::min(std::abs(raw), std::abs(raw - 1)) <= kSlack;
    });
    if (!odd) return;
    throw InputError({Problem{
        metric.config.place,
        fmt::format("{} takes labels that hold (1) or do not (0), but {} has the target {}: for "
                    "numbers, use mae, rmse or r2{}",
                    PluginName(metric.config), odd->row, odd->value,
                    ClassHint(data.train, odd->value))}});
  }
}

template void CheckTargets(const DataSplits&, const ExperimentSpec<float>&);
template void CheckTargets(const DataSplits&, const ExperimentSpec<double>&);

template <typename T>
void CheckResults(const ExperimentSpec<T>& spec, size_t classes) {
  std::map<std::string, std::string> givers;  // of each result
  if (classes > 0) givers["accuracy"] = "accuracy";
  std::set<std::string> silent;  // metrics without results, which only have matrices
  bool accuracy_is_listed = false;
  for (const auto& metric : *spec.metrics) {
    const std::string name = PluginName(metric.config);
    const auto fail = [&](const std::string& what) {
      throw InputError({Problem{metric.config.place, what + ": only one of them would be kept"}});
    };
    // It stands for the one that is computed anyway.
    if (name == "accuracy" && !std::exchange(accuracy_is_listed, true)) continue;
    const auto results = metric->Start({.classes = 2})->Results();
    for (const auto& [result, value] : results) {
      const auto [other, is_new] = givers.try_emplace(result, name);
      if (is_new) continue;
      fail(other->second == name
               ? fmt::format("{} is listed twice, and both give {}", name, result)
               : fmt::format("{} and {} both give {}", other->second, name, result));
    }
    if (results.empty() && !silent.insert(name).second) fail(name + " is listed twice");
  }
}

template void CheckResults(const ExperimentSpec<float>&, size_t);
template void CheckResults(const ExperimentSpec<double>&, size_t);

template <typename T>
std::string FittedText(const ExperimentSpec<T>& open, const ExperimentSpec<T>& fitted) {
  std::string text;
  if (!open.loss) text = "loss: " + PluginName(fitted.loss.config);
  if (open.metrics || fitted.metrics->empty()) return text;
  std::vector<std::string> names;
  for (const auto& metric : *fitted.metrics) names.push_back(PluginName(metric.config));
  return fmt::format("{}{}metrics: {}", text, text.empty() ? "" : "; ", fmt::join(names, ", "));
}

template <typename T>
std::string TwiceText(const ExperimentSpec<T>& fitted) {
  const std::string loss = PluginName(fitted.loss.config);
  const std::string last = LastFunction(fitted.model.back().config);
  // A second log_softmax changes nothing.
  const bool twice = (loss == "cross_entropy" && last == "softmax") ||
                     (loss == "bce_with_logits" && last == "sigmoid");
  if (!twice) return "";
  return fmt::format(
      "warning: {0} applies a {1} itself, so that there are two: leave out the last layer, or take "
      "loss={2}",
      loss, last, last == "softmax" ? "nll" : "bce");
}

template std::string TwiceText(const ExperimentSpec<float>&);
template std::string TwiceText(const ExperimentSpec<double>&);
template void FitTask(const DataSplits&, const Registry&, ExperimentSpec<float>*);
template void FitTask(const DataSplits&, const Registry&, ExperimentSpec<double>*);
template std::string FittedText(const ExperimentSpec<float>&, const ExperimentSpec<float>&);
template std::string FittedText(const ExperimentSpec<double>&, const ExperimentSpec<double>&);

}  // namespace nabla
