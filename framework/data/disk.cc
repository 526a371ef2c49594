#include "framework/data/disk.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "framework/base/error.h"
#include "framework/formats/atomic_file.h"
#include "framework/formats/descriptor.h"

namespace nabla {
namespace {

[[noreturn]] void ThrowUnreadable(const std::string& path, const std::string& why) {
  throw InputError({Problem{{path}, why}});
}

// Of a call that failed. What the system lacks is no fault of the file.
[[noreturn]] void ThrowFailed(const std::string& path, int error) {
  if (error == EMFILE || error == ENFILE || error == ENOMEM) {
    throw RunError("cannot read " + path + ": " + std::strerror(error));
  }
  ThrowUnreadable(path, std::strerror(error));
}

}  // namespace

std::optional<Bytes> ReadFile(const std::string& path, size_t max_size) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    ThrowFailed(path, errno);
  }
  struct stat status;
  if (fstat(fd.get(), &status) != 0) ThrowFailed(path, errno);
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
    if (got < 0) ThrowFailed(path, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  content.Shorten(done);
  return content;
}

bool IsFolder(const std::string& path) {
  std::error_code none;
  return std::filesystem::is_directory(path, none);
}

FolderNames ListFolder(const std::string& path) {
  FolderNames names;
  std::error_code error;
  std::filesystem::directory_iterator at(path, error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    std::error_code dangling;
    const bool folder = at->is_directory(dangling);
    (folder ? names.folders : names.files).push_back(at->path().filename().string());
  }
  if (error) ThrowFailed(path, error.value());
  std::ranges::sort(names.folders);
  std::ranges::sort(names.files);
  return names;
}

namespace {

// Adds the files below `path` that match the rest of a pattern, which begins at `next`.
void AddMatching(const std::string& base, const std::filesystem::path& path,
                 std::filesystem::path::iterator next, std::filesystem::path::iterator end,
                 std::vector<std::string>* found) {
  const std::filesystem::path here = std::filesystem::path(base) / path;
  std::error_code none;
  if (next == end) {
    if (std::filesystem::is_regular_file(here, none)) found->push_back(path.string());
    return;
  }
  const std::string name = next->string();
  ++next;
  if (name.find_first_of("*?[") == std::string::npos) {
    AddMatching(base, path / name, next, end, found);
    return;
  }
  std::filesystem::directory_iterator at(here, none);
  for (; !none && at != std::filesystem::directory_iterator(); at.increment(none)) {
    const std::string entry = at->path().filename().string();
    if (fnmatch(name.c_str(), entry.c_str(), FNM_PERIOD | FNM_NOESCAPE) != 0) continue;
    AddMatching(base, path / entry, next, end, found);
  }
}

}  // namespace

std::vector<std::string> MatchingFiles(const std::string& pattern, const std::string& base) {
  const std::filesystem::path parts(pattern);
  std::vector<std::string> found;
  AddMatching(base, {}, parts.begin(), parts.end(), &found);
  std::ranges::sort(found);
  return found;
}

void WriteFile(const std::string& path, std::span<const uint8_t> content) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) throw RunError("cannot write " + folder.string() + ": " + error.message());
  WriteFileAtomically(path, content);
}

void WriteText(const std::string& path, const std::string& text) {
  WriteFile(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace nabla
