#include "experiments/setting_folders.h"

#include <fmt/format.h>

#include <cctype>
#include <set>
#include <string_view>

namespace nabla {
namespace {

std::string FolderName(const std::string& label) {
  constexpr size_t kMostLetters = 120;
  std::string name;
  for (const char c : label.substr(0, kMostLetters)) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("._=+-").find(c) != std::string_view::npos;
    if (plain || name.empty() || name.back() != '_') name += plain ? c : '_';
  }
  return name.front() == '.' ? "_" + name : name;
}

}  // namespace

std::vector<std::string> SettingFolders(const std::vector<std::string>& labels) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const std::string& label : labels) {
    const std::string base = label.empty() ? "" : FolderName(label);
    std::string name = base;
    for (int i = 2; !taken.insert(name).second; ++i) name = fmt::format("{}_{}", base, i);
    names.push_back(name.empty() ? "" : name + "/");
  }
  return names;
}

std::string SeedFolder(int64_t seed, bool has_folds, int64_t fold) {
  const std::string name = fmt::format("seed-{}", seed);
  return has_folds ? fmt::format("{}-fold-{}", name, fold) : name;
}

}  // namespace nabla
