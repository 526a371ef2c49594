// A model's input: how raw numbers become the rows that its first layer sees.
#ifndef NABLA_FRAMEWORK_RECORD_MODEL_INPUT_H_
#define NABLA_FRAMEWORK_RECORD_MODEL_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/data/standardise.h"
#include "framework/model/dataset.h"
#include "framework/record/input_range.h"

namespace nabla {

// x = ((raw / scale - mean) / std - moments.mean[i]) / moments.std[i]; where rows are scaled each
// by its own numbers, that comes instead of scale, mean and std
struct ModelInput {
  Shape shape;                  // of one row
  bool pixels = false;          // trained on bytes, not on numbers
  Normalization normalization;  // not used where rows are standardised
  InputMoments moments;         // empty: neither standardised nor brought to a range
  RowScale scale_rows = RowScale::kNone;
  bool sparse = false;   // bytes are also held as sparse rows
  bool float32 = false;  // x is rounded to float32
  size_t classes = 0;
  size_t values = 0;  // targets per row if there are no classes
  TargetMeaning meaning = {};
  // Where the rows come from a table: how its columns become the raw inputs, what becomes of
  // missing values, and what each input has in their place.
  std::vector<InputColumn> coding = {};
  MissingValues missing = MissingValues::kRefuse;
  std::vector<double> fill = {};
  // Of the rows that it was trained on; files of earlier versions do not say.
  std::optional<InputRange> trained_on = std::nullopt;
};

// The input of a model for training rows as a data set loaded them.
ModelInput InputOf(const DataSplits& data);

// Everything but the moments, as JSON.
std::string PrintInput(const ModelInput& input);

// Throws InputError placed at `file`.
ModelInput ParseInput(const std::string& json, const std::string& file);

// Raw rows: bytes or numbers.
struct RawRows {
  size_t count = 0;                       // N
  std::vector<uint8_t> pixels;            // (N, I), or empty
  std::vector<double> numbers;            // (N, I), or empty
  std::vector<std::string> remarks = {};  // "file: warning: ...", for the user
  // Where the targets are known, as the model has them: either classes or values.
  std::vector<int32_t> labels = {};  // (N)
  std::vector<double> values = {};   // (N, K), in the units of the data set
  std::vector<double> weights = {};  // (N): how much each counts in the loss, or empty
};

// The rows, transformed as the training rows were; targets that are not known are 0. A row becomes
// the same whatever rows stand beside it: where `input.sparse`, those that are bytes are sparse, be
// they held as numbers, and Evaluation takes the others from the numbers.
Samples MakeSamples(const ModelInput& input, RawRows rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_MODEL_INPUT_H_
