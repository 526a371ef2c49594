// Replacing a file so that a crash, a full disk or a failing one leaves the old file or the new.
#ifndef NABLA_FRAMEWORK_FORMATS_ATOMIC_FILE_H_
#define NABLA_FRAMEWORK_FORMATS_ATOMIC_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace nabla {

// The system calls below; tests put failing ones in their place. Results and errno as in POSIX.
struct FileCalls {
  FileCalls();

  std::function<int(const char* path, int flags, mode_t mode)> open;
  std::function<ssize_t(int fd, const void* data, size_t size)> write;
  std::function<int(int fd)> fsync;
  std::function<int(const char* from, const char* to)> rename;
};

// Writes a temporary file beside `path`, flushes it, gives it its name and flushes the folder,
// which must be there. Several processes may do so at once.
// Throws RunError with the file's name and the reason. Then there is no temporary file, and `path`
// is what it was, unless only the last flush failed: then it is the new one, which the message
// says.
void WriteFileAtomically(const std::string& path, std::span<const uint8_t> content,
                         const FileCalls& calls = {});

// Removes what killed writers of `path` left beside it. There must be no other writer now.
void RemoveTemporaryFiles(const std::string& path);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_ATOMIC_FILE_H_
