#include "framework/formats/named_tensor.h"

#include <iterator>
#include <set>
#include <string_view>

#include "framework/base/error.h"
#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"

namespace nabla {
namespace {

struct Element {
  const char* name;
  size_t bytes;
};

// In the order of ElementType.
constexpr Element kElements[] = {{"F32", 4}, {"F64", 8}, {"U8", 1}, {"I32", 4}, {"I64", 8}};
static_assert(std::size(kElements) == static_cast<size_t>(ElementType::kI64) + 1);

std::string WrongSize(const NamedTensor& tensor) {
  const std::optional<size_t> bytes = TensorBytes(tensor.dtype, tensor.shape);
  if (bytes == tensor.bytes.size()) return "";
  return std::to_string(tensor.bytes.size()) + " bytes, but " +
         TypeAndShape(tensor.dtype, tensor.shape) + " takes " +
         (bytes ? std::to_string(*bytes) : "more than 64 bits can count");
}

}  // namespace

const char* ElementName(ElementType type) { return kElements[static_cast<size_t>(type)].name; }

size_t ElementBytes(ElementType type) { return kElements[static_cast<size_t>(type)].bytes; }

std::optional<size_t> TensorBytes(ElementType type, const std::vector<size_t>& shape) {
  size_t bytes = ElementBytes(type);
  for (const size_t dim : shape) {
    if (__builtin_mul_overflow(bytes, dim, &bytes)) return std::nullopt;
  }
  return bytes;
}

std::string TypeAndShape(ElementType type, const std::vector<size_t>& shape) {
  std::string dims;
  for (const size_t dim : shape) dims += (dims.empty() ? "" : ", ") + std::to_string(dim);
  return std::string(ElementName(type)) + " [" + dims + "]";
}

void CheckTensors(const std::vector<NamedTensor>& tensors) {
  Problems problems;
  std::set<std::string_view> names;
  for (const NamedTensor& tensor : tensors) {
    const std::string who = "tensor " + Quoted(tensor.name) + ": ";
    if (tensor.name.empty()) problems.Add({}, "a tensor has no name");
    if (!IsUtf8(tensor.name)) problems.Add({}, who + "the name is not UTF-8");
    if (!names.insert(tensor.name).second) problems.Add({}, who + "the name occurs twice");
    const std::string wrong = WrongSize(tensor);
    if (!wrong.empty()) problems.Add({}, who + wrong);
  }
  problems.ThrowIfAny();
}

void CheckTensor(const NamedTensor& tensor, ElementType type, size_t count,
                 const std::string& file) {
  if (tensor.dtype == type && tensor.bytes.size() == count * ElementBytes(type)) return;
  Refuse(file, "tensor " + Quoted(tensor.name) + ": expected " + std::to_string(count) +
                   " numbers of type " + ElementName(type) + ", found " +
                   TypeAndShape(tensor.dtype, tensor.shape));
}

}  // namespace nabla
