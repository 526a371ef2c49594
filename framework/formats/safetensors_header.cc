#include "framework/formats/safetensors_header.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "framework/formats/complaint.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxDimensions = 32;
constexpr ElementType kTypes[] = {ElementType::kF32, ElementType::kF64, ElementType::kU8,
                                  ElementType::kI32, ElementType::kI64};

// Handles the JSON parser's events. It builds no tree, which would need many times the memory of a
// hostile text and silently keep one of two equal keys.
class HeaderReader : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}

  SafetensorsHeader Take() { return std::move(header_); }

  bool null() override { Unexpected("null"); }
  bool boolean(bool) override { Unexpected("boolean"); }
  bool number_integer(Json::number_integer_t) override { Unexpected("negative number"); }
  bool number_float(Json::number_float_t, const std::string&) override {
    Unexpected("number that is too large or not an integer");
  }
  bool binary(Json::binary_t&) override { Unexpected("binary data"); }
  bool number_unsigned(Json::number_unsigned_t value) override;
  bool string(std::string& value) override;
  bool start_object(size_t) override;
  bool key(std::string& name) override;
  bool end_object() override;
  bool start_array(size_t) override;
  bool end_array() override;
  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    Refuse(file_, "the header is not valid JSON at byte " + std::to_string(position));
  }

 private:
  enum class Inside { kNothing, kTop, kMetadata, kTensor, kShape, kOffsets };

  [[noreturn]] void Unexpected(const std::string& found);
  std::string Who() const { return "tensor " + Quoted(header_.entries.back().tensor.name) + ": "; }

  const std::string& file_;
  SafetensorsHeader header_;
  Inside inside_ = Inside::kNothing;
  std::string key_;              // the last one read in the innermost object
  std::set<std::string> names_;  // keys of the outer object
  std::set<std::string> facts_;  // keys of the current tensor
  std::vector<size_t> offsets_;  // of the current tensor
};

void HeaderReader::Unexpected(const std::string& found) {
  const bool in_tensor = inside_ >= Inside::kTensor;
  Refuse(file_, (in_tensor ? Who() : std::string("header: ")) + "unexpected " + found +
                    (key_.empty() ? "" : " in " + Quoted(key_)));
}

bool HeaderReader::start_object(size_t) {
  if (inside_ == Inside::kNothing) {
    inside_ = Inside::kTop;
  } else if (inside_ != Inside::kTop) {
    Unexpected("object");
  } else if (key_ == kSafetensorsMetadata) {
    inside_ = Inside::kMetadata;
  } else {
    inside_ = Inside::kTensor;
    header_.entries.push_back({{key_, {}, {}, {}}});
    facts_.clear();
    offsets_.clear();
  }
  return true;
}

bool HeaderReader::key(std::string& name) {
  key_ = name;
  if (inside_ == Inside::kTensor) {
    if (key_ != "dtype" && key_ != "shape" && key_ != "data_offsets") {
      Refuse(file_, Who() + "unknown key " + Quoted(key_));
    }
    if (!facts_.insert(key_).second) Refuse(file_, Who() + Quoted(key_) + " occurs twice");
  } else if (inside_ == Inside::kTop) {
    if (key_.empty()) Refuse(file_, "a tensor has no name");
    if (!names_.insert(key_).second) Refuse(file_, "tensor " + Quoted(key_) + " occurs twice");
  } else if (header_.metadata.contains(key_)) {
    Refuse(file_, "metadata " + Quoted(key_) + " occurs twice");
  }
  return true;
}

bool HeaderReader::string(std::string& value) {
  if (inside_ == Inside::kMetadata) {
    header_.metadata[key_] = value;
    return true;
  }
  if (inside_ != Inside::kTensor || key_ != "dtype") Unexpected("text");
  for (const ElementType type : kTypes) {
    if (value != ElementName(type)) continue;
    header_.entries.back().tensor.dtype = type;
    return true;
  }
  Refuse(file_, Who() + "unknown type " + Quoted(value) + "; known: F32, F64, U8, I32, I64");
}

bool HeaderReader::start_array(size_t) {
  if (inside_ == Inside::kTensor && key_ == "shape") {
    inside_ = Inside::kShape;
  } else if (inside_ == Inside::kTensor && key_ == "data_offsets") {
    inside_ = Inside::kOffsets;
  } else {
    Unexpected("array");
  }
  return true;
}

bool HeaderReader::number_unsigned(Json::number_unsigned_t value) {
  if (inside_ != Inside::kShape && inside_ != Inside::kOffsets) Unexpected("number");
  const bool shape = inside_ == Inside::kShape;
  std::vector<size_t>& numbers = shape ? header_.entries.back().tensor.shape : offsets_;
  const size_t most = shape ? kMaxDimensions : 2;
  if (numbers.size() == most) {
    Refuse(file_, Who() + Quoted(key_) + " has more than " + std::to_string(most) + " numbers");
  }
  numbers.push_back(value);
  return true;
}

bool HeaderReader::end_array() {
  inside_ = Inside::kTensor;
  return true;
}

bool HeaderReader::end_object() {
  if (inside_ == Inside::kTensor) {
    for (const char* needed : {"dtype", "shape", "data_offsets"}) {
      if (!facts_.contains(needed)) Refuse(file_, Who() + Quoted(needed) + " is missing");
    }
    if (offsets_.size() != 2) Refuse(file_, Who() + "\"data_offsets\" must be two numbers");
    header_.entries.back().begin = offsets_[0];
    header_.entries.back().end = offsets_[1];
  }
  inside_ = inside_ == Inside::kTop ? Inside::kNothing : Inside::kTop;
  return true;
}

}  // namespace

SafetensorsHeader ParseSafetensorsHeader(std::string_view json, const std::string& file) {
  if (json.empty() || json.front() != '{') Refuse(file, "the header does not begin with \"{\"");
  json = json.substr(0, json.find_last_not_of(' ') + 1);
  if (json.back() != '}') Refuse(file, "the header does not end with \"}\" and spaces");
  HeaderReader reader(file);
  Json::sax_parse(json.begin(), json.end(), &reader);
  return reader.Take();
}

}  // namespace nabla
