#include "framework/engine/augmentation.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "framework/base/error.h"
#include "framework/base/nabla_generator.h"
#include "framework/base/philox.h"
#include "framework/kernels/scalars.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

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

// Mixes the four pixels around (top + part_y, left + part_x).
template <typename T>
T Mixed(T upper_left, T upper_right, T lower_left, T lower_right, T part_y, T part_x) {
  const T upper = upper_left + part_x * (upper_right - upper_left);
  const T lower = lower_left + part_x * (lower_right - lower_left);
  return upper + part_y * (lower - upper);
}

// Where some neighbouring pixels came from: between lines top and top + 1, columns left and left
// + 1.
template <typename T>
struct Origins {
  static constexpr size_t kCount = 16;

  // Of pixels `first`, first + 1, ... to the right of the middle.
  void Find(double from_y, double from_x, double sine, double cosine, double first) {
    const hn::ScalableTag<double> d;
    for (size_t k = 0; k < kCount; k += hn::Lanes(d)) {
      const auto u = hn::Iota(d, first + static_cast<double>(k));
      const auto part = [&](auto source, T* to, int32_t* whole) {
        const auto floor = hn::Floor(source);
        hn::StoreU(hn::DemoteTo(hn::Rebind<int32_t, decltype(d)>(), floor),
                   hn::Rebind<int32_t, decltype(d)>(), whole + k);
        if constexpr (sizeof(T) == sizeof(double)) {
          hn::StoreU(hn::Sub(source, floor), d, to + k);
        } else {
          const hn::Rebind<T, decltype(d)> narrow;
          hn::StoreU(hn::DemoteTo(narrow, hn::Sub(source, floor)), narrow, to + k);
        }
      };
      part(hn::Add(hn::Sub(hn::Set(d, from_y), hn::Mul(hn::Set(d, sine), u)), hn::Set(d, middle_y)),
           part_y, top);
      part(hn::Add(hn::Add(hn::Set(d, from_x), hn::Mul(hn::Set(d, cosine), u)),
                   hn::Set(d, middle_x)),
           part_x, left);
    }
  }

  double middle_y;
  double middle_x;
  T part_y[kCount];
  T part_x[kCount];
  int32_t top[kCount];
  int32_t left[kCount];
};

// Each pixel finds the point that it came from.
template <typename T>
void Rotate(const Plane<T>& from, const Move& move, T* to) {
  const double sine = SinOf(move.angle);
  const double cosine = SinOf(move.angle + kPi / 2);
  Origins<T> origins{.middle_y = 0.5 * static_cast<double>(from.height - 1),
                     .middle_x = 0.5 * static_cast<double>(from.width - 1)};
  for (int64_t y = 0; y < from.height; ++y, to += from.width) {
    const double v = static_cast<double>(y - move.down) - origins.middle_y;
    for (int64_t x = 0; x < from.width; ++x) {
      const size_t k = static_cast<size_t>(x) % Origins<T>::kCount;
      if (k == 0) {
        origins.Find(cosine * v, sine * v, sine, cosine,
                     static_cast<double>(x - move.right) - origins.middle_x);
      }
      const int64_t j = origins.top[k];
      const int64_t i = origins.left[k];
      // Most pixels come from the inside, where no place is asked whether it is one.
      if (j >= 0 && j + 1 < from.height && i >= 0 && i + 1 < from.width) {
        const T* p = from.data + j * from.width + i;
        to[x] = Mixed(p[0], p[1], p[from.width], p[from.width + 1], origins.part_y[k],
                      origins.part_x[k]);
      } else {
        to[x] = Mixed(from.At(j, i), from.At(j, i + 1), from.At(j + 1, i), from.At(j + 1, i + 1),
                      origins.part_y[k], origins.part_x[k]);
      }
    }
  }
}

}  // namespace

void CheckAugmentation(const Augmentation& augmentation, const Samples& samples) {
  if (!augmentation.Moves()) return;
  if (samples.pixels.empty()) {
    throw InputError(
        "augment.shift and augment.rotate need pixels, but these rows are numbers (standardise, "
        "min_max and scale_rows turn pixels into numbers)");
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
HWY_AFTER_NAMESPACE();
