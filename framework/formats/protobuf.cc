#include "framework/formats/protobuf.h"

#include "framework/base/bytes.h"

namespace nabla {
namespace {

constexpr int kVarint = 0;
constexpr int kFixed64 = 1;
constexpr int kLengthDelimited = 2;
constexpr int kFixed32 = 5;

}  // namespace

void ProtobufWriter::Varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<uint8_t>(value | 0x80));
  bytes_.push_back(static_cast<uint8_t>(value));
}

void ProtobufWriter::Key(int field, int wire_type) {
  Varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire_type));
}

void ProtobufWriter::Int(int field, int64_t value) {
  Key(field, kVarint);
  Varint(static_cast<uint64_t>(value));
}

void ProtobufWriter::Float(int field, float value) {
  Key(field, kFixed32);
  AppendBytes(value, &bytes_);
}

void ProtobufWriter::Double(int field, double value) {
  Key(field, kFixed64);
  AppendBytes(value, &bytes_);
}

void ProtobufWriter::Bytes(int field, std::span<const uint8_t> value) {
  Key(field, kLengthDelimited);
  Varint(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void ProtobufWriter::String(int field, std::string_view value) {
  Bytes(field, {reinterpret_cast<const uint8_t*>(value.data()), value.size()});
}

}  // namespace nabla
