// A text file that grows while a run goes on.
#ifndef NABLA_FRAMEWORK_FORMATS_APPENDED_FILE_H_
#define NABLA_FRAMEWORK_FORMATS_APPENDED_FILE_H_

#include <string>
#include <string_view>
#include <utility>

namespace nabla {

// Stays open between two calls, since opening takes longer than a short epoch. A link at `path` is
// removed, never followed. All functions throw RunError if the file cannot be written, or is
// a FIFO or the like.
class AppendedFile {
 public:
  explicit AppendedFile(std::string path) : path_(std::move(path)) {}
  ~AppendedFile() { Close(); }
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;

  // The file holds this text and nothing else.
  void Begin(std::string_view text);
  // Adds the text at the end; the system has it when this returns, even if the process is killed.
  // A file that was removed or replaced by another since the last call is opened again.
  void Append(std::string_view text);

 private:
  void Open(int flags);
  void Close();
  void Write(std::string_view text);

  const std::string path_;
  int fd_ = -1;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_APPENDED_FILE_H_
