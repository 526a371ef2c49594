// The one header that a plugin includes: fields, matrix views, SIMD helpers, the eight interfaces.
//
//   #include "framework/plugin/plugin.h"
//   NABLA_PLUGIN_BEGIN
//   template <typename T>
//   class Square : public Elementwise<Square<T>, T> {
//    public:
//     static constexpr PluginInfo kInfo{"square", "The square of its input.", "y = x^2"};
//     template <class D, class V>
//     V Value(D, V x) const { return hn::Mul(x, x); }
//     template <class D, class V>
//     V Slope(D, V x, V) const { return hn::Add(x, x); }
//   };
//   NABLA_PLUGIN_END(Square)
//
// Everything between the two macros is compiled once for every SIMD target; the registry gets the
// classes of the target in use, so virtual functions may use Highway freely.
#ifndef NABLA_FRAMEWORK_PLUGIN_PLUGIN_H_
#define NABLA_FRAMEWORK_PLUGIN_PLUGIN_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/philox.h"
#include "framework/config/fields.h"
#include "framework/data/digits.h"
#include "framework/data/files.h"
#include "framework/data/idx.h"
#include "framework/kernels/conv.h"
#include "framework/kernels/gemm.h"
#include "framework/kernels/rows.h"
#include "framework/kernels/scalars.h"
#include "framework/plugin/convolution.h"
#include "framework/plugin/losses.h"
#include "framework/plugin/metrics.h"
#include "framework/plugin/optimizers.h"
#include "framework/plugin/random_initializer.h"
#include "framework/plugin/registry.h"
#include "framework/plugin/samples.h"
#include "framework/plugin/schedules.h"
#include "framework/plugin/window.h"
#include "framework/table/csv.h"
#include "framework/table/table_data.h"
#include "framework/tensor/lanes.h"
#include "framework/tensor/matrix.h"
#include "framework/tensor/storage.h"

#endif  // NABLA_FRAMEWORK_PLUGIN_PLUGIN_H_

// Everything below this line is included again for every target. The build rule names the source
// and its entry.
#if !defined(NABLA_PLUGIN_SOURCE) || !defined(NABLA_PLUGIN_ENTRY)
#error "build plugins with the rules in plugins/plugins.bzl"
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE NABLA_PLUGIN_SOURCE
// clang-format off
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "framework/kernels/elementwise-inl.h"
#include "framework/plugin/adam-inl.h"
#include "framework/plugin/elementwise-inl.h"
#include "framework/plugin/update-inl.h"
#include "framework/plugin/mistakes-inl.h"
// clang-format on

// Several plugins may share a translation unit, so each has a namespace of its own.
#undef NABLA_PLUGIN_JOIN
#undef NABLA_PLUGIN_JOINED
#undef NABLA_PLUGIN_SCOPE
#define NABLA_PLUGIN_JOIN(a, b) a##b
#define NABLA_PLUGIN_JOINED(a, b) NABLA_PLUGIN_JOIN(a, b)
#define NABLA_PLUGIN_SCOPE NABLA_PLUGIN_JOINED(Of, NABLA_PLUGIN_ENTRY)

// GCC 14 forgets what follows the pragma in the same macro, so the pragma comes last.
#undef NABLA_PLUGIN_BEGIN
#define NABLA_PLUGIN_BEGIN             \
  namespace nabla {                    \
  namespace HWY_NAMESPACE {            \
  namespace {                          \
  namespace NABLA_PLUGIN_SCOPE {       \
  namespace hn = ::hwy::HWY_NAMESPACE; \
  HWY_BEFORE_NAMESPACE();

// Registers the class (or class template over float and double).
#undef NABLA_PLUGIN_END
#define NABLA_PLUGIN_END(plugin)                                    \
  }                                                                 \
  }                                                                 \
  void NABLA_PLUGIN_ENTRY(Registry& registry, const char* origin) { \
    registry.Add<NABLA_PLUGIN_SCOPE::plugin>(origin);               \
  }                                                                 \
  }                                                                 \
  }                                                                 \
  HWY_AFTER_NAMESPACE();
