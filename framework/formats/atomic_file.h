// Replaces a file so that a crash, a full disk or a failing disk leaves the old file or the new
// one.
#ifndef NABLA_FRAMEWORK_FORMATS_ATOMIC_FILE_H_
#define NABLA_FRAMEWORK_FORMATS_ATOMIC_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

// The system calls below; tests replace them with failing ones. Results and errno as in POSIX.
struct FileCalls {
  FileCalls();

  std::function<int(const char* path, int flags, mode_t mode)> open;
  std::function<ssize_t(int fd, const void* data, size_t size)> write;
  std::function<int(int fd)> fsync;
  std::function<int(const char* from, const char* to)> rename;
};

// Writes a temporary file beside `path`, flushes it, renames it to `path` and flushes the folder,
// which must exist. Several processes may do so at once. A folder, a device or a pipe at `path` is
// an error: the rename would put a file in its place.
// Throws RunError with the file's name and the reason. Then the temporary file is gone and `path`
// is unchanged, unless only the last flush failed: then `path` is the new file, and the message
// says so.
void WriteFileAtomically(const std::string& path, std::span<const uint8_t> content,
                         const FileCalls& calls = {});

// The same without flushing, which can take longer than a short run: after a failure of power the
// file may be missing, old or empty, after a crash of the process it is not.
void ReplaceFile(const std::string& path, std::span<const uint8_t> content);

// Removes the temporary files that killed writers left behind in a folder, but those of files of
// these names. No other writer of the rest may be active.
void RemoveTemporaryFiles(const std::string& folder, std::span<const std::string_view> but = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_ATOMIC_FILE_H_
