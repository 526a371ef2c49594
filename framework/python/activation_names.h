// Activations by the names that programs give their functions.
#ifndef NABLA_FRAMEWORK_PYTHON_ACTIVATION_NAMES_H_
#define NABLA_FRAMEWORK_PYTHON_ACTIVATION_NAMES_H_

#include <string>
#include <string_view>

namespace nabla {

// nabla's name for the activation that a function, class or text such as "sigmoid_forward",
// "LeakyReLU" or "act_tanh" speaks of; "" if it speaks of none, or of a derivative or a loss.
std::string ActivationOf(std::string_view name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_ACTIVATION_NAMES_H_
