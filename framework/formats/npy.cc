#include "framework/formats/npy.h"

#include <charconv>
#include <string_view>

#include "framework/base/bytes.h"
#include "framework/base/error.h"
#include "framework/formats/complaint.h"

namespace nabla {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr size_t kAlignedTo = 64;
constexpr size_t kMaxDimensions = 32;  // NumPy's own limit

struct Notation {
  std::string_view text;
  ElementType type;
};
constexpr Notation kNotations[] = {{"<f4", ElementType::kF32},
                                   {"<f8", ElementType::kF64},
                                   {"|u1", ElementType::kU8},
                                   {"<i4", ElementType::kI32},
                                   {"<i8", ElementType::kI64}};

std::string ShapeText(const std::vector<size_t>& shape) {
  std::string text = "(";
  for (const size_t dim : shape) text += std::to_string(dim) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) text.resize(text.size() - 2);
  return text + ")";
}

// Reads the header in the only form that NumPy writes.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& tensor, const std::string& file)
      : text_(text), tensor_(tensor), file_(file) {}

  NamedTensor Read() {
    NamedTensor tensor{tensor_, {}, {}, {}};
    Expect("{'descr': '");
    tensor.dtype = Type();
    Expect("', 'fortran_order': ");
    if (Skip("True")) Fail("the array is in column order; expected C order");
    Expect("False, 'shape': ");
    tensor.shape = Dimensions();
    Expect(", }");
    if (text_.empty() || text_.find_first_not_of(' ') != text_.size() - 1 || text_.back() != '\n') {
      Fail("the header does not end with spaces and a new line");
    }
    return tensor;
  }

 private:
  [[noreturn]] void Fail(const std::string& message) const {
    Refuse(file_, "array " + Quoted(tensor_) + ": " + message);
  }

  bool Skip(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }

  void Expect(std::string_view expected) {
    if (Skip(expected)) return;
    Fail("header: expected " + Quoted(expected) + ", found " +
         Quoted(text_.substr(0, expected.size())));
  }

  ElementType Type() {
    for (const auto& [notation, type] : kNotations) {
      if (Skip(notation)) return type;
    }
    Fail("unknown type " + Quoted(text_.substr(0, text_.find('\''))) +
         "; known: <f4, <f8, |u1, <i4, <i8");
  }

  // "()", "(3,)" or "(3, 4)".
  std::vector<size_t> Dimensions() {
    std::vector<size_t> shape;
    Expect("(");
    while (!Skip(")")) {
      if (shape.size() == kMaxDimensions) Fail("more than 32 dimensions");
      if (shape.size() > 1) Expect(", ");
      if (shape.size() == 1) Expect(" ");
      shape.push_back(Number());
      if (shape.size() == 1) Expect(",");
    }
    return shape;
  }

  size_t Number() {
    size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc()) Fail("header: expected a size, found " + Quoted(text_.substr(0, 20)));
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    return value;
  }

  std::string_view text_;
  const std::string& tensor_;
  const std::string& file_;
};

}  // namespace

std::vector<uint8_t> WriteNpy(const NamedTensor& tensor) {
  std::string header = "{'descr': '";
  for (const auto& [notation, type] : kNotations) {
    if (type == tensor.dtype) header += notation;
  }
  header += "', 'fortran_order': False, 'shape': " + ShapeText(tensor.shape) + ", }";
  const size_t prefix = kMagic.size() + sizeof(uint16_t);
  const size_t whole = (prefix + header.size() + 1 + kAlignedTo - 1) / kAlignedTo * kAlignedTo;
  header.resize(whole - prefix - 1, ' ');
  header += '\n';
  if (header.size() > 0xffff) {
    throw InputError("array " + Quoted(tensor.name) + " has too many dimensions for a .npy file");
  }
  std::vector<uint8_t> out(kMagic.begin(), kMagic.end());
  out.reserve(whole + tensor.bytes.size());
  AppendBytes(static_cast<uint16_t>(header.size()), &out);
  out.insert(out.end(), header.begin(), header.end());
  out.insert(out.end(), tensor.bytes.begin(), tensor.bytes.end());
  return out;
}

NamedTensor ReadNpy(std::span<const uint8_t> data, const std::string& tensor,
                    const std::string& file) {
  const std::string who = "array " + Quoted(tensor) + ": ";
  const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
  if (!text.starts_with(kMagic)) Refuse(file, who + "is not a .npy file of version 1.0");
  data = data.subspan(kMagic.size());
  if (data.size() < sizeof(uint16_t)) Refuse(file, who + "is truncated");
  const size_t length = TakeBytes<uint16_t>(&data);
  if (length > data.size()) Refuse(file, who + "is truncated");
  const std::string_view header(reinterpret_cast<const char*>(data.data()), length);
  NamedTensor read = HeaderReader(header, tensor, file).Read();
  data = data.subspan(length);
  if (TensorBytes(read.dtype, read.shape) != data.size()) {
    Refuse(file, who + std::to_string(data.size()) + " bytes do not match " +
                     TypeAndShape(read.dtype, read.shape));
  }
  read.bytes.assign(data.begin(), data.end());
  return read;
}

}  // namespace nabla
