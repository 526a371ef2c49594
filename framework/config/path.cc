#include "framework/config/path.h"

#include <algorithm>
#include <cstddef>

namespace nabla {

std::vector<std::string_view> PathSteps(std::string_view path) {
  std::vector<std::string_view> steps;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    steps.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return steps;
}

}  // namespace nabla
