// What an expression computes, by its shape.
#ifndef NABLA_FRAMEWORK_IMPORT_EXPRESSION_KINDS_H_
#define NABLA_FRAMEWORK_IMPORT_EXPRESSION_KINDS_H_

#include <cstdint>
#include <optional>

#include "framework/python/ast.h"

namespace nabla {

// A spelled whole number.
std::optional<int64_t> WholeLiteral(const Expr& e);

// np.mean(a == b), (a == b).float().mean(); with "!=" as the `comparison` those that differ.
bool IsShareOf(const Expr& e, const char* comparison);

// The first number of enumerate(zip(losses, accuracies), start=1), over figures that were kept.
std::optional<int64_t> FirstOfFigures(const Expr& e);

// A mean over batches: a sum over their number, or a name that says so.
bool IsMean(const Expr& e);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_EXPRESSION_KINDS_H_
