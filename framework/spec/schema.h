// A JSON schema of experiment files, with which editors complete and check them.
#ifndef NABLA_FRAMEWORK_SPEC_SCHEMA_H_
#define NABLA_FRAMEWORK_SPEC_SCHEMA_H_

#include <string>

#include "framework/plugin/registry.h"

namespace nabla {

// The schema, draft 7 (https://json-schema.org/draft-07), of experiments with the plugins of
// `registry`. It says what field tables say; what contradicts itself across fields passes.
std::string ExperimentSchema(const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SCHEMA_H_
