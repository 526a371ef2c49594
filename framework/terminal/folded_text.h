// Text in lines that fit a terminal.
#ifndef NABLA_FRAMEWORK_TERMINAL_FOLDED_TEXT_H_
#define NABLA_FRAMEWORK_TERMINAL_FOLDED_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace nabla {

// Characters of UTF-8; those of East Asia, which take two columns, count as one.
size_t TextWidth(std::string_view text);

// The same text with lines of at most `columns` characters, divided at spaces. What follows is
// indented as the last column of a list is ("name   description"), or by two more than its line. A
// word that is longer than a line stays whole, so that a path can be copied.
std::string FoldedText(std::string_view text, size_t columns);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_FOLDED_TEXT_H_
