#include "framework/data/split.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/generator.h"

namespace nabla {
namespace {

SplitOrder PermutationOf(const SplitSettings& settings) {
  if (settings.permutation != SplitOrder::kAuto) return settings.permutation;
  return settings.test_fraction > 0 ? SplitOrder::kNabla : SplitOrder::kAsRead;
}

RngKind KindOf(SplitOrder permutation) {
  switch (permutation) {
    case SplitOrder::kTorch:
      return RngKind::kTorch;
    case SplitOrder::kNumpy:
      return RngKind::kNumpy;
    case SplitOrder::kNumpyDefault:
      return RngKind::kNumpyDefault;
    default:
      return RngKind::kNabla;
  }
}

// The order of n rows before they are divided.
std::vector<uint32_t> Order(const SplitSettings& settings, size_t n) {
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  const SplitOrder permutation = PermutationOf(settings);
  if (permutation == SplitOrder::kAsRead) return order;
  MakeGenerator(KindOf(permutation), static_cast<uint64_t>(settings.seed))->Permutation(order);
  return order;
}

struct OwnedRows {
  std::vector<uint8_t> pixels;
  std::vector<double> numbers;
  std::vector<int32_t> labels;
  std::vector<double> values;
};

// Copies the rows that `order` lists, of `width` elements each. Indices run through `a`, then
// continue through `b`.
template <typename E>
void CopyRows(std::span<const E> a, std::span<const E> b, size_t width,
              std::span<const uint32_t> order, std::vector<E>* out) {
  if (a.empty()) return;
  const size_t in_a = a.size() / width;
  out->resize(order.size() * width);
  for (size_t r = 0; r < order.size(); ++r) {
    const size_t row = order[r];
    const E* from = row < in_a ? a.data() + row * width : b.data() + (row - in_a) * width;
    std::copy_n(from, width, out->data() + r * width);
  }
}

// Rows of two data sets; indices of `b` follow those of `a`.
Samples TakeRows(const Samples& a, const Samples& b, std::span<const uint32_t> order) {
  auto owned = std::make_shared<OwnedRows>();
  CopyRows(a.pixels, b.pixels, a.shape.size(), order, &owned->pixels);
  CopyRows(a.numbers, b.numbers, a.shape.size(), order, &owned->numbers);
  CopyRows(a.labels, b.labels, 1, order, &owned->labels);
  CopyRows(a.values, b.values, a.values_per_row, order, &owned->values);
  Samples taken = a;
  taken.count = order.size();
  taken.pixels = owned->pixels;
  taken.sparse = nullptr;
  taken.numbers = owned->numbers;
  taken.labels = owned->labels;
  taken.values = owned->values;
  taken.keep_alive = owned;
  return taken;
}

}  // namespace

Samples TakeRows(const Samples& samples, std::span<const uint32_t> order) {
  return TakeRows(samples, {}, order);
}

Samples FirstRows(const Samples& samples, size_t first) {
  Samples part = samples;
  part.count = std::min(first, samples.count);
  if (!part.pixels.empty()) part.pixels = part.pixels.first(part.count * part.shape.size());
  if (!part.numbers.empty()) part.numbers = part.numbers.first(part.count * part.shape.size());
  if (!part.labels.empty()) part.labels = part.labels.first(part.count);
  if (!part.values.empty()) part.values = part.values.first(part.count * part.values_per_row);
  return part;
}

DataSplits Split(const SplitSettings& settings, DataSplits data) {
  if (settings.merge && settings.test_fraction == 0) {
    throw InputError("split.merge needs a test_fraction: the fraction of all rows to test on");
  }
  if (settings.test_fraction > 0) {
    const Samples other = settings.merge ? data.test : Samples{};
    const size_t rows = data.train.count + other.count;
    const std::vector<uint32_t> order = Order(settings, rows);
    const auto tested =
        static_cast<size_t>(std::ceil(settings.test_fraction * static_cast<double>(rows)));
    if (tested >= rows) throw InputError("split.test_fraction leaves no rows to train on");
    const std::span<const uint32_t> all = order;
    const Samples train = TakeRows(data.train, other, all.subspan(tested));
    data.test = TakeRows(data.train, other, all.first(tested));
    data.train = train;
  } else if (PermutationOf(settings) != SplitOrder::kAsRead) {
    data.train = TakeRows(data.train, Order(settings, data.train.count));
  }
  return data;
}

}  // namespace nabla
