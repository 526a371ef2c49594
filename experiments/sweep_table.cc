#include "experiments/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "framework/record/finite.h"
#include "framework/verdict/comparison.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// Of a setting that may be the best.
constexpr const char* kMark = "≈";

// A metric of the runs after their last epochs.
std::vector<double> Last(const std::vector<RunResult>& runs, const std::string& metric) {
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

// Whether any run has this metric after its last epoch.
bool Have(const std::vector<SweepResult>& results, const std::string& metric) {
  return std::ranges::any_of(
      results, [&](const SweepResult& result) { return !Last(result.runs, metric).empty(); });
}

// The order, with the metric that the results have if it names none.
SweepOrder Found(const SweepOrder& order, const std::vector<SweepResult>& results) {
  if (!order.metric.empty()) return order;
  return UsualOrder([&](const std::string& metric) { return Have(results, metric); });
}

// Sort key, best setting first. Settings with a failed run come last.
double Rank(const SweepResult& result, const SweepOrder& order) {
  for (const RunResult& run : result.runs) {
    if (!run.failure.empty()) return Cost(kNaN);
  }
  const std::vector<double> values = Last(result.runs, order.metric);
  if (values.empty()) return Cost(kNaN);
  const double mean = Describe(values).mean;
  return Cost(order.smaller_is_better ? mean : -mean);
}

// All metrics of the runs' epochs, each once.
std::vector<std::string> NamesIn(const std::vector<SweepResult>& results) {
  std::vector<std::string> names;
  for (const SweepResult& result : results) {
    for (const RunResult& run : result.runs) {
      if (!run.metrics) continue;
      for (const EpochMetrics& epoch : run.metrics->epochs) {
        for (const auto& [name, value] : MetricsOf(epoch)) {
          if (std::ranges::count(names, name) == 0) names.push_back(name);
        }
      }
    }
  }
  return names;
}

// The metrics that get a column: the training loss; of the other rows the accuracy, or the loss
// where there is none, and what else was asked for; and what orders the settings.
std::vector<std::string> Columns(const std::vector<SweepResult>& results, const SweepOrder& order) {
  std::vector<std::string> columns = {"train_loss"};
  for (const std::string rows : {"validation_", "test_"}) {
    const bool accuracy = Have(results, rows + "accuracy");
    for (const std::string& name : NamesIn(results)) {
      if (!name.starts_with(rows) || (accuracy && name == rows + "loss")) continue;
      if (Have(results, name)) columns.push_back(name);
    }
  }
  if (columns.size() == 1) columns.emplace_back("test_accuracy");
  if (std::ranges::count(columns, order.metric) == 0) columns.push_back(order.metric);
  return columns;
}

// "test r2" of "test_r2".
std::string Title(std::string name) {
  name[name.find('_')] = ' ';
  return name;
}

// Quotes a CSV field.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

Json RunJson(const SweepResult& result, size_t at) {
  const RunResult& run = result.runs[at];
  Json json;
  json["seed"] = run.seed;
  if (result.folds > 0) json["fold"] = at % result.folds;
  if (!run.failure.empty()) json["failure"] = run.failure;
  if (!run.metrics) return json;
  for (const EpochMetrics& e : run.metrics->epochs) {
    for (const auto& [name, value] : MetricsOf(e)) json[name].push_back(value);
  }
  return json;
}

// Which settings may be the best by the pairs of their seeds; empty if there are too few.
std::vector<bool> BestOf(const std::vector<SweepResult>& results, const SweepOrder& order) {
  ComparedValues values;
  for (const SweepResult& result : results) {
    // A sweep over seeds has no pairs.
    if (!std::ranges::equal(result.runs, results.front().runs, {}, &RunResult::seed,
                            &RunResult::seed)) {
      return {};
    }
    std::vector<std::optional<double>>& own = values.emplace_back();
    const size_t folds = std::max<size_t>(1, result.folds);
    for (size_t first = 0; first + folds <= result.runs.size(); first += folds) {
      own.push_back(MetricOfSeed(std::span(result.runs).subspan(first, folds), order.metric));
    }
  }
  return MayBeBest(values, order.smaller_is_better);
}

// What the marks of the table mean.
std::string MarksText(const std::vector<bool>& may_be_best, const std::string& metric) {
  const auto count = std::ranges::count(may_be_best, true);
  if (count == 0) return "";
  const std::string by = fmt::format("the best by {} at 95 %", metric);
  return count == 1 ? fmt::format("{} {}\n", kMark, by)
                    : fmt::format("{} cannot be told from {}; `compare` adds seeds\n", kMark, by);
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
    for (size_t r = 0; r < result.runs.size(); ++r) point["runs"].push_back(RunJson(result, r));
    json["points"].push_back(point);
  }
  return json.dump(2) + "\n";
}

