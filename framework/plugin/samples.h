// Building blocks that data set plugins share.
#ifndef NABLA_FRAMEWORK_PLUGIN_SAMPLES_H_
#define NABLA_FRAMEWORK_PLUGIN_SAMPLES_H_

#include <string>

#include "framework/config/fields.h"
#include "framework/data/idx.h"
#include "framework/model/dataset.h"

namespace nabla {

// The fields scale, mean and std of a data set of pixels.
template <typename P, typename V>
void NormalizationFields(V& v) {
  v("scale", &P::scale, {.doc = "divisor of the pixels", .min = 0, .above_min = true});
  v("mean", &P::mean, {.doc = "subtracted after scaling"});
  v("std", &P::std, {.doc = "divisor after subtracting the mean", .min = 0, .above_min = true});
}

// Images (N, H, W) and labels (N) of `classes` classes as rows of shape (1, H, W), after checking
// that they fit; the names are for messages.
Samples ImageSamples(IdxArray images, IdxArray labels, size_t classes,
                     const std::string& images_name, const std::string& labels_name,
                     const Normalization& normalization);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_SAMPLES_H_
