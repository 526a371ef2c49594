#include "framework/engine/evaluation.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <span>

namespace nabla {
namespace {

// Rows per rank whose outputs are in memory at once: bounds memory for data sets of any size.
constexpr size_t kChunkRows = 1200;
// Rows that one worker takes through all layers, so that its activations stay in its caches.
constexpr size_t kBlockRows = 48;

// Of rows that are held as numbers, which are no bytes: what is sparse does not hold them. Empty
// where all are bytes.
std::vector<bool> NoBytes(const Samples& samples) {
  if (std::ranges::all_of(samples.numbers, IsByte)) return {};
  const size_t width = samples.shape.size();
  std::vector<bool> rows(samples.count);
  for (size_t r = 0; r < samples.count; ++r) {
    rows[r] = !std::ranges::all_of(samples.numbers.subspan(r * width, width), IsByte);
  }
  return rows;
}

}  // namespace

template <typename T>
Evaluation<T>::Evaluation(const Network<T>& network, const Loss<T>& loss,
                          std::vector<std::shared_ptr<const Metric<T>>> metrics,
                          const Samples& samples, Threads& threads, Ranks* ranks, double threshold,
                          std::vector<double> class_weights)
    : network_(network),
      loss_(loss),
      metrics_(std::move(metrics)),
      samples_(samples),
      threads_(threads),
      ranks_(ranks),
      rank_count_(ranks != nullptr ? ranks->count() : 1),
      threshold_(threshold),
      class_weights_(std::move(class_weights)),
      sparse_(network.TakesSparse(samples)),
      byte_table_(MakeByteTable<T>(samples.normalization)) {
  if (sparse_) no_bytes_ = NoBytes(samples);
  const size_t rows = std::min(kChunkRows, samples.count);
  for (size_t worker = 0; worker < threads.count(); ++worker) {
    std::vector<OwnedMatrix<T>>& block = blocks_.emplace_back();
    block.emplace_back(std::min(rows, kBlockRows), samples.shape.size());
    for (const NetworkLayer<T>& layer : network.layers()) {
      block.emplace_back(std::min(rows, kBlockRows), layer.output.size());
    }
    scratch_.emplace_back(network.scratch());
  }
  const size_t all_rows = rows * rank_count_;
  outputs_ = OwnedMatrix<T>(all_rows, network.output().size());
  unused_gradient_ = OwnedMatrix<T>(all_rows, network.output().size());
  labels_.resize(all_rows);
  const bool binary = IsBinary(network.output(), samples.classes);
  target_values_ = OwnedMatrix<T>(all_rows, binary ? 1 : samples.values_per_row);
  row_losses_.resize(all_rows);
  order_.resize(samples.count);
  std::iota(order_.begin(), order_.end(), 0u);
}

template <typename T>
EvaluationResult Evaluation<T>::Run() {
  return *RunUnless({});
}

template <typename T>
std::optional<EvaluationResult> Evaluation<T>::RunUnless(const std::function<bool()>& stop) {
  std::vector<std::unique_ptr<MetricPass<T>>> passes;
  EvaluatedRows known{.classes = samples_.classes, .threshold = threshold_};
  if (samples_.meaning != nullptr) known.meaning = *samples_.meaning;
  for (const auto& metric : metrics_) passes.push_back(metric->Start(known));
  double loss_sum = 0;
  const bool classes = samples_.classes > 0;
  const size_t step = kChunkRows * rank_count_;
  for (size_t first = 0; first < samples_.count; first += step) {
    const size_t rows = std::min(step, samples_.count - first);
    if (!RunChunks(first, rows, stop)) return std::nullopt;
    for (size_t r = 0; r < rows; ++r) loss_sum += row_losses_[r];
    Restore(rows);
    const Targets<T> targets{
        classes ? labels_.data() : nullptr,
        classes ? Matrix<const T>{} : Matrix<const T>(target_values_.view().Rows(0, rows))};
    for (const auto& pass : passes) pass->Add(outputs_.view().Rows(0, rows), targets);
  }
  const double weight = WeightOf(samples_, order_, class_weights_);
  EvaluationResult metrics{.loss = MeanLoss(loss_, weight, loss_sum)};
  for (const auto& pass : passes) {
    for (auto& result : pass->Results()) metrics.metrics.push_back(std::move(result));
    for (auto& matrix : pass->Matrices()) metrics.matrices.push_back(std::move(matrix));
  }
  return metrics;
}

template <typename T>
bool Evaluation<T>::RunChunks(size_t first, size_t rows, const std::function<bool()>& stop) {
  const size_t part = (rows + rank_count_ - 1) / rank_count_;
  const size_t rank = ranks_ != nullptr ? ranks_->index() : 0;
  const size_t begin = std::min(rows, part * rank);
  const size_t end = std::min(rows, begin + part);
  std::atomic<bool> stopped = false;
  threads_.Run((end - begin + kBlockRows - 1) / kBlockRows, [&](size_t item, size_t worker) {
    if (worker == 0 && stop && stop()) stopped = true;
    if (stopped) return;
    const size_t from = begin + item * kBlockRows;
    RunBlock(first, from, std::min(end, from + kBlockRows), worker);
  });
  if (stopped || rank_count_ == 1) return !stopped;
  Share(part);
  GatherTargets(samples_, std::span<const uint32_t>(order_).subspan(first, rows), labels_.data(),
                target_values_.view().Rows(0, rows));
  return true;
}

template <typename T>
void Evaluation<T>::Restore(size_t rows) {
  if (samples_.meaning == nullptr || samples_.meaning->mean.empty()) return;
  const TargetMeaning& meaning = *samples_.meaning;
  for (const Matrix<T> values : {outputs_.view(), target_values_.view()}) {
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < meaning.mean.size(); ++c) {
        values(r, c) = static_cast<T>(meaning.Raw(c, static_cast<double>(values(r, c))));
      }
    }
  }
}

