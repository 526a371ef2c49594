#include "framework/data/idx.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>

#include "tests/base/complaint.h"

namespace nabla {
namespace {

Bytes File(uint32_t magic, std::initializer_list<uint32_t> dims, std::initializer_list<int> data) {
  Bytes file(4 + 4 * dims.size() + data.size());
  uint8_t* out = file.data();
  const auto put = [&out](uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<uint8_t>(word >> shift);
  };
  put(magic);
  for (const uint32_t dim : dims) put(dim);
  std::copy(data.begin(), data.end(), out);
  return file;
}

std::string Complaint(Bytes file, size_t rank) {
  return ComplaintOf([&] { ParseIdx(std::move(file), "f", rank); });
}

TEST(IdxTest, ShapeAndData) {
  const IdxArray array = ParseIdx(File(0x803, {2, 1, 3}, {1, 2, 3, 4, 5, 255}), "f", 3);
  EXPECT_EQ(array.dims, (std::vector<size_t>{2, 1, 3}));
  ASSERT_EQ(array.data().size(), 6u);
  EXPECT_EQ(array.data()[0], 1);
  EXPECT_EQ(array.data()[5], 255);
}

TEST(IdxTest, ErrorsSayWhatWasExpectedAndFound) {
  EXPECT_EQ(Complaint(File(0x803, {2}, {}), 3),
            "f: error: expected an IDX header of 16 bytes, found a file of 8 bytes");
  EXPECT_EQ(Complaint(File(0x803, {2, 1, 1}, {1, 2}), 1),
            "f: error: expected the IDX magic number 0x00000801 (unsigned bytes, 1 dimension), "
            "found 0x00000803");
  EXPECT_EQ(Complaint(File(0xd03, {2, 1, 1}, {1, 2}), 3),
            "f: error: expected the IDX magic number 0x00000803 (unsigned bytes, 3 dimensions), "
            "found 0x00000d03");
  EXPECT_EQ(Complaint(File(0x803, {2, 1, 2}, {1, 2, 3}), 3),
            "f: error: expected the 2 x 1 x 2 bytes that the header announces, found 3");
  EXPECT_EQ(Complaint(File(0x801, {2}, {1, 2, 3}), 1),
            "f: error: expected the 2 bytes that the header announces, found 3");
  EXPECT_EQ(Complaint(File(0x803, {0, 28, 28}, {}), 3),
            "f: error: is empty: its header says 0 x 28 x 28");
}

TEST(IdxTest, SizesThatOverflowAreMismatches) {
  const uint32_t big = 0x80000000;
  // 2^62 * 4 = 2^64, which is 0 in 64 bits.
  EXPECT_NE(Complaint(File(0x803, {big, big, 4}, {}), 3), "accepted");
  EXPECT_NE(Complaint(File(0x803, {big, big, 4}, {1}), 3), "accepted");
  EXPECT_NE(Complaint(File(0x803, {0xffffffff, 0xffffffff, 0xffffffff}, {1}), 3), "accepted");
}

TEST(IdxTest, ImagesAndLabelsMustMatch) {
  const IdxArray images = ParseIdx(File(0x803, {2, 1, 1}, {7, 8}), "i", 3);
  const IdxArray labels = ParseIdx(File(0x801, {2}, {9, 0}), "l", 1);
  const IdxArray three = ParseIdx(File(0x801, {3}, {9, 0, 1}), "l", 1);
  EXPECT_NO_THROW(CheckImagesAndLabels(images, labels, 10, "i", "l"));
  EXPECT_EQ(ComplaintOf([&] { CheckImagesAndLabels(images, three, 10, "i", "l"); }),
            "l: error: expected 2 labels, as many as i has images, found 3");
}

TEST(IdxTest, LabelsMustBeClasses) {
  const IdxArray images = ParseIdx(File(0x803, {2, 1, 1}, {7, 8}), "i", 3);
  const IdxArray labels = ParseIdx(File(0x801, {2}, {9, 10}), "l", 1);
  EXPECT_EQ(ComplaintOf([&] { CheckImagesAndLabels(images, labels, 10, "i", "l"); }),
            "l: error: row 1: expected a label from 0 to 9, found 10");
}

}  // namespace
}  // namespace nabla
