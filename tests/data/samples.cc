#include "tests/data/samples.h"

#include <stdlib.h>
#include <zlib.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "framework/base/sha256.h"

namespace nabla {

TemporaryFolder::TemporaryFolder() {
  const char* base = std::getenv("TEST_TMPDIR");
  std::string pattern = std::string(base != nullptr ? base : "/tmp") + "/data.XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryFolder::Put(const std::string& inner, const std::string& content) const {
  std::filesystem::create_directories((path_ / inner).parent_path());
  std::ofstream(path_ / inner, std::ios::binary) << content;
}

std::string TemporaryFolder::Text(const std::string& inner) const {
  std::ifstream file(path_ / inner, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + inner);
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t TemporaryFolder::CountFiles() const {
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
    count += entry.is_regular_file() ? 1 : 0;
  }
  return count;
}

std::span<const uint8_t> AsBytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string AsText(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

std::string Gzip(const std::string& content) {
  z_stream stream = {};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, /*windowBits=*/15 + 16, /*memLevel=*/8,
               Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

RemoteFile SampleFile(const std::string& content) {
  return {.folder = "set",
          .names = {"sample", "sample.other"},
          .sha256 = Sha256Hex(AsBytes(content)),
          .mirrors = {},
          .max_size = size_t{1} << 20};
}

}  // namespace nabla
