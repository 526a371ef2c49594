#include "framework/record/input_range.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nabla {
namespace {

constexpr InputRange kDigits{0, 255, 33};  // as MNIST's
constexpr size_t kPixels = 784;

std::string Odd(const InputRange& rows, const InputRange& trained = kDigits, size_t width = kPixels,
                bool inverted = false) {
  const std::vector<std::string> odd = OddInputs(trained, rows, width, inverted);
  EXPECT_LE(odd.size(), 1u);
  return odd.empty() ? "" : odd.front();
}

TEST(InputRangeTest, IsThatOfAllNumbers) {
  const std::vector<double> numbers = {1, -2, 4};
  EXPECT_EQ(RangeOf({}, numbers), (InputRange{-2, 4, 1}));
  const std::vector<uint8_t> pixels = {10, 20, 0, 30};
  EXPECT_EQ(RangeOf(pixels, {}), (InputRange{0, 30, 15}));
  EXPECT_EQ(RangeOf(Samples{.count = 2, .shape = {{2}}, .pixels = pixels, .keep_alive = nullptr}),
            (InputRange{0, 30, 15}));
}

TEST(InputRangeTest, RowsLikeThoseOfTheTrainingAreFine) {
  EXPECT_EQ(Odd({0, 255, 20}), "");
  EXPECT_EQ(Odd({0, 254, 110}), "");
  EXPECT_EQ(Odd({0, 180, 3}), "");
  // A little beyond what was seen.
  EXPECT_EQ(Odd({-3, 4, 0}, {-2, 2.5, 0}, 4), "");
  // One row of few numbers, all alike.
  EXPECT_EQ(Odd({1, 1, 1}, {0, 10, 5}, 2), "");
  EXPECT_EQ(Odd({0, 0, 0}, {0, 100, 5}, 2), "");
}

TEST(InputRangeTest, AnotherScaleIsSaid) {
  EXPECT_EQ(Odd({0, 1, 0.13}),
            "its numbers go from 0 to 1, and those that the model was trained on from 0 to 255: it "
            "needs the same scale");
  EXPECT_NE(Odd({0.2, 0.5, 0.3}, {0, 255, 120}, 2), "");
  EXPECT_NE(Odd({0, 255, 33}, {0, 1, 0.13}), "");
  EXPECT_NE(Odd({-1, 1, 0}, {0, 255, 33}), "");
  EXPECT_NE(Odd({-5000, 1, 0}, {-2, 2.5, 0}, 4), "");
}

TEST(InputRangeTest, AnotherBackgroundIsSaid) {
  EXPECT_EQ(Odd({0, 255, 222}),
            "it is mostly bright, and what the model was trained on mostly dark: --invert turns it "
            "over");
  EXPECT_EQ(Odd({0, 255, 222}, kDigits, kPixels, true),
            "it is mostly bright, and what the model was trained on mostly dark: is --invert one "
            "too many?");
  EXPECT_EQ(Odd({0, 255, 33}, {0, 255, 222}),
            "it is mostly dark, and what the model was trained on mostly bright: --invert turns it "
            "over");
  EXPECT_NE(Odd({0, 1, 0.9}, {0, 1, 0.13}), "");
  // Tables have no background.
  EXPECT_EQ(Odd({0, 255, 222}, kDigits, 5), "");
}

TEST(InputRangeTest, AnEmptyPictureIsSaid) {
  EXPECT_EQ(Odd({255, 255, 255}), "all its numbers are 255: there is nothing to see");
  EXPECT_EQ(Odd({0, 0, 0}), "all its numbers are 0: there is nothing to see");
}

}  // namespace
}  // namespace nabla
