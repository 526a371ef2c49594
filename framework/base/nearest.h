// "Did you mean": the known name nearest to a mistyped one.
#ifndef NABLA_FRAMEWORK_BASE_NEAREST_H_
#define NABLA_FRAMEWORK_BASE_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// How many single-character insertions, deletions, replacements and swaps of neighbours turn a into
// b, no stretch being edited twice (Damerau-Levenshtein distance in its optimal-string-alignment
// form). Counts bytes.
int EditDistance(std::string_view a, std::string_view b);

// The known name nearest to `name`, letter case and '-' for '_' counting least; of equally near
// ones the one that begins most alike, then the earlier. "" when nothing is near: farther than
// max(2, length / 3) edits, or sharing no character in place.
std::string Nearest(std::string_view name, const std::vector<std::string>& known);

// The end of an error message about an unknown name: `; did you mean "x"? known: a, b, x`, or
// `; known: a, b, x` when nothing is near, or "" when nothing is known.
std::string Suggest(std::string_view name, const std::vector<std::string>& known);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_NEAREST_H_
