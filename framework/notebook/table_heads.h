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

// "loss (train/test): 0.5 / 0.6" as {loss, train} and {loss, test}: one metric of two splits that
// stand side by side. Empty for other words.
std::vector<std::vector<std::string>> SplitGroups(const std::vector<std::string>& words);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_TABLE_HEADS_H_
