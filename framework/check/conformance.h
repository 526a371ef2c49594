// Checks of the rules that every plugin must follow. A plugin needs no test code for them.
#ifndef NABLA_FRAMEWORK_CHECK_CONFORMANCE_H_
#define NABLA_FRAMEWORK_CHECK_CONFORMANCE_H_

#include <string>
#include <vector>

#include "framework/plugin/registry.h"

namespace nabla {

// The result of one check of one plugin.
struct CheckResult {
  std::string kind;
  std::string name;
  std::string check;  // the rule, in words
  bool passed = true;
  std::string message;  // how the plugin breaks it; "" if passed
};

struct CheckOptions {
  std::string kind;    // "" = all
  std::string name;    // "" = all
  size_t trials = 20;  // random shapes tried per plugin
};

// Checks plugins in the order of Registry::Kinds and of their names. Inputs are pseudorandom and
// the same in every call.
std::vector<CheckResult> CheckPlugins(const Registry& registry, const CheckOptions& options = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CONFORMANCE_H_
