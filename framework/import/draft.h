// The draft of an experiment file from a notebook.
#ifndef NABLA_FRAMEWORK_IMPORT_DRAFT_H_
#define NABLA_FRAMEWORK_IMPORT_DRAFT_H_

#include <string>

#include "framework/notebook/notebook.h"
#include "framework/plugin/registry.h"

namespace nabla {

// YAML with a comment behind each value: the cell and line that it comes from, and "# ?" where it
// was guessed or not found, with the choices. What the notebook has and the file cannot say is
// listed in comments at the end. `name` is the notebook's path. Reads the program, never runs it.
std::string DraftExperiment(const Notebook& notebook, const std::string& name,
                            const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_DRAFT_H_
