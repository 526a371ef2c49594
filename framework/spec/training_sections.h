// What an experiment file says about how single layers are updated.
#ifndef NABLA_FRAMEWORK_SPEC_TRAINING_SECTIONS_H_
#define NABLA_FRAMEWORK_SPEC_TRAINING_SECTIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "framework/config/fields.h"

namespace nabla {

// Layers that are updated otherwise than the optimizer's own parameters say.
struct LayerUpdate {
  std::vector<int64_t> layers;
  double lr_scale = 1;
  std::optional<double> weight_decay;

  template <typename V>
  static void Fields(V& v) {
    using S = LayerUpdate;
    v("layers", &S::layers,
      {.doc = "positions in model, from 0, of the layers that it is for",
       .min = 0,
       .required = true});
    v("lr_scale", &S::lr_scale,
      {.doc = "factor of their learning rate; 0 freezes them: their trained parameters and the "
              "optimizer's states keep their bits",
       .min = 0});
    v("weight_decay", &S::weight_decay,
      {.doc = "their weight_decay instead of the optimizer's", .min = 0});
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_TRAINING_SECTIONS_H_
