#include "framework/formats/appended_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "framework/base/error.h"

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

void AppendedFile::Open(int flags) {
  flags |= O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
  fd_ = open(path_.c_str(), flags, 0666);
  if (fd_ < 0 && errno == ELOOP) {
    unlink(path_.c_str());
    fd_ = open(path_.c_str(), flags, 0666);
  }
  if (fd_ < 0) throw RunError("cannot write " + path_ + ": " + std::strerror(errno));
}

void AppendedFile::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void AppendedFile::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw RunError("cannot write " + path_ + ": " + std::strerror(errno));
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace nabla
