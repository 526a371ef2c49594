#include "framework/engine/evaluation.h"

#include <algorithm>
#include <numeric>

namespace nabla {
namespace {

constexpr size_t kChunkRows = 1200;
constexpr size_t kBlockRows = 48;

}  // namespace

template <typename T>
Evaluation<T>::Evaluation(const Network<T>& network, const Loss<T>& loss,
                          std::vector<std::shared_ptr<const Metric<T>>> metrics,
                          const Samples& samples, Threads& threads)
    : network_(network),
      loss_(loss),
      metrics_(std::move(metrics)),
      samples_(samples),
      threads_(threads),
      sparse_(samples.sparse != nullptr && network.takes_sparse_input()),
      byte_table_(MakeByteTable<T>(samples.normalization)) {
  const size_t rows = std::min(kChunkRows, samples.count);
  for (size_t worker = 0; worker < threads.count(); ++worker) {
    std::vector<OwnedMatrix<T>>& block = blocks_.emplace_back();
    block.emplace_back(std::min(rows, kBlockRows), samples.shape.size());
    for (const PlacedLayer<T>& layer : network.layers()) {
      block.emplace_back(std::min(rows, kBlockRows), layer.output.size());
    }
    scratch_.emplace_back(network.scratch());
  }
  outputs_ = OwnedMatrix<T>(rows, network.output().size());
  unused_gradient_ = OwnedMatrix<T>(rows, network.output().size());
  labels_.resize(rows);
  target_values_ = OwnedMatrix<T>(rows, samples.values_per_row);
  row_losses_.resize(rows);
  order_.resize(samples.count);
  std::iota(order_.begin(), order_.end(), 0u);
}

template <typename T>
EvaluationFigures Evaluation<T>::Run() {
  std::vector<std::unique_ptr<MetricPass<T>>> passes;
  for (const auto& metric : metrics_) passes.push_back(metric->Start(samples_.classes));
  double loss_sum = 0;
  const bool classes = samples_.classes > 0;
  for (size_t first = 0; first < samples_.count; first += kChunkRows) {
    const size_t rows = std::min(kChunkRows, samples_.count - first);
    threads_.Run((rows + kBlockRows - 1) / kBlockRows, [&](size_t item, size_t worker) {
      RunBlock(first, item * kBlockRows, std::min(rows, (item + 1) * kBlockRows), worker);
    });
    for (size_t r = 0; r < rows; ++r) loss_sum += row_losses_[r];
    const Targets<T> targets{
        classes ? labels_.data() : nullptr,
        classes ? Matrix<const T>{} : Matrix<const T>(target_values_.view().Rows(0, rows))};
    for (const auto& pass : passes) pass->Add(outputs_.view().Rows(0, rows), targets);
  }
  EvaluationFigures figures{.loss = loss_.Weight(samples_.count) * loss_sum};
  for (const auto& pass : passes) {
    for (auto& result : pass->Results()) figures.metrics.push_back(std::move(result));
    for (auto& matrix : pass->Matrices()) figures.matrices.push_back(std::move(matrix));
  }
  return figures;
}

template <typename T>
void Evaluation<T>::RunBlock(size_t first_sample, size_t begin, size_t end, size_t worker) {
  const std::span<const uint32_t> order =
      std::span<const uint32_t>(order_).subspan(first_sample + begin, end - begin);
  const size_t rows = end - begin;
  std::vector<OwnedMatrix<T>>& block = blocks_[worker];
  const SparseRows<T> sparse{samples_.sparse.get(), order.data(), rows, byte_table_.above.data(),
                             byte_table_.zero};
  if (!sparse_) GatherInputs(samples_, order, block[0].view().Rows(0, rows));
  GatherTargets(samples_, order, labels_.data() + begin, target_values_.view().Rows(begin, end));
  const size_t depth = network_.layers().size();
  for (size_t i = 0; i < depth; ++i) {
    const PlacedLayer<T>& placed = network_.layers()[i];
    const Matrix<T> x = block[i].view().Rows(0, rows);
    const Matrix<T> y =
        i + 1 == depth ? outputs_.view().Rows(begin, end) : block[i + 1].view().Rows(0, rows);
    if (placed.skip_from) {
      AddRows<T>(x, block[*placed.skip_from + 1].view().Rows(0, rows), y);
      continue;
    }
    placed.layer->Forward({.shape = &placed.input,
                           .x = x,
                           .sparse = i == 0 && sparse_ ? &sparse : nullptr,
                           .y = y,
                           .parameters = network_.views(i),
                           .scratch = scratch_[worker].data(),
                           .first_row = first_sample + begin});
  }
  const bool classes = samples_.classes > 0;
  const Targets<T> targets{
      classes ? labels_.data() + begin : nullptr,
      classes ? Matrix<const T>{} : Matrix<const T>(target_values_.view().Rows(begin, end))};
  loss_.Rows(outputs_.view().Rows(begin, end), targets, samples_.count, row_losses_.data() + begin,
             unused_gradient_.view().Rows(begin, end));
}

template class Evaluation<float>;
template class Evaluation<double>;

}  // namespace nabla
