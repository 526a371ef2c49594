#include "framework/training/summarise.h"

#include "framework/kernels/simd.h"

namespace nabla {
namespace {

// train_loss and train_accuracy, as Trainer has them after an epoch.
template <typename T>
NamedMetrics OfBatches(const Experiment<T>& experiment) {
  const TrainingState state = experiment.trainer().state();
  NamedMetrics metrics;
  if (state.batches == 0) {
    const EpochMetrics& last = state.history.back();
    metrics.emplace_back("train_loss", last.train_loss);
    if (last.train_accuracy) metrics.emplace_back("train_accuracy", *last.train_accuracy);
    return metrics;
  }
  const bool by_rows = experiment.spec().evaluate.train_loss == TrainLoss::kRows;
  const auto count = by_rows ? static_cast<double>(state.rows) : static_cast<double>(state.batches);
  const double weight = state.loss_weight.value_or(count);
  metrics.emplace_back("train_loss", weight == 0 ? 0 : state.loss_sum / weight);
  const bool classes = experiment.data().train.classes > 0;
  if (classes) metrics.emplace_back("train_accuracy", state.accuracy_sum / count);
  return metrics;
}

// All of them, if the last step ended an epoch that was to be evaluated.
template <typename T>
std::optional<NamedMetrics> OfEvaluatedEpoch(const Experiment<T>& experiment) {
  const Trainer<T>& trainer = experiment.trainer();
  const std::vector<EpochMetrics>& history = trainer.history();
  const auto& evaluate = experiment.spec().evaluate;
  const bool ended = trainer.steps() == static_cast<int64_t>(history.size() * trainer.Batches());
  if (!ended || history.back().epoch % evaluate.every != 0) return std::nullopt;
  NamedMetrics metrics = MetricsOf(history.back());
  if (evaluate.split == EvaluateSplit::kValidation) {
    std::erase_if(metrics, [](const auto& metric) { return metric.first.starts_with("test_"); });
  }
  return metrics;
}

void Set(const std::string& name, double value, NamedMetrics* metrics) {
  std::erase_if(*metrics, [&](const auto& metric) { return metric.first == name; });
  metrics->emplace_back(name, value);
}

}  // namespace

template <typename T>
Summary Summarise(Experiment<T>& experiment, Status status, const std::string& dataset,
                  size_t threads, const std::string& failure) {
  constexpr const char* kNames[] = {"complete", "stopped", "diverged"};
  const std::vector<EpochMetrics>& history = experiment.trainer().history();
  Summary s;
  s.name = experiment.spec().name;
  s.status = kNames[static_cast<size_t>(status)];
  s.failure = failure;
  s.dataset = dataset;
  s.dtype = sizeof(T) == 4 ? "float32" : "float64";
  s.seed = experiment.spec().seed;
  s.threads = threads;
  s.simd = SimdName();
  s.epochs = static_cast<int64_t>(history.size());
  s.weights_hash = experiment.network().Hash();
  s.initial_losses = experiment.initial_losses();
  double samples = 0;
  for (const EpochMetrics& e : history) {
    s.seconds += e.seconds;
    samples += e.samples_per_second * e.seconds;
  }
  if (!history.empty()) {
    s.metrics = MetricsOf(history.back());
    s.samples_per_second = samples / s.seconds;
    for (const NamedMatrix& matrix : history.back().test_matrices) {
      s.matrices.push_back(matrix.name);
    }
  }
  return s;
}

template <typename T>
std::optional<NamedMetrics> MetricsNow(Experiment<T>& experiment,
                                       const std::function<bool()>& stop) {
  if (auto known = OfEvaluatedEpoch(experiment)) return known;
  NamedMetrics metrics = OfBatches(experiment);
  const auto add = [&](const std::string& prefix, const Samples& rows, bool with_loss) {
    const auto got = experiment.Evaluate(rows, stop);
    if (!got) return false;
    if (with_loss) Set(prefix + "loss", got->loss, &metrics);
    for (const auto& [name, value] : got->metrics) Set(prefix + name, value, &metrics);
    return true;
  };
  const DataSplits& data = experiment.data();
  const EvaluateSplit split = experiment.spec().evaluate.split;
  const bool both = split == EvaluateSplit::kBoth;
  const bool after = experiment.spec().evaluate.train_loss == TrainLoss::kAfter;
  const bool train = split == EvaluateSplit::kTrain || both || after;
  if (train && !add("train_", data.train, after)) return std::nullopt;
  if (split == EvaluateSplit::kValidation && !add("validation_", data.validation, true)) {
    return std::nullopt;
  }
  const bool test = (split == EvaluateSplit::kTest || both) && data.test.count > 0;
  if (test && !add("test_", data.test, true)) return std::nullopt;
  return metrics;
}

template std::optional<NamedMetrics> MetricsNow(Experiment<float>&, const std::function<bool()>&);
template std::optional<NamedMetrics> MetricsNow(Experiment<double>&, const std::function<bool()>&);

template Summary Summarise(Experiment<float>&, Status, const std::string&, size_t,
                           const std::string&);
template Summary Summarise(Experiment<double>&, Status, const std::string&, size_t,
                           const std::string&);

}  // namespace nabla
