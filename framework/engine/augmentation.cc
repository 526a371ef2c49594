#include "framework/engine/augmentation.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "framework/base/error.h"
#include "framework/base/nabla_generator.h"
#include "framework/base/philox.h"
#include "framework/kernels/scalars.h"

namespace nabla {
namespace {

constexpr double kPi = 3.14159265358979323846;
// The streams of random numbers for one row.
constexpr uint64_t kMoves = 0;
constexpr uint64_t kNoise = 1;

// How a picture moves: first around its middle, then down and to the right.
struct Move {
  int64_t down = 0;
  int64_t right = 0;
  double angle = 0;  // radians
};

Move DrawMove(const Augmentation& augmentation, uint64_t key) {
  NablaGenerator generator(Key(key, {kMoves}));
  const auto draw = [&] {
    const uint64_t choices = 2 * static_cast<uint64_t>(augmentation.shift) + 1;
    return static_cast<int64_t>(generator.Below(choices)) - augmentation.shift;
  };
  Move move;
  move.down = draw();
  move.right = draw();
  const double most = augmentation.rotate * (kPi / 180);
  generator.Uniform(std::span<double>(&move.angle, 1), -most, most);
  return move;
}

// One channel of a picture; pixels outside it are blank.
template <typename T>
struct Plane {
  const T* data;
  int64_t height;
  int64_t width;
  T blank;

  T At(int64_t y, int64_t x) const {
    return y >= 0 && y < height && x >= 0 && x < width ? data[y * width + x] : blank;
  }
};

template <typename T>
void Shift(const Plane<T>& from, const Move& move, T* to) {
  const int64_t first = std::clamp<int64_t>(move.right, 0, from.width);
  const int64_t last = std::clamp<int64_t>(from.width + move.right, first, from.width);
  for (int64_t y = 0; y < from.height; ++y, to += from.width) {
    const int64_t line = y - move.down;
    if (line < 0 || line >= from.height) {
      std::fill_n(to, from.width, from.blank);
      continue;
    }
    std::fill(to, to + first, from.blank);
    if (first < last) {
      const T* begin = from.data + line * from.width + first - move.right;
      std::copy(begin, begin + (last - first), to + first);
    }
    std::fill(to + last, to + from.width, from.blank);
  }
}

// Each pixel finds the point that it came from and mixes the four pixels around it.
template <typename T>
void Rotate(const Plane<T>& from, const Move& move, T* to) {
  const double sine = SinOf(move.angle);
  const double cosine = SinOf(move.angle + kPi / 2);
  const double middle_y = 0.5 * static_cast<double>(from.height - 1);
  const double middle_x = 0.5 * static_cast<double>(from.width - 1);
  for (int64_t y = 0; y < from.height; ++y) {
    const double v = static_cast<double>(y - move.down) - middle_y;
    for (int64_t x = 0; x < from.width; ++x) {
      const double u = static_cast<double>(x - move.right) - middle_x;
      const double source_y = cosine * v - sine * u + middle_y;
      const double source_x = sine * v + cosine * u + middle_x;
      const double top = std::floor(source_y);
      const double left = std::floor(source_x);
      const T part_y = static_cast<T>(source_y - top);
      const T part_x = static_cast<T>(source_x - left);
      const auto j = static_cast<int64_t>(top);
      const auto i = static_cast<int64_t>(left);
      const T upper = from.At(j, i) + part_x * (from.At(j, i + 1) - from.At(j, i));
      const T lower = from.At(j + 1, i) + part_x * (from.At(j + 1, i + 1) - from.At(j + 1, i));
      *to++ = upper + part_y * (lower - upper);
    }
  }
}

}  // namespace

void CheckAugmentation(const Augmentation& augmentation, const Samples& samples) {
  if (!augmentation.Moves()) return;
  if (samples.pixels.empty()) {
    throw InputError(
        "augment.shift and augment.rotate need pixels, but these rows are numbers (standardise "
        "turns pixels into numbers)");
  }
  if (samples.shape.dims.size() != 3) {
    throw InputError(
        "augment.shift and augment.rotate need rows of shape (channels, height, width), found " +
        samples.shape.ToString());
  }
}

template <typename T>
void Augment(const Augmentation& augmentation, uint64_t key, const Shape& shape, T blank, T* x,
             T* scratch) {
  const size_t size = shape.size();
  if (augmentation.Moves()) {
    const Move move = DrawMove(augmentation, key);
    std::copy_n(x, size, scratch);
    const size_t plane = shape.dims[1] * shape.dims[2];
    for (size_t begin = 0; begin < size; begin += plane) {
      const Plane<T> from{scratch + begin, static_cast<int64_t>(shape.dims[1]),
                          static_cast<int64_t>(shape.dims[2]), blank};
      if (augmentation.rotate > 0) {
        Rotate(from, move, x + begin);
      } else {
        Shift(from, move, x + begin);
      }
    }
  }
  if (augmentation.noise > 0) {
    NablaGenerator(Key(key, {kNoise})).Normal(std::span<T>(scratch, size), 0, augmentation.noise);
    for (size_t i = 0; i < size; ++i) x[i] += scratch[i];
  }
}

template void Augment(const Augmentation&, uint64_t, const Shape&, float, float*, float*);
template void Augment(const Augmentation&, uint64_t, const Shape&, double, double*, double*);

}  // namespace nabla
