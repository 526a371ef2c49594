// An owned file descriptor, and writing to one.
#ifndef NABLA_FRAMEWORK_FORMATS_DESCRIPTOR_H_
#define NABLA_FRAMEWORK_FORMATS_DESCRIPTOR_H_

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <span>

namespace nabla {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}  // negative: none
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Writes all bytes, with calls of write(2) or what stands for it. Returns 0 or the errno.
template <typename F = decltype(&::write)>
int WriteAll(int fd, std::span<const uint8_t> bytes, const F& write = ::write) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    // A full disk may show as a short count with errno untouched.
    if (written == 0) return ENOSPC;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return 0;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_DESCRIPTOR_H_
