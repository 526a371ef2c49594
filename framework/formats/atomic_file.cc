#include "framework/formats/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>

#include "framework/base/error.h"
#include "framework/formats/descriptor.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInfix = ".tmp";

// Of a file's name; the rest of the 255 bytes is for what follows in the temporary file's.
constexpr size_t kLongestStem = 200;

[[noreturn]] void ThrowUnwritable(const std::string& path, int error) {
  throw RunError("cannot write " + path + ": " + std::strerror(error));
}

std::string FolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// What the names of a file's temporary files begin with, in its folder: its own name, shortened if
// it is long.
std::string StemOf(const std::string& file) {
  if (file.size() <= kLongestStem) return file + std::string(kInfix);
  const std::string hash = "." + std::to_string(std::hash<std::string>()(file));
  return file.substr(0, kLongestStem - hash.size()) + hash + std::string(kInfix);
}

// 0 or the errno.
int Flush(int fd, const FileCalls& calls) {
  for (;;) {
    if (calls.fsync(fd) == 0) return 0;
    if (errno != EINTR) return errno;
  }
}

// Creates a new file for writing; its name goes to *temporary.
int OpenTemporary(const std::string& path, const FileCalls& calls, std::string* temporary) {
  const fs::path beside = fs::path(path).replace_filename(StemOf(fs::path(path).filename()));
  for (int attempt = 0;; ++attempt) {
    // The process number keeps writers apart; O_EXCL does so for writers in different containers.
    *temporary = beside.string() + std::to_string(getpid()) + "." + std::to_string(attempt);
    const int fd = calls.open(temporary->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) return fd;
    if (errno != EEXIST && errno != EINTR) ThrowUnwritable(path, errno);
  }
}

void Write(const std::string& path, std::span<const uint8_t> content, const FileCalls& calls,
           bool flushed) {
  struct stat old;
  if (lstat(path.c_str(), &old) == 0 && !S_ISREG(old.st_mode) && !S_ISLNK(old.st_mode)) {
    throw RunError("cannot write " + path + ": it is not a regular file");
  }
  // Opened first: after the rename it would be too late to fail.
  const Descriptor folder(
      flushed ? calls.open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) : -1);
  if (flushed && folder.get() < 0) ThrowUnwritable(path, errno);
  std::string temporary;
  int failure = 0;
  {
    const Descriptor fd(OpenTemporary(path, calls, &temporary));
    failure = WriteAll(fd.get(), content, calls.write);
    if (failure == 0 && flushed) failure = Flush(fd.get(), calls);
  }
  if (failure == 0 && calls.rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
  if (failure != 0) {
    unlink(temporary.c_str());
    ThrowUnwritable(path, failure);
  }
  if (flushed) failure = Flush(folder.get(), calls);
  // Some file systems cannot flush folders.
  if (failure == 0 || failure == EINVAL) return;
  throw RunError(path + " is written, but may be lost in a crash: its folder cannot be flushed: " +
                 std::strerror(failure));
}

}  // namespace

FileCalls::FileCalls()
    : open([](const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }),
      write(::write),
      fsync(::fsync),
      rename(::rename) {}

void WriteFileAtomically(const std::string& path, std::span<const uint8_t> content,
                         const FileCalls& calls) {
  Write(path, content, calls, true);
}

void ReplaceFile(const std::string& path, std::span<const uint8_t> content) {
  Write(path, content, {}, false);
}

void RemoveTemporaryFiles(const std::string& folder, std::span<const std::string_view> but) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const size_t infix = name.rfind(kInfix);
    if (infix == std::string::npos || infix == 0) continue;
    const std::string_view file = std::string_view(name).substr(0, infix);
    const std::string_view numbers = std::string_view(name).substr(infix + kInfix.size());
    const bool ours = numbers.find('.') != std::string_view::npos &&
                      numbers.find_first_not_of("0123456789.") == std::string_view::npos;
    if (ours && std::ranges::count(but, file) == 0) fs::remove(entry.path(), ignored);
  }
}

}  // namespace nabla
