// Where something stands in the cells of a notebook.
#ifndef NABLA_FRAMEWORK_PYTHON_PLACE_H_
#define NABLA_FRAMEWORK_PYTHON_PLACE_H_

#include <string>

namespace nabla {

// Both count from 1; a cell of 0 means a file that has no cells.
struct CellPlace {
  int cell = 0;
  int line = 0;

  // "cell 5, line 12", "line 12", or "" if the line is 0.
  std::string ToString() const {
    if (line <= 0) return "";
    const std::string text = "line " + std::to_string(line);
    return cell > 0 ? "cell " + std::to_string(cell) + ", " + text : text;
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_PLACE_H_
