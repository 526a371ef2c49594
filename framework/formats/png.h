// Reads PNG pictures of users and writes those of reports.
#ifndef NABLA_FRAMEWORK_FORMATS_PNG_H_
#define NABLA_FRAMEWORK_FORMATS_PNG_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nabla {

// The largest width and height of a picture that ReadPng accepts.
inline constexpr size_t kMostPngPixels = 4096;

struct GreyImage {
  size_t width = 0;
  size_t height = 0;
  std::vector<uint8_t> pixels;  // height x width, 0 black to 255 white
  bool transparent = false;     // whether any pixel was, wholly or in part

  bool operator==(const GreyImage&) const = default;
};

// Reads any kind of PNG (grey, colour, palette, interlaced; converted to 8 bits if necessary) as
// the luminance 0.299 R + 0.587 G + 0.114 B of the stored values. Transparent pixels are blended
// with white. Throws InputError placed at `name` if it is not a PNG, is damaged or truncated, or is
// wider or higher than kMostPngPixels (before memory is allocated).
GreyImage ReadPng(std::span<const uint8_t> data, const std::string& name);

// A PNG of 8-bit grey values, height x width, both at least 1. Throws RunError if memory runs out.
std::vector<uint8_t> WriteGreyPng(size_t width, size_t height, std::span<const uint8_t> pixels);

// The same for red, green and blue: height x width x 3.
std::vector<uint8_t> WriteRgbPng(size_t width, size_t height, std::span<const uint8_t> pixels);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_PNG_H_
