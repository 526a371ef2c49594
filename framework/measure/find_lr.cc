#include "framework/measure/find_lr.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "framework/terminal/text_plot.h"

namespace nabla {
namespace {

constexpr double kKept = 0.9;   // share of the running average that a step keeps
constexpr double kTooHigh = 4;  // times the lowest average: the loss has diverged
// Steps on either side of a point that its slope spans.
constexpr size_t kSlopeSteps = 4;
// An average of fewer losses is too noisy to judge.
constexpr size_t kFirstJudged = 10;

class GrowingRate final : public Schedule {
 public:
  explicit GrowingRate(const RateRange& range) : range_(range) {}

  double Rate(double, const ScheduleTime& time) const override {
    const auto last = static_cast<double>(std::max<int64_t>(range_.steps - 1, 1));
    return range_.from * std::pow(range_.to / range_.from, static_cast<double>(time.t) / last);
  }

 private:
  const RateRange range_;
};

// The running average of losses, corrected for its start at 0.
class Average {
 public:
  double Add(double loss) {
    sum_ = kKept * sum_ + (1 - kKept) * loss;
    weight_ = kKept * weight_ + (1 - kKept);
    least_ = std::min(least_, sum_ / weight_);
    return sum_ / weight_;
  }
  double least() const { return least_; }

 private:
  double sum_ = 0;
  double weight_ = 0;
  double least_ = std::numeric_limits<double>::infinity();
};

std::optional<double> Steepest(const std::vector<RatePoint>& points) {
  std::optional<double> at;
  double steepest = 0;
  for (size_t i = kFirstJudged; i + kSlopeSteps < points.size(); ++i) {
    // The rates are evenly spaced on a logarithmic scale.
    const double slope = points[i + kSlopeSteps].smoothed - points[i - kSlopeSteps].smoothed;
    // The point where the loss is no number has no slope.
    if (!(slope < steepest)) continue;
    steepest = slope;
    at = points[i].lr;
  }
  return at;
}

// Rounded to two digits: the test is not more precise.
double Rounded(double lr) {
  const double unit = std::pow(10, std::floor(std::log10(lr)) - 1);
  return std::round(lr / unit) * unit;
}

}  // namespace

RateTest JudgeRates(const std::vector<RatePoint>& points, bool diverged) {
  RateTest test{.points = points};
  if (diverged) test.diverged = points.back().lr;
  test.steepest = Steepest(points);
  if (test.steepest) {
    const double limit = test.diverged.value_or(std::numeric_limits<double>::infinity()) / 10;
    test.suggestion = Rounded(std::min(*test.steepest, limit));
  }
  return test;
}

template <typename T>
RateTest TestRates(ExperimentSpec<T> spec, const Registry& registry, const DataSplits& data,
                   const RateRange& range, Threads& threads,
                   const std::function<void(size_t)>& on_step) {
  if (spec.optimizer.config.Find("lr") == nullptr) {
    throw InputError(std::vector<Problem>{
        {spec.optimizer.config.place, "this optimizer has no learning rate to find"}});
  }
  spec.schedule.object = std::make_shared<GrowingRate>(range);
  spec.train.epochs = range.steps;  // enough: an epoch has at least one step
  // Nothing is evaluated, so nothing may follow a metric.
  spec.evaluate.split = EvaluateSplit::kNone;
  spec.early_stop.reset();
  spec.reduce_on_plateau.reset();
  spec.checkpoint.best.reset();
  spec.reference.clear();
  Experiment<T> experiment(std::move(spec), registry, data, threads);
  const GrowingRate schedule(range);
  std::vector<RatePoint> points;
  Average average;
  bool diverged = false;
  int64_t steps = 0;
  Follower<T> follower;
  follower.on_batch = [&](int64_t, size_t, size_t, const BatchMetrics& metrics) {
    const double lr = schedule.Rate(0, {.t = steps++});
    if (on_step) on_step(static_cast<size_t>(steps));
    if (metrics.weight == 0) return;  // the loss is that of no row
    points.push_back({lr, metrics.loss, average.Add(metrics.loss)});
    diverged = points.size() > kFirstJudged && metrics.loss > kTooHigh * average.least();
  };
  follower.stop = [&] { return diverged || steps == range.steps; };
  try {
    experiment.trainer().Run(follower);
  } catch (const Diverged&) {
    const double lr = schedule.Rate(0, {.t = steps});
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    points.push_back({lr, kNone, kNone});
    diverged = true;
  }
  return JudgeRates(points, diverged);
}

std::string RateText(const RateTest& test, size_t width) {
  constexpr size_t kLines = 12;
  std::string text = fmt::format("{:>10}  {:>12}  {:>12}\n", "lr", "loss", "smoothed");
  const size_t count = test.points.size();
  for (size_t line = 0; line < std::min(kLines, count); ++line) {
    const size_t i = count <= kLines ? line : line * (count - 1) / (kLines - 1);
    const RatePoint& p = test.points[i];
    text += fmt::format("{:>10.3g}  {:>12.5g}  {:>12.5g}\n", p.lr, p.loss, p.smoothed);
  }
  TextSeries curve{"smoothed loss", {}};
  for (const RatePoint& p : test.points) curve.points.emplace_back(std::log10(p.lr), p.smoothed);
  const std::array<TextSeries, 1> curves = {curve};
  text += "\n" + TextPlot(curves, PlotColumns(width), 10, "log10 lr") + "\n";
  if (test.steepest) {
    text += fmt::format("the smoothed loss falls fastest at lr {:.3g}\n", *test.steepest);
  }
  text += test.diverged ? fmt::format(
                              "diverged at lr {:.3g}: the loss exceeded {} times the lowest, "
                              "or was not finite\n",
                              *test.diverged, kTooHigh)
                        : "did not diverge; try a higher --to\n";
  if (!test.suggestion) return text + "no suggestion: the loss never fell\n";
  return text + fmt::format(
                    "suggestion, the smaller of the steepest rate and a tenth of the rate that "
                    "diverged:\n\n  optimizer.lr={:g}\n",
                    *test.suggestion);
}

std::string RateCsv(const RateTest& test) {
  std::string csv(kRateColumns);
  for (size_t i = 0; i < test.points.size(); ++i) {
    const RatePoint& p = test.points[i];
    csv += fmt::format("{},{},{},{}\n", i + 1, p.lr, p.loss, p.smoothed);
  }
  return csv;
}

std::string RateJson(const RateTest& test) {
  using Json = nlohmann::ordered_json;
  const auto number = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
  Json json = {{"steepest", number(test.steepest)},
               {"diverged", number(test.diverged)},
               {"suggestion", number(test.suggestion)},
               {"points", Json::array()}};
  for (size_t i = 0; i < test.points.size(); ++i) {
    const RatePoint& p = test.points[i];
    json["points"].push_back(
        {{"step", i + 1}, {"lr", p.lr}, {"loss", p.loss}, {"smoothed", p.smoothed}});
  }
  return json.dump(2) + "\n";
}

template RateTest TestRates(ExperimentSpec<float>, const Registry&, const DataSplits&,
                            const RateRange&, Threads&, const std::function<void(size_t)>&);
template RateTest TestRates(ExperimentSpec<double>, const Registry&, const DataSplits&,
                            const RateRange&, Threads&, const std::function<void(size_t)>&);

}  // namespace nabla
