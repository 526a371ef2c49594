// The activation that applies one function to each number. Included once for every SIMD target.
#if defined(NABLA_FRAMEWORK_PLUGIN_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_PLUGIN_ELEMENTWISE_INL_H_
#undef NABLA_FRAMEWORK_PLUGIN_ELEMENTWISE_INL_H_
#else
#define NABLA_FRAMEWORK_PLUGIN_ELEMENTWISE_INL_H_
#endif

#include "framework/kernels/elementwise-inl.h"
#include "framework/model/activation.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

// Derived has, for vectors V of T under the tag D:
//   V Value(D d, V x) const          y = f(x)
//   V Slope(D d, V x, V y) const     f'(x), given y = f(x)
template <class Derived, typename T>
class Elementwise : public Activation<T> {
 public:
  void Forward(Matrix<const T> x, Matrix<T> y) const override {
    const Derived& self = static_cast<const Derived&>(*this);
    for (size_t r = 0; r < x.rows; ++r) {
      Map1([&self](auto d, auto v) HWY_ATTR { return self.Value(d, v); }, x.Row(r), y.Row(r),
           x.cols);
    }
  }

  void Backward(Matrix<const T> x, Matrix<const T> y, Matrix<const T> dy,
                Matrix<T> dx) const override {
    const Derived& self = static_cast<const Derived&>(*this);
    for (size_t r = 0; r < x.rows; ++r) {
      Map3([&self](auto d, auto v, auto w, auto g)
               HWY_ATTR { return hwy::HWY_NAMESPACE::Mul(g, self.Slope(d, v, w)); },
           x.Row(r), y.Row(r), dy.Row(r), dx.Row(r), x.cols);
    }
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_PLUGIN_ELEMENTWISE_INL_H_
