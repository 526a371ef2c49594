// What an experiment file says about rates that change with the layer or with a metric.
#ifndef NABLA_FRAMEWORK_SPEC_TRAINING_SECTIONS_H_
#define NABLA_FRAMEWORK_SPEC_TRAINING_SECTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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

enum class ThresholdMode { kRelative, kAbsolute };

template <>
struct EnumNames<ThresholdMode> {
  static constexpr std::pair<ThresholdMode, const char*> kNames[] = {
      {ThresholdMode::kRelative, "rel"}, {ThresholdMode::kAbsolute, "abs"}};
};

// PyTorch's ReduceLROnPlateau.
struct PlateauSection {
  std::string metric = "test_loss";
  double factor = 0.1;
  int64_t patience = 10;
  double threshold = 1e-4;
  ThresholdMode threshold_mode = ThresholdMode::kRelative;
  int64_t cooldown = 0;
  double min_lr = 0;

  template <typename V>
  static void Fields(V& v) {
    using S = PlateauSection;
    v("metric", &S::metric,
      {.doc = "the metric that must improve, as in checkpoint.best; validation_loss is the default "
              "where evaluate.split is validation"});
    v("factor", &S::factor,
      {.doc = "what each reduction multiplies the learning rate by",
       .min = 0,
       .max = 1,
       .above_min = true,
       .below_max = true});
    v("patience", &S::patience,
      {.doc = "evaluated epochs without improvement that change nothing; the next one reduces",
       .unit = "epochs",
       .min = 0});
    v("threshold", &S::threshold, {.doc = "by how much the best value must be beaten", .min = 0});
    v("threshold_mode", &S::threshold_mode,
      {.doc = "whether threshold is a fraction of the best value or a difference"});
    v("cooldown", &S::cooldown,
      {.doc = "evaluated epochs after a reduction that do not count", .unit = "epochs", .min = 0});
    v("min_lr", &S::min_lr, {.doc = "the rate is not reduced below this", .min = 0});
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_TRAINING_SECTIONS_H_
