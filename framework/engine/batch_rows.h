// Whether every batch has the rows that the layers need.
#ifndef NABLA_FRAMEWORK_ENGINE_BATCH_ROWS_H_
#define NABLA_FRAMEWORK_ENGINE_BATCH_ROWS_H_

#include <cstddef>

namespace nabla {

// How a training cuts the rows of an epoch.
struct BatchCut {
  size_t epoch_rows = 0;  // at least 1
  size_t batch_size = 0;  // at least 1
  bool drop_last = false;
  size_t shards = 1;  // of a batch
};

// The rows of the smallest batch, or of its smallest shard that has any.
size_t SmallestBatch(const BatchCut& cut);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_BATCH_ROWS_H_
