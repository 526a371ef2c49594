// Arrays that NumPy saved: which of a file's arrays hold inputs and targets, and their numbers.
#ifndef NABLA_FRAMEWORK_TABLE_ARRAY_FILE_H_
#define NABLA_FRAMEWORK_TABLE_ARRAY_FILE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formats/named_tensor.h"
#include "framework/formats/zip.h"

namespace nabla {

using ArrayNames = std::vector<std::string_view>;

// What people call such arrays; the first of these that there is.
ArrayNames TrainInputNames();
ArrayNames TrainTargetNames();
ArrayNames TestInputNames();
ArrayNames TestTargetNames();

// The arrays of an .npz archive, or the one of a .npy file.
class ArrayFile {
 public:
  // Throws InputError placed at `file` for bytes that are neither, and as ReadNpzMembers does.
  ArrayFile(std::span<const uint8_t> bytes, std::string file);

  const std::string& file() const { return file_; }
  // Whether it is a .npy file, whose array has the file's name.
  bool single() const { return single_; }
  // The first of these names that there is; "" if there is none.
  std::string FirstOf(const ArrayNames& names) const;
  // The array of the first of these names, or the only one of a .npy file. Throws InputError placed
  // at the file if there is none, and as ReadNpy does.
  NamedTensor Read(const ArrayNames& names) const;

 private:
  std::string file_;
  bool single_;
  std::vector<ZipMember> members_;
};

// The numbers of an array, -0 as 0. Throws InputError placed at `file` for one that is not finite.
std::vector<double> NumbersOf(const NamedTensor& array, const std::string& file);

// How an array of rows holds pictures of several channels: (N, C, H, W) or (N, H, W, C).
enum class ChannelPlace { kFirst, kLast };

// The elements of rows (H, W, C) in the order (C, H, W).
void PutChannelsFirst(NamedTensor* array);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_ARRAY_FILE_H_
