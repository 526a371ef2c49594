#include "framework/measure/time.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "framework/engine/timed_step.h"
#include "framework/kernels/peak.h"
#include "framework/kernels/simd.h"
#include "framework/measure/step_costs.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

// A time is the best of kTries tries, each of about kTrySeconds; also that of a part, since a
// worker that is put aside for a moment spoils one part of one try.
constexpr int kTries = 7;
constexpr double kTrySeconds = 0.03;

template <typename F>
double SecondsOf(F&& body) {
  const Clock::time_point start = Clock::now();
  body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void KeepLeast(const StepTimes& times, StepTimes* least) {
  least->gather = std::min(least->gather, times.gather);
  least->loss = std::min(least->loss, times.loss);
  for (size_t i = 0; i < times.layers.size(); ++i) {
    LayerTimes& kept = least->layers[i];
    kept.forward = std::min(kept.forward, times.layers[i].forward);
    kept.backward = std::min(kept.backward, times.layers[i].backward);
    kept.gradient = std::min(kept.gradient, times.layers[i].gradient);
    kept.update = std::min(kept.update, times.layers[i].update);
  }
}

// Batches in the order of the data, which begin again after the last one.
template <typename T>
class Batches {
 public:
  Batches(const TrainSection& train, size_t rows)
      : order_(rows), size_(std::min(static_cast<size_t>(train.batch_size), rows)) {
    std::iota(order_.begin(), order_.end(), 0u);
  }

  size_t size() const { return size_; }

  // A rate of 0 takes as long as any other and cannot diverge.
  template <typename S>
  void Train(S& step, size_t times) {
    for (size_t i = 0; i < times; ++i) {
      if (begin_ + size_ > order_.size()) begin_ = 0;
      ++done_;
      step.Train(std::span<const uint32_t>(order_).subspan(begin_, size_), 0, done_,
                 static_cast<uint64_t>(done_));
      begin_ += size_;
    }
  }

 private:
  std::vector<uint32_t> order_;
  const size_t size_;
  size_t begin_ = 0;
  int64_t done_ = 0;
};

template <typename T>
class Stopwatch {
 public:
  Stopwatch(const ExperimentSpec<T>& spec, const Registry& registry, const DataSplits& data)
      : spec_(spec), registry_(registry), data_(data), batches_(spec.train, data.train.count) {}

  TimeReport Measure(size_t threads) {
    const FlushDenormals flush;
    TimeReport report{.name = spec_.name,
                      .dataset = data_.name,
                      .dtype = sizeof(T) == 4 ? "float32" : "float64",
                      .simd = SimdName(),
                      .batch_rows = batches_.size(),
                      .steps_per_epoch = StepsPerEpoch(),
                      .peak = MeasurePeak<T>()};
    MeasureParts(&report);
    for (size_t t = 1; t <= threads; ++t) report.by_threads.push_back(StepSeconds(t));
    return report;
  }

  // The parts of one step, averaged over steps that take about `seconds` together.
  std::vector<TimeRow> MeasureRows(double seconds) {
    const FlushDenormals flush;
    Threads alone(1);
    Experiment<T> experiment(spec_, registry_, data_, alone);
    TimedStep<T> timed(experiment.trainer().step());
    batches_.Train(timed, 1);  // the first step runs with cold caches
    timed.Take();
    size_t steps = 0;
    for (double spent = 0; steps == 0 || spent < seconds; ++steps) {
      spent += SecondsOf([&] { batches_.Train(timed, 1); });
    }
    return RowsOf(experiment, timed.Take(), steps);
  }

 private:
  size_t StepsPerEpoch() const { return CountBatches(CutOf(spec_.train, data_.train.count)); }

  template <typename S>
  size_t StepsOfATry(S& step) {
    batches_.Train(step, 2);
    return 1 + static_cast<size_t>(kTrySeconds / SecondsOf([&] { batches_.Train(step, 1); }));
  }

  // Times whole steps and their parts in turn, so that clock rates and other load affect both
  // alike.
  void MeasureParts(TimeReport* report) {
    Threads alone(1);
    Experiment<T> experiment(spec_, registry_, data_, alone);
    Step<T>& step = experiment.trainer().step();
    TimedStep<T> timed(step);
    const size_t steps = StepsOfATry(step);
    StepTimes least;
    for (int i = 0; i < kTries; ++i) {
      const double seconds = SecondsOf([&] { batches_.Train(step, steps); });
      timed.Take();
      batches_.Train(timed, steps);
      const StepTimes times = timed.Take();
      if (i == 0 || seconds < report->step_seconds) report->step_seconds = seconds;
      if (i == 0) least = times;
      KeepLeast(times, &least);
    }
    report->step_seconds /= static_cast<double>(steps);
    report->rows = RowsOf(experiment, least, steps);
    report->evaluation_seconds = EvaluationSeconds(experiment, alone);
  }

  // The parts of one step, from the times of `steps` steps.
  std::vector<TimeRow> RowsOf(Experiment<T>& experiment, const StepTimes& times,
                              size_t steps) const {
    const bool sparse = experiment.network().TakesSparse(data_.train) && !spec_.augment.Any();
    auto rows =
        StepCosts<T>(spec_, experiment.network(), data_.train, batches_.size(), sparse).Rows(times);
    for (TimeRow& row : rows) row.seconds /= static_cast<double>(steps);
    return rows;
  }

  double EvaluationSeconds(Experiment<T>& experiment, Threads& alone) const {
    double sum = 0;
    const EvaluateSplit split = spec_.evaluate.split;
    for (const auto& [samples, other] : {std::pair(&data_.train, EvaluateSplit::kTrain),
                                         std::pair(&data_.validation, EvaluateSplit::kValidation),
                                         std::pair(&data_.test, EvaluateSplit::kTest)}) {
      const bool both = split == EvaluateSplit::kBoth && other != EvaluateSplit::kValidation;
      if (samples->count == 0 || (split != other && !both)) continue;
      Evaluation<T> evaluation(experiment.network(), *spec_.loss, {}, *samples, alone);
      evaluation.Run();
      sum += SecondsOf([&] { evaluation.Run(); });
    }
    return sum / static_cast<double>(spec_.evaluate.every);
  }

  double StepSeconds(size_t threads) {
    Threads pool(threads);
    Experiment<T> experiment(spec_, registry_, data_, pool);
    Step<T>& step = experiment.trainer().step();
    const size_t steps = StepsOfATry(step);
    double best = 0;
    for (int i = 0; i < kTries; ++i) {
      const double seconds = SecondsOf([&] { batches_.Train(step, steps); });
      if (i == 0 || seconds < best) best = seconds;
    }
    return best / static_cast<double>(steps);
  }

  const ExperimentSpec<T>& spec_;
  const Registry& registry_;
  const DataSplits& data_;
  Batches<T> batches_;
};

}  // namespace

