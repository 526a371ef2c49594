// The IDX format of MNIST: a big-endian header, then bytes in row-major order.
#ifndef NABLA_FRAMEWORK_DATA_IDX_H_
#define NABLA_FRAMEWORK_DATA_IDX_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/data/bytes.h"

namespace nabla {

// Unsigned bytes of shape dims, e.g. {N, 28, 28} or {N}. Keeps the file, so nothing is copied.
struct IdxArray {
  std::vector<size_t> dims;
  Bytes file;

  // The product(dims) elements behind the header of 4 + 4 * dims.size() bytes.
  std::span<const uint8_t> data() const { return file.span().subspan(4 + 4 * dims.size()); }
};

// Checks that `file` is IDX of unsigned bytes with `rank` dimensions and the size that its header
// states. Throws InputError placed at `name` with what was expected and what was found.
// Format: http://yann.lecun.com/exdb/mnist, "File formats".
IdxArray ParseIdx(Bytes file, const std::string& name, size_t rank);

// Checks that images (N first) and labels {N} belong together and every label is below `classes`.
// Throws InputError placed at labels_name with row, found and expected.
void CheckImagesAndLabels(const IdxArray& images, const IdxArray& labels, size_t classes,
                          const std::string& images_name, const std::string& labels_name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_IDX_H_
