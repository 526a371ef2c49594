// What the pages say about files and experiments is true: links lead somewhere, YAML is good.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "framework/spec/spec.h"
#include "plugins/builtin.h"
#include "tests/docs/pages.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Pages() {
  std::vector<fs::path> pages = {Sources() / "README.md", Sources() / "CONTRIBUTING.md"};
  for (const auto& file : fs::directory_iterator(Sources() / "docs")) {
    if (file.path().extension() == ".md") pages.push_back(file.path());
  }
  return pages;
}

// Calls f(page, target, heading) for each link within the project; returns how many there are.
template <typename F>
size_t ForLinks(const std::string& pattern, F f) {
  const std::regex link(pattern);
  size_t links = 0;
  for (const fs::path& page : Pages()) {
    const std::string text = ReadPage(page);
    for (std::sregex_iterator m(text.begin(), text.end(), link), end; m != end; ++m) {
      const std::string target = (*m)[1];
      if (target.starts_with("http")) continue;
      ++links;
      f(page, target, (*m)[2].str());
    }
  }
  return links;
}

TEST(Docs, LinksLeadToFiles) {
  const size_t links = ForLinks(
      R"(\]\(([^)#\s]+)(#[^)\s]*)?\))",
      [](const fs::path& page, const std::string& target, const std::string&) {
        EXPECT_TRUE(fs::exists(page.parent_path() / target)) << page << " links to " << target;
      });
  EXPECT_GE(links, 100U);
}

// What GitHub calls the headings of a page: lower case, "-" for blanks, without other marks.
std::set<std::string> AnchorsOf(const std::string& page) {
  std::set<std::string> anchors;
  std::istringstream lines(page);
  bool code = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) code = !code;
    const size_t level = line.find_first_not_of('#');
    if (code || level == 0 || level == std::string::npos || line[level] != ' ') continue;
    std::string anchor;
    for (const char c : line.substr(level + 1)) {
      if (c == ' ') anchor += '-';
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_') {
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
    anchors.insert(anchor);
  }
  return anchors;
}

TEST(Docs, LinksLeadToHeadings) {
  const size_t links =
      ForLinks(R"(\]\(([^)#\s]*)#([^)\s]+)\))",
               [](const fs::path& page, const std::string& target, const std::string& heading) {
                 const fs::path other = target.empty() ? page : page.parent_path() / target;
                 EXPECT_TRUE(AnchorsOf(ReadPage(other)).contains(heading))
                     << page << " links to " << target << "#" << heading;
               });
  EXPECT_GE(links, 8U);
}

TEST(Docs, WholeExperimentsParse) {
  Registry registry;
  RegisterBuiltins(registry);
  size_t whole = 0;
  for (const fs::path& page : Pages()) {
    for (const std::string& block : Blocks(ReadPage(page), "yaml")) {
      if (block.find(": \"?\"  # ?") != std::string::npos) continue;  // a draft with questions
      try {
        const Node tree = ParseYaml(block, page.filename());
        if (tree.Find("dataset") == nullptr || tree.Find("model") == nullptr) continue;
        ++whole;
        ParseAnyExperiment(tree, registry);
      } catch (const InputError& e) {
        ADD_FAILURE() << e.what() << "\n" << block;
      }
    }
  }
  EXPECT_GE(whole, 2U);
}

// The code in plugins.md is what `new-plugin` writes.
TEST(Docs, CodeOfPluginsIsThatOfTheTemplates) {
  std::string templates;
  for (const auto& file : fs::directory_iterator(Sources() / "framework/plugin/templates")) {
    if (file.path().extension() == ".cc") templates += ReadPage(file.path());
  }
  const auto blocks = Blocks(ReadPage(Sources() / "docs/plugins.md"), "cpp");
  // One of each kind, and what a layer says of itself in ONNX.
  EXPECT_EQ(blocks.size(), Registry::Kinds().size() + 1);
  for (const std::string& block : blocks) {
    EXPECT_NE(templates.find(block), std::string::npos) << "not in any template:\n" << block;
  }
}

}  // namespace
}  // namespace nabla
