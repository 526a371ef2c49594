// PNG pictures: those of users, and those of reports.
#ifndef NABLA_FRAMEWORK_FORMATS_PNG_H_
#define NABLA_FRAMEWORK_FORMATS_PNG_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nabla {

// Pixels of either direction that a picture may have.
inline constexpr size_t kMostPngPixels = 4096;

struct GreyImage {
  size_t width = 0;
  size_t height = 0;
  std::vector<uint8_t> pixels;  // height x width, 0 black to 255 white
  bool transparent = false;     // whether any pixel was, wholly or in part

  bool operator==(const GreyImage&) const = default;
};

// A picture of any kind that PNG knows (grey, colour, palette, interlaced; what is not 8 bits is
// brought to 8) as its luminance 0.299 R + 0.587 G + 0.114 B of the stored values. Transparent
// pixels lie on white. Throws InputError placed at `name`: no PNG, damaged, cut off, or wider or
// higher than kMostPngPixels (before memory is taken).
GreyImage ReadPng(std::span<const uint8_t> data, const std::string& name);

// The bytes of a picture of 8-bit grey values, height x width, both at least 1.
// Throws RunError if there is no memory.
std::vector<uint8_t> WriteGreyPng(size_t width, size_t height, std::span<const uint8_t> pixels);

// The same of red, green and blue: height x width x 3.
std::vector<uint8_t> WriteRgbPng(size_t width, size_t height, std::span<const uint8_t> pixels);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_PNG_H_
