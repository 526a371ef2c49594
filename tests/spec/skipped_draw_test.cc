#include "framework/spec/skipped_draw.h"

#include <gtest/gtest.h>

#include <vector>

namespace nabla {
namespace {

// tests/base/numpy_order_vectors.py prints NumPy's numbers.
TEST(SkippedDrawTest, WeightsFollowWhatTheNotebookDrewBefore) {
  const auto rng = MakeGenerator(RngKind::kNumpy, 5);
  for (const SkippedDraw& draw :
       {SkippedDraw{.draw = DrawKind::kNormal, .count = 3},
        SkippedDraw{.draw = DrawKind::kUniform, .count = 2},
        SkippedDraw{.draw = DrawKind::kPermutation, .count = 4},
        SkippedDraw{.draw = DrawKind::kIntegers, .count = 2, .below = 10, .times = 2}}) {
    Skip<double>(draw, *rng);
  }
  std::vector<double> next(2);
  rng->Normal(std::span(next), 0, 1);
  EXPECT_EQ(next, (std::vector<double>{-0.2520921296030769, -0.5580231455261305}));
}

// PyTorch's float32 and float64 draw different amounts of bits.
TEST(SkippedDrawTest, TheNumberTypeCounts) {
  const SkippedDraw draw{.draw = DrawKind::kUniform, .count = 20};
  const auto single = MakeGenerator(RngKind::kTorch, 5);
  const auto both = MakeGenerator(RngKind::kTorch, 5);
  Skip<float>(draw, *single);
  Skip<double>(draw, *both);
  EXPECT_NE(single->State(), both->State());
  Skip<float>(draw, *single);
  EXPECT_EQ(single->State(), both->State());
}

}  // namespace
}  // namespace nabla
