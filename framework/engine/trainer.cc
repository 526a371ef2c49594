#include "framework/engine/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>
#include <type_traits>

#include "framework/base/error.h"
#include "framework/base/philox.h"
#include "framework/data/split.h"

namespace nabla {
namespace {

// Not the number of any step, so that augmentation and random layers never use the same key.
constexpr uint64_t kPictures = ~uint64_t{0};

// Smaller reductions of a rate are left out: the eps of PyTorch's ReduceLROnPlateau.
constexpr double kLeastReduction = 1e-8;

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

// The metrics but for the accuracy.
std::vector<std::pair<std::string, double>> Others(
    std::vector<std::pair<std::string, double>> metrics) {
  std::erase_if(metrics, [](const auto& metric) { return metric.first == "accuracy"; });
  return metrics;
}

// Throws InputError for what no training of so many epochs and batches leaves.
void CheckPosition(const TrainingState& state, size_t batches, size_t epochs) {
  if (state.batches > batches) throw InputError("more batches are done than an epoch has");
  const size_t done = state.history.size();
  if (done > epochs || (done == epochs && state.batches > 0)) {
    throw InputError("more is done than the epochs that there are");
  }
  for (size_t i = 0; i < done; ++i) {
    if (state.history[i].epoch == static_cast<int64_t>(i) + 1) continue;
    throw InputError("its epochs are not numbered from 1 on");
  }
  if (state.steps != static_cast<int64_t>(done * batches + state.batches)) {
    throw InputError("its steps are not those of its epochs and batches");
  }
}

template <typename T>
double Norm(std::type_identity_t<Matrix<const T>> numbers) {
  double sum = 0;
  for (size_t r = 0; r < numbers.rows; ++r) {
    for (size_t c = 0; c < numbers.cols; ++c) {
      const double x = static_cast<double>(numbers(r, c));
      sum += x * x;
    }
  }
  return std::sqrt(sum);
}

}  // namespace

template <typename T>
Trainer<T>::Trainer(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
                    const Schedule& schedule, std::vector<std::shared_ptr<const Metric<T>>> metrics,
                    const DataSplits& data, const TrainSettings& settings, Generator& generator,
                    Threads& threads, const StepOptions<T>& options)
    : network_(network),
      loss_(loss),
      schedule_(schedule),
      data_(data),
      settings_(settings),
      generator_(generator),
      threads_(threads),
      base_rate_(optimizer.LearningRate()),
      options_(options),
      step_(
          network, loss, optimizer, data.train, BatchRows(settings, data), threads,
          MakePlan(network, settings.sharding.RankRows(BatchRows(settings, data)), threads.count()),
          settings.clipping, settings.augmentation, settings.sharding, options) {
  const Loss<T>& shown = options.shown != nullptr ? *options.shown : loss;
  Ranks* const ranks = settings.sharding.ranks;
  if (settings.evaluate_train || settings.train_loss == TrainLoss::kAfter) {
    train_evaluation_.emplace(network, shown, metrics, data.train, threads, ranks,
                              options.threshold, options.class_weights);
  }
  if (settings.evaluate_validation && data.validation.count > 0) {
    validation_evaluation_.emplace(network, shown, metrics, data.validation, threads, ranks,
                                   options.threshold, options.class_weights);
  }
  if (settings.evaluate_test && data.test.count > 0) {
    test_evaluation_.emplace(network, shown, metrics, data.test, threads, ranks, options.threshold,
                             options.class_weights);
  }
  if (settings.norms) step_.KeepGradients();
  at_.order.resize(data.train.count);
  std::iota(at_.order.begin(), at_.order.end(), 0u);
}

template <typename T>
TrainingState Trainer<T>::state() const {
  TrainingState state = at_;
  state.generator = generator_.State();
  if (knows_gradient_ && at_.batches == Batches()) state.gradient_norms = GradientNorms();
  return state;
}

template <typename T>
void Trainer<T>::Restore(const TrainingState& state) {
  CheckOrder(state.order, data_.train.count, settings_.order);
  CheckPosition(state, Batches(), settings_.epochs);
  generator_.SetState(state.generator);
  at_ = state;
  // They have no rows that weigh less than others.
  if (!at_.loss_weight) at_.loss_weight = AccuracyWeight(at_.batches);
  knows_gradient_ = false;
}

template <typename T>
EpochMetrics Trainer<T>::LastAsDue() const {
  EpochMetrics last = at_.history.back();
  const bool due = last.epoch % static_cast<int64_t>(settings_.evaluate_every) == 0;
  if (!due || settings_.test_at_end) {
    last.test_loss.reset();
    last.test_accuracy.reset();
    last.test_metrics.clear();
    last.test_matrices.clear();
  }
  if (due) return last;
  if (settings_.train_loss != TrainLoss::kAfter) {
    last.train_metrics.clear();
    // The sums are those of the last epoch until the next one begins, whose beginning means that
    // the last one was evaluated only if it was due.
    if (last.train_accuracy && at_.batches == 0) last.train_accuracy = MeanAccuracy();
  }
  last.validation_loss.reset();
  last.validation_accuracy.reset();
  last.validation_metrics.clear();
  return last;
}

template <typename T>
void Trainer<T>::ForgetLastEvaluation() {
  if (at_.history.empty() || at_.history.size() >= settings_.epochs) return;
  at_.history.back() = LastAsDue();
}

template <typename T>
BatchCut Trainer<T>::Cut() const {
  const size_t wanted = settings_.rows_per_epoch;
  const size_t all = data_.train.count;
  return {.epoch_rows = wanted == 0 ? all : std::min(wanted, all),
          .batch_size = settings_.batch_size,
          .drop_last = settings_.drop_last};
}

template <typename T>
std::span<const uint32_t> Trainer<T>::BatchAt(size_t batch) const {
  const size_t begin = batch * settings_.batch_size;
  return std::span(at_.order).subspan(begin,
                                      std::min(settings_.batch_size, Cut().epoch_rows - begin));
}

template <typename T>
std::span<const uint32_t> Trainer<T>::LastBatch() const {
  return at_.batches == 0 ? std::span<const uint32_t>() : BatchAt(at_.batches - 1);
}

template <typename T>
bool Trainer<T>::Run(const Follower<T>& follower) {
  const FlushDenormals flush;
  while (at_.history.size() < settings_.epochs) {
    if (!TrainEpoch(follower) || !EndEpoch(follower)) return false;
    if (ended_early_) break;
  }
  CheckEnd();
  return true;
}

// The last epoch is always evaluated, also where it is the last since nothing gets better.
template <typename T>
bool Trainer<T>::EndEpoch(const Follower<T>& follower) {
  EpochMetrics metrics = Summarise();
  const bool last = metrics.epoch == static_cast<int64_t>(settings_.epochs);
  const bool due = last || metrics.epoch % static_cast<int64_t>(settings_.evaluate_every) == 0;
  // Several ranks evaluate together, and stop together after a step.
  const auto& stop = settings_.sharding.ranks == nullptr ? follower.stop : std::function<bool()>();
  if (settings_.train_loss == TrainLoss::kAfter && !EvaluateTrain(stop, &metrics)) return false;
  const bool test_due = settings_.test_at_end ? last : due;
  if (due && !Evaluate(stop, &metrics)) return false;
  if (test_due && !EvaluateTest(stop, &metrics)) return false;
  at_.history.push_back(metrics);
  ended_early_ = follower.enough && follower.enough();
  if (ended_early_) {
    EpochMetrics* const final = &at_.history.back();
    if ((!due && !Evaluate(stop, final)) || (!test_due && !EvaluateTest(stop, final))) {
      at_.history.pop_back();
      return false;
    }
  }
  at_.batches = 0;
  at_.gradient_norms.clear();
  if (follower.on_epoch) follower.on_epoch(at_.history.back());
  return true;
}

template <typename T>
bool Trainer<T>::TrainEpoch(const Follower<T>& follower) {
  const Clock::time_point start = Clock::now();
  double seconds_before = at_.seconds;
  if (settings_.reduction.count) reductions_ = settings_.reduction.count(at_.history);
  if (at_.batches == 0) {
    at_.loss_sum = at_.accuracy_sum = at_.seconds = seconds_before = 0;
    at_.loss_weight = 0;
    at_.rows = 0;
    if (settings_.shuffle) DrawOrder(Cut(), settings_.order, generator_, &at_.order);
  }
  const size_t batches = Batches();
  Ranks* const ranks = settings_.sharding.ranks;
  while (at_.batches < batches) {
    // Ranks stop together: after the step in which one of them asks.
    if (ranks != nullptr) step_.AskToStop(follower.stop && follower.stop());
    const BatchMetrics got = TrainBatch();
    knows_gradient_ = settings_.norms;
    at_.seconds = seconds_before + SecondsSince(start);
    if (follower.on_batch) follower.on_batch(Epoch(), at_.batches, batches, got);
    if (follower.on_step) follower.on_step(step_);
    if (ranks != nullptr ? step_.stop_asked() : follower.stop && follower.stop()) return false;
  }
  return true;
}

template <typename T>
double Trainer<T>::Rate(int64_t step) const {
  const auto steps_per_epoch = static_cast<int64_t>(Batches());
  double rate =
      schedule_.Rate(base_rate_, {.t = step,
                                  .total = steps_per_epoch * static_cast<int64_t>(settings_.epochs),
                                  .steps_per_epoch = steps_per_epoch});
  for (int64_t i = 0; i < reductions_; ++i) {
    const double reduced = std::max(rate * settings_.reduction.factor, settings_.reduction.least);
    if (rate - reduced > kLeastReduction) rate = reduced;
  }
  return rate;
}

template <typename T>
BatchMetrics Trainer<T>::TrainBatch() {
  const std::span<const uint32_t> batch = BatchAt(at_.batches);
  const size_t rows = batch.size();
  const double rate = Rate(at_.steps);
  ++at_.steps;
  const BatchMetrics got =
      step_.Train(batch, rate, at_.steps, Key(settings_.seed, {static_cast<uint64_t>(at_.steps)}),
                  Key(settings_.seed, {kPictures, static_cast<uint64_t>(Epoch())}));
  ++at_.batches;
  if (!std::isfinite(got.loss)) Diverge(got.loss);
  const bool by_rows = settings_.train_loss == TrainLoss::kRows;
  const double loss_weight = by_rows ? got.weight : got.weight > 0 ? 1 : 0;
  at_.loss_sum += got.loss * loss_weight;
  *at_.loss_weight += loss_weight;
  at_.accuracy_sum += static_cast<double>(got.right) / static_cast<double>(rows) *
                      (by_rows ? static_cast<double>(rows) : 1);
  at_.rows += rows;
  return got;
}

// The lowest over all ranks, since only ranks with affected rows have seen one.
template <typename T>
std::string Trainer<T>::FirstNonFiniteLayer() const {
  const size_t none = network_.layers().size();
  size_t first = step_.first_non_finite().value_or(none);
  if (settings_.sharding.ranks != nullptr) {
    for (const std::string& other : settings_.sharding.ranks->Gather(std::to_string(first))) {
      first = std::min<size_t>(first, std::stoull(other));
    }
  }
  return first == none ? "" : network_.layers()[first].path;
}

template <typename T>
void Trainer<T>::Diverge(double loss) const {
  const std::string layer = FirstNonFiniteLayer();
  // The sign of a NaN means nothing and differs between processors.
  const std::string value = std::isnan(loss) ? "nan" : std::to_string(loss);
  throw Diverged("diverged: the loss is " + value + " in epoch " + std::to_string(Epoch()) +
                 ", batch " + std::to_string(at_.batches) + " (step " + std::to_string(at_.steps) +
                 "); " +
                 (layer.empty() ? "every layer's output is finite"
                                : "the first output that is not finite is that of model." + layer));
}

// The last update, after the last loss was computed, may have made the network diverge.
template <typename T>
void Trainer<T>::CheckEnd() const {
  const std::string after = " after the last step (" + std::to_string(at_.steps) + ")";
  const std::string parameter = network_.FirstNonFinite();
  if (!parameter.empty()) throw Diverged("diverged: " + parameter + " is not finite" + after);
  const Samples rows = FirstRows(data_.train, settings_.batch_size);
  if (std::isfinite(Evaluation<T>(network_, loss_, {}, rows, threads_).Run().loss)) return;
  throw Diverged("diverged: the loss of the first training rows is not finite" + after);
}

template <typename T>
double Trainer<T>::AccuracyWeight(size_t batches) const {
  return static_cast<double>(settings_.train_loss == TrainLoss::kRows ? at_.rows : batches);
}

template <typename T>
double Trainer<T>::MeanAccuracy() const {
  return at_.accuracy_sum / AccuracyWeight(Batches());
}

template <typename T>
EpochMetrics Trainer<T>::Summarise() const {
  const double weight = at_.loss_weight.value();
  EpochMetrics metrics{.epoch = Epoch(),
                       .train_loss = weight == 0 ? 0 : at_.loss_sum / weight,
                       .learning_rate = Rate(at_.steps - 1),
                       .seconds = at_.seconds,
                       .samples_per_second = static_cast<double>(at_.rows) / at_.seconds};
  if (data_.train.classes > 0) metrics.train_accuracy = MeanAccuracy();
  if (!settings_.norms) return metrics;
  for (const Parameter<T>& p : network_.parameters()) {
    if (p.trained) metrics.weight_norms.emplace_back(p.name, Norm<T>(p.value.view()));
  }
  metrics.gradient_norms = knows_gradient_ ? GradientNorms() : at_.gradient_norms;
  return metrics;
}

template <typename T>
std::vector<std::pair<std::string, double>> Trainer<T>::GradientNorms() const {
  std::vector<std::pair<std::string, double>> norms;
  const std::vector<Parameter<T>>& parameters = network_.parameters();
  for (size_t p = 0; p < parameters.size(); ++p) {
    if (!parameters[p].IsUpdated()) continue;
    norms.emplace_back(parameters[p].name, Norm<T>(step_.gradients()[p].view()));
  }
  return norms;
}

template <typename T>
bool Trainer<T>::EvaluateTrain(const std::function<bool()>& stop, EpochMetrics* metrics) {
  auto train = train_evaluation_->RunUnless(stop);
  if (!train) return false;
  if (const auto accuracy = Find(train->metrics, "accuracy")) metrics->train_accuracy = accuracy;
  if (settings_.evaluate_train) metrics->train_metrics = Others(std::move(train->metrics));
  if (settings_.train_loss == TrainLoss::kAfter) {
    metrics->train_loss = train->loss + options_.penalties.Shown(false, data_.train.count);
  }
  return true;
}

template <typename T>
bool Trainer<T>::Evaluate(const std::function<bool()>& stop, EpochMetrics* metrics) {
  if (settings_.evaluate_train && settings_.train_loss != TrainLoss::kAfter &&
      !EvaluateTrain(stop, metrics)) {
    return false;
  }
  if (!validation_evaluation_) return true;
  auto validation = validation_evaluation_->RunUnless(stop);
  if (!validation) return false;
  metrics->validation_loss =
      validation->loss + options_.penalties.Shown(true, data_.validation.count);
  metrics->validation_accuracy = Find(validation->metrics, "accuracy");
  metrics->validation_metrics = Others(std::move(validation->metrics));
  return true;
}

template <typename T>
bool Trainer<T>::EvaluateTest(const std::function<bool()>& stop, EpochMetrics* metrics) {
  if (!test_evaluation_) return true;
  auto test = test_evaluation_->RunUnless(stop);
  if (!test) return false;
  metrics->test_loss = test->loss + options_.penalties.Shown(true, data_.test.count);
  metrics->test_accuracy = Find(test->metrics, "accuracy");
  metrics->test_metrics = std::move(test->metrics);
  metrics->test_matrices = std::move(test->matrices);
  return true;
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace nabla