template <typename T>
TimeReport MeasureTimes(const ExperimentSpec<T>& spec, const Registry& registry,
                        const DataSplits& data, size_t threads) {
  ExperimentSpec<T> fitted = spec;
  FitTask(data, registry, &fitted);
  return Stopwatch<T>(fitted, registry, data).Measure(threads);
}

template <typename T>
std::vector<LayerTime> MeasureLayers(const ExperimentSpec<T>& spec, const Registry& registry,
                                     const DataSplits& data, double seconds) {
  ExperimentSpec<T> bare = spec;
  bare.reference.clear();  // otherwise initial losses would be evaluated
  std::vector<LayerTime> times;
  for (const TimeRow& row : Stopwatch<T>(bare, registry, data).MeasureRows(seconds)) {
    const bool of_layer = !row.layer.empty();
    times.push_back(
        {of_layer ? row.layer : row.phase, of_layer ? row.phase : "forward", 1000 * row.seconds});
  }
  return times;
}

template TimeReport MeasureTimes(const ExperimentSpec<float>&, const Registry&, const DataSplits&,
                                 size_t);
template TimeReport MeasureTimes(const ExperimentSpec<double>&, const Registry&, const DataSplits&,
                                 size_t);
template std::vector<LayerTime> MeasureLayers(const ExperimentSpec<float>&, const Registry&,
                                              const DataSplits&, double);
template std::vector<LayerTime> MeasureLayers(const ExperimentSpec<double>&, const Registry&,
                                              const DataSplits&, double);

}  // namespace nabla
