#include <png.h>

#include <algorithm>
#include <cstring>

#include "framework/base/error.h"
#include "framework/formats/complaint.h"
#include "framework/picture/png.h"

namespace nabla {
namespace {

constexpr size_t kSignature = 8;
constexpr size_t kRgba = 4;

// Decodes one picture. libpng reports errors by longjmp, which runs no destructors, so functions
// that it may leave must not own anything.
class Decoder {
 public:
  Decoder(std::span<const uint8_t> data, const std::string& file) : rest_(data), file_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, OnError, OnWarning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  Picture Read(size_t channels);

 private:
  static void OnError(png_structp png, png_const_charp message);
  static void OnWarning(png_structp, png_const_charp) {}
  static void OnRead(png_structp png, png_bytep out, size_t size);

  bool ReadHeader();
  bool ReadPixels(uint8_t** rows);

  std::span<const uint8_t> rest_;
  const std::string& file_;
  png_structp png_;
  png_infop info_;
  char message_[80] = "";
};

void Decoder::OnError(png_structp png, png_const_charp message) {
  Decoder* self = static_cast<Decoder*>(png_get_error_ptr(png));
  std::strncpy(self->message_, message, sizeof(self->message_) - 1);
  png_longjmp(png, 1);
}

void Decoder::OnRead(png_structp png, png_bytep out, size_t size) {
  Decoder* self = static_cast<Decoder*>(png_get_io_ptr(png));
  if (size > self->rest_.size()) png_error(png, "the file is truncated");
  std::memcpy(out, self->rest_.data(), size);
  self->rest_ = self->rest_.subspan(size);
}

// Reads up to the pixels, without allocating memory for them.
bool Decoder::ReadHeader() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_set_read_fn(png_, this, OnRead);
  png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // Texts and profiles can unpack to gigabytes. This skips them but keeps transparency.
  png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png_, info_);
  return true;
}

// Reads the pixels as red, green, blue and alpha of 8 bits each.
bool Decoder::ReadPixels(uint8_t** rows) {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_set_scale_16(png_);
  png_set_expand(png_);
  png_set_gray_to_rgb(png_);
  png_set_add_alpha(png_, 0xff, PNG_FILLER_AFTER);
  png_read_image(png_, rows);
  png_read_end(png_, nullptr);
  return true;
}

Picture Decoder::Read(size_t channels) {
  if (info_ == nullptr) throw RunError("cannot read PNG pictures: out of memory");
  if (png_sig_cmp(rest_.data(), 0, std::min(rest_.size(), kSignature)) != 0) {
    Refuse(file_, "is not a PNG picture");
  }
  if (!ReadHeader()) Refuse(file_, std::string("PNG: ") + message_);
  const size_t width = png_get_image_width(png_, info_);
  const size_t height = png_get_image_height(png_, info_);
  CheckPictureSize(width, height, file_);
  std::vector<uint8_t> rgba(height * width * kRgba);
  std::vector<uint8_t*> rows;
  for (size_t y = 0; y < height; ++y) rows.push_back(rgba.data() + y * width * kRgba);
  if (!ReadPixels(rows.data())) Refuse(file_, std::string("PNG: ") + message_);
  return FromRgba(width, height, rgba, channels);
}

}  // namespace

Picture ReadPng(std::span<const uint8_t> data, const std::string& name, size_t channels) {
  return Decoder(data, name).Read(channels);
}

}  // namespace nabla
