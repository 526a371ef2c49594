// Python's statements from its tokens.
#ifndef NABLA_FRAMEWORK_PYTHON_PARSER_H_
#define NABLA_FRAMEWORK_PYTHON_PARSER_H_

#include <string_view>
#include <vector>

#include "framework/python/ast.h"

namespace nabla {

constexpr int kDeepestPython = 100;  // nested statements, and levels of an expression

// The statements of a cell. A line that is no Python becomes a kOther, and reading goes on with the
// next one, so a text that breaks off or has prose in it still gives what can be read. Trees are
// not deeper than kDeepestPython.
std::vector<Statement> ParsePython(std::string_view source);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_PARSER_H_
