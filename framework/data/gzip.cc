#include "framework/data/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "framework/base/error.h"

namespace nabla {
namespace {

constexpr size_t kSmallestMember = 18;      // header 10 bytes, trailer 8
constexpr size_t kLargestRatio = 1032;      // of deflate: 258 bytes from two bits
constexpr size_t kChunk = size_t{1} << 30;  // zlib counts in 32 bits
constexpr int kGzipOnly = 15 + 16;          // largest window, gzip header demanded

[[noreturn]] void Fail(const std::string& name, const std::string& message) {
  throw InputError({Problem{{name}, message}});
}

// The length that the last member's trailer claims, limited to what is possible.
size_t ClaimedSize(std::span<const uint8_t> packed, size_t max_size) {
  const uint8_t* end = packed.data() + packed.size();
  const size_t claimed = end[-4] | end[-3] << 8 | end[-2] << 16 | size_t{end[-1]} << 24;
  return std::min({claimed, max_size, packed.size() * kLargestRatio});
}

// The beginning of the data, which reveals an error page or a text file at a glance.
std::string Beginning(std::span<const uint8_t> data) {
  std::string text;
  for (const uint8_t byte : data.first(std::min<size_t>(data.size(), 16))) {
    text += byte >= ' ' && byte <= '~' ? static_cast<char>(byte) : '.';
  }
  return text;
}

struct Inflater {
  Inflater() { ready = inflateInit2(&stream, kGzipOnly) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }

  z_stream stream = {};
  bool ready = false;
};

Bytes Grown(const Bytes& bytes, size_t used, size_t limit) {
  Bytes larger(std::min(limit, 2 * bytes.size() + 4096));
  std::memcpy(larger.data(), bytes.data(), used);
  return larger;
}

}  // namespace

bool LooksLikeGzip(std::span<const uint8_t> data) {
  return data.size() >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

Bytes Gunzip(std::span<const uint8_t> packed, size_t max_size, const std::string& name) {
  if (!LooksLikeGzip(packed)) {
    Fail(name, "expected gzip data, found \"" + Beginning(packed) + "\"");
  }
  if (packed.size() < kSmallestMember) Fail(name, "gzip data is truncated");
  Inflater inflater;
  z_stream& stream = inflater.stream;
  if (!inflater.ready) throw RunError("zlib cannot start: out of memory");
  // One byte more than allowed shows that there is more.
  const size_t limit = max_size + 1;
  Bytes content(ClaimedSize(packed, max_size) + 1);
  size_t used = 0;  // of packed
  size_t done = 0;  // of content
  for (;;) {
    if (done == content.size()) content = Grown(content, done, limit);
    stream.next_in = const_cast<Bytef*>(packed.data() + used);
    stream.avail_in = static_cast<uInt>(std::min(packed.size() - used, kChunk));
    stream.next_out = content.data() + done;
    stream.avail_out = static_cast<uInt>(std::min(content.size() - done, kChunk));
    const int status = inflate(&stream, Z_NO_FLUSH);
    used = static_cast<size_t>(stream.next_in - packed.data());
    done = static_cast<size_t>(stream.next_out - content.data());
    if (done > max_size) {
      Fail(name, "unpacks to more than the " + std::to_string(max_size) + " bytes expected");
    }
    if (status == Z_STREAM_END) {
      if (used == packed.size()) break;
      if (!LooksLikeGzip(packed.subspan(used))) {
        Fail(name, std::to_string(packed.size() - used) + " bytes follow the end of the gzip data");
      }
      inflateReset(&stream);
    } else if (status == Z_BUF_ERROR ||
               (status == Z_OK && used == packed.size() && stream.avail_out > 0)) {
      Fail(name, "gzip data is truncated after " + std::to_string(packed.size()) + " bytes");
    } else if (status != Z_OK) {
      Fail(name, std::string("gzip data is corrupt: ") +
                     (stream.msg != nullptr ? stream.msg : "unknown reason"));
    }
  }
  content.Shorten(done);
  return content;
}

}  // namespace nabla
