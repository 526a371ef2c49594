#include "framework/table/array_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "framework/formats/complaint.h"
#include "framework/formats/npy.h"
#include "framework/formats/npz.h"

namespace nabla {
namespace {

std::string Listed(const ArrayNames& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

// "x" of "folder/x.npy".
std::string StemOf(const std::string& file) {
  const size_t slash = file.rfind('/');
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  return name.substr(0, name.find(".npy"));
}

std::vector<ZipMember> MembersOf(std::span<const uint8_t> bytes, const std::string& file) {
  if (LooksLikeNpy(bytes)) return {{StemOf(file), {bytes.begin(), bytes.end()}}};
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("PK")) return ReadNpzMembers(bytes, file);
  Refuse(file, "expected arrays that NumPy saved, .npz or .npy");
}

template <typename N>
std::vector<double> As(const NamedTensor& array) {
  std::vector<double> numbers(array.bytes.size() / sizeof(N));
  for (size_t i = 0; i < numbers.size(); ++i) {
    N stored;
    std::memcpy(&stored, array.bytes.data() + i * sizeof(N), sizeof(N));
    numbers[i] = static_cast<double>(stored) + 0.0;  // -0 becomes 0
  }
  return numbers;
}

std::vector<double> Stored(const NamedTensor& array) {
  switch (array.dtype) {
    case ElementType::kF32:
      return As<float>(array);
    case ElementType::kF64:
      return As<double>(array);
    case ElementType::kU8:
      return As<uint8_t>(array);
    case ElementType::kI32:
      return As<int32_t>(array);
    case ElementType::kI64:
      return As<int64_t>(array);
  }
  return {};
}

}  // namespace

ArrayNames TrainInputNames() {
  return {"x_train", "X_train", "train_x",  "train_X", "train_images", "x",    "X",
          "data",    "inputs",  "features", "images",  "x_data",       "arr_0"};
}

ArrayNames TrainTargetNames() {
  return {"y_train", "Y_train", "train_y", "train_Y", "train_labels", "y",    "Y",
          "labels",  "label",   "targets", "target",  "y_data",       "arr_1"};
}

ArrayNames TestInputNames() { return {"x_test", "X_test", "test_x", "test_X", "test_images"}; }

ArrayNames TestTargetNames() { return {"y_test", "Y_test", "test_y", "test_Y", "test_labels"}; }

ArrayFile::ArrayFile(std::span<const uint8_t> bytes, std::string file)
    : file_(std::move(file)), single_(LooksLikeNpy(bytes)), members_(MembersOf(bytes, file_)) {}

std::string ArrayFile::FirstOf(const ArrayNames& names) const {
  if (single_) return members_[0].name;
  for (const std::string_view name : names) {
    if (std::ranges::count(members_, name, &ZipMember::name) > 0) return std::string(name);
  }
  return "";
}

NamedTensor ArrayFile::Read(const ArrayNames& names) const {
  const std::string name = FirstOf(names);
  const auto found = std::ranges::find(members_, name, &ZipMember::name);
  if (found != members_.end()) return ReadNpy(found->bytes, name, file_);
  ArrayNames known;
  for (const ZipMember& member : members_) known.push_back(member.name);
  Refuse(file_, (names.size() == 1 ? "it has no array " : "it has none of the arrays ") +
                    Listed(names) + "; it has " + (known.empty() ? "none" : Listed(known)));
}

std::vector<double> NumbersOf(const NamedTensor& array, const std::string& file) {
  std::vector<double> numbers = Stored(array);
  const auto odd = std::ranges::find_if(numbers, [](double x) { return !std::isfinite(x); });
  if (odd == numbers.end()) return numbers;
  Refuse(file, "number " + std::to_string(odd - numbers.begin()) + " of " + Quoted(array.name) +
                   ", counted from 0, is " + (std::isnan(*odd) ? "NaN" : "infinite") +
                   ": save finite numbers, with numpy.nan_to_num or without such rows");
}

void PutChannelsFirst(NamedTensor* array) {
  std::vector<size_t>& shape = array->shape;
  const size_t size = ElementBytes(array->dtype);
  const size_t pixels = shape[1] * shape[2];
  const size_t channels = shape[3];
  std::vector<uint8_t> planes(array->bytes.size());
  const uint8_t* from = array->bytes.data();
  for (size_t row = 0; row < shape[0]; ++row) {
    uint8_t* to = planes.data() + row * pixels * channels * size;
    for (size_t p = 0; p < pixels; ++p) {
      for (size_t c = 0; c < channels; ++c, from += size) {
        std::memcpy(to + (c * pixels + p) * size, from, size);
      }
    }
  }
  array->bytes = std::move(planes);
  shape = {shape[0], channels, shape[1], shape[2]};
}

}  // namespace nabla
