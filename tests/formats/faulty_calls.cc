#include "tests/formats/faulty_calls.h"

#include <algorithm>
#include <cerrno>
#include <memory>

namespace nabla {

Faults::Faults(const std::string& kind, int failing, int error)
    : kind_(kind), failing_(failing), error_(error) {
  const FileCalls real;
  calls.open = [this, real](const char* path, int flags, mode_t mode) {
    return Fails("open") ? -1 : real.open(path, flags, mode);
  };
  calls.write = [this, real](int fd, const void* data, size_t size) -> ssize_t {
    if (Fails("write")) return error_ == 0 ? 0 : -1;
    return real.write(fd, data, std::min<size_t>(size, 1000));
  };
  calls.fsync = [this, real](int fd) { return Fails("fsync") ? -1 : real.fsync(fd); };
  calls.rename = [this, real](const char* from, const char* to) {
    return Fails("rename") ? -1 : real.rename(from, to);
  };
}

bool Faults::Fails(const std::string& kind) {
  if ((!kind_.empty() && kind != kind_) || ++seen_ != failing_) return false;
  errno = error_;
  return true;
}

FileCalls FullAfter(size_t bytes) {
  FileCalls calls;
  const auto left = std::make_shared<size_t>(bytes);
  calls.write = [left, write = calls.write](int fd, const void* data, size_t size) -> ssize_t {
    if (*left == 0) {
      errno = ENOSPC;
      return -1;
    }
    const ssize_t written = write(fd, data, std::min(size, *left));
    if (written > 0) *left -= static_cast<size_t>(written);
    return written;
  };
  return calls;
}

}  // namespace nabla