std::string SweepCsv(const std::vector<SweepResult>& results) {
  const auto cell = [](const std::optional<double>& v) {
    return v ? fmt::format("{}", Shown(*v)) : "";
  };
  const std::vector<std::string> names = NamesIn(results);
  const bool folds = std::ranges::any_of(results, [](const auto& r) { return r.folds > 0; });
  std::string text = folds ? "point,seed,fold,epoch" : "point,seed,epoch";
  for (const std::string& name : names) text += "," + name;
  text += "\n";
  for (const SweepResult& result : results) {
    for (size_t r = 0; r < result.runs.size(); ++r) {
      const RunResult& run = result.runs[r];
      if (!run.metrics) continue;
      const std::string fold = folds ? fmt::format("{},", r % result.folds) : "";
      for (const EpochMetrics& e : run.metrics->epochs) {
        text += fmt::format("{},{},{}{}", Quoted(result.label), run.seed, fold, e.epoch);
        for (const std::string& name : names) text += "," + cell(MetricOf(e, name));
        text += "\n";
      }
    }
  }
  return text;
}

std::string SweepTable(const std::vector<SweepResult>& results, const SweepOrder& wanted) {
  const SweepOrder order = Found(wanted, results);
  std::vector<const SweepResult*> sorted;
  size_t width = 8;
  for (const SweepResult& result : results) {
    sorted.push_back(&result);
    width = std::max(width, result.label.size());
  }
  std::ranges::stable_sort(sorted, {}, [&](const SweepResult* r) { return Rank(*r, order); });
  const std::vector<bool> may_be_best = BestOf(results, order);
  const auto label = [&](const SweepResult* result) {
    const bool marked =
        !may_be_best.empty() && may_be_best[static_cast<size_t>(result - results.data())];
    return marked ? result->label + " " + kMark : result->label;
  };
  if (!may_be_best.empty()) width += 2;
  const std::vector<std::string> columns = Columns(results, order);
  const auto cell = [](const std::string& text, const std::string& column) {
    return fmt::format("  {:>{}}", text, std::max<size_t>(20, column.size()));
  };
  std::string text = fmt::format("{:<{}}", "setting", width);
  for (const std::string& column : columns) text += cell(Title(column), column);
  text += "  loss by epoch\n";
  for (const SweepResult* result : sorted) {
    text += fmt::format("{:<{}}", label(result), width);
    for (const std::string& column : columns) {
      const char* format = column.ends_with("accuracy") ? "{:.4f}" : "{:.4g}";
      text += cell(MeanText(Last(result->runs, column), format), column);
    }
    text += "  " + Curve(result->runs) + "\n";
    for (size_t r = 0; r < result->runs.size(); ++r) {
      const RunResult& run = result->runs[r];
      if (run.failure.empty()) continue;
      const std::string fold = result->folds > 0 ? fmt::format(", fold {}", r % result->folds) : "";
      text += fmt::format("  seed {}{}: {}\n", run.seed, fold, run.failure);
    }
  }
  text += MarksText(may_be_best, order.metric);
  if (const size_t missing = Missing(results); missing > 0) {
    text += fmt::format("{} run{} missing\n", missing, missing == 1 ? " is" : "s are");
  }
  return text;
}

}  // namespace nabla
