#include "tests/docs/pages.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace nabla {

namespace fs = std::filesystem;

fs::path Sources() {
  const fs::path page = fs::path(std::getenv("TEST_SRCDIR")) / "nabla/README.md";
  return fs::canonical(page).parent_path();
}

std::string ReadPage(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string Part(const std::string& page, const std::string& heading) {
  const size_t begin = page.find("\n" + heading + "\n");
  if (begin == std::string::npos) return "";
  const std::string level = heading.substr(0, heading.find(' ') + 1);
  return page.substr(begin, page.find("\n" + level, begin + 1) - begin);
}

std::vector<std::string> Blocks(const std::string& page, const std::string& language) {
  const std::string open = "```" + language + "\n";
  std::vector<std::string> blocks;
  for (size_t at = 0; (at = page.find(open, at)) != std::string::npos;) {
    const size_t begin = at + open.size();
    at = page.find("```", begin);
    blocks.push_back(page.substr(begin, at - begin));
  }
  return blocks;
}

}  // namespace nabla
