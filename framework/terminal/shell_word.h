// Commands that people copy.
#ifndef NABLA_FRAMEWORK_TERMINAL_SHELL_WORD_H_
#define NABLA_FRAMEWORK_TERMINAL_SHELL_WORD_H_

#include <string>

namespace nabla {

// `text` as one word of a shell's command, in quotes if need be.
std::string ShellWord(const std::string& text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_SHELL_WORD_H_
