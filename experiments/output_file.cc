#include "experiments/output_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "framework/base/error.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Exported safetensors say what they are behind their configuration, of at most 1 MB.
constexpr size_t kHead = size_t{4} << 20;

std::vector<uint8_t> HeadOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<uint8_t> head(kHead);
  in.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(in.gcount()));
  return head;
}

[[noreturn]] void Refuse(const OutputFile& file, const std::string& why) {
  throw InputError(std::vector<Problem>{{{file.path}, why}});
}

}  // namespace

void CheckOutputFile(const OutputFile& file) {
  const fs::path path = file.path;
  const std::string other =
      file.option.empty() ? "name another file with --out" : "give another " + file.option;
  std::error_code none;
  const fs::file_status status = fs::symlink_status(path, none);
  if (!fs::exists(status)) return;
  if (fs::is_directory(path, none)) Refuse(file, "this is a folder; " + other);
  if (!file.is_ours) Refuse(file, "this file exists already; " + other);
  // A link is replaced, not what it points to; a device or a pipe is refused by who writes.
  if (!fs::is_regular_file(path, none)) return;
  const std::vector<uint8_t> head = HeadOf(file.path);
  if (head.empty() && fs::file_size(path, none) == 0) return;
  if (file.is_ours(head)) return;
  Refuse(file, fmt::format("this file exists already, and it is not {} that nabla wrote; {}, or "
                           "remove it",
                           file.what, other));
}

bool IsPage(FileHead head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  return text.starts_with("<!doctype html>") &&
         (text.find(R"(<meta name="generator" content="nabla">)") != std::string_view::npos ||
          text.find("<footer>Made with nabla ") != std::string_view::npos);  // of older ones
}

CLI::Validator NoDash() {
  return {[](const std::string& path) -> std::string {
            return fs::path(path).filename() == "-"
                       ? "\"-\" would be a file of that name; give another name"
                       : "";
          },
          ""};
}

}  // namespace nabla
