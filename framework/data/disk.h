// Whole files, read at once and written so that a crash leaves the old or the new one; folders.
#ifndef NABLA_FRAMEWORK_DATA_DISK_H_
#define NABLA_FRAMEWORK_DATA_DISK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/data/bytes.h"

namespace nabla {

// The contents of a regular file; nothing if `path` does not exist.
// Throws InputError placed at `path`: not a regular file, unreadable, or larger than max_size
// bytes. Throws RunError when the system has no more open files or memory.
std::optional<Bytes> ReadFile(const std::string& path, size_t max_size);

bool IsFolder(const std::string& path);

// The names in a folder, each list sorted by bytes: the same on every file system.
struct FolderNames {
  std::vector<std::string> folders;
  std::vector<std::string> files;  // everything else, links to nothing too
};

// Throws InputError placed at `path` if it is no folder or cannot be read.
FolderNames ListFolder(const std::string& path);

// The files whose paths match a pattern of the shell (*, ?, [a-z] in any of its names; none of them
// stands for a dot at the beginning), sorted by bytes and written as the pattern is. It is relative
// to `base` unless it is absolute. Folders that cannot be read hold nothing.
std::vector<std::string> MatchingFiles(const std::string& pattern, const std::string& base);

// WriteFileAtomically (framework/formats/atomic_file.h), after creating missing folders.
void WriteFile(const std::string& path, std::span<const uint8_t> content);
void WriteText(const std::string& path, const std::string& text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_DISK_H_
