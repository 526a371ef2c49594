// The first lanes of a vector in memory, for code that is compiled once for every SIMD target:
//   const Part part(d, n);  // n <= lanes
//   part.Store(part.Load(x), y);
// reads x[0, n), gives zero in the other lanes, and writes y[0, n). It touches nothing else.

#if defined(NABLA_FRAMEWORK_KERNELS_PART_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_KERNELS_PART_INL_H_
#undef NABLA_FRAMEWORK_KERNELS_PART_INL_H_
#else
#define NABLA_FRAMEWORK_KERNELS_PART_INL_H_
#endif

#include <algorithm>
#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_ARCH_X86

template <class D>
class Part {
 public:
  HWY_INLINE Part(D d, size_t n) : mask_(hn::FirstN(d, n)) {}

  HWY_INLINE hn::Vec<D> Load(const hn::TFromD<D>* from) const {
    return hn::MaskedLoad(mask_, D(), from);
  }
  HWY_INLINE void Store(hn::Vec<D> v, hn::TFromD<D>* to) const {
    hn::BlendedStore(v, mask_, D(), to);
  }

 private:
  hn::Mask<D> mask_;
};

#else

// NEON has no masked access to memory. Highway reads whole vectors there and writes them back:
// beyond the end of an array, or over what another thread has just written. So vectors are halved.
template <class D>
HWY_INLINE hn::Vec<D> LoadFirst(D d, size_t n, const hn::TFromD<D>* from) {
  if (n == 0) return hn::Zero(d);
  if constexpr (hn::MaxLanes(d) == 1) {
    return hn::LoadU(d, from);
  } else {
    const hn::Half<D> half;
    constexpr size_t kHalf = hn::MaxLanes(d) / 2;
    if (n <= kHalf) return hn::Combine(d, hn::Zero(half), LoadFirst(half, n, from));
    return hn::Combine(d, LoadFirst(half, n - kHalf, from + kHalf), hn::LoadU(half, from));
  }
}

template <class D>
HWY_INLINE void StoreFirst(D d, size_t n, hn::Vec<D> v, hn::TFromD<D>* to) {
  if (n == 0) return;
  if constexpr (hn::MaxLanes(d) == 1) {
    hn::StoreU(v, d, to);
  } else {
    const hn::Half<D> half;
    constexpr size_t kHalf = hn::MaxLanes(d) / 2;
    StoreFirst(half, std::min(n, kHalf), hn::LowerHalf(half, v), to);
    if (n > kHalf) StoreFirst(half, n - kHalf, hn::UpperHalf(half, v), to + kHalf);
  }
}

template <class D>
class Part {
 public:
  HWY_INLINE Part(D, size_t n) : n_(n) {}

  HWY_INLINE hn::Vec<D> Load(const hn::TFromD<D>* from) const { return LoadFirst(D(), n_, from); }
  HWY_INLINE void Store(hn::Vec<D> v, hn::TFromD<D>* to) const { StoreFirst(D(), n_, v, to); }

 private:
  size_t n_;
};

#endif

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_KERNELS_PART_INL_H_
