// Every number of a step, for nets small enough to be followed by hand.
#ifndef NABLA_FRAMEWORK_TERMINAL_DUMP_STEP_H_
#define NABLA_FRAMEWORK_TERMINAL_DUMP_STEP_H_

#include <string>

#include "framework/engine/step.h"

namespace nabla {

// Outputs of every layer with their gradients, then each parameter's gradient and its value after
// the update, with the digits that give the number back.
template <typename T>
std::string DumpStep(const Network<T>& network, const Step<T>& step, size_t rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_DUMP_STEP_H_
