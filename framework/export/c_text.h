// Pieces of C99: names, numbers and strings that no input can break out of.
#ifndef NABLA_FRAMEWORK_EXPORT_C_TEXT_H_
#define NABLA_FRAMEWORK_EXPORT_C_TEXT_H_

#include <string>
#include <string_view>

namespace nabla {

// Of a name that others continue: compilers must tell only 63 characters of a name apart.
inline constexpr size_t kMostCName = 32;

// A letter, then letters, digits and _; at most kMostCName of them.
bool IsCName(std::string_view name);

// Such a name for a file: "my-net.h" gives my_net, and a file without a letter in front net_...
std::string CNameOf(const std::string& file);

// A literal with exactly this value, whatever the locale: 0x1.8p+1, with `f` behind it unless
// `wide`. `value` is no NaN.
std::string CNumber(double value, bool wide);

// A literal with these bytes, in ASCII: anything else as octal escapes, and no part that would be a
// trigraph or the end of a comment. Throws InputError if it is longer than C99 allows.
std::string CString(std::string_view text);

// The text for a comment of one line: '_' for all that is not plain ASCII or might end the line.
std::string CComment(std::string_view text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_TEXT_H_
