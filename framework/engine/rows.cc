#include "framework/engine/rows.h"

#include <memory>
#include <utility>

#include "framework/kernels/gather.h"
#include "framework/tensor/storage.h"

namespace nabla {
namespace {

// Rows are read in random order, which hardware does not predict: prefetch this many rows ahead.
constexpr size_t kRowsAhead = 4;

void Prefetch(const uint8_t* row, size_t bytes) {
  constexpr size_t kCacheLine = 64;
  for (size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(row + i);
}

// What BytesToReal gives where the number is a byte, so that no bit tells how rows are stored.
// Others are rounded once.
template <typename T>
T NumberToReal(double x, const Normalization& n) {
  if (!IsByte(x)) return static_cast<T>((x / n.scale - n.mean) / n.std);
  const T value = static_cast<T>(static_cast<uint8_t>(x)) / static_cast<T>(n.scale);
  const bool normalize = static_cast<T>(n.mean) != T{0} || static_cast<T>(n.std) != T{1};
  return normalize ? (value - static_cast<T>(n.mean)) / static_cast<T>(n.std) : value;
}

}  // namespace

template <typename T>
void GatherInputs(const Samples& samples, std::span<const uint32_t> order, Matrix<T> x) {
  const size_t width = x.cols;
  for (size_t r = 0; r < x.rows; ++r) {
    const size_t from = order[r] * width;
    if (samples.pixels.empty()) {
      const double* row = samples.numbers.data() + from;
      for (size_t c = 0; c < width; ++c) x(r, c) = NumberToReal<T>(row[c], samples.normalization);
      continue;
    }
    if (r + kRowsAhead < x.rows) {
      Prefetch(samples.pixels.data() + order[r + kRowsAhead] * width, width);
    }
    const Normalization& n = samples.normalization;
    BytesToReal(samples.pixels.data() + from, x.Row(r), width, static_cast<T>(n.scale),
                static_cast<T>(n.mean), static_cast<T>(n.std));
  }
}

template <typename T>
ByteTable<T> MakeByteTable(const Normalization& n) {
  std::array<uint8_t, 256> bytes;
  for (size_t b = 0; b < bytes.size(); ++b) bytes[b] = static_cast<uint8_t>(b);
  ByteTable<T> table;
  BytesToReal(bytes.data(), table.above.data(), bytes.size(), static_cast<T>(n.scale),
              static_cast<T>(n.mean), static_cast<T>(n.std));
  table.zero = table.above[0];
  for (T& number : table.above) number -= table.zero;
  return table;
}

template <typename T>
std::vector<double> InputsAs(const Samples& samples) {
  const size_t width = samples.shape.size();
  std::vector<double> inputs;
  inputs.reserve(samples.count * width);
  OwnedMatrix<T> row(1, width);
  for (uint32_t r = 0; r < samples.count; ++r) {
    GatherInputs<T>(samples, std::span(&r, 1), row.view());
    inputs.insert(inputs.end(), row.view().Row(0), row.view().Row(0) + width);
  }
  return inputs;
}

template <typename T>
Samples HoldInputsAs(const Samples& samples) {
  using Both = std::pair<std::shared_ptr<const void>, std::vector<double>>;
  const auto owned = std::make_shared<const Both>(samples.keep_alive, InputsAs<T>(samples));
  Samples held = samples;
  held.pixels = {};
  held.sparse = nullptr;
  held.numbers = owned->second;
  held.normalization = {};
  held.keep_alive = owned;
  return held;
}

template <typename T>
void GatherTargets(const Samples& samples, std::span<const uint32_t> order, int32_t* labels,
                   Matrix<T> values) {
  for (size_t r = 0; r < order.size(); ++r) {
    if (samples.classes > 0) {
      labels[r] = samples.labels[order[r]];
      if (values.cols == 1) values(r, 0) = static_cast<T>(labels[r]);
      continue;
    }
    const double* from = samples.values.data() + order[r] * samples.values_per_row;
    for (size_t c = 0; c < samples.values_per_row; ++c) values(r, c) = static_cast<T>(from[c]);
  }
}

double WeightOf(const Samples& samples, std::span<const uint32_t> order,
                std::span<const double> class_weights) {
  if (class_weights.empty() && samples.weights.empty()) return static_cast<double>(order.size());
  double sum = 0;
  for (const uint32_t row : order) sum += RowWeight(samples, row, class_weights);
  return sum;
}

template void GatherInputs(const Samples&, std::span<const uint32_t>, Matrix<float>);
template void GatherInputs(const Samples&, std::span<const uint32_t>, Matrix<double>);
template ByteTable<float> MakeByteTable(const Normalization&);
template ByteTable<double> MakeByteTable(const Normalization&);
template std::vector<double> InputsAs<float>(const Samples&);
template std::vector<double> InputsAs<double>(const Samples&);
template Samples HoldInputsAs<float>(const Samples&);
template Samples HoldInputsAs<double>(const Samples&);
template void GatherTargets(const Samples&, std::span<const uint32_t>, int32_t*, Matrix<float>);
template void GatherTargets(const Samples&, std::span<const uint32_t>, int32_t*, Matrix<double>);

}  // namespace nabla
