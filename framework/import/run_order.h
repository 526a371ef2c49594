// In which order the cells of a notebook ran.
#ifndef NABLA_FRAMEWORK_IMPORT_RUN_ORDER_H_
#define NABLA_FRAMEWORK_IMPORT_RUN_ORDER_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "framework/notebook/notebook.h"
#include "framework/python/ast.h"

namespace nabla {

// Names that get their values outside of functions in another order than the cells stand: in two
// cells of which the upper one ran later, above the training's cell and after it, or below it and
// before it. `main` is the number of that cell, or 0.
std::set<std::string> DisorderedNames(const Notebook& notebook,
                                      const std::map<int, std::vector<Statement>>& programs,
                                      int main);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_RUN_ORDER_H_
