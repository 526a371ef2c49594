// Confusion matrices as entries of an experiment's `reference:`.
#ifndef NABLA_FRAMEWORK_IMPORT_MATRIX_REFERENCES_H_
#define NABLA_FRAMEWORK_IMPORT_MATRIX_REFERENCES_H_

#include <vector>

#include "framework/import/reference_lists.h"
#include "framework/notebook/output_series.h"

namespace nabla {

// Adds the first one; the others are left out.
void AddMatrices(const std::vector<PrintedMatrix>& matrices, ReferenceLists* out);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_MATRIX_REFERENCES_H_
