// A JSON schema with which editors complete and check experiment files.
#ifndef NABLA_FRAMEWORK_SPEC_SCHEMA_H_
#define NABLA_FRAMEWORK_SPEC_SCHEMA_H_

#include <string>

#include "framework/plugin/registry.h"

namespace nabla {

// The schema, draft 7 (https://json-schema.org/draft-07), of experiments with the plugins of
// `registry`. It checks what field tables say, but not contradictions between fields.
std::string ExperimentSchema(const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SCHEMA_H_
