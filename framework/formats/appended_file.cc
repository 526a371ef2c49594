#include "framework/formats/appended_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "framework/base/error.h"
#include "framework/formats/descriptor.h"

namespace nabla {

void AppendedFile::Begin(std::string_view text) {
  Close();
  Open(O_TRUNC);
  Write(text);
}

void AppendedFile::Append(std::string_view text) {
  struct stat found;
  if (fd_ >= 0 && (fstat(fd_, &found) != 0 || found.st_nlink == 0)) Close();
  if (fd_ < 0) Open(0);
  Write(text);
}

// A FIFO or a socket may never be ready to be written.
void AppendedFile::Open(int flags) {
  flags |= O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  fd_ = open(path_.c_str(), flags, 0666);
  if (fd_ < 0 && errno == ELOOP) {
    unlink(path_.c_str());
    fd_ = open(path_.c_str(), flags, 0666);
  }
  const int failure = errno;
  struct stat found;
  if (lstat(path_.c_str(), &found) == 0 && (S_ISFIFO(found.st_mode) || S_ISSOCK(found.st_mode))) {
    Close();
    throw RunError("cannot write " + path_ + ": it is not a regular file");
  }
  if (fd_ < 0) throw RunError("cannot write " + path_ + ": " + std::strerror(failure));
}

void AppendedFile::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void AppendedFile::Write(std::string_view text) {
  const int failure = WriteAll(fd_, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  if (failure != 0) throw RunError("cannot write " + path_ + ": " + std::strerror(failure));
}

}  // namespace nabla
