// A folder for what is only looked at.
#ifndef NABLA_EXPERIMENTS_SCRATCH_FOLDER_H_
#define NABLA_EXPERIMENTS_SCRATCH_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "framework/base/error.h"

namespace nabla {

// Removed at the end, with all that is in it.
class ScratchFolder {
 public:
  // `who` wants it. Throws RunError.
  explicit ScratchFolder(const std::string& who) {
    std::error_code error;  // then the path is empty
    path_ = (std::filesystem::temp_directory_path(error) / "nabla-XXXXXX").string();
    if (error || mkdtemp(path_.data()) == nullptr) {
      throw RunError(who + " cannot make a folder in that of temporary files ($TMPDIR)");
    }
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SCRATCH_FOLDER_H_
