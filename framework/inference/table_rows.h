// Rows of CSV for a trained model.
#ifndef NABLA_FRAMEWORK_INFERENCE_TABLE_ROWS_H_
#define NABLA_FRAMEWORK_INFERENCE_TABLE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/record/model_input.h"

namespace nabla {

// The class that a number names or, where the names of classes are words, counts; the number of
// classes if there is none.
size_t ClassNumbered(double number, const ModelInput& input);

// What the table that a model was trained on had beside its inputs, as its experiment says.
struct UnusedColumns {
  std::vector<std::string> ignore = {};
  std::vector<std::string> columns = {};  // that were inputs; all others if empty
};

// The columns are found by the names that the model's had, or stand in their order, with or (where
// it evaluates, and the targets stand as in training) without those that are `unused`; words become
// the categories of the model, and missing values what it was trained on in their place. `targets`
// are the columns that hold the targets, one or one for each value; null if there are none. They
// are `numbered`, or named where a column has such a name and numbered otherwise. Classes
// are written as the model names them, or counted from 0. The column `weight`, if that is not empty
// and there is one, says how much each row counts in the loss. If it `evaluates`, rows are left out
// as in training. Throws InputError placed in `name`.
RawRows RowsFromCsv(std::span<const uint8_t> text, const std::string& name, const ModelInput& input,
                    const std::vector<std::string>* targets, const std::string& weight,
                    bool evaluates, bool numbered = false, const UnusedColumns& unused = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_TABLE_ROWS_H_
