// Random changes to training rows, drawn anew every epoch.
#ifndef NABLA_FRAMEWORK_ENGINE_AUGMENTATION_H_
#define NABLA_FRAMEWORK_ENGINE_AUGMENTATION_H_

#include <cstdint>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"
#include "framework/tensor/shape.h"

namespace nabla {

struct Augmentation {
  int64_t shift = 0;
  double rotate = 0;
  double noise = 0;

  template <typename V>
  static void Fields(V& v) {
    using S = Augmentation;
    v("shift", &S::shift,
      {.doc = "largest shift of the picture in each direction, in whole pixels",
       .unit = "pixels",
       .min = 0,
       .max = 10000});
    v("rotate", &S::rotate,
      {.doc = "largest rotation around the middle, either way, bilinear",
       .unit = "degrees",
       .min = 0,
       .max = 180});
    v("noise", &S::noise,
      {.doc = "standard deviation of noise added to every input after normalisation", .min = 0});
  }

  bool Moves() const { return shift > 0 || rotate > 0; }
  bool Any() const { return Moves() || noise > 0; }
};

// Throws InputError if rows of `samples` cannot be moved: that needs pixels of shape (channels,
// height, width).
void CheckAugmentation(const Augmentation& augmentation, const Samples& samples);

// Changes the row x (I) of shape `shape`; pixels that move in at the edges are `blank`. Every draw
// is a function of `key`: the key of (seed, epoch, row) makes the picture depend on nothing else.
// The moves are the same for float and double. `scratch` has room for I numbers.
template <typename T>
void Augment(const Augmentation& augmentation, uint64_t key, const Shape& shape, T blank, T* x,
             T* scratch);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_AUGMENTATION_H_
