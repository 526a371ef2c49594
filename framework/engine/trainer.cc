#include "framework/engine/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "framework/base/philox.h"

namespace nabla {
namespace {

// No number of a step, so that augmentation and random layers never draw the same.
constexpr uint64_t kPictures = ~uint64_t{0};

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

size_t BatchRows(const TrainSettings& settings, const DataSplits& data) {
  return std::min(settings.batch_size, data.train.count);
}

std::optional<double> Find(const std::vector<std::pair<std::string, double>>& metrics,
                           const std::string& name) {
  for (const auto& [key, value] : metrics) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace

Diverged::Diverged(int64_t epoch, int64_t step, double loss)
    : std::runtime_error("diverged: the loss is " + std::to_string(loss) + " in epoch " +
                         std::to_string(epoch) + ", step " + std::to_string(step)) {}

template <typename T>
Trainer<T>::Trainer(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
                    const Schedule& schedule, std::vector<std::shared_ptr<const Metric<T>>> metrics,
                    const DataSplits& data, const TrainSettings& settings, Generator& generator,
                    Threads& threads)
    : schedule_(schedule),
      data_(data),
      settings_(settings),
      generator_(generator),
      base_rate_(optimizer.LearningRate()),
      step_(network, loss, optimizer, data.train, BatchRows(settings, data), threads,
            MakePlan(network, BatchRows(settings, data), threads.count()), settings.clipping,
            settings.augmentation) {
  if (settings.evaluate_train) {
    train_evaluation_.emplace(network, loss, metrics, data.train, threads);
  }
  if (settings.evaluate_test && data.test.count > 0) {
    test_evaluation_.emplace(network, loss, metrics, data.test, threads);
  }
  order_.resize(data.train.count);
  std::iota(order_.begin(), order_.end(), 0u);
}

template <typename T>
size_t Trainer<T>::EpochRows() const {
  const size_t wanted = settings_.rows_per_epoch;
  return wanted == 0 ? order_.size() : std::min(wanted, order_.size());
}

template <typename T>
size_t Trainer<T>::Batches() const {
  const size_t whole = EpochRows() / settings_.batch_size;
  const bool short_one = EpochRows() % settings_.batch_size != 0;
  return whole + (short_one && (!settings_.drop_last || whole == 0) ? 1 : 0);
}

template <typename T>
bool Trainer<T>::Run(const Follower<T>& follower) {
  const FlushDenormals flush;
  while (history_.size() < settings_.epochs) {
    EpochFigures figures{.epoch = static_cast<int64_t>(history_.size()) + 1};
    if (!TrainEpoch(follower, &figures)) return false;
    const bool last = figures.epoch == static_cast<int64_t>(settings_.epochs);
    if (last || figures.epoch % static_cast<int64_t>(settings_.evaluate_every) == 0) {
      Evaluate(&figures);
    }
    history_.push_back(figures);
    if (follower.on_epoch) follower.on_epoch(figures);
  }
  return true;
}

template <typename T>
bool Trainer<T>::TrainEpoch(const Follower<T>& follower, EpochFigures* figures) {
  const Clock::time_point start = Clock::now();
  if (settings_.shuffle) generator_.EpochOrder(order_, settings_.order);
  const size_t batches = Batches();
  const int64_t total_steps = static_cast<int64_t>(batches * settings_.epochs);
  double loss_sum = 0;
  double accuracy_sum = 0;
  size_t rows_done = 0;
  for (size_t batch = 0; batch < batches; ++batch) {
    const size_t begin = batch * settings_.batch_size;
    const size_t rows = std::min(settings_.batch_size, EpochRows() - begin);
    const double rate = schedule_.Rate(
        base_rate_,
        {.t = steps_done_, .total = total_steps, .steps_per_epoch = static_cast<int64_t>(batches)});
    ++steps_done_;
    const BatchFigures got =
        step_.Train(std::span<const uint32_t>(order_).subspan(begin, rows), rate, steps_done_,
                    Key(settings_.seed, {static_cast<uint64_t>(steps_done_)}),
                    Key(settings_.seed, {kPictures, static_cast<uint64_t>(figures->epoch)}));
    if (!std::isfinite(got.loss)) throw Diverged(figures->epoch, steps_done_, got.loss);
    loss_sum += got.loss;
    accuracy_sum += static_cast<double>(got.right) / static_cast<double>(rows);
    rows_done += rows;
    if (follower.on_batch) follower.on_batch(figures->epoch, batch + 1, batches, got);
    if (follower.on_step) follower.on_step(step_);
    if (follower.stop && follower.stop()) return false;
  }
  figures->train_loss = loss_sum / static_cast<double>(batches);
  if (data_.train.classes > 0) {
    figures->train_accuracy = accuracy_sum / static_cast<double>(batches);
  }
  figures->seconds = SecondsSince(start);
  figures->samples_per_second = static_cast<double>(rows_done) / figures->seconds;
  return true;
}

template <typename T>
void Trainer<T>::Evaluate(EpochFigures* figures) {
  if (train_evaluation_) {
    const EvaluationFigures train = train_evaluation_->Run();
    if (const auto accuracy = Find(train.metrics, "accuracy")) figures->train_accuracy = accuracy;
  }
  if (test_evaluation_) {
    EvaluationFigures test = test_evaluation_->Run();
    figures->test_loss = test.loss;
    figures->test_accuracy = Find(test.metrics, "accuracy");
    figures->test_metrics = std::move(test.metrics);
    figures->test_matrices = std::move(test.matrices);
  }
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace nabla
