// Rows of arrays that NumPy saved, for a trained model.
#ifndef NABLA_FRAMEWORK_INFERENCE_NPZ_ROWS_H_
#define NABLA_FRAMEWORK_INFERENCE_NPZ_ROWS_H_

#include <cstdint>
#include <span>
#include <string>

#include "framework/record/model_input.h"

namespace nabla {

// The rows of the array x_test, x or X in an .npz archive, (N, shape); with `targets` also those of
// y_test or y: classes counted from 0 (N), or values (N, K). Bytes are pixels, all else is numbers.
// Throws InputError placed at `name` for an archive without them, for arrays of other sizes, and
// for numbers that are not finite or no classes of the model.
RawRows RowsFromNpz(std::span<const uint8_t> file, const std::string& name, const ModelInput& input,
                    bool targets);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_NPZ_ROWS_H_
