// An owned file descriptor.
#ifndef NABLA_FRAMEWORK_FORMATS_DESCRIPTOR_H_
#define NABLA_FRAMEWORK_FORMATS_DESCRIPTOR_H_

#include <unistd.h>

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

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_DESCRIPTOR_H_
