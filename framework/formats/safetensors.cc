#include "framework/formats/safetensors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "framework/base/bytes.h"
#include "framework/base/error.h"
#include "framework/base/hash.h"
#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/formats/safetensors_header.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr size_t kAlignedTo = 8;

void CheckMetadata(const std::map<std::string, std::string>& metadata) {
  for (const auto& [key, value] : metadata) {
    if (IsUtf8(key) && IsUtf8(value)) continue;
    throw InputError("metadata " + Quoted(key) + " is not UTF-8");
  }
}

std::string HeaderText(const SafetensorsFile& file) {
  std::string text = "{";
  if (!file.metadata.empty()) {
    text += Json(kSafetensorsMetadata).dump() + ":" + Json(file.metadata).dump();
  }
  size_t begin = 0;
  for (const NamedTensor& tensor : file.tensors) {
    const size_t end = begin + tensor.bytes.size();
    if (text.size() > 1) text += ',';
    text += Json(tensor.name).dump() + ":{\"dtype\":\"" + ElementName(tensor.dtype) +
            "\",\"shape\":" + Json(tensor.shape).dump() + ",\"data_offsets\":[" +
            std::to_string(begin) + "," + std::to_string(end) + "]}";
    begin = end;
  }
  text += '}';
  text.resize((text.size() + kAlignedTo - 1) / kAlignedTo * kAlignedTo, ' ');
  return text;
}

// Sorts the entries by the position of their numbers, which must fill `size` bytes exactly.
void CheckLayout(std::vector<SafetensorsEntry>* entries, size_t size, const std::string& file) {
  std::ranges::stable_sort(*entries, {}, [](const SafetensorsEntry& entry) {
    return std::pair(entry.begin, entry.end);
  });
  size_t expected = 0;
  for (const auto& [tensor, begin, end] : *entries) {
    const std::string who = "tensor " + Quoted(tensor.name) + ": ";
    if (begin > end || end > size) {
      Refuse(file, who + "bytes " + std::to_string(begin) + " to " + std::to_string(end) +
                       " are not within the file's " + std::to_string(size) + " bytes");
    }
    if (begin != expected) {
      Refuse(file, who + "begins at byte " + std::to_string(begin) +
                       ", but the one before it ends at " + std::to_string(expected));
    }
    if (TensorBytes(tensor.dtype, tensor.shape) != end - begin) {
      Refuse(file, who + std::to_string(end - begin) + " bytes do not match " +
                       TypeAndShape(tensor.dtype, tensor.shape));
    }
    expected = end;
  }
  if (expected != size) {
    Refuse(file, std::to_string(size - expected) + " bytes at the end belong to no tensor");
  }
}

void AddText(std::string_view text, Hasher* hasher) {
  const uint64_t size = text.size();
  hasher->Add(&size, sizeof(size));
  hasher->Add(text.data(), text.size());
}

}  // namespace

std::vector<uint8_t> WriteSafetensors(const SafetensorsFile& file) {
  CheckTensors(file.tensors);
  CheckMetadata(file.metadata);
  size_t size = 0;
  for (const NamedTensor& tensor : file.tensors) {
    if (tensor.name == kSafetensorsMetadata) {
      throw InputError("a tensor cannot be called \"" + tensor.name + "\"");
    }
    size += tensor.bytes.size();
  }
  const std::string header = HeaderText(file);
  if (header.size() > kLargestSafetensorsHeader) {
    throw InputError("names and metadata take more than the 100 MB that the format allows");
  }
  std::vector<uint8_t> out;
  out.reserve(sizeof(uint64_t) + header.size() + size);
  AppendBytes(uint64_t{header.size()}, &out);
  out.insert(out.end(), header.begin(), header.end());
  for (const NamedTensor& tensor : file.tensors) {
    out.insert(out.end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  return out;
}

SafetensorsFile ReadSafetensors(std::span<const uint8_t> data, const std::string& name) {
  if (data.size() < sizeof(uint64_t)) Refuse(name, "too short for a safetensors file");
  const uint64_t length = TakeBytes<uint64_t>(&data);
  if (length > kLargestSafetensorsHeader) {
    Refuse(name,
           "not a safetensors file: its header would take " + std::to_string(length) + " bytes");
  }
  if (length > data.size()) Refuse(name, "the file ends within its header");
  SafetensorsHeader header =
      ParseSafetensorsHeader({reinterpret_cast<const char*>(data.data()), length}, name);
  data = data.subspan(length);
  CheckLayout(&header.entries, data.size(), name);
  SafetensorsFile file{{}, std::move(header.metadata)};
  for (auto& [tensor, begin, end] : header.entries) {
    const std::span<const uint8_t> bytes = data.subspan(begin, end - begin);
    tensor.bytes.assign(bytes.begin(), bytes.end());
    file.tensors.push_back(std::move(tensor));
  }
  return file;
}

std::string ContentHash(const SafetensorsFile& file, std::string_view left_out) {
  Hasher hasher;
  const uint64_t count = file.tensors.size();
  hasher.Add(&count, sizeof(count));
  for (const NamedTensor& tensor : file.tensors) {
    AddText(tensor.name, &hasher);
    AddText(TypeAndShape(tensor.dtype, tensor.shape), &hasher);
    hasher.Add(tensor.bytes.data(), tensor.bytes.size());
  }
  for (const auto& [key, value] : file.metadata) {
    if (key == left_out) continue;
    AddText(key, &hasher);
    AddText(value, &hasher);
  }
  return hasher.Hex();
}

}  // namespace nabla
