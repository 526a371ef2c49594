// The products of a convolution have the bits of the plain version, whatever the shapes, with NaN,
// infinities, denormals and signed zeros among the numbers; they touch nothing beside their
// results.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "framework/kernels/conv.h"
#include "framework/kernels/simd.h"
#include "tests/kernels/conv_case.h"
#include "tests/kernels/placed.h"

namespace nabla {
namespace {

ConvShape DrawShape() {
  const size_t groups = Draw(0, 2) == 0 ? Draw(1, 4) : 1;
  const bool many = Draw(0, 3) == 0;  // channels and outputs, so that they lie across lanes
  ConvShape shape{.windows = {.channels = groups * Draw(1, many ? 36 : 5),
                              .height = Draw(1, 9),
                              .width = Draw(1, many ? 9 : 40),
                              .kernel_h = Draw(1, 5),
                              .kernel_w = Draw(1, 5),
                              .stride_h = Draw(1, 3),
                              .stride_w = Draw(1, 3),
                              .pad_h = Draw(0, 4),
                              .pad_w = Draw(0, 4),
                              .dilation_h = Draw(1, 3),
                              .dilation_w = Draw(1, 3)},
                  .outputs = groups * Draw(1, many ? 36 : 9),
                  .groups = groups};
  // Half of all nets are like this.
  if (Draw(0, 1) == 0) shape.windows.stride_h = shape.windows.stride_w = 1;
  if (Draw(0, 1) == 0) shape.windows.dilation_h = shape.windows.dilation_w = 1;
  return Completed(shape);
}

template <typename T>
void Check() {
  const ConvShape shape = DrawShape();
  RC_PRE(shape.windows.positions() > 0);
  std::mt19937_64 random = DrawRandom();
  ConvCase<T> conv(shape, Draw(1, 3), Draw(0, 5), Draw(0, 1) == 0, random);
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    const std::string problem = conv.All();
    SetSimd("");
    RC_ASSERT(problem == "");
  }
}

RC_GTEST_PROP(Conv, FloatIsThatOfThePlainVersion, ()) { Check<float>(); }
RC_GTEST_PROP(Conv, DoubleIsThatOfThePlainVersion, ()) { Check<double>(); }

}  // namespace
}  // namespace nabla
