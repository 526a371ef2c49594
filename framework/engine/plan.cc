#include "framework/engine/plan.h"

#include <algorithm>

namespace nabla {
namespace {

// Bytes of a chunk's widest activations: phase B reads them once per tile, so they should stay in a
// second-level cache of 1 MiB.
constexpr size_t kChunkBytes = size_t{1} << 20;
// Every chunk costs two barriers, so it has at least this many rows to share.
constexpr size_t kLeastChunkRows = 128;
// A block has a multiple of the micro-kernel's rows, and few enough to stay in the first-level
// cache.
constexpr size_t kRowUnit = 12;
constexpr size_t kMostBlockRows = 48;
// A tile's gradient stays in the first-level cache until its update.
constexpr size_t kTileBytes = 24 << 10;
// More than one, so that other threads can take over the share of a late one.
constexpr size_t kItemsPerThread = 3;
// Multiply-adds of a forward pass. Below the first bound, the two barriers always cost more than a
// second thread gained; above the second bound, they always cost less (bench/training.cc).
constexpr size_t kLeastSharedWork = 100000;
constexpr size_t kAlwaysSharedWork = 1000000000;

// Fewer channels of a coupled layer are not worth an item.
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
    if (!parameter.IsUpdated()) continue;
    const Matrix<T> value = parameter.value.view();
    const size_t fitting = std::max<size_t>(1, kTileBytes / (value.stride * sizeof(T)));
    const size_t fair = CeilDivide(value.rows, count);
    // Sparse rows store their columns in segments, so a tile consists of whole segments.
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

// Blockwise gradients are summed over kGradientRows rows at a time; no block may split these.
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
    if (p.IsUpdated()) first = std::min(first, p.layer);
  }
  return first;
}

// Approximate multiply-adds of one row's forward pass.
template <typename T>
size_t WorkOfRow(const Network<T>& network) {
  size_t work = 0;
  for (const Parameter<T>& p : network.parameters()) {
    const Matrix<T> value = p.value.view();
    // A blockwise_gradient parameter is used again for every number of the output.
    work +=
        value.cols * (p.blockwise_gradient ? network.layers()[p.layer].output.size() : value.rows);
  }
  return work;
}

// The items of a chunk of `rows` rows: at least `count` in each phase if there is enough to cut.
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
  // A batch a little larger than a chunk stays one chunk: a second one would be nearly empty.
  // Coupled layers need all rows at once.
  if (batch_rows <= plan.chunk_rows + plan.chunk_rows / 2 || !plan.coupled.empty()) {
    plan.chunk_rows = batch_rows;
  }
  const size_t rows = std::min(batch_rows, plan.chunk_rows);
  plan.mode = ModeFor(WorkOfRow(network) * batch_rows, threads);
  plan.alone = CutItems(network, rows, 1);
  plan.shared = CutItems(network, rows, threads * kItemsPerThread);
  return plan;
}

template Plan MakePlan(const Network<float>&, size_t, size_t);
template Plan MakePlan(const Network<double>&, size_t, size_t);

}  // namespace nabla
