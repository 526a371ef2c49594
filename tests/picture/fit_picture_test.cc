#include "framework/picture/fit_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace nabla {
namespace {

constexpr TrainedPictures kMnist{28, 28, 33.3};

// A bar of ink on a ground, somewhere in a picture.
Picture Bar(uint8_t ground, uint8_t ink, size_t width, size_t height) {
  Picture picture{width, height, std::vector<uint8_t>(width * height, ground)};
  for (size_t y = height / 10; y < height / 2; ++y) {
    for (size_t x = width / 10; x < width / 5; ++x) picture.pixels[y * width + x] = ink;
  }
  return picture;
}

struct Ink {
  size_t left = 28, top = 28, right = 0, bottom = 0;
};

Ink InkOf(const std::vector<uint8_t>& pixels) {
  Ink ink;
  for (size_t i = 0; i < pixels.size(); ++i) {
    if (pixels[i] < 128) continue;
    ink.left = std::min(ink.left, i % 28);
    ink.right = std::max(ink.right, i % 28 + 1);
    ink.top = std::min(ink.top, i / 28);
    ink.bottom = std::max(ink.bottom, i / 28 + 1);
  }
  return ink;
}

// 20 pixels long, its centre of mass in the middle, black around it, whatever the photograph.
TEST(FitPictureTest, StrokesBecomeThoseOfMnist) {
  for (const Picture& picture : {Bar(255, 0, 400, 300), Bar(0, 255, 400, 300),
                                 Bar(170, 90, 90, 400), Bar(40, 120, 3000, 2000)}) {
    const FittedPicture fitted = FitPicture(picture, kMnist, true);
    ASSERT_EQ(fitted.pixels.size(), 784u);
    const Ink ink = InkOf(fitted.pixels);
    EXPECT_EQ(std::max(ink.right - ink.left, ink.bottom - ink.top), 20u) << fitted.how;
    EXPECT_NEAR(static_cast<double>(ink.left + ink.right) / 2, 14, 0.5) << fitted.how;
    EXPECT_NEAR(static_cast<double>(ink.top + ink.bottom) / 2, 14, 0.5) << fitted.how;
    EXPECT_EQ(fitted.pixels[0], 0);
    EXPECT_EQ(*std::max_element(fitted.pixels.begin(), fitted.pixels.end()), 255);
    EXPECT_EQ(fitted.how.find("inverted") != std::string::npos, picture.pixels[0] > 127);
  }
  EXPECT_EQ(FitPicture(Bar(255, 0, 400, 300), kMnist, true).how,
            "400 x 300 pixels became 28 x 28: inverted, cut to the strokes, scaled and centred as "
            "in MNIST");
}

TEST(FitPictureTest, WhoSaysWhichWayRoundItIsIsBelieved) {
  // The ground is taken for the strokes: they fill the picture around the dark bar.
  const FittedPicture fitted = FitPicture(Bar(0, 255, 100, 100), kMnist, false);
  EXPECT_EQ(fitted.how.find("inverted"), std::string::npos);
  EXPECT_EQ(InkOf(fitted.pixels).bottom - InkOf(fitted.pixels).top, 20u);
}

TEST(FitPictureTest, PhotographsAreCutToTheMiddle) {
  // Thirds of 10, 20 and 30; the middle square holds the second.
  Picture picture{30, 10, {}};
  for (size_t i = 0; i < 300; ++i) {
    picture.pixels.push_back(static_cast<uint8_t>(10 + 10 * (i % 30 / 10)));
  }
  const FittedPicture fitted = FitPicture(picture, {4, 4, 120}, true);
  EXPECT_EQ(fitted.pixels, std::vector<uint8_t>(16, 20));
  EXPECT_EQ(fitted.how, "30 x 10 pixels became 4 x 4: cut to the middle and scaled");
}

TEST(FitPictureTest, ScalingAveragesAreasInEachChannel) {
  Picture picture{4, 4, {}, 3};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 16; ++i) picture.pixels.push_back(static_cast<uint8_t>(10 * i + c));
  }
  // Means of 2 x 2 pixels: 0, 10, 40, 50 and so on.
  EXPECT_EQ(FitPicture(picture, {2, 2, 0}, true).pixels,
            (std::vector<uint8_t>{25, 45, 105, 125, 26, 46, 106, 126, 27, 47, 107, 127}));
  // A smaller picture grows: each pixel four times.
  const Picture small{2, 2, {0, 50, 100, 150}};
  EXPECT_EQ(
      FitPicture(small, {4, 4, 128}, true).pixels,
      (std::vector<uint8_t>{0, 0, 50, 50, 0, 0, 50, 50, 100, 100, 150, 150, 100, 100, 150, 150}));
}

TEST(FitPictureTest, ThinAndEmptyPictures) {
  for (const auto& [width, height] :
       {std::pair<size_t, size_t>{1, 1}, {1, 500}, {500, 1}, {29, 27}}) {
    for (const int grey : {0, 127, 255}) {
      const Picture plain{width, height,
                          std::vector<uint8_t>(width * height, static_cast<uint8_t>(grey))};
      EXPECT_EQ(FitPicture(plain, kMnist, true).pixels,
                std::vector<uint8_t>(784, static_cast<uint8_t>(grey)));
    }
  }
  Picture line{500, 3, std::vector<uint8_t>(1500, 0)};
  for (size_t x = 100; x < 400; ++x) line.pixels[500 + x] = 255;
  const Ink ink = InkOf(FitPicture(line, kMnist, true).pixels);
  EXPECT_EQ(ink.right - ink.left, 20u);
  EXPECT_EQ(ink.bottom - ink.top, 1u);
}

TEST(TextPictureTest, TwoRowsMakeALine) {
  const std::vector<uint8_t> pixels = {0, 255, 0, 0, 255, 0, 128, 128, 0};
  EXPECT_EQ(TextPicture(pixels, 3, 3), " @\n++\n");
}

}  // namespace
}  // namespace nabla
