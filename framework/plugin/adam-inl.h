// The update that adam and adamw share. Included once for every SIMD target.
#if defined(NABLA_FRAMEWORK_PLUGIN_ADAM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_PLUGIN_ADAM_INL_H_
#undef NABLA_FRAMEWORK_PLUGIN_ADAM_INL_H_
#else
#define NABLA_FRAMEWORK_PLUGIN_ADAM_INL_H_
#endif

#include <cmath>

#include "framework/kernels/scalars.h"
#include "framework/plugin/optimizers.h"
#include "framework/plugin/update-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

template <typename T>
class AdamOptimizer : public MomentOptimizer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    MomentOptimizer<T>::Fields(v);
    v("amsgrad", &AdamOptimizer::amsgrad,
      {.doc = "divide by the greatest v so far (Reddi et al. 2018)"});
  }

  size_t States() const override { return amsgrad ? 3 : 2; }

  bool amsgrad = false;

 protected:
  // p is first multiplied by `shrink`; weight_decay p is added to g.
  void Step(const UpdateSpan<T>& span, double shrink, double weight_decay) const {
    if (amsgrad) {
      StepWith<3>(span, shrink, weight_decay);
    } else {
      StepWith<2>(span, shrink, weight_decay);
    }
  }

 private:
  template <size_t kStates>
  void StepWith(const UpdateSpan<T>& span, double shrink, double weight_decay) const {
    namespace hn = hwy::HWY_NAMESPACE;
    const double b1 = this->betas[0];
    const double b2 = this->betas[1];
    const hn::ScalableTag<T> tag;
    const auto factor = hn::Set(tag, static_cast<T>(shrink));
    const auto rate = hn::Set(tag, static_cast<T>(span.lr / (1 - PowerOf(b1, span.step))));
    const auto root = hn::Set(tag, static_cast<T>(1 / std::sqrt(1 - PowerOf(b2, span.step))));
    const auto least = hn::Set(tag, static_cast<T>(this->eps));
    UpdateElements<kStates>(span, weight_decay,
                            [&](auto d, auto g, auto& p, auto& m, auto& v, auto&... top) HWY_ATTR {
                              Average(d, b1, g, m);
                              Average(d, b2, hn::Mul(g, g), v);
                              auto square = v;
                              ((square = top = hn::Max(top, v)), ...);
                              const auto divisor = hn::MulAdd(hn::Sqrt(square), root, least);
                              p = hn::NegMulAdd(rate, hn::Div(m, divisor), hn::Mul(p, factor));
                            });
  }
};

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_PLUGIN_ADAM_INL_H_
