// Reads PNG pictures of users and writes those of reports.
#ifndef NABLA_FRAMEWORK_PICTURE_PNG_H_
#define NABLA_FRAMEWORK_PICTURE_PNG_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/picture/picture.h"

namespace nabla {

// Reads any kind of PNG (grey, colour, palette, interlaced; converted to 8 bits if necessary), as
// FromRgba has it. Throws InputError placed at `name` if it is not a PNG, is damaged or truncated,
// or is wider or higher than kMostPicturePixels (before memory is allocated).
Picture ReadPng(std::span<const uint8_t> data, const std::string& name, size_t channels = 1);

// A PNG of 8-bit grey values, height x width, both at least 1. Throws RunError if memory runs out.
std::vector<uint8_t> WriteGreyPng(size_t width, size_t height, std::span<const uint8_t> pixels);

// The same for red, green and blue: height x width x 3.
std::vector<uint8_t> WriteRgbPng(size_t width, size_t height, std::span<const uint8_t> pixels);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PICTURE_PNG_H_
