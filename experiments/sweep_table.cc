#include "experiments/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "framework/record/finite.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

std::vector<double> Last(const std::vector<RunResult>& runs, MetricName metric) {
  std::vector<double> values;
  for (const RunResult& run : runs) {
    if (!run.metrics) continue;
    if (const auto value = MetricOf(run.metrics->epochs.back(), metric)) {
      values.push_back(Shown(*value));
    }
  }
  return values;
}

std::string MeanText(const std::vector<double>& values, const char* format) {
  if (values.empty()) return "-";
  const Distribution d = Describe(values);
  const std::string mean = fmt::format(fmt::runtime(format), d.mean);
  return values.size() == 1 ? mean : mean + fmt::format(" ± {:.2g}", d.std);
}

// Mean training loss per epoch, without epochs whose mean is not finite. Runs that stop early have
// fewer epochs, so each epoch counts its own runs.
std::vector<double> MeanLosses(const std::vector<RunResult>& runs) {
  std::vector<double> sums;
  std::vector<double> counts;
  for (const RunResult& run : runs) {
    if (!run.metrics) continue;
    const std::vector<EpochMetrics>& epochs = run.metrics->epochs;
    sums.resize(std::max(sums.size(), epochs.size()));
    counts.resize(sums.size());
    for (size_t e = 0; e < epochs.size(); ++e) {
      sums[e] += epochs[e].train_loss;
      ++counts[e];
    }
  }
  std::vector<double> means;
  for (size_t e = 0; e < sums.size(); ++e) {
    if (std::isfinite(sums[e])) means.push_back(sums[e] / counts[e]);
  }
  return means;
}

// The mean training loss of each epoch as a row of bars, from the highest to the lowest.
std::string Curve(const std::vector<RunResult>& runs) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr size_t kWidth = 20;
  const std::vector<double> losses = MeanLosses(runs);
  if (losses.empty()) return "";
  const auto [low, high] = std::minmax_element(losses.begin(), losses.end());
  std::string text;
  const size_t width = std::min(kWidth, losses.size());
  for (size_t i = 0; i < width; ++i) {
    const double value = losses[i * losses.size() / width];
    const double share = *high > *low ? (value - *low) / (*high - *low) : 0;
    text += kBars[std::lround(share * 7.0)];
  }
  return text;
}

// Sort key, best setting first, as in the report: by test accuracy, or else by test loss, or else
// by training loss. Settings with a failed run come last.
double Rank(const SweepResult& result) {
  const double kLast = Cost(kNaN);
  for (const RunResult& run : result.runs) {
    if (!run.failure.empty()) return kLast;
  }
  const std::vector<double> accuracy = Last(result.runs, MetricName::kTestAccuracy);
  if (!accuracy.empty()) return Cost(-Describe(accuracy).mean);
  for (const MetricName metric : {MetricName::kTestLoss, MetricName::kTrainLoss}) {
    const std::vector<double> loss = Last(result.runs, metric);
    if (!loss.empty()) return Cost(Describe(loss).mean);
  }
  return kLast;
}

// Whether any run has this metric in its last epoch.
bool Have(const std::vector<SweepResult>& results, MetricName metric) {
  return std::any_of(results.begin(), results.end(),
                     [&](const SweepResult& result) { return !Last(result.runs, metric).empty(); });
}

// Quotes a CSV field.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

Json RunJson(const RunResult& run) {
  Json json;
  json["seed"] = run.seed;
  if (!run.failure.empty()) json["failure"] = run.failure;
  if (!run.metrics) return json;
  for (const EpochMetrics& e : run.metrics->epochs) {
    json["train_loss"].push_back(e.train_loss);
    if (e.train_accuracy) json["train_accuracy"].push_back(*e.train_accuracy);
    if (e.test_loss) json["test_loss"].push_back(*e.test_loss);
    if (e.test_accuracy) json["test_accuracy"].push_back(*e.test_accuracy);
  }
  return json;
}

size_t Missing(const std::vector<SweepResult>& results) {
  size_t missing = 0;
  for (const SweepResult& result : results) {
    for (const RunResult& run : result.runs) missing += !run.metrics && run.failure.empty();
  }
  return missing;
}

}  // namespace

std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results) {
  Json json;
  json["name"] = name;
  for (const SweepResult& result : results) {
    Json point;
    point["label"] = result.label;
    for (const RunResult& run : result.runs) point["runs"].push_back(RunJson(run));
    json["points"].push_back(point);
  }
  return json.dump(2) + "\n";
}

std::string SweepCsv(const std::vector<SweepResult>& results) {
  const auto cell = [](const std::optional<double>& v) {
    return v ? fmt::format("{}", Shown(*v)) : "";
  };
  std::string text = "point,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy\n";
  for (const SweepResult& result : results) {
    for (const RunResult& run : result.runs) {
      if (!run.metrics) continue;
      for (const EpochMetrics& e : run.metrics->epochs) {
        text += fmt::format("{},{},{},{},{},{},{}\n", Quoted(result.label), run.seed, e.epoch,
                            Shown(e.train_loss), cell(e.train_accuracy), cell(e.test_loss),
                            cell(e.test_accuracy));
      }
    }
  }
  return text;
}

std::string SweepTable(const std::vector<SweepResult>& results) {
  std::vector<const SweepResult*> sorted;
  size_t width = 8;
  for (const SweepResult& result : results) {
    sorted.push_back(&result);
    width = std::max(width, result.label.size());
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const SweepResult* a, const SweepResult* b) { return Rank(*a) < Rank(*b); });
  const bool losses =
      !Have(results, MetricName::kTestAccuracy) && Have(results, MetricName::kTestLoss);
  const MetricName second = losses ? MetricName::kTestLoss : MetricName::kTestAccuracy;
  std::string text = fmt::format("{:<{}}  {:>20}  {:>20}  {}\n", "setting", width, "train loss",
                                 losses ? "test loss" : "test accuracy", "loss by epoch");
  for (const SweepResult* result : sorted) {
    text += fmt::format("{:<{}}  {:>20}  {:>20}  {}\n", result->label, width,
                        MeanText(Last(result->runs, MetricName::kTrainLoss), "{:.4g}"),
                        MeanText(Last(result->runs, second), losses ? "{:.4g}" : "{:.4f}"),
                        Curve(result->runs));
    for (const RunResult& run : result->runs) {
      if (!run.failure.empty()) text += fmt::format("  seed {}: {}\n", run.seed, run.failure);
    }
  }
  if (const size_t missing = Missing(results); missing > 0) {
    text += fmt::format("{} run{} missing\n", missing, missing == 1 ? " is" : "s are");
  }
  return text;
}

}  // namespace nabla
