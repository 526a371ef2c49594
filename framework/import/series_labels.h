// What the program's calls of print say of the series that they printed.
#ifndef NABLA_FRAMEWORK_IMPORT_SERIES_LABELS_H_
#define NABLA_FRAMEWORK_IMPORT_SERIES_LABELS_H_

#include <vector>

#include "framework/import/print_hints.h"
#include "framework/notebook/output_series.h"

namespace nabla {

constexpr size_t kFewestValues = 3;  // that make a series without steps

// The calls of print that it may come from. The k-th list without words is that of the k-th call
// with a list of losses or accuracies, and joined numbers come from calls that say end=" ".
std::vector<const PrintHint*> HintsOf(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Fills in what the label leaves open.
void ResolveLabel(const std::vector<PrintHint>& all, PrintedSeries* s);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_SERIES_LABELS_H_
