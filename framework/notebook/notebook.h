// A notebook as a list of cells: an .ipynb (nbformat 3 and 4), a Python file, or the text that an
// export left of a notebook.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_NOTEBOOK_H_
#define NABLA_FRAMEWORK_NOTEBOOK_NOTEBOOK_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

struct NotebookCell {
  int number = 0;  // of all cells, those of text too, from 1; 0 in a file without cells
  std::optional<int> execution;  // the 84 of In [84]
  bool is_code = false;
  std::string source;                // of code; empty in cells of text
  std::vector<std::string> outputs;  // text only, in order
};

struct Notebook {
  std::vector<NotebookCell> cells;
  std::vector<std::string> warnings;  // of what was left out
};

constexpr size_t kMostNotebookBytes = 256 << 20;

// Reads the bytes of a notebook; `name` is its path as the user knows it, for messages, and its
// ending (.ipynb or another) decides how it is read. Throws InputError, placed as well as the fault
// allows, if it is too large, is not UTF-8, is JSON that is no notebook, or has no code.
Notebook ReadNotebook(std::string_view bytes, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_NOTEBOOK_H_
