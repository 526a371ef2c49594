#include "experiments/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "experiments/sweep_records.h"
#include "framework/record/finite.h"
#include "framework/terminal/text_table.h"
#include "framework/verdict/comparison.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// Of a setting that may be the best.
constexpr const char* kMark = "≈";

// A metric of the runs where they ended or paused.
std::vector<double> Last(const std::vector<RunResult>& runs, const std::string& metric) {
  std::vector<double> values;
  for (const RunResult& run : runs) {
    if (const auto value = LastOf(run, metric)) values.push_back(Shown(*value));
  }
  return KnownOf(metric, std::move(values));
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

// One scale for the curves of all settings, so that they can be compared: logarithmic where all
// losses are positive, since settings differ by factors.
class Scale {
 public:
  explicit Scale(const std::vector<SweepResult>& results) {
    for (const SweepResult& result : results) {
      for (const double loss : MeanLosses(result.runs)) {
        low_ = std::min(low_, loss);
        high_ = std::max(high_, loss);
      }
    }
  }

  // The mean training loss of each epoch as a row of bars.
  std::string Curve(const std::vector<RunResult>& runs) const {
    static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    constexpr size_t kWidth = 20;
    const std::vector<double> losses = MeanLosses(runs);
    std::string text;
    const size_t width = std::min(kWidth, losses.size());
    for (size_t i = 0; i < width; ++i) {
      text += kBars[std::lround(Share(losses[i * losses.size() / width]) * 7.0)];
    }
    return text;
  }

  // "loss by epoch: ▁ is 0.12, █ is 2.3"; "" without a loss.
  std::string Text() const {
    if (low_ > high_) return "";
    return fmt::format("loss by epoch: ▁ is {:.3g}, █ is {:.3g}\n", low_, high_);
  }

 private:
  // From 0 to 1.
  double Share(double loss) const {
    if (!(high_ > low_)) return 0;
    if (low_ <= 0) return (loss / 2 - low_ / 2) / (high_ / 2 - low_ / 2);  // no overflow
    return (std::log(loss) - std::log(low_)) / (std::log(high_) - std::log(low_));
  }

  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

// Whether any run has this metric after its last epoch.
bool Have(const std::vector<SweepResult>& results, const std::string& metric) {
  return std::ranges::any_of(
      results, [&](const SweepResult& result) { return !Last(result.runs, metric).empty(); });
}

// Whether all settings do of which a run has any metric.
bool AllHave(const std::vector<SweepResult>& results, const std::string& metric) {
  const auto lacks = [&](const SweepResult& result) {
    const bool any = std::ranges::any_of(
        result.runs, [](const RunResult& run) { return LastOf(run, "train_loss").has_value(); });
    return any && Last(result.runs, metric).empty();
  };
  return Have(results, metric) && std::ranges::none_of(results, lacks);
}

// The metrics that get a column: the training loss; of the other rows the accuracy, or the loss
// where there is none, and what else was asked for; and what orders the settings.
std::vector<std::string> Columns(const std::vector<SweepResult>& results, const SweepOrder& order) {
  std::vector<std::string> columns = {"train_loss"};
  for (const std::string rows : {"validation_", "test_"}) {
    const bool accuracy = Have(results, rows + "accuracy");
    for (const std::string& name : MetricNames(results)) {
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

size_t Missing(const std::vector<SweepResult>& results) {
  size_t missing = 0;
  for (const SweepResult& result : results) {
    for (const RunResult& run : result.runs) missing += !run.metrics && run.failure.empty();
  }
  return missing;
}

// Which settings may be the best by the pairs of their seeds; empty if there are too few, if runs
// are missing, as in the page, or if they are not ordered by one metric.
std::vector<bool> BestOf(const std::vector<SweepResult>& results, const SweepOrder& order) {
  if (!order.against.empty() || Missing(results) > 0) return {};
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

// Whether the next step would diverge: an accuracy is a number even then.
bool IsLost(const Pause& pause) {
  return std::ranges::any_of(pause.metrics, [](const auto& metric) {
    return metric.first.ends_with("_loss") && !std::isfinite(metric.second);
  });
}

std::vector<const SweepResult*> BestFirst(const std::vector<SweepResult>& results,
                                          const SweepOrder& order) {
  std::vector<const SweepResult*> sorted;
  for (const SweepResult& result : results) sorted.push_back(&result);
  std::ranges::stable_sort(sorted, {}, [&](const SweepResult* r) { return CostOf(*r, order); });
  return sorted;
}

std::string Value(const SweepResult& result, const std::string& metric) {
  const char* format = metric.ends_with("accuracy") ? "{:.4f}" : "{:.4g}";
  return MeanText(Last(result.runs, metric), format);
}

std::string MissingText(const std::vector<SweepResult>& results) {
  const size_t missing = Missing(results);
  return missing == 0 ? ""
                      : fmt::format("{} run{} missing\n", missing, missing == 1 ? " is" : "s are");
}

// Of settings, best first.
std::string Failures(const std::vector<const SweepResult*>& results) {
  std::string text;
  for (const SweepResult* result : results) {
    for (size_t r = 0; r < result->runs.size(); ++r) {
      const RunResult& run = result->runs[r];
      if (run.failure.empty()) continue;
      const std::string fold = result->folds > 0 ? fmt::format(", fold {}", r % result->folds) : "";
      text += fmt::format("{}, seed {}{}: {}\n", result->label, run.seed, fold, run.failure);
    }
  }
  return text;
}

// Which columns of the table go first where room is short; the others go last.
constexpr int kTrainLossSpare = 3;
constexpr int kCurveSpare = 2;

// The settings that were trained to the end.
std::string FinalTable(const std::vector<SweepResult>& results, const SweepOrder& order,
                       size_t width) {
  const Scale scale(results);
  const std::vector<bool> may_be_best = BestOf(results, order);
  const std::vector<const SweepResult*> sorted = BestFirst(results, order);
  std::vector<TextColumn> columns = {{.title = "setting", .cells = {}, .left = true}};
  for (const SweepResult* result : sorted) {
    const bool marked =
        !may_be_best.empty() && may_be_best[static_cast<size_t>(result - results.data())];
    columns[0].cells.push_back(marked ? result->label + " " + kMark : result->label);
  }
  for (const std::string& name : Columns(results, order)) {
    TextColumn& column = columns.emplace_back();
    column.title = Title(name);
    column.spare = name == order.metric ? 0 : name == "train_loss" ? kTrainLossSpare : 1;
    for (const SweepResult* result : sorted) column.cells.push_back(Value(*result, name));
  }
  TextColumn& curves = columns.emplace_back();
  curves = {.title = "loss by epoch", .cells = {}, .left = true, .spare = kCurveSpare};
  for (const SweepResult* result : sorted) curves.cells.push_back(scale.Curve(result->runs));
  const TextTable table = FitTable(columns, width);
  return table.text + OmittedText(table) + scale.Text() + MarksText(may_be_best, order.metric) +
         Failures(sorted);
}

// Those that a halving left behind, the longest trained first.
std::string PausedTable(const std::vector<SweepResult>& results, const SweepOrder& order,
                        size_t width) {
  std::vector<const SweepResult*> sorted = BestFirst(results, order);
  std::ranges::stable_sort(sorted, std::greater(), &SweepResult::rung);
  std::vector<TextColumn> columns = {{.title = "not trained to the end", .cells = {}, .left = true},
                                     {.title = "until epoch", .cells = {}},
                                     {.title = Title(order.metric) + " there", .cells = {}}};
  for (const SweepResult* result : sorted) {
    columns[0].cells.push_back(result->label);
    columns[1].cells.push_back(fmt::format("{:.4g}", result->paused_at));
    columns[2].cells.push_back(Value(*result, order.metric));
  }
  const TextTable table = FitTable(columns, width);
  return table.text + OmittedText(table) + Failures(sorted);
}

}  // namespace

std::optional<double> LastOf(const RunResult& run, const std::string& metric) {
  if (run.pause) return MetricOf(run.pause->metrics, metric);
  if (!run.metrics || run.metrics->epochs.empty()) return std::nullopt;
  return MetricOf(run.metrics->epochs.back(), metric);
}

SweepOrder Found(const SweepOrder& order, const std::vector<SweepResult>& results) {
  return UsualOrder(order, [&](const std::string& metric) { return AllHave(results, metric); });
}

double CostOf(const SweepResult& result, const SweepOrder& order) {
  for (const RunResult& run : result.runs) {
    if (!run.failure.empty() || (run.pause && IsLost(*run.pause))) return Cost(kNaN);
  }
  const std::vector<double> values = Last(result.runs, order.metric);
  const bool finite = std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
  if (values.empty() || !finite) return Cost(kNaN);
  const double mean = Describe(values).mean;
  return Cost(order.smaller_is_better ? mean : -mean);
}

std::string SweepTable(const std::vector<SweepResult>& results, const SweepOrder& wanted,
                       size_t width) {
  const SweepOrder order = Found(wanted, results);
  std::vector<SweepResult> final_ones;
  std::vector<SweepResult> paused;
  for (const SweepResult& result : results) {
    (result.paused_at > 0 ? paused : final_ones).push_back(result);
  }
  std::string text;
  if (!final_ones.empty()) text += FinalTable(final_ones, order, width);
  if (!paused.empty()) text += PausedTable(paused, order, width);
  if (!order.note.empty()) text += order.note + "\n";
  return text + MissingText(results);
}

}  // namespace nabla
