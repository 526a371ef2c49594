// Names of files: what they may be, and what they end in.
#ifndef NABLA_FRAMEWORK_BASE_FILE_NAME_H_
#define NABLA_FRAMEWORK_BASE_FILE_NAME_H_

#include <algorithm>
#include <initializer_list>
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

// Whether the name ends in one of `endings`, which are in lower case; "A.PNG" ends in ".png".
inline bool EndsInOneOf(std::string_view name, std::initializer_list<std::string_view> endings) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::any_of(endings, [&](std::string_view ending) {
    return name.size() >= ending.size() &&
           std::ranges::equal(name.substr(name.size() - ending.size()), ending, {}, lower);
  });
}

// Whether a name is that of a table, compressed or not, which is not hidden.
inline bool IsTableName(std::string_view name) {
  return !name.starts_with('.') && EndsInOneOf(name, {".csv", ".tsv", ".csv.gz", ".tsv.gz"});
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_FILE_NAME_H_