// Recursive doubling: after each round, twice as many neighbouring ranks hold the same rows.
template <typename T>
void Evaluation<T>::Share(size_t part) {
  const auto bytes = [](auto* begin, size_t size) {
    return std::as_writable_bytes(std::span(begin, size));
  };
  const size_t stride = outputs_.view().stride;
  for (size_t width = 1; width < rank_count_; width *= 2) {
    const size_t mine = ranks_->index() / width * width * part;
    const size_t theirs = (ranks_->index() ^ width) / width * width * part;
    const size_t partner = ranks_->index() ^ width;
    ranks_->Swap(partner, bytes(outputs_.view().Row(mine), width * part * stride),
                 bytes(outputs_.view().Row(theirs), width * part * stride));
    ranks_->Swap(partner, bytes(row_losses_.data() + mine, width * part),
                 bytes(row_losses_.data() + theirs, width * part));
  }
}

template <typename T>
void Evaluation<T>::RunBlock(size_t first_sample, size_t begin, size_t end, size_t worker) {
  const std::span<const uint32_t> order =
      std::span<const uint32_t>(order_).subspan(first_sample + begin, end - begin);
  const size_t rows = end - begin;
  std::vector<OwnedMatrix<T>>& block = blocks_[worker];
  if (!sparse_) GatherInputs(samples_, order, block[0].view().Rows(0, rows));
  GatherTargets(samples_, order, labels_.data() + begin, target_values_.view().Rows(begin, end));
  const size_t depth = network_.layers().size();
  for (size_t i = 0; i < depth; ++i) {
    const NetworkLayer<T>& placed = network_.layers()[i];
    const Matrix<T> x = block[i].view().Rows(0, rows);
    const Matrix<T> y =
        i + 1 == depth ? outputs_.view().Rows(begin, end) : block[i + 1].view().Rows(0, rows);
    if (i == 0 && sparse_) {
      RunSparse(order, first_sample + begin, y, worker);
      continue;
    }
    if (placed.joint) {
      Join<T>(*placed.joint, x, y,
              [&](size_t source) { return block[source + 1].view().Rows(0, rows); });
      continue;
    }
    placed.layer->Forward({.shape = &placed.input,
                           .x = x,
                           .y = y,
                           .parameters = network_.views(i),
                           .scratch = scratch_[worker].data(),
                           .first_row = first_sample + begin});
  }
  const bool by_value = samples_.classes == 0 || IsBinary(network_.output(), samples_.classes);
  const Targets<T> targets{
      by_value ? nullptr : labels_.data() + begin,
      by_value ? Matrix<const T>(target_values_.view().Rows(begin, end)) : Matrix<const T>{}};
  loss_.Rows(outputs_.view().Rows(begin, end), targets, samples_.count, row_losses_.data() + begin,
             unused_gradient_.view().Rows(begin, end));
  if (class_weights_.empty() && samples_.weights.empty()) return;
  for (size_t r = begin; r < end; ++r) {
    row_losses_[r] *= RowWeight(samples_, order[r - begin], class_weights_);
  }
}

// Run by run of rows that are bytes and of others: what becomes of a row depends on no other.
template <typename T>
void Evaluation<T>::RunSparse(std::span<const uint32_t> order, size_t first_row, Matrix<T> y,
                              size_t worker) {
  const NetworkLayer<T>& placed = network_.layers().front();
  const auto is_dense = [&](size_t r) { return !no_bytes_.empty() && no_bytes_[order[r]]; };
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const bool dense = is_dense(begin);
    while (end < order.size() && is_dense(end) == dense) ++end;
    const std::span<const uint32_t> rows = order.subspan(begin, end - begin);
    const SparseRows<T> sparse{samples_.sparse.get(), rows.data(), rows.size(),
                               byte_table_.above.data(), byte_table_.zero};
    const Matrix<T> x = blocks_[worker][0].view().Rows(0, rows.size());
    if (dense) GatherInputs(samples_, rows, x);
    placed.layer->Forward({.shape = &placed.input,
                           .x = x,
                           .sparse = dense ? nullptr : &sparse,
                           .y = y.Rows(begin, end),
                           .parameters = network_.views(0),
                           .scratch = scratch_[worker].data(),
                           .first_row = first_row + begin});
  }
}

template class Evaluation<float>;
template class Evaluation<double>;

}  // namespace nabla
