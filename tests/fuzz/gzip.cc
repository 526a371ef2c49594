// What is unpacked is no larger than allowed, and what is packed comes back.
#include "framework/data/gzip.h"

#include <algorithm>

#include "tests/data/samples.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  constexpr size_t kMost = 1 << 16;
  const std::span<const uint8_t> bytes(data, size);
  Accepts([&] { Require(Gunzip(bytes, kMost, "fuzz").size() <= kMost, "at most max_size"); });
  const std::string packed = Gzip(std::string(reinterpret_cast<const char*>(data), size));
  Bytes back;
  const std::span<const uint8_t> span(reinterpret_cast<const uint8_t*>(packed.data()),
                                      packed.size());
  Require(Accepts([&] { back = Gunzip(span, size, "packed"); }), "what zlib packs is unpacked");
  Require(std::ranges::equal(back.span(), bytes), "and is the same");
  return 0;
}
