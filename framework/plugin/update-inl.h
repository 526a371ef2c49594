// The loop of an optimizer. Included once for every SIMD target.
#if defined(NABLA_FRAMEWORK_PLUGIN_UPDATE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_PLUGIN_UPDATE_INL_H_
#undef NABLA_FRAMEWORK_PLUGIN_UPDATE_INL_H_
#else
#define NABLA_FRAMEWORK_PLUGIN_UPDATE_INL_H_
#endif

#include <cstddef>
#include <utility>

#include "framework/kernels/part-inl.h"
#include "framework/model/optimizer.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

template <class F, typename T, size_t... I>
HWY_INLINE void UpdateStates(const UpdateSpan<T>& span, double weight_decay, F f,
                             std::index_sequence<I...>) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const auto decay = hn::Set(d, static_cast<T>(weight_decay));
  size_t i = 0;
  for (; i + lanes <= span.size; i += lanes) {
    [&](auto p, auto... s) HWY_ATTR {
      f(d, hn::MulAdd(decay, p, hn::LoadU(d, span.gradient + i)), p, s...);
      hn::StoreU(p, d, span.value + i);
      (hn::StoreU(s, d, span.states[I] + i), ...);
    }(hn::LoadU(d, span.value + i), hn::LoadU(d, span.states[I] + i)...);
  }
  if (i < span.size) {
    const Part rest(d, span.size - i);
    [&](auto p, auto... s) HWY_ATTR {
      f(d, hn::MulAdd(decay, p, rest.Load(span.gradient + i)), p, s...);
      rest.Store(p, span.value + i);
      (rest.Store(s, span.states[I] + i), ...);
    }(rest.Load(span.value + i), rest.Load(span.states[I] + i)...);
  }
}

// Calls f(d, g, p, s...) for all elements of a span, a vector of each at a time: d is the tag, g
// the gradient with weight_decay p added, p the value and s the first kStates states. f changes p
// and s in place.
template <size_t kStates, class F, typename T>
HWY_INLINE void UpdateElements(const UpdateSpan<T>& span, double weight_decay, F f) {
  UpdateStates(span, weight_decay, f, std::make_index_sequence<kStates>());
}

// An exponential moving average: a = keep a + (1 - keep) x.
template <class D, class V>
HWY_INLINE void Average(D d, double keep, V x, V& a) {
  using T = hwy::HWY_NAMESPACE::TFromD<D>;
  const V fresh = hwy::HWY_NAMESPACE::Mul(hwy::HWY_NAMESPACE::Set(d, static_cast<T>(1 - keep)), x);
  a = hwy::HWY_NAMESPACE::MulAdd(hwy::HWY_NAMESPACE::Set(d, static_cast<T>(keep)), a, fresh);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_PLUGIN_UPDATE_INL_H_
