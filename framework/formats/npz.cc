#include "framework/formats/npz.h"

#include <string_view>

#include "framework/formats/complaint.h"
#include "framework/formats/npy.h"

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

std::vector<ZipMember> ReadNpzMembers(std::span<const uint8_t> data, const std::string& name) {
  std::vector<ZipMember> members = ReadZip(data, name);
  for (ZipMember& member : members) {
    if (!member.name.ends_with(kSuffix) || member.name.size() == kSuffix.size()) {
      Refuse(name, "member " + Quoted(member.name) + ": expected a name that ends with .npy");
    }
    member.name.resize(member.name.size() - kSuffix.size());
  }
  return members;
}

std::vector<NamedTensor> ReadNpz(std::span<const uint8_t> data, const std::string& name) {
  std::vector<NamedTensor> tensors;
  for (const ZipMember& member : ReadNpzMembers(data, name)) {
    tensors.push_back(ReadNpy(member.bytes, member.name, name));
  }
  return tensors;
}

}  // namespace nabla
