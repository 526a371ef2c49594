#include "framework/formats/npy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

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

// How a file holds its numbers, and the type that holds all of them.
struct Stored {
  std::string_view kind;  // without the order of the bytes
  size_t bytes;
  ElementType type;
};
constexpr Stored kStored[] = {
    {"f4", 4, ElementType::kF32}, {"f8", 8, ElementType::kF64}, {"u1", 1, ElementType::kU8},
    {"i4", 4, ElementType::kI32}, {"i8", 8, ElementType::kI64}, {"b1", 1, ElementType::kU8},
    {"f2", 2, ElementType::kF32}, {"i1", 1, ElementType::kI32}, {"i2", 2, ElementType::kI32},
    {"u2", 2, ElementType::kI32}, {"u4", 4, ElementType::kI64}, {"u8", 8, ElementType::kI64}};

// What to call in NumPy for a type that no number here holds.
std::string_view HintFor(std::string_view notation) {
  const char kind = notation.size() > 1 ? notation[1] : '\0';
  switch (kind) {
    case 'U':
    case 'S':
      return ", text: save numbers instead, of classes numpy.unique(a, return_inverse=True)[1]";
    case 'O':
      return ", Python objects: save numbers instead, a.astype(numpy.float64)";
    case 'c':
      return ", complex numbers: save a.real or numpy.abs(a)";
    case 'f':
      return ": save a.astype(numpy.float64)";
    case 'M':
    case 'm':
      return ", dates or times: save a.astype(numpy.int64)";
    default:
      return "; known: bool, integers, float16, float32 and float64";
  }
}

float FromHalf(uint16_t half) {
  const int exponent = half >> 10 & 31;
  const int fraction = half & 0x3ff;
  float value = std::ldexp(static_cast<float>(fraction), -24);
  if (exponent > 0) value = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  }
  return half >> 15 != 0 ? -value : value;
}

std::string ShapeText(const std::vector<size_t>& shape) {
  std::string text = "(";
  for (const size_t dim : shape) text += std::to_string(dim) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) text.resize(text.size() - 2);
  return text + ")";
}

struct NpyHeader {
  Stored stored{};
  std::string_view notation;
  bool big_endian = false;
  bool columns_first = false;  // Fortran's order
  std::vector<size_t> shape;
};

