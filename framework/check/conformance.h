// What every plugin must keep to, checked on any plugin without a line of test code of its own.
#ifndef NABLA_FRAMEWORK_CHECK_CONFORMANCE_H_
#define NABLA_FRAMEWORK_CHECK_CONFORMANCE_H_

#include <string>
#include <vector>

#include "framework/plugin/registry.h"

namespace nabla {

// One check of one plugin.
struct CheckResult {
  std::string kind;
  std::string name;
  std::string check;  // what must hold, in words
  bool passed = true;
  std::string message;  // what does not
};

struct CheckOptions {
  std::string kind;    // "" = all
  std::string name;    // "" = all
  size_t trials = 20;  // random shapes a plugin
};

// Checks plugins in the order of Registry::Kinds and of their names. Everything is random but the
// same in every call.
std::vector<CheckResult> CheckPlugins(const Registry& registry, const CheckOptions& options = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CONFORMANCE_H_
