// "Did you mean": the known name nearest to a mistyped one.
#ifndef NABLA_FRAMEWORK_BASE_NEAREST_H_
#define NABLA_FRAMEWORK_BASE_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// The number of single-byte insertions, deletions, replacements and swaps of neighbours that turn a
// into b, with no stretch edited twice (Damerau-Levenshtein distance in its
// optimal-string-alignment form).
int EditDistance(std::string_view a, std::string_view b);

// The known name nearest to `name`; letter case and '-' for '_' count least. Ties go to the name
// with the longest common beginning, then to the earlier one. "" when nothing is near: more than
// max(2, length / 3) edits away, or with no character in the same place.
std::string Nearest(std::string_view name, const std::vector<std::string>& known);

// The end of an error message about an unknown name: `; did you mean "x"? known: a, b, x`, or
// `; known: a, b, x` when nothing is near, or "" when nothing is known.
std::string Suggest(std::string_view name, const std::vector<std::string>& known);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_NEAREST_H_
