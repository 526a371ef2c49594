// JPEG files for tests, written by libjpeg.
#ifndef NABLA_TESTS_PICTURE_WRITTEN_JPEG_H_
#define NABLA_TESTS_PICTURE_WRITTEN_JPEG_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nabla {

struct JpegKind {
  int channels = 3;  // 1 grey, 3 red, green and blue, 4 inks
  bool progressive = false;
  int orientation = 0;  // EXIF's, 1 to 8; 0: no EXIF
  bool big_endian = false;
};

// `pixels` are height x width x channels. The best quality.
std::vector<uint8_t> WriteJpeg(size_t width, size_t height, std::span<const uint8_t> pixels,
                               const JpegKind& kind = {});

}  // namespace nabla

#endif  // NABLA_TESTS_PICTURE_WRITTEN_JPEG_H_
