#include "framework/record/input_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nabla {
namespace {

// Rows with so many inputs are taken for pictures: they have a background.
constexpr size_t kPicture = 64;

class Collector {
 public:
  template <typename E>
  void Add(std::span<const E> numbers) {
    for (const E number : numbers) {
      const double x = static_cast<double>(number);
      range_.low = std::min(range_.low, x);
      range_.high = std::max(range_.high, x);
      sum_ += x;
    }
    count_ += numbers.size();
  }

  InputRange Range() const {
    InputRange range = range_;
    range.mean = sum_ / static_cast<double>(count_);
    return range;
  }

 private:
  InputRange range_{std::numeric_limits<double>::infinity(),
                    -std::numeric_limits<double>::infinity(), 0};
  double sum_ = 0;
  size_t count_ = 0;
};

// How far from the middle of the trained range the mean is, in widths of the range.
double Brightness(const InputRange& trained, double mean) {
  return (mean - (trained.low + trained.high) / 2) / (trained.high - trained.low);
}

// Numbers from 0 to 1 for a model of pixels, or the other way round.
bool HasOtherScale(const InputRange& trained, const InputRange& rows) {
  constexpr double kLargeScale = 50;
  const double width = trained.high - trained.low;
  if (rows.high > trained.high + width || rows.low < trained.low - width) return true;
  const double most = std::max(std::abs(rows.low), std::abs(rows.high));
  return most > 0 && most <= 1 && std::max(std::abs(trained.low), trained.high) >= kLargeScale;
}

// Whether one has a dark background and the other a bright one.
bool HasOtherBackground(const InputRange& trained, const InputRange& rows) {
  constexpr double kClear = 0.15;
  const double ours = Brightness(trained, rows.mean);
  const double theirs = Brightness(trained, trained.mean);
  return ours * theirs < 0 && std::min(std::abs(ours), std::abs(theirs)) > kClear;
}

}  // namespace

InputRange RangeOf(const Samples& samples) {
  // So many pixels take no time that anybody notices.
  constexpr size_t kEnough = size_t{1} << 20;
  const size_t width = samples.shape.size();
  if (samples.pixels.empty()) return RangeOf({}, samples.numbers);
  const size_t step = std::max<size_t>(1, samples.pixels.size() / kEnough);
  Collector collector;
  for (size_t row = 0; row < samples.count; row += step) {
    collector.Add(samples.pixels.subspan(row * width, width));
  }
  return collector.Range();
}

InputRange RangeOf(std::span<const uint8_t> pixels, std::span<const double> numbers) {
  Collector collector;
  collector.Add(pixels);
  collector.Add(numbers);
  return collector.Range();
}

std::vector<std::string> OddInputs(const InputRange& trained, const InputRange& rows, size_t width,
                                   bool inverted) {
  std::vector<std::string> odd;
  if (width >= kPicture && rows.low == rows.high) {
    odd.push_back(fmt::format("all its numbers are {}: there is nothing to see", rows.low));
    return odd;
  }
  if (trained.low == trained.high) return odd;
  if (HasOtherScale(trained, rows)) {
    odd.push_back(
        fmt::format("its numbers go from {} to {}, and those that the model was trained on from {} "
                    "to {}: it needs the same scale",
                    rows.low, rows.high, trained.low, trained.high));
  } else if (width >= kPicture && HasOtherBackground(trained, rows)) {
    const bool bright = Brightness(trained, rows.mean) > 0;
    odd.push_back(fmt::format("it is mostly {}, and what the model was trained on mostly {}: {}",
                              bright ? "bright" : "dark", bright ? "dark" : "bright",
                              inverted ? "is --invert one too many?" : "--invert turns it over"));
  }
  return odd;
}

}  // namespace nabla
