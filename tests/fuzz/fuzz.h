// What fuzz targets share. A target defines LLVMFuzzerTestOneInput; run.sh feeds it random bytes,
// and an ordinary test the files of its corpus.
#ifndef NABLA_TESTS_FUZZ_FUZZ_H_
#define NABLA_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "framework/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace nabla {

// Ends the program with `what` unless `holds`.
void Require(bool holds, const char* what);

// Calls `parse`; false if it throws InputError, which must say something. Whatever else it throws
// ends the program.
template <typename F>
bool Accepts(F parse) {
  try {
    parse();
    return true;
  } catch (const InputError& e) {
    Require(!e.problems().empty() && !e.problems().front().message.empty(), "a silent error");
    return false;
  }
}

inline std::string_view Chars(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A file of the process's own, in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::span<const uint8_t> content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  int fd_;
  std::string path_;
};

}  // namespace nabla

#endif  // NABLA_TESTS_FUZZ_FUZZ_H_
