#include "tests/picture/written_jpeg.h"

#include <cstdio>
#include <cstdlib>

// This header needs <cstdio>.
#include <jpeglib.h>

namespace nabla {
namespace {

// The orientation as the only entry of the first directory.
std::vector<uint8_t> Exif(int orientation, bool big_endian) {
  std::vector<uint8_t> bytes = {'E', 'x', 'i', 'f', 0, 0};
  const auto add = [&](uint32_t value, int size) {
    for (int i = 0; i < size; ++i) {
      bytes.push_back(static_cast<uint8_t>(value >> 8 * (big_endian ? size - 1 - i : i)));
    }
  };
  bytes.insert(bytes.end(), 2, big_endian ? 'M' : 'I');
  add(42, 2);
  add(8, 4);  // where the directory is
  add(1, 2);
  add(0x0112, 2);
  add(3, 2);  // 16 bits
  add(1, 4);
  add(static_cast<uint32_t>(orientation), 2);
  add(0, 2);
  add(0, 4);
  return bytes;
}

}  // namespace

std::vector<uint8_t> WriteJpeg(size_t width, size_t height, std::span<const uint8_t> pixels,
                               const JpegKind& kind) {
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors = {};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* written = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &written, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = kind.channels;
  info.in_color_space = kind.channels == 1   ? JCS_GRAYSCALE
                        : kind.channels == 3 ? JCS_RGB
                                             : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (kind.orientation > 0) {
    const std::vector<uint8_t> exif = Exif(kind.orientation, kind.big_endian);
    jpeg_write_marker(&info, JPEG_APP0 + 1, exif.data(), static_cast<unsigned>(exif.size()));
  }
  const size_t stride = width * static_cast<size_t>(kind.channels);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<uint8_t*>(pixels.data()) + info.next_scanline * stride;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  std::vector<uint8_t> file(written, written + size);
  jpeg_destroy_compress(&info);
  std::free(written);
  return file;
}

}  // namespace nabla
