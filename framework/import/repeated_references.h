// Values that a notebook shows several times of one training, or of several.
#ifndef NABLA_FRAMEWORK_IMPORT_REPEATED_REFERENCES_H_
#define NABLA_FRAMEWORK_IMPORT_REPEATED_REFERENCES_H_

#include <vector>

#include "framework/import/reference_lists.h"

namespace nabla {

// Doubts different values of one metric after the last epoch: those of other nets are among them.
void DoubtRepeated(std::vector<ReferenceList>* lists);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_REPEATED_REFERENCES_H_
