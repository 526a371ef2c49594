// The order of framework/layers.bzl, in words. Bazel's visibility refuses a dependency against it
// too, but says only that a target is not visible.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostSources = 30;
constexpr size_t kMostLines = 400;

fs::path Project() { return fs::path(std::getenv("TEST_SRCDIR")) / "nabla"; }

fs::path Framework() { return Project() / "framework"; }

std::vector<std::string> Lines(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The first group of `pattern` in each line that has it.
std::vector<std::string> Found(const fs::path& file, const std::regex& pattern) {
  std::vector<std::string> found;
  for (const std::string& line : Lines(file)) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) found.push_back(match[1]);
  }
  return found;
}

std::vector<std::string> Layers() {
  std::vector<std::string> layers;
  const std::regex name("^    \"([a-z]+)\",$");
  for (const std::string& line : Lines(Framework() / "layers.bzl")) {
    std::smatch match;
    if (std::regex_match(line, match, name)) layers.push_back(match[1]);
    if (line == "]") break;
  }
  return layers;
}

size_t Rank(const std::string& layer) {
  const std::vector<std::string> layers = Layers();
  const auto at = std::find(layers.begin(), layers.end(), layer);
  return static_cast<size_t>(at - layers.begin());
}

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> FilesOf(const std::string& layer) { return FilesIn(Framework() / layer); }

bool IsSource(const fs::path& file) {
  return file.extension() == ".h" || file.extension() == ".cc";
}

// What `layer` takes from others, and where it says so.
std::map<std::string, std::string> UsesOf(const std::string& layer) {
  const std::regex include("^#include \"framework/([a-z]+)/");
  const std::regex dependency("\"//framework/([a-z]+)[:\"/]");
  std::map<std::string, std::string> uses;
  for (const fs::path& file : FilesOf(layer)) {
    for (const std::string& used : Found(file, IsSource(file) ? include : dependency)) {
      uses.emplace(used, "framework/" + layer + "/" + file.filename().string());
    }
  }
  return uses;
}

TEST(Layers, AreAllThatIsRead) {
  ASSERT_FALSE(Layers().empty());
  for (const auto& entry : fs::directory_iterator(Framework())) {
    if (!entry.is_directory()) continue;
    EXPECT_LT(Rank(entry.path().filename()), Layers().size()) << entry.path();
  }
  for (const std::string& layer : Layers()) EXPECT_FALSE(FilesOf(layer).empty()) << layer;
}

TEST(Layers, UseOnlyWhatStandsBelow) {
  size_t uses = 0;
  for (const std::string& layer : Layers()) {
    for (const auto& [used, where] : UsesOf(layer)) {
      ++uses;
      EXPECT_LE(Rank(used), Rank(layer))
          << where << " uses framework/" << used << ", which stands above framework/" << layer
          << " (framework/layers.bzl)";
    }
  }
  EXPECT_GT(uses, 50u);
}

TEST(Layers, AreVisibleFromAboveOnly) {
  for (const std::string& layer : Layers()) {
    const std::string line = "package(default_visibility = above(\"" + layer + "\"))";
    const std::vector<std::string> lines = Lines(Framework() / layer / "BUILD");
    EXPECT_NE(std::find(lines.begin(), lines.end(), line), lines.end())
        << "framework/" << layer << "/BUILD has no line " << line;
  }
}

TEST(Layers, StaySmall) {
  for (const std::string& layer : Layers()) {
    size_t sources = 0;
    for (const fs::path& file : FilesOf(layer)) {
      sources += IsSource(file) ? 1 : 0;
      if (layer == "kernels") continue;
      EXPECT_LE(Lines(file).size(), kMostLines) << file;
    }
    EXPECT_LE(sources, kMostSources) << "sources in framework/" << layer;
  }
}

// Two classes of one name in one program break the one-definition rule, and no compiler says so:
// the linker takes the functions of either for both.
TEST(Layers, NameEachTypeOnce) {
  std::vector<fs::path> files = FilesIn(Project() / "experiments");
  for (const std::string& layer : Layers()) {
    for (const fs::path& file : FilesOf(layer)) files.push_back(file);
  }
  const std::regex type("^(?:class|struct|enum class|enum) (\\w+)(?: final)?(?: :| \\{)");
  std::map<std::string, fs::path> types;
  for (const fs::path& file : files) {
    if (file.extension() != ".h") continue;
    for (const std::string& name : Found(file, type)) {
      const auto [at, fresh] = types.emplace(name, file);
      // Two in one file stand in branches of an #if.
      EXPECT_TRUE(fresh || at->second == file) << name << " in " << file << " and " << at->second;
    }
  }
  EXPECT_GT(types.size(), 200u);
}

}  // namespace
}  // namespace nabla
