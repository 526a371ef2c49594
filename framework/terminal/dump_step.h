// Prints every number of a step, for networks that are small enough to check by hand.
#ifndef NABLA_FRAMEWORK_TERMINAL_DUMP_STEP_H_
#define NABLA_FRAMEWORK_TERMINAL_DUMP_STEP_H_

#include <string>

#include "framework/engine/step.h"

namespace nabla {

// Each layer's outputs and their gradients, then each parameter's gradient and its value after the
// update, with enough digits to restore the number.
template <typename T>
std::string DumpStep(const Network<T>& network, const Step<T>& step, size_t rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_DUMP_STEP_H_
