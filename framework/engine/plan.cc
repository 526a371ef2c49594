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
// Multiply-adds of a step's way forward. Below the first, two barriers cost more than a second
// thread ever brought; above the second, it always brought more (bench/training.cc).
constexpr size_t kLeastSharedWork = 100000;
constexpr size_t kAlwaysSharedWork = 1000000000;

// Channels of a coupled layer that are worth an item.
constexpr size_t kLeastGroups = 4;

size_t CeilDivide(size_t value, size_t unit) { return (value + unit - 1) / unit; }

size_t RoundUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

template <typename T>
size_t WidestRow(const Network<T>& network) {
  size_t widest = network.layers().front().input.size();
  for (const auto& layer : network.layers()) widest = std::max(widest, layer.output.size());
  return widest;
}

template <typename T>
void AddTiles(const Network<T>& network, size_t count, Items* items) {
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    const Parameter<T>& parameter = network.parameters()[p];
    if (!parameter.trained) continue;
    const Matrix<T> value = parameter.value.view();
    const size_t fitting = std::max<size_t>(1, kTileBytes / (value.stride * sizeof(T)));
    const size_t fair = CeilDivide(value.rows, count);
    // Sparse rows are cut into segments of columns: a tile is some of them.
    const bool sparse = parameter.layer == 0 && network.takes_sparse_input();
    const size_t height = RoundUp(std::max<size_t>(1, std::min(fitting, fair)),
                                  sparse ? SparseBytes::kSegment : kRowUnit);
    for (size_t begin = 0; begin < value.rows; begin += height) {
      items->tiles.push_back({p, begin, std::min(value.rows, begin + height)});
    }
    items->tile_numbers =
        std::max(items->tile_numbers, std::min(height, value.rows) * value.stride);
  }
}

template <typename T>
void AddChannelTiles(const Network<T>& network, size_t count, Items* items) {
  for (const size_t layer : network.coupled_layers()) {
    const size_t channels = network.layers()[layer].channels;
    const size_t height = std::max(kLeastGroups, CeilDivide(channels, count));
    std::vector<ChannelTile>& tiles = items->channel_tiles.emplace_back();
    for (size_t begin = 0; begin < channels; begin += height) {
      tiles.push_back({begin, std::min(channels, begin + height)});
    }
  }
}

// Blocks end where those of blockwise_gradient gradients do.
template <typename T>
size_t RowUnit(const Network<T>& network) {
  const bool blockwise_gradient =
      std::any_of(network.parameters().begin(), network.parameters().end(),
                  [](const Parameter<T>& p) { return p.blockwise_gradient; });
  return blockwise_gradient ? kGradientRows : kRowUnit;
}

template <typename T>
size_t FirstTrained(const Network<T>& network) {
  size_t first = network.layers().size();
  for (const Parameter<T>& p : network.parameters()) {
    if (p.trained) first = std::min(first, p.layer);
  }
  return first;
}

// Multiply-adds of one row on its way forward, about.
template <typename T>
size_t WorkOfRow(const Network<T>& network) {
  size_t work = 0;
  for (const Parameter<T>& p : network.parameters()) {
    const Matrix<T> value = p.value.view();
    // What is blockwise_gradient is used again for every number of the output.
    work +=
        value.cols * (p.blockwise_gradient ? network.layers()[p.layer].output.size() : value.rows);
  }
  return work;
}

// At least `count` items a phase where there is enough to cut, of chunks of so many rows.
template <typename T>
Items CutItems(const Network<T>& network, size_t rows, size_t count) {
  const size_t unit = RowUnit(network);
  Items items{.block_rows = RoundUp(std::min(kMostBlockRows, CeilDivide(rows, count)), unit)};
  AddTiles(network, count, &items);
  AddChannelTiles(network, count, &items);
  return items;
}

ThreadMode ModeFor(size_t work, size_t threads) {
  if (threads == 1 || work < kLeastSharedWork) return ThreadMode::kAlone;
  return work < kAlwaysSharedWork ? ThreadMode::kMeasured : ThreadMode::kShared;
}

}  // namespace

template <typename T>
Plan MakePlan(const Network<T>& network, size_t batch_rows, size_t threads) {
  const size_t row_bytes = WidestRow(network) * sizeof(T);
  const size_t unit = RowUnit(network);
  Plan plan{.chunk_rows = std::max(kLeastChunkRows, kChunkBytes / row_bytes / unit * unit),
            .first_trained = FirstTrained(network),
            .coupled = network.coupled_layers()};
  // A little more than a chunk is still one chunk: the second one would be nearly empty. Coupled
  // rows must all be there at once.
  if (batch_rows <= plan.chunk_rows + plan.chunk_rows / 2 || !plan.coupled.empty()) {
    plan.chunk_rows = batch_rows;
  }
  const size_t rows = std::min(batch_rows, plan.chunk_rows);
  plan.mode = ModeFor(WorkOfRow(network) * rows, threads);
  plan.alone = CutItems(network, rows, 1);
  plan.shared = CutItems(network, rows, threads * kItemsPerThread);
  return plan;
}

template Plan MakePlan(const Network<float>&, size_t, size_t);
template Plan MakePlan(const Network<double>&, size_t, size_t);

}  // namespace nabla
