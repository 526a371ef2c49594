// Whether rows look like those that a model was trained on.
#ifndef NABLA_FRAMEWORK_RECORD_INPUT_RANGE_H_
#define NABLA_FRAMEWORK_RECORD_INPUT_RANGE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/model/dataset.h"

namespace nabla {

// Of all inputs of all rows together, as they are stored.
struct InputRange {
  double low = 0;
  double high = 0;
  double mean = 0;

  bool operator==(const InputRange&) const = default;
};

// Of the rows of a data set; of pixels, evenly chosen rows stand for all.
InputRange RangeOf(const Samples& samples);

// The range of N rows of I inputs, some there. Either pixels or numbers holds them.
InputRange RangeOf(std::span<const uint8_t> pixels, std::span<const double> numbers);

// What looks wrong with rows of `width` inputs in the range `rows`, for a model that was trained on
// others in the range `trained`: their scale, dark where those were bright, nothing to see. A
// sentence each. `inverted`: --invert has been used.
std::vector<std::string> OddInputs(const InputRange& trained, const InputRange& rows, size_t width,
                                   bool inverted);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_INPUT_RANGE_H_
