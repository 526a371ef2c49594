// NumPy's .npz format: a zip archive of .npy files.
#ifndef NABLA_FRAMEWORK_FORMATS_NPZ_H_
#define NABLA_FRAMEWORK_FORMATS_NPZ_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/formats/named_tensor.h"
#include "framework/formats/zip.h"

namespace nabla {

// The file's bytes, as numpy.load reads them, not compressed. Throws InputError as CheckTensors
// does, RunError as WriteZip does.
std::vector<uint8_t> WriteNpz(const std::vector<NamedTensor>& tensors);

// The arrays' names and bytes as .npy files, in the order of their data. Reads what numpy.savez and
// savez_compressed write. Throws InputError placed at `name`: see ReadZip; also for members that
// are not .npy.
std::vector<ZipMember> ReadNpzMembers(std::span<const uint8_t> data, const std::string& name);

// The arrays in the order of their data. Throws InputError placed at `name`: see ReadNpzMembers and
// ReadNpy.
std::vector<NamedTensor> ReadNpz(std::span<const uint8_t> data, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_NPZ_H_
