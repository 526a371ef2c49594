// The page docs/experiments.md, made from the tables that parse experiment files.
#ifndef NABLA_TESTS_DOCS_REFERENCE_H_
#define NABLA_TESTS_DOCS_REFERENCE_H_

#include <string>

#include "framework/plugin/registry.h"

namespace nabla {

// Markdown: every key of an experiment file, then every plugin of the registry by kind.
std::string ExperimentReference(const Registry& registry);

}  // namespace nabla

#endif  // NABLA_TESTS_DOCS_REFERENCE_H_
