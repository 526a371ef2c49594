#include "framework/kernels/transpose.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/transpose.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/transpose-inl.h"
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

void TransposeFloat(Matrix<const float> in, Matrix<float> out) {
  TransposeBlock(in.data, in.stride, in.rows, in.cols, out.data, out.stride);
}
void TransposeDouble(Matrix<const double> in, Matrix<double> out) {
  TransposeBlock(in.data, in.stride, in.rows, in.cols, out.data, out.stride);
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {

HWY_EXPORT(TransposeFloat);
HWY_EXPORT(TransposeDouble);

template <>
void Transpose<float>(Matrix<const float> in, Matrix<float> out) {
  HWY_DYNAMIC_DISPATCH(TransposeFloat)(in, out);
}
template <>
void Transpose<double>(Matrix<const double> in, Matrix<double> out) {
  HWY_DYNAMIC_DISPATCH(TransposeDouble)(in, out);
}

}  // namespace nabla
#endif  // HWY_ONCE
