// The whole records of a file are a file of whole records, and one more makes it longer.
#include "framework/formats/tfrecord.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  const std::span<const uint8_t> bytes(data, size);
  const size_t whole = WholeTfRecords(bytes);
  Require(whole <= size, "no more than there is");
  Require(WholeTfRecords(bytes.first(whole)) == whole, "whole records stay whole");
  std::vector<uint8_t> longer(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(whole));
  const std::vector<uint8_t> record = TfRecord(bytes);
  longer.insert(longer.end(), record.begin(), record.end());
  Require(WholeTfRecords(longer) == longer.size(), "a record behind whole ones is whole");
  return 0;
}
