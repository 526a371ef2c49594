// How experiment files name the kinds of random generators.
#ifndef NABLA_FRAMEWORK_CONFIG_RNG_KIND_H_
#define NABLA_FRAMEWORK_CONFIG_RNG_KIND_H_

#include <utility>

#include "framework/base/generator.h"
#include "framework/config/fields.h"

namespace nabla {

template <>
struct EnumNames<RngKind> {
  static constexpr std::pair<RngKind, const char*> kNames[] = {
      {RngKind::kNabla, "nabla"},
      {RngKind::kTorch, "torch"},
      {RngKind::kNumpy, "numpy"},
      {RngKind::kNumpyDefault, "numpy_default_rng"}};
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_RNG_KIND_H_
