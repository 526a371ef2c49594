#include "framework/formats/npz.h"

#include <string_view>

#include "framework/formats/complaint.h"
#include "framework/formats/npy.h"
#include "framework/formats/zip.h"

namespace nabla {
namespace {

constexpr std::string_view kSuffix = ".npy";

}  // namespace

std::vector<uint8_t> WriteNpz(const std::vector<NamedTensor>& tensors) {
  CheckTensors(tensors);
  std::vector<ZipMember> members;
  for (const NamedTensor& tensor : tensors) {
    members.push_back({tensor.name + std::string(kSuffix), WriteNpy(tensor)});
  }
  return WriteZip(members);
}

std::vector<NamedTensor> ReadNpz(std::span<const uint8_t> data, const std::string& name) {
  std::vector<NamedTensor> tensors;
  for (const ZipMember& member : ReadZip(data, name)) {
    if (!member.name.ends_with(kSuffix) || member.name.size() == kSuffix.size()) {
      Refuse(name, "member " + Quoted(member.name) + ": expected a name that ends with .npy");
    }
    const size_t length = member.name.size() - kSuffix.size();
    tensors.push_back(ReadNpy(member.bytes, member.name.substr(0, length), name));
  }
  return tensors;
}

}  // namespace nabla
