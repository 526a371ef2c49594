// The pages of the documentation, as tests see them.
#ifndef NABLA_TESTS_DOCS_PAGES_H_
#define NABLA_TESTS_DOCS_PAGES_H_

#include <filesystem>
#include <string>
#include <vector>

namespace nabla {

// The folder of the sources, which the files that Bazel shows to tests are links to.
std::filesystem::path Sources();

std::string ReadPage(const std::filesystem::path& path);

// From a heading on, to the next one of its level or the end. "" if there is no such heading.
std::string Part(const std::string& page, const std::string& heading);

// The texts between ```language and ```.
std::vector<std::string> Blocks(const std::string& page, const std::string& language);

}  // namespace nabla

#endif  // NABLA_TESTS_DOCS_PAGES_H_
