#include "framework/picture/png.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <sstream>

#include "tests/formats/samples.h"

namespace nabla {
namespace {

std::string Refusal(std::span<const uint8_t> data) {
  return Complaint("x.png", [data] { ReadPng(data, "x.png"); });
}

std::vector<uint8_t> Varied(size_t size) {
  std::vector<uint8_t> pixels(size);
  uint32_t state = 1;
  for (uint8_t& pixel : pixels) pixel = static_cast<uint8_t>((state = state * 1664525 + 9) >> 24);
  return pixels;
}

TEST(Png, KindsOfPictures) {
  const std::string folder = FreshFolder();
  std::istringstream names(Oracle({"write_pngs", folder}));
  int count = 0;
  for (std::string name; std::getline(names, name); ++count) {
    const Picture image = ReadPng(Content(folder + "/" + name + ".png"), name);
    EXPECT_EQ(image.width, 13u) << name;
    EXPECT_EQ(image.height, 9u) << name;
    EXPECT_EQ(Hex(image.pixels), Hex(Content(folder + "/" + name + ".grey"))) << name;
    const bool transparent =
        name.find("alpha") != std::string::npos || name == "rgba" || name == "interlaced";
    EXPECT_EQ(image.transparent, transparent) << name;
  }
  EXPECT_EQ(count, 10);
}

TEST(Png, WhatIsWritten) {
  const std::string path = FreshFolder() + "/x.png";
  const std::vector<uint8_t> grey = Varied(7 * 5);
  Put(path, WriteGreyPng(7, 5, grey));
  EXPECT_EQ(Oracle({"read_png", path}), "7 5 1 " + Hex(grey) + "\n");
  const std::vector<uint8_t> colours = Varied(28 * 27 * 3);
  Put(path, WriteRgbPng(28, 27, colours));
  EXPECT_EQ(Oracle({"read_png", path}), "28 27 3 " + Hex(colours) + "\n");
}

TEST(Png, RoundTrip) {
  for (const size_t side : {size_t{1}, size_t{28}, size_t{300}}) {
    const Picture image{side, side + 2, Varied(side * (side + 2))};
    EXPECT_EQ(ReadPng(WriteGreyPng(side, side + 2, image.pixels), "x"), image);
  }
}

TEST(Png, LargestPicture) {
  const size_t side = kMostPicturePixels;
  const std::vector<uint8_t> column(side, 9);
  EXPECT_EQ(ReadPng(WriteGreyPng(1, side, column), "x").pixels, column);
  EXPECT_EQ(Refusal(WriteGreyPng(side + 1, 1, Varied(side + 1))),
            "is 4097 x 1 pixels; expected at most 4096 x 4096");
  EXPECT_EQ(Refusal(WriteGreyPng(1, side + 1, Varied(side + 1))),
            "is 1 x 4097 pixels; expected at most 4096 x 4096");
}

TEST(Png, OtherFiles) {
  EXPECT_EQ(Refusal({}), "is not a PNG picture");
  EXPECT_EQ(Refusal(FromText("GIF89a")), "is not a PNG picture");
  std::vector<uint8_t> file = WriteGreyPng(1, 1, Varied(1));
  file.resize(20);
  EXPECT_EQ(Refusal(file), "PNG: the file is truncated");
}

size_t PeakKilobytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss);
}

TEST(Png, TextsAreNotUnpacked) {
  const std::string folder = FreshFolder();
  Oracle({"write_text_bomb", folder + "/x.png"});
  const std::vector<uint8_t> bomb = Content(folder + "/x.png");
  const size_t before = PeakKilobytes();
  EXPECT_EQ(ReadPng(bomb, "x"), (Picture{1, 1, {77}}));
  EXPECT_LT(PeakKilobytes(), before + 50'000);
}

TEST(Png, DamageIsSeen) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer takes memory for every longjmp of libpng and gives none back";
#endif
  const std::string folder = FreshFolder();
  Oracle({"write_pngs", folder});
  for (const std::string name : {"/palette_alpha.png", "/rgb.png", "/interlaced.png"}) {
    Damage(
        Content(folder + name),
        [&](size_t position, std::span<const uint8_t> data) {
          ASSERT_NE(Refusal(data), "") << name << " " << position;
        },
        [&](size_t length, std::span<const uint8_t> data) {
          ASSERT_NE(Refusal(data), "") << name << " " << length;
        });
  }
}

}  // namespace
}  // namespace nabla
