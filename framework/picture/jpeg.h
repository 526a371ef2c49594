// Reads JPEG pictures of users.
#ifndef NABLA_FRAMEWORK_PICTURE_JPEG_H_
#define NABLA_FRAMEWORK_PICTURE_JPEG_H_

#include <cstdint>
#include <span>
#include <string>

#include "framework/picture/picture.h"

namespace nabla {

// Reads a JPEG picture, baseline or progressive, turned upright as its EXIF data says. One that is
// larger than kMostPicturePixels is read at a half, a quarter or an eighth of its size. Throws
// InputError placed at `name` if it is not a JPEG, is damaged or truncated, has four inks, or is
// too large even at an eighth or, in several scans, before it is scaled (before memory is
// allocated).
Picture ReadJpeg(std::span<const uint8_t> data, const std::string& name, size_t channels);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PICTURE_JPEG_H_
