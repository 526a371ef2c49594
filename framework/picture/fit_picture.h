// Makes a picture of any size one like those that a model was trained on.
#ifndef NABLA_FRAMEWORK_PICTURE_FIT_PICTURE_H_
#define NABLA_FRAMEWORK_PICTURE_FIT_PICTURE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/picture/picture.h"

namespace nabla {

// Whether a picture is cut to its middle or, if it is grey, to its strokes.
enum class PictureFit { kMiddle, kStrokes };

// The pictures that a model was trained on.
struct TrainedPictures {
  size_t width = 0;
  size_t height = 0;
  double mean = 0;  // of all their pixels
  // How they were fitted themselves; if nothing is known, strokes are taken for light ones on
  // black: a mean below 50.
  std::optional<PictureFit> fit = std::nullopt;
};

// As `fit` says, otherwise by the mean.
PictureFit FitFor(const TrainedPictures& trained);

struct FittedPicture {
  std::vector<uint8_t> pixels;  // channels x height x width of the model
  std::string how;              // "640 x 480 pixels became 28 x 28: cut to the middle"
};

// A grey picture for a model of light strokes on black is made as those of MNIST were (LeCun et al.
// 1998, section III.A): inverted if its border is light, stretched to the full
// range, cut to the strokes, scaled so that their longer side takes 20 of 28 pixels, and put so
// that their centre of mass lies in the middle. Any other picture is cut to the middle and scaled.
// Scaling averages over areas. `may_invert`: false where the user has said which way round it is.
FittedPicture FitPicture(const Picture& picture, const TrainedPictures& trained, bool may_invert);

// A grey picture in characters from ' ' (0) to '@' (255), two rows of pixels a line.
std::string TextPicture(std::span<const uint8_t> pixels, size_t width, size_t height);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PICTURE_FIT_PICTURE_H_
