#include "framework/spec/skipped_draw.h"

#include <cstddef>
#include <span>
#include <vector>

namespace nabla {
namespace {

template <typename T>
void SkipOnce(const SkippedDraw& draw, Generator& generator) {
  const auto count = static_cast<size_t>(draw.count);
  if (draw.draw == DrawKind::kIntegers) {
    for (size_t i = 0; i < count; ++i) generator.Below(static_cast<uint64_t>(draw.below));
  } else if (draw.draw == DrawKind::kPermutation) {
    std::vector<uint32_t> order(count);
    generator.Permutation(order);
  } else {
    std::vector<T> numbers(count);
    const std::span<T> all(numbers);
    draw.draw == DrawKind::kNormal ? generator.Normal(all, 0, 1) : generator.Uniform(all, 0, 1);
  }
}

}  // namespace

template <typename T>
void Skip(const SkippedDraw& draw, Generator& generator) {
  for (int64_t i = 0; i < draw.times; ++i) SkipOnce<T>(draw, generator);
}

template void Skip<float>(const SkippedDraw&, Generator&);
template void Skip<double>(const SkippedDraw&, Generator&);

}  // namespace nabla
