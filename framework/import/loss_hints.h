// How a program averages the loss of an epoch, by the shape of its loops.
#ifndef NABLA_FRAMEWORK_IMPORT_LOSS_HINTS_H_
#define NABLA_FRAMEWORK_IMPORT_LOSS_HINTS_H_

#include <map>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/python/ast.h"

namespace nabla {

// The value of evaluate.train_loss: rows, where a loop over batches adds up the loss times the rows
// of each; after, where the loss is computed behind the loop over batches. Not found for others:
// the mean over batches.
Fact ReadLossHint(const std::map<int, std::vector<Statement>>& cells);

// Whether a loop over batches adds up the rows that are right.
bool CountsRightRows(const std::map<int, std::vector<Statement>>& cells);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_LOSS_HINTS_H_
