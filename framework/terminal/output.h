// What the program says: the only place that writes to standard output and standard error.
//
// A full disk or a reader that went away must not end a training, and must not go unnoticed where
// the output is all that a command makes. So nothing here throws, SIGPIPE is ignored, and the end
// of the program asks once how it went.
#ifndef NABLA_FRAMEWORK_TERMINAL_OUTPUT_H_
#define NABLA_FRAMEWORK_TERMINAL_OUTPUT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace nabla {

// Before any file is opened. Ignores SIGPIPE and SIGXFSZ, so that what
// cannot be written is an error like others. A standard stream that is closed gets a number that
// cannot be used, or the next file that is opened would have its number and take what is said.
void PrepareOutput();

// Names, descriptions and errors come from files of anybody, and a terminal obeys what it is shown.
// So control characters but for line breaks and tabs, characters that turn the direction of text,
// and bytes that are not UTF-8 are shown as \x1b, \u202e, \xff.
std::string PlainText(std::string_view text);

// To standard output and standard error, at once, as PlainText.
void Print(std::string_view text);
// These fold lines that a terminal has no room for (folded_text.h): what is for people alone.
void PrintFolded(std::string_view text);
void PrintError(std::string_view text);

// A JSON text to standard output, in ASCII: what else its strings hold is written as \uXXXX, so
// that it stays JSON, and harmless on a terminal.
void PrintJson(std::string_view json);

// As it is: what moves the cursor.
void PrintToTerminal(std::string_view text);
void PrintErrorToTerminal(std::string_view text);

enum class Stream { kOutput, kError };

// How many characters a line may have without being wrapped: one less than the terminal has, since
// a full line wraps on some; unlimited where there is no terminal. It is measured by each call, as
// a window changes its size.
size_t LineColumns(Stream stream = Stream::kOutput);

// Whether it is a terminal that obeys what moves the cursor: not where TERM is "dumb", as in an
// editor's window.
bool MovesCursor(Stream stream);

struct Delivery {
  bool complete = true;
  bool reader_gone = false;  // a pipe or terminal that nobody reads any more
  std::string why;           // of what is incomplete
};

// How all went that was printed to standard output.
Delivery OutputDelivery();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_OUTPUT_H_
