// An array of any rank, images and labels.
#include "framework/data/idx.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "tests/fuzz/fuzz.h"

namespace nabla {
namespace {

IdxArray Parse(std::span<const uint8_t> bytes, size_t rank) {
  Bytes file(bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.data());
  return ParseIdx(std::move(file), "fuzz", rank);
}

void Try(std::span<const uint8_t> bytes) {
  for (size_t rank = 1; rank <= 4; ++rank) {
    IdxArray array;
    if (!Accepts([&] { array = Parse(bytes, rank); })) continue;
    const size_t count =
        std::accumulate(array.dims.begin(), array.dims.end(), size_t{1}, std::multiplies<>());
    Require(array.dims.size() == rank, "the rank is the one that was asked for");
    Require(array.data().size() == count, "there are as many numbers as the header says");
    IdxArray labels;
    if (!Accepts([&] { labels = Parse(bytes, 1); })) continue;
    Accepts([&] { CheckImagesAndLabels(array, labels, 10, "images", "labels"); });
  }
}

}  // namespace
}  // namespace nabla

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  nabla::Try({data, size});
  return 0;
}
