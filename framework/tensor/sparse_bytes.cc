#include "framework/tensor/sparse_bytes.h"

#include <algorithm>
#include <bit>

namespace nabla {

SparseBytes MakeSparse(std::span<const uint8_t> bytes, size_t rows, size_t width) {
  SparseBytes sparse;
  sparse.rows = rows;
  sparse.width = width;
  sparse.segments = (width + SparseBytes::kSegment - 1) / SparseBytes::kSegment;
  sparse.masks.reserve(rows * sparse.segments);
  sparse.starts.reserve(rows * sparse.segments + 1);
  sparse.values.resize(bytes.size() -
                       static_cast<size_t>(std::count(bytes.begin(), bytes.end(), 0)));
  sparse.columns.resize(sparse.values.size());
  size_t done = 0;
  for (size_t r = 0; r < rows; ++r) {
    for (size_t begin = 0; begin < width; begin += SparseBytes::kSegment) {
      const uint8_t* cell = bytes.data() + r * width + begin;
      const size_t count = std::min(SparseBytes::kSegment, width - begin);
      uint64_t mask = 0;
      for (size_t k = 0; k < count; ++k) mask |= static_cast<uint64_t>(cell[k] != 0) << k;
      sparse.masks.push_back(mask);
      sparse.starts.push_back(static_cast<uint32_t>(done));
      for (; mask != 0; mask &= mask - 1, ++done) {
        const auto k = static_cast<size_t>(std::countr_zero(mask));
        sparse.values[done] = cell[k];
        sparse.columns[done] = static_cast<uint16_t>(begin + k);
      }
    }
  }
  sparse.starts.push_back(static_cast<uint32_t>(done));
  return sparse;
}

}  // namespace nabla
