#include "framework/picture/picture.h"

#include "framework/base/file_name.h"
#include "framework/formats/complaint.h"
#include "framework/picture/jpeg.h"
#include "framework/picture/png.h"

namespace nabla {
namespace {

constexpr size_t kRgba = 4;

// `thousandth` / 1000, blended with white and rounded.
uint8_t OverWhite(unsigned thousandth, unsigned alpha) {
  return static_cast<uint8_t>((thousandth * alpha + 255'000u * (255 - alpha) + 127'500u) /
                              255'000u);
}

}  // namespace

Picture FromRgba(size_t width, size_t height, std::span<const uint8_t> rgba, size_t channels) {
  const size_t count = width * height;
  Picture picture{width, height, std::vector<uint8_t>(channels * count), channels};
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* pixel = rgba.data() + i * kRgba;
    const unsigned alpha = pixel[3];
    picture.transparent |= alpha != 255;
    if (channels == 1) {
      picture.pixels[i] = OverWhite(299u * pixel[0] + 587u * pixel[1] + 114u * pixel[2], alpha);
      continue;
    }
    for (size_t c = 0; c < channels; ++c) {
      picture.pixels[c * count + i] = OverWhite(1000u * pixel[c], alpha);
    }
  }
  return picture;
}

void CheckPictureSize(size_t width, size_t height, const std::string& name) {
  if (width <= kMostPicturePixels && height <= kMostPicturePixels) return;
  const std::string most = std::to_string(kMostPicturePixels);
  Refuse(name, "is " + std::to_string(width) + " x " + std::to_string(height) +
                   " pixels; expected at most " + most + " x " + most);
}

bool IsPictureName(std::string_view name) {
  return !name.starts_with('.') && EndsInOneOf(name, {".png", ".jpg", ".jpeg"});
}

bool LooksLikePicture(std::span<const uint8_t> data) {
  const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
  return text.starts_with("\x89PNG") || text.starts_with("\xff\xd8\xff");
}

Picture ReadPicture(std::span<const uint8_t> data, const std::string& name, size_t channels) {
  if (!LooksLikePicture(data)) Refuse(name, "is neither a PNG nor a JPEG picture");
  const bool jpeg = data[0] == 0xff;
  return jpeg ? ReadJpeg(data, name, channels) : ReadPng(data, name, channels);
}

}  // namespace nabla
