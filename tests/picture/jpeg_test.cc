#include "framework/picture/jpeg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "framework/picture/picture.h"
#include "tests/formats/samples.h"
#include "tests/picture/written_jpeg.h"

namespace nabla {
namespace {

// Steps of the best quality are 1; rounding in three colours may add up to two more.
constexpr int kNear = 3;

std::string Refusal(std::span<const uint8_t> data) {
  return Complaint("x.jpg", [data] { ReadJpeg(data, "x.jpg", 1); });
}

// 6 x 4, grey, brighter to the right and downwards.
std::vector<uint8_t> Slope() {
  std::vector<uint8_t> pixels;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 6; ++x) pixels.push_back(static_cast<uint8_t>(20 + 10 * x + 40 * y));
  }
  return pixels;
}

void ExpectNear(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b,
                const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], kNear) << what << " " << i;
}

TEST(Jpeg, GreyColoursAndProgressive) {
  ExpectNear(ReadJpeg(WriteJpeg(6, 4, Slope(), {.channels = 1}), "x", 1).pixels, Slope(), "grey");
  ExpectNear(
      ReadJpeg(WriteJpeg(6, 4, Slope(), {.channels = 1, .progressive = true}), "x", 1).pixels,
      Slope(), "progressive");
  std::vector<uint8_t> colours;
  for (int i = 0; i < 64; ++i) colours.insert(colours.end(), {200, 100, 50});
  const Picture picture = ReadJpeg(WriteJpeg(8, 8, colours), "x", 3);
  EXPECT_EQ(picture.channels, 3u);
  EXPECT_FALSE(picture.transparent);
  std::vector<uint8_t> planes(64, 200);
  planes.insert(planes.end(), 64, 100);
  planes.insert(planes.end(), 64, 50);
  ExpectNear(picture.pixels, planes, "colours");
  // 0.299 * 200 + 0.587 * 100 + 0.114 * 50
  ExpectNear(ReadJpeg(WriteJpeg(8, 8, colours), "x", 1).pixels, std::vector<uint8_t>(64, 124),
             "luminance");
}

// Where the top left pixel of the upright picture and its right neighbour are stored, per
// orientation (Exif 2.3: where row 0 and column 0 of what is stored belong).
TEST(Jpeg, PhotographsAreTurnedUpright) {
  struct Corner {
    int orientation;
    size_t width;
    size_t x, y;            // of the first pixel
    size_t next_x, next_y;  // of the one at its right
  };
  const Corner corners[] = {{1, 6, 0, 0, 1, 0}, {2, 6, 5, 0, 4, 0}, {3, 6, 5, 3, 4, 3},
                            {4, 6, 0, 3, 1, 3}, {5, 4, 0, 0, 0, 1}, {6, 4, 0, 3, 0, 2},
                            {7, 4, 5, 3, 5, 2}, {8, 4, 5, 0, 5, 1}};
  for (const Corner& c : corners) {
    for (const bool big_endian : {false, true}) {
      const Picture picture = ReadJpeg(
          WriteJpeg(6, 4, Slope(),
                    {.channels = 1, .orientation = c.orientation, .big_endian = big_endian}),
          "x", 1);
      EXPECT_EQ(picture.width, c.width) << c.orientation;
      EXPECT_EQ(picture.height, c.width == 6 ? 4u : 6u) << c.orientation;
      EXPECT_NEAR(picture.pixels[0], Slope()[c.y * 6 + c.x], kNear) << c.orientation;
      EXPECT_NEAR(picture.pixels[1], Slope()[c.next_y * 6 + c.next_x], kNear) << c.orientation;
    }
  }
}

TEST(Jpeg, LargePhotographsAreReadSmaller) {
  const std::vector<uint8_t> line(5000 * 16, 90);
  const Picture picture = ReadJpeg(WriteJpeg(5000, 16, line, {.channels = 1}), "x", 1);
  EXPECT_EQ(picture.width, 2500u);
  EXPECT_EQ(picture.height, 8u);
  ExpectNear(picture.pixels, std::vector<uint8_t>(2500 * 8, 90), "half");
  EXPECT_EQ(Refusal(WriteJpeg(40000, 1, std::vector<uint8_t>(40000), {.channels = 1})),
            "is 5000 x 1 pixels; expected at most 4096 x 4096");
}

TEST(Jpeg, OtherFiles) {
  EXPECT_NE(Refusal({}), "");
  EXPECT_NE(Refusal(FromText("GIF89a")), "");
  EXPECT_EQ(Refusal(WriteJpeg(2, 2, std::vector<uint8_t>(16), {.channels = 4})),
            "has the colours of four inks (CMYK); save it as RGB");
}

// Where a marker's segment begins, behind its two bytes.
std::vector<uint8_t>::iterator Segment(std::vector<uint8_t>* file, uint8_t marker) {
  const uint8_t wanted[] = {0xff, marker};
  return std::search(file->begin(), file->end(), std::begin(wanted), std::end(wanted)) + 2;
}

// libjpeg would ask for gigabytes, at an eighth of the size too.
TEST(Jpeg, ProgressiveGiantsAreRefusedBeforeMemoryIsTaken) {
  std::vector<uint8_t> file = WriteJpeg(8, 8, std::vector<uint8_t>(192, 90), {.progressive = true});
  const auto frame = Segment(&file, 0xc2);
  for (const size_t side : {3, 5}) {
    frame[static_cast<ptrdiff_t>(side)] = 32000 >> 8;
    frame[static_cast<ptrdiff_t>(side) + 1] = 32000 & 0xff;
  }
  const std::string refusal = Refusal(file);
  EXPECT_TRUE(refusal.starts_with("JPEG: it is progressive and needs ")) << refusal;
  EXPECT_TRUE(
      refusal.ends_with(" MiB of memory, more than 512: save it smaller, or not progressive"))
      << refusal;
}

TEST(Jpeg, HarmlessWarningsRefuseNoPicture) {
  std::vector<uint8_t> later = WriteJpeg(6, 4, Slope(), {.channels = 1});
  Segment(&later, 0xe0)[7] = 2;  // JFIF 2
  ExpectNear(ReadJpeg(later, "x", 1).pixels, Slope(), "JFIF");
  std::vector<uint8_t> sequential = WriteJpeg(6, 4, Slope(), {.channels = 1});
  Segment(&sequential, 0xda)[6] = 0;  // its last coefficient, which there is no choice of
  ExpectNear(ReadJpeg(sequential, "x", 1).pixels, Slope(), "sequential");
  std::vector<uint8_t> colours;
  for (int i = 0; i < 64; ++i) colours.insert(colours.end(), {200, 100, 50});
  std::vector<uint8_t> adobe = WriteJpeg(8, 8, colours);
  const std::vector<uint8_t> same = ReadJpeg(adobe, "x", 3).pixels;
  const auto begin = Segment(&adobe, 0xe0);
  const std::vector<uint8_t> segment = {0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 5};
  begin[-1] = 0xee;
  adobe.insert(adobe.erase(begin, begin + 16), segment.begin(), segment.end());
  EXPECT_EQ(ReadJpeg(adobe, "x", 3).pixels, same);
}

TEST(Jpeg, TruncationIsSeenAndNoByteCrashes) {
  const std::vector<uint8_t> file =
      WriteJpeg(6, 4, Slope(), {.channels = 1, .orientation = 6, .big_endian = true});
  Damage(
      file, [&](size_t, std::span<const uint8_t> data) { Refusal(data); },
      [&](size_t length, std::span<const uint8_t> data) {
        EXPECT_NE(Refusal(data), "") << length;
      });
}

}  // namespace
}  // namespace nabla
