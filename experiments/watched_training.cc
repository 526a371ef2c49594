#include "experiments/watched_training.h"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

// The rows of the last batch of an epoch, or fewer.
size_t RowsOfLastBatch(const TrainSection& train, size_t count) {
  const auto wanted = static_cast<size_t>(train.rows_per_epoch);
  const size_t rows = wanted == 0 ? count : std::min(wanted, count);
  const size_t batch = std::min(static_cast<size_t>(train.batch_size), rows);
  const size_t rest = rows % batch;
  return rest == 0 ? batch : rest;
}

}  // namespace

template <typename T>
WatchedTraining<T>::WatchedTraining(TrainingRun<T>& training, const PreparedData& data)
    : training_(training),
      scales_(static_cast<size_t>(training.experiment().spec().train.epochs),
              RowsOfLastBatch(training.experiment().spec().train, data.train.count)),
      function_(training.experiment(), data) {}

template <typename T>
void WatchedTraining<T>::AddBatch(const BatchMetrics& metrics) {
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
