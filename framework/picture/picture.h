// Pictures of users: PNG and JPEG.
#ifndef NABLA_FRAMEWORK_PICTURE_PICTURE_H_
#define NABLA_FRAMEWORK_PICTURE_PICTURE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// The largest width and height of a picture that is read.
inline constexpr size_t kMostPicturePixels = 4096;

// A picture that is read has 1 channel, grey, or 3: red, green and blue.
struct Picture {
  size_t width = 0;
  size_t height = 0;
  std::vector<uint8_t> pixels;  // channels x height x width, 0 black to 255 white
  size_t channels = 1;
  bool transparent = false;  // whether any pixel was, wholly or in part

  bool operator==(const Picture&) const = default;
};

// The picture in `rgba` (height x width x 4). Grey is the luminance 0.299 R + 0.587 G + 0.114 B of
// the stored values. Transparent pixels are blended with white.
Picture FromRgba(size_t width, size_t height, std::span<const uint8_t> rgba, size_t channels);

// Throws InputError placed at `name` if the picture is wider or higher than kMostPicturePixels.
void CheckPictureSize(size_t width, size_t height, const std::string& name);

// Whether a file is called as pictures are, .png, .jpg or .jpeg, and is not hidden.
bool IsPictureName(std::string_view name);

// Whether the content begins as a PNG or a JPEG file does.
bool LooksLikePicture(std::span<const uint8_t> data);

// Reads a PNG or JPEG picture, in grey or in three channels (png.h, jpeg.h).
Picture ReadPicture(std::span<const uint8_t> data, const std::string& name, size_t channels);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PICTURE_PICTURE_H_
