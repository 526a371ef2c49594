// How a step is cut into pieces: a pure function of the shapes, the batch size and the number of
// threads. No cut changes a bit of the result, so cache sizes and measured times may decide.
#ifndef NABLA_FRAMEWORK_ENGINE_PLAN_H_
#define NABLA_FRAMEWORK_ENGINE_PLAN_H_

#include <cstddef>
#include <vector>

#include "framework/engine/network.h"
#include "framework/engine/thread_tuner.h"

namespace nabla {

// Channels [begin, end) of a coupled layer: one item of the phase that computes its statistics.
struct ChannelTile {
  size_t begin = 0;
  size_t end = 0;
};

// Rows [begin, end) of one parameter: one item of phase B.
struct Tile {
  size_t parameter = 0;
  size_t begin = 0;
  size_t end = 0;
};

// The items of a chunk's phases.
struct Items {
  size_t block_rows = 0;  // one item of phase A
  std::vector<Tile> tiles;
  size_t tile_numbers = 0;                              // in the largest tile, padding included
  std::vector<std::vector<ChannelTile>> channel_tiles;  // of each coupled layer's phase
};

struct Plan {
  size_t chunk_rows = 0;  // rows whose activations are in memory at once; a batch has >= 1 chunks
  size_t first_trained = 0;     // the lowest layer that is updated: no data gradient at or below it
  std::vector<size_t> coupled;  // layers whose rows depend on each other, ascending
  ThreadMode mode = ThreadMode::kShared;  // whether it pays to wake other threads for a step
  Items alone;                            // for one thread: as few as fit the caches
  Items shared;                           // for all threads: enough to keep each busy

  size_t chunks(size_t batch_rows) const { return (batch_rows + chunk_rows - 1) / chunk_rows; }
};

// For batches of up to `batch_rows` rows, on `threads` threads.
template <typename T>
Plan MakePlan(const Network<T>& network, size_t batch_rows, size_t threads);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_PLAN_H_
