// Small files for the tests of framework/data.
#ifndef NABLA_TESTS_DATA_SAMPLES_H_
#define NABLA_TESTS_DATA_SAMPLES_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "framework/data/files.h"

namespace nabla {

// A fresh folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  std::string path(const std::string& inner = "") const { return (path_ / inner).string(); }
  // Writes a file and the folders above it.
  void Put(const std::string& inner, const std::string& content) const;
  // A file's content; fails the program if it is not there.
  std::string Text(const std::string& inner) const;
  bool Has(const std::string& inner) const { return std::filesystem::exists(path_ / inner); }
  size_t CountFiles() const;

 private:
  std::filesystem::path path_;
};

std::span<const uint8_t> AsBytes(const std::string& text);
std::string AsText(std::span<const uint8_t> bytes);

// One gzip member.
std::string Gzip(const std::string& content);

// `content` as the file "sample" in the folder "set", its SHA-256 known, without mirrors.
RemoteFile SampleFile(const std::string& content);

}  // namespace nabla

#endif  // NABLA_TESTS_DATA_SAMPLES_H_
