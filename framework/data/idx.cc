#include "framework/data/idx.h"

#include <algorithm>

#include "framework/base/error.h"

namespace nabla {
namespace {

constexpr uint32_t kUnsignedBytes = 0x08;

[[noreturn]] void Fail(const std::string& name, const std::string& message) {
  throw InputError({Problem{{name}, message}});
}

uint32_t BigEndian(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

std::string Hex(uint32_t value) {
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[value >> shift & 15];
  return text;
}

// "60000 x 28 x 28".
std::string ShapeText(const std::vector<size_t>& dims) {
  std::string text;
  for (const size_t dim : dims) text += (text.empty() ? "" : " x ") + std::to_string(dim);
  return text;
}

}  // namespace

IdxArray ParseIdx(Bytes file, const std::string& name, size_t rank) {
  const size_t header = 4 + 4 * rank;
  if (file.size() < header) {
    Fail(name, "expected an IDX header of " + std::to_string(header) + " bytes, found a file of " +
                   std::to_string(file.size()) + " bytes");
  }
  const uint32_t magic = BigEndian(file.data());
  const uint32_t expected_magic = kUnsignedBytes << 8 | static_cast<uint32_t>(rank);
  if (magic != expected_magic) {
    Fail(name, "expected the IDX magic number " + Hex(expected_magic) + " (unsigned bytes, " +
                   std::to_string(rank) + (rank == 1 ? " dimension" : " dimensions") + "), found " +
                   Hex(magic));
  }
  IdxArray array;
  for (size_t i = 0; i < rank; ++i) array.dims.push_back(BigEndian(file.data() + 4 + 4 * i));
  const size_t found = file.size() - header;
  size_t expected = 1;
  for (const size_t dim : array.dims) {
    if (dim == 0) Fail(name, "is empty: its header says " + ShapeText(array.dims));
    // Capped, since a forged header could make the product overflow.
    expected = dim > found / expected ? found + 1 : expected * dim;
    if (expected > found) break;
  }
  if (expected != found) {
    Fail(name, "expected the " + ShapeText(array.dims) +
                   " bytes that the header announces, found " + std::to_string(found));
  }
  array.file = std::move(file);
  return array;
}

void CheckImagesAndLabels(const IdxArray& images, const IdxArray& labels, size_t classes,
                          const std::string& images_name, const std::string& labels_name) {
  if (images.dims[0] != labels.dims[0]) {
    Fail(labels_name, "expected " + std::to_string(images.dims[0]) + " labels, as many as " +
                          images_name + " has images, found " + std::to_string(labels.dims[0]));
  }
  const std::span<const uint8_t> values = labels.data();
  const auto bad = std::find_if(values.begin(), values.end(),
                                [classes](uint8_t label) { return label >= classes; });
  if (bad != values.end()) {
    Fail(labels_name, "row " + std::to_string(bad - values.begin()) +
                          ": expected a label from 0 to " + std::to_string(classes - 1) +
                          ", found " + std::to_string(*bad));
  }
}

}  // namespace nabla
