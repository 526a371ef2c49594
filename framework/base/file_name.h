// Names that become a part of a path.
#ifndef NABLA_FRAMEWORK_BASE_FILE_NAME_H_
#define NABLA_FRAMEWORK_BASE_FILE_NAME_H_

#include <string_view>

namespace nabla {

// Whether it consists of letters, digits, '_', '-' and '.', which does not come first: no name of
// this kind leads out of a folder, is hidden, or means something to a shell.
inline bool IsFileName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !name.empty() && name.front() != '.' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_FILE_NAME_H_