// Reads the header in the only form that NumPy writes.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& tensor, const std::string& file)
      : text_(text), tensor_(tensor), file_(file) {}

  NpyHeader Read() {
    NpyHeader header;
    if (text_.starts_with("{'descr': [")) {
      Fail(
          "it has named fields: save a plain one, "
          "numpy.lib.recfunctions.structured_to_unstructured(a)");
    }
    Expect("{'descr': '");
    ReadType(&header);
    Expect("', 'fortran_order': ");
    header.columns_first = Skip("True");
    if (!header.columns_first) Expect("False");
    Expect(", 'shape': ");
    header.shape = Dimensions();
    Expect(", }");
    if (text_.empty() || text_.find_first_not_of(' ') != text_.size() - 1 || text_.back() != '\n') {
      Fail("the header does not end with spaces and a new line");
    }
    return header;
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

  void ReadType(NpyHeader* header) {
    header->notation = text_.substr(0, text_.find('\''));
    const std::string_view kind = header->notation.substr(header->notation.empty() ? 0 : 1);
    const auto* stored = std::ranges::find(kStored, kind, &Stored::kind);
    const char order = header->notation.empty() ? '\0' : header->notation[0];
    const bool known = stored != std::end(kStored) &&
                       (stored->bytes == 1 ? order == '|' : order == '<' || order == '>');
    if (!known) {
      Fail("unknown type " + Quoted(header->notation) + std::string(HintFor(header->notation)));
    }
    header->stored = *stored;
    header->big_endian = order == '>';
    text_.remove_prefix(header->notation.size());
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

// The elements, each of `size` bytes, from Fortran's order to that of C.
std::vector<uint8_t> RowsFirst(std::span<const uint8_t> data, const std::vector<size_t>& shape,
                               size_t size) {
  std::vector<uint8_t> rows(data.size());
  std::vector<size_t> strides(shape.size());  // in bytes, in `data`
  size_t stride = size;
  for (size_t d = 0; d < shape.size(); ++d) {
    strides[d] = stride;
    stride *= shape[d];
  }
  std::vector<size_t> index(shape.size());
  size_t from = 0;
  for (size_t to = 0; to < rows.size(); to += size) {
    std::memcpy(rows.data() + to, data.data() + from, size);
    for (size_t d = shape.size(); d-- > 0;) {
      from += strides[d];
      if (++index[d] < shape[d]) break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return rows;
}

void Reverse(size_t size, std::vector<uint8_t>* elements) {
  for (auto at = elements->begin(); at != elements->end(); at += static_cast<ptrdiff_t>(size)) {
    std::reverse(at, at + static_cast<ptrdiff_t>(size));
  }
}

// The elements as another type, each through `convert`.
template <typename From, typename To, typename F>
std::vector<uint8_t> Converted(const std::vector<uint8_t>& elements, const F& convert) {
  const size_t count = elements.size() / sizeof(From);
  std::vector<uint8_t> converted(count * sizeof(To));
  for (size_t i = 0; i < count; ++i) {
    From from;
    std::memcpy(&from, elements.data() + i * sizeof(From), sizeof(From));
    const To to = convert(from);
    std::memcpy(converted.data() + i * sizeof(To), &to, sizeof(To));
  }
  return converted;
}

// As the type that holds all numbers of the stored one.
std::vector<uint8_t> Widened(std::vector<uint8_t> elements, std::string_view kind,
                             const std::string& who, const std::string& file) {
  const auto same = [](auto x) { return x; };
  if (kind == "f2") return Converted<uint16_t, float>(elements, FromHalf);
  if (kind == "i1") return Converted<int8_t, int32_t>(elements, same);
  if (kind == "i2") return Converted<int16_t, int32_t>(elements, same);
  if (kind == "u2") return Converted<uint16_t, int32_t>(elements, same);
  if (kind == "u4") return Converted<uint32_t, int64_t>(elements, same);
  if (kind == "u8") {
    return Converted<uint64_t, int64_t>(elements, [&](uint64_t x) {
      if (x >> 63 == 0) return static_cast<int64_t>(x);
      Refuse(file, who + "it has numbers from 2^63 on: save a.astype(numpy.float64)");
    });
  }
  if (kind == "b1" && std::ranges::any_of(elements, [](uint8_t x) { return x > 1; })) {
    Refuse(file, who + "a bool is neither 0 nor 1");
  }
  return elements;
}

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
  const NpyHeader read = HeaderReader(header, tensor, file).Read();
  data = data.subspan(length);
  const std::optional<size_t> count = TensorBytes(ElementType::kU8, read.shape);
  const size_t size = read.stored.bytes;
  if (!count || *count != data.size() / size || data.size() % size != 0) {
    const bool same = ElementBytes(read.stored.type) == size;
    Refuse(file, who + std::to_string(data.size()) + " bytes do not match " +
                     (same ? TypeAndShape(read.stored.type, read.shape)
                           : std::string(read.notation) + " " + ShapeText(read.shape)));
  }
  std::vector<uint8_t> elements = read.columns_first
                                      ? RowsFirst(data, read.shape, size)
                                      : std::vector<uint8_t>(data.begin(), data.end());
  if (read.big_endian) Reverse(size, &elements);
  return {tensor, read.stored.type, read.shape,
          Widened(std::move(elements), read.stored.kind, who, file)};
}

bool LooksLikeNpy(std::span<const uint8_t> data) {
  constexpr std::string_view kBegin = kMagic.substr(0, 6);
  const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
  return text.starts_with(kBegin);
}

}  // namespace nabla
