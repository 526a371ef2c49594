#include "experiments/installation.h"

#include <fmt/format.h>

#include <filesystem>

#include "framework/terminal/shell_word.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

#ifdef __clang__
constexpr const char* kCompiler = "clang++";
#else
constexpr const char* kCompiler = "g++";
#endif

// Under these pkg-config finds nabla.pc by itself.
bool IsSearched(const std::string& prefix) { return prefix == "/usr" || prefix == "/usr/local"; }

}  // namespace

std::string InstalledPrefix() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path folder = program.parent_path();
  if (error || folder.filename() != "bin") return "";
  const std::string prefix = folder.parent_path();
  return fs::is_directory(InstalledExperiments(prefix), error) ? prefix : "";
}

std::string InstalledExperiments(const std::string& prefix) {
  return fs::path(prefix) / "share/nabla/experiments";
}

std::string CompilerCall(const std::string& prefix, const std::string& source,
                         const std::string& library) {
  const std::string folder = (fs::path(prefix) / "lib/pkgconfig").string();
  std::string flags = "pkg-config --cflags --libs nabla";
  if (!IsSearched(prefix)) flags = fmt::format("PKG_CONFIG_PATH={} {}", ShellWord(folder), flags);
  const std::string from = ShellWord(source);
  const std::string to = ShellWord(library);
  // pkg-config puts backslashes before blanks, which xargs understands and $() does not.
  if (ShellWord(folder) != folder) {
    return fmt::format("{} | xargs {} {} -o {}", flags, kCompiler, from, to);
  }
  return fmt::format("{} {} $({}) -o {}", kCompiler, from, flags, to);
}

}  // namespace nabla
