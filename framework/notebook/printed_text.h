// What a cell printed, as lines that a reader saw.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_PRINTED_TEXT_H_
#define NABLA_FRAMEWORK_NOTEBOOK_PRINTED_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// Numbers in brackets, as Python, NumPy and PyTorch print them.
struct PrintedArray {
  std::vector<std::string> numbers;  // as printed, row by row
  size_t rows = 0;                   // of innermost brackets
  int depth = 0;                     // of brackets
  bool whole = true;                 // nothing was left out with "..."
};

struct PrintedText {
  // In a line, an array is kArrayMark and then its index in `arrays` in decimal, and a space.
  std::vector<std::string> lines;
  std::vector<PrintedArray> arrays;
};

constexpr char kArrayMark = '\x01';

// Applies carriage returns and backspaces as a terminal does, leaves out colours and other escape
// sequences, and takes arrays of three numbers and more out of the lines, also those over several.
PrintedText ReadPrintedText(std::string_view text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_PRINTED_TEXT_H_
