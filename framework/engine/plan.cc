#include "framework/engine/plan.h"

#include <algorithm>

namespace nabla {
namespace {

// A chunk's inputs stay in a second-level cache of 1 MiB while phase B reads them tile by tile.
constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr size_t kLeastChunkRows = 128;
// Rows of a block are a multiple of the micro-kernel's, and few enough to stay in the first level.
constexpr size_t kRowUnit = 12;
constexpr size_t kMostBlockRows = 48;
// A tile's gradient stays in the first-level cache until its update.
constexpr size_t kTileBytes = 24 << 10;
// Items a thread, so that a late thread's share can be taken over.
constexpr size_t kItemsPerThread = 3;
// Multiply-adds of a step below which waking a second thread costs more than it brings.
constexpr size_t kParallelWork = 200000;

size_t RoundUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

template <typename T>
size_t WidestRow(const Network<T>& network) {
  size_t widest = network.layers().front().input.size();
  for (const auto& layer : network.layers()) widest = std::max(widest, layer.output.size());
  return widest;
}

}  // namespace

template <typename T>
Plan MakePlan(const Network<T>& network, size_t batch_rows, size_t threads) {
  Plan plan;
  const size_t row_bytes = WidestRow(network) * sizeof(T);
  plan.chunk_rows = std::max(kLeastChunkRows, kChunkBytes / row_bytes / kRowUnit * kRowUnit);
  // A little more than a chunk is still one chunk: the second one would be nearly empty.
  if (batch_rows <= plan.chunk_rows + plan.chunk_rows / 2) plan.chunk_rows = batch_rows;
  const size_t rows = std::min(batch_rows, plan.chunk_rows);
  const size_t share = (rows + threads * kItemsPerThread - 1) / (threads * kItemsPerThread);
  plan.block_rows = std::min(kMostBlockRows, RoundUp(share, kRowUnit));

  plan.first_trained = network.layers().size();
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    const Parameter<T>& parameter = network.parameters()[p];
    plan.first_trained = std::min(plan.first_trained, parameter.layer);
    const Matrix<T> value = parameter.value.view();
    const size_t fitting = std::max<size_t>(1, kTileBytes / (value.stride * sizeof(T)));
    const size_t fair = (value.rows + threads * kItemsPerThread - 1) / (threads * kItemsPerThread);
    const size_t height = RoundUp(std::max<size_t>(1, std::min(fitting, fair)), kRowUnit);
    for (size_t begin = 0; begin < value.rows; begin += height) {
      plan.tiles.push_back({p, begin, std::min(value.rows, begin + height)});
    }
    plan.tile_numbers = std::max(plan.tile_numbers, std::min(height, value.rows) * value.stride);
  }
  plan.parallel = threads > 1 && network.parameter_count() * rows >= kParallelWork;
  return plan;
}

template Plan MakePlan(const Network<float>&, size_t, size_t);
template Plan MakePlan(const Network<double>&, size_t, size_t);

}  // namespace nabla
