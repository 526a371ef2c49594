#include "experiments/watched_training.h"

#include <cmath>

namespace nabla {
template <typename T>
WatchedTraining<T>::WatchedTraining(TrainingRun<T>& training, const PreparedData& data)
    : training_(training),
      scales_(static_cast<size_t>(training.experiment().spec().train.epochs),
              SmallestBatch(CutOf(training.experiment().spec().train, data.train.count))),
      function_(training.experiment(), data) {}

template <typename T>
void WatchedTraining<T>::AddBatch(const BatchMetrics& metrics) {
  if (metrics.weight == 0) return;  // its loss is that of no row
  if (!any_batch_ && training_.resumed_at() == 0 && std::isfinite(metrics.loss)) {
    first_loss_ = metrics.loss;
  }
  any_batch_ = true;
}

template <typename T>
void WatchedTraining<T>::AddEpoch(int64_t epoch) {
  scales_.Add(epoch, experiment().network(), experiment().trainer().step());
  function_.AddEpoch(epoch);
}

template <typename T>
void WatchedTraining<T>::AddTo(Inspection* seen) {
  seen->first_loss = first_loss_;
  seen->scales = scales_.Take();
  seen->function = function_.Take(static_cast<int64_t>(experiment().trainer().history().size()));
}

template class WatchedTraining<float>;
template class WatchedTraining<double>;

}  // namespace nabla
