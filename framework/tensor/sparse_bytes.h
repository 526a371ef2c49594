// Rows of bytes that are mostly zero.
#ifndef NABLA_FRAMEWORK_TENSOR_SPARSE_BYTES_H_
#define NABLA_FRAMEWORK_TENSOR_SPARSE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nabla {

// N rows of `width` bytes. Columns are cut into segments of 64: each segment of each row has a mask
// of its nonzero bytes and the index of the first of them in `values` and `columns`, where they
// follow one another.
struct SparseBytes {
  static constexpr size_t kSegment = 64;
  static constexpr size_t kMostColumns = 65535;

  size_t rows = 0;
  size_t width = 0;  // at most kMostColumns
  size_t segments = 0;
  std::vector<uint64_t> masks;   // (N, segments): bit k stands for column 64 s + k
  std::vector<uint32_t> starts;  // (N, segments): index into values; then their number
  std::vector<uint8_t> values;
  std::vector<uint16_t> columns;  // in which the values stand
};

// The same rows (N, width), sparse. At most 2^32 - 1 bytes may be nonzero.
SparseBytes MakeSparse(std::span<const uint8_t> bytes, size_t rows, size_t width);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TENSOR_SPARSE_BYTES_H_
