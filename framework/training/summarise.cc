#include "framework/training/summarise.h"

#include "framework/kernels/simd.h"
#include "framework/record/run_metrics.h"

namespace nabla {

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

template Summary Summarise(Experiment<float>&, Status, const std::string&, size_t,
                           const std::string&);
template Summary Summarise(Experiment<double>&, Status, const std::string&, size_t,
                           const std::string&);

}  // namespace nabla
