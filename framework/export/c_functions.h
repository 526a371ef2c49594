// The functions that a C header has for its layers and activations.
#ifndef NABLA_FRAMEWORK_EXPORT_C_FUNCTIONS_H_
#define NABLA_FRAMEWORK_EXPORT_C_FUNCTIONS_H_

#include <string_view>
#include <vector>

namespace nabla {

// A definition in C99. In its text @ stands for the prefix of names, `real` for the type of
// numbers, and $ for what functions of <math.h> and literals of that type end with: f, or nothing.
// Each does the same operations in the same order as the layer does, but for functions of <math.h>
// where `rounded` says so.
struct CFunction {
  std::string_view name;
  std::string_view text;
  std::vector<std::string_view> needs = {};  // other functions that it calls
  bool rounded = false;                      // calls functions whose last bits differ from nabla's
};

const std::vector<CFunction>& CLayerFunctions();
const std::vector<CFunction>& CActivationFunctions();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_FUNCTIONS_H_
