// Writes messages in the wire format of protocol buffers.
#ifndef NABLA_FRAMEWORK_FORMATS_PROTOBUF_H_
#define NABLA_FRAMEWORK_FORMATS_PROTOBUF_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace nabla {

// One message; fields are written in the order of the calls, repeated ones by repeated calls.
class ProtobufWriter {
 public:
  void Int(int field, int64_t value);  // int32, int64, enum, bool
  void Float(int field, float value);
  void Double(int field, double value);
  void Bytes(int field, std::span<const uint8_t> value);
  void String(int field, std::string_view value);
  void Message(int field, const ProtobufWriter& value) { Bytes(field, value.bytes_); }

  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  void Key(int field, int wire_type);
  void Varint(uint64_t value);

  std::vector<uint8_t> bytes_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_PROTOBUF_H_
