#include "framework/data/disk.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "framework/base/error.h"

namespace nabla {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void ThrowUnreadable(const std::string& path, const std::string& why) {
  throw InputError({Problem{{path}, why}});
}

[[noreturn]] void ThrowUnwritable(const std::string& path, int error) {
  throw RunError("cannot write " + path + ": " + std::strerror(error));
}

// A name of its own for every writer; O_EXCL settles collisions across containers and leftovers.
std::string TemporaryName(const std::string& path, int attempt) {
  return path + ".tmp" + std::to_string(getpid()) + "." + std::to_string(attempt);
}

// 0 or the errno.
int WriteAndFlush(int fd, std::span<const uint8_t> content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    // A full disk may show as a short count with errno untouched.
    if (written == 0) return ENOSPC;
    content = content.subspan(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? 0 : errno;
}

// Makes the new name itself survive a crash; file systems that cannot flush folders need not.
void FlushFolder(const std::filesystem::path& folder) {
  const Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0) fsync(fd.get());
}

}  // namespace

std::optional<Bytes> ReadFile(const std::string& path, size_t max_size) {
  // O_NONBLOCK: opening a FIFO must not wait for somebody to write to it.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    ThrowUnreadable(path, std::strerror(errno));
  }
  struct stat status;
  if (fstat(fd.get(), &status) != 0) ThrowUnreadable(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) ThrowUnreadable(path, "expected a regular file");
  const size_t size = static_cast<size_t>(status.st_size);
  if (size > max_size) {
    ThrowUnreadable(path, "expected at most " + std::to_string(max_size) + " bytes, found " +
                              std::to_string(size));
  }
  Bytes content(size);
  size_t done = 0;
  while (done < size) {
    const ssize_t got = read(fd.get(), content.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) ThrowUnreadable(path, std::strerror(errno));
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  content.Shorten(done);
  return content;
}

void WriteFile(const std::string& path, std::span<const uint8_t> content) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) ThrowUnwritable(folder.string(), error.value());
  std::string temporary;
  int fd = -1;
  for (int attempt = 0; fd < 0; ++attempt) {
    temporary = TemporaryName(path, attempt);
    fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) ThrowUnwritable(temporary, errno);
  }
  const Descriptor owner(fd);
  int failure = WriteAndFlush(fd, content);
  if (failure == 0 && rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
  if (failure != 0) {
    unlink(temporary.c_str());
    ThrowUnwritable(path, failure);
  }
  FlushFolder(folder.empty() ? std::filesystem::path(".") : folder);
}

}  // namespace nabla
