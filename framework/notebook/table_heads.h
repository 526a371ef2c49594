// The heads of a printed table.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_TABLE_HEADS_H_
#define NABLA_FRAMEWORK_NOTEBOOK_TABLE_HEADS_H_

#include <string>
#include <vector>

#include "framework/notebook/printed_items.h"

namespace nabla {

// The heads in a line without numbers, one for each column: a word, or words such as "train loss".
// Empty if the line has something that no head has.
std::vector<std::string> TableHeads(const std::vector<PrintedItem>& items);

// Several labels in a row as groups of words, one for each number to come: "train acc, test acc |
// 0.91, 0.90". Empty if the words are one label.
std::vector<std::vector<std::string>> LabelGroups(const std::vector<std::string>& words);

// "loss (train/test): 0.5 / 0.6" as {loss, train} and {loss, test}: one metric of two splits.
// `label` are the words before the number at `at`, behind which only marks and another number
// stand. The splits stand side by side in it, or anywhere as in "loss 0.5/0.6 (train/test)". Empty
// for others.
std::vector<std::vector<std::string>> PairGroups(const std::vector<PrintedItem>& items, size_t at,
                                                 const std::vector<std::string>& label);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_TABLE_HEADS_H_
