// The rows of an epoch as batches.
#ifndef NABLA_FRAMEWORK_ENGINE_BATCH_ROWS_H_
#define NABLA_FRAMEWORK_ENGINE_BATCH_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/base/generator.h"

namespace nabla {

// How a training cuts the rows of an epoch.
struct BatchCut {
  size_t epoch_rows = 0;  // at least 1
  size_t batch_size = 0;  // at least 1
  bool drop_last = false;
  size_t shards = 1;  // of a batch
};

// At least 1.
size_t CountBatches(const BatchCut& cut);

// Makes `order` (N), that of the epoch before, the order of the next one.
void DrawOrder(const BatchCut& cut, OrderKind kind, Generator& generator,
               std::vector<uint32_t>* order);

// Throws InputError for an order that no epoch over so many rows has.
void CheckOrder(const std::vector<uint32_t>& order, size_t rows, OrderKind kind);

// The rows of the smallest batch, or of its smallest shard that has any.
size_t SmallestBatch(const BatchCut& cut);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_BATCH_ROWS_H_
