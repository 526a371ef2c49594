#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

// These headers need <cstdio>.
#include <jpeglib.h>
// This one the other.
#include <jerror.h>

#include "framework/formats/complaint.h"
#include "framework/picture/jpeg.h"

namespace nabla {
namespace {

constexpr size_t kRgba = 4;
// A photograph of 150 million pixels whose colours have a quarter of them.
constexpr size_t kMostCoefficients = size_t{512} << 20;  // in bytes

// Warnings of what does not change the picture: a later version of JFIF, a number of Adobe's that
// names no colours, and numbers of a scan that a picture in one scan does not need.
bool IsHarmless(int code) {
  return code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_NOT_SEQUENTIAL;
}

// The orientation in EXIF data, 1 to 8 (tag 0x0112 of the first directory); 1 if it says none.
// Exif 2.3, section 4.6.
unsigned OrientationIn(std::span<const uint8_t> exif) {
  constexpr std::string_view kHead("Exif\0\0", 6);
  if (exif.size() < 14 || std::memcmp(exif.data(), kHead.data(), kHead.size()) != 0) return 1;
  const std::span<const uint8_t> tiff = exif.subspan(kHead.size());
  const bool little = tiff[0] == 'I';
  const auto number = [&](size_t at, size_t bytes) {
    uint32_t value = 0;
    for (size_t i = 0; i < bytes && at + bytes <= tiff.size(); ++i) {
      value = value << 8 | tiff[at + (little ? bytes - 1 - i : i)];
    }
    return value;
  };
  const size_t directory = number(4, 4);
  const size_t entries = number(directory, 2);
  for (size_t e = 0; e < entries; ++e) {
    const size_t at = directory + 2 + 12 * e;
    if (number(at, 2) != 0x0112) continue;
    const uint32_t value = number(at + 8, 2);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// Decodes one picture. libjpeg reports errors by a function that must not return, so this one
// jumps; functions that it may leave must not own anything.
class Decoder {
 public:
  explicit Decoder(std::span<const uint8_t> data) : data_(data) {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = OnError;
    // Debian's libjpeg counts broken data as warnings and makes up the rest of the picture.
    errors_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0 && !IsHarmless(info->err->msg_code)) OnError(info);
    };
    info_.client_data = this;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { jpeg_destroy_decompress(&info_); }

  // Reads up to the pixels, without allocating memory for them.
  bool ReadHeader() {
    if (setjmp(jump_) != 0) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, data_.data(), data_.size());
    jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&info_, TRUE);
    // The markers are gone when the pixels have been read.
    for (const auto* m = info_.marker_list; m != nullptr && orientation_ == 1; m = m->next) {
      orientation_ = OrientationIn({m->data, m->data_length});
    }
    if (jpeg_has_multiple_scans(&info_)) {
      for (int c = 0; c < info_.num_components; ++c) {
        const jpeg_component_info& component = info_.comp_info[c];
        coefficients_ += sizeof(JBLOCK) * component.width_in_blocks * component.height_in_blocks;
      }
    }
    four_inks_ = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    if (four_inks_) return true;
    info_.out_color_space = JCS_EXT_RGBA;
    info_.dct_method = JDCT_ISLOW;
    jpeg_calc_output_dimensions(&info_);
    while (info_.scale_denom < 8 &&
           (width() > kMostPicturePixels || height() > kMostPicturePixels)) {
      info_.scale_denom *= 2;
      jpeg_calc_output_dimensions(&info_);
    }
    return true;
  }

  // Into height() rows of width() pixels.
  bool ReadPixels(uint8_t* rgba) {
    if (setjmp(jump_) != 0) return false;
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = rgba + info_.output_scanline * width() * kRgba;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  size_t width() const { return info_.output_width; }
  size_t height() const { return info_.output_height; }
  const char* message() const { return message_; }
  unsigned orientation() const { return orientation_; }
  bool four_inks() const { return four_inks_; }
  // Bytes that a picture in several scans takes before it is scaled, whatever the file's size.
  size_t coefficients() const { return coefficients_; }

 private:
  static void OnError(j_common_ptr info) {
    Decoder* self = static_cast<Decoder*>(info->client_data);
    info->err->format_message(info, self->message_);
    std::longjmp(self->jump_, 1);
  }

  std::span<const uint8_t> data_;
  jpeg_decompress_struct info_ = {};
  jpeg_error_mgr errors_ = {};
  std::jmp_buf jump_;
  unsigned orientation_ = 1;
  bool four_inks_ = false;
  size_t coefficients_ = 0;
  char message_[JMSG_LENGTH_MAX] = "";
};

// Where the pixel at (x, y) of the upright picture is stored: orientations 5 to 8 change the sides.
std::pair<size_t, size_t> StoredAt(size_t x, size_t y, unsigned orientation, size_t width,
                                   size_t height) {
  const size_t right = width - 1;
  const size_t low = height - 1;
  switch (orientation) {
    case 2:
      return {right - x, y};
    case 3:
      return {right - x, low - y};
    case 4:
      return {x, low - y};
    case 5:
      return {y, x};
    case 6:
      return {y, low - x};
    case 7:
      return {right - y, low - x};
    case 8:
      return {right - y, x};
    default:
      return {x, y};
  }
}

Picture Upright(Picture stored, unsigned orientation) {
  if (orientation == 1) return stored;
  Picture turned = stored;
  if (orientation >= 5) std::swap(turned.width, turned.height);
  const size_t plane = stored.width * stored.height;
  for (size_t y = 0; y < turned.height; ++y) {
    for (size_t x = 0; x < turned.width; ++x) {
      const auto [from_x, from_y] = StoredAt(x, y, orientation, stored.width, stored.height);
      for (size_t c = 0; c < stored.channels; ++c) {
        turned.pixels[c * plane + y * turned.width + x] =
            stored.pixels[c * plane + from_y * stored.width + from_x];
      }
    }
  }
  return turned;
}

}  // namespace

Picture ReadJpeg(std::span<const uint8_t> data, const std::string& name, size_t channels) {
  Decoder decoder(data);
  if (!decoder.ReadHeader()) Refuse(name, std::string("JPEG: ") + decoder.message());
  if (decoder.four_inks()) Refuse(name, "has the colours of four inks (CMYK); save it as RGB");
  CheckPictureSize(decoder.width(), decoder.height(), name);
  if (decoder.coefficients() > kMostCoefficients) {
    Refuse(name, "JPEG: it is progressive and needs " +
                     std::to_string(decoder.coefficients() >> 20) +
                     " MiB of memory, more than 512: save it smaller, or not progressive");
  }
  std::vector<uint8_t> rgba(decoder.width() * decoder.height() * kRgba);
  if (!decoder.ReadPixels(rgba.data())) Refuse(name, std::string("JPEG: ") + decoder.message());
  return Upright(FromRgba(decoder.width(), decoder.height(), rgba, channels),
                 decoder.orientation());
}

}  // namespace nabla
