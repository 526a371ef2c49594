#include <png.h>

#include "framework/base/error.h"
#include "framework/picture/png.h"

namespace nabla {
namespace {

std::vector<uint8_t> Write(png_uint_32 format, size_t width, size_t height,
                           std::span<const uint8_t> pixels) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = format;
  std::vector<uint8_t> out(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = out.size();
  constexpr int kKeepEightBits = 0;
  constexpr png_int_32 kDenseRows = 0;
  if (png_image_write_to_memory(&image, out.data(), &size, kKeepEightBits, pixels.data(),
                                kDenseRows, nullptr) == 0) {
    throw RunError(std::string("cannot create a PNG picture: ") + image.message);
  }
  out.resize(size);
  return out;
}

}  // namespace

std::vector<uint8_t> WriteGreyPng(size_t width, size_t height, std::span<const uint8_t> pixels) {
  return Write(PNG_FORMAT_GRAY, width, height, pixels);
}

std::vector<uint8_t> WriteRgbPng(size_t width, size_t height, std::span<const uint8_t> pixels) {
  return Write(PNG_FORMAT_RGB, width, height, pixels);
}

}  // namespace nabla
