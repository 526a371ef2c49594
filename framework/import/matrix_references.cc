#include "framework/import/matrix_references.h"

#include <fmt/format.h>

#include <utility>

namespace nabla {

void AddMatrices(const std::vector<PrintedMatrix>& matrices, ReferenceLists* out) {
  bool first = true;
  for (const PrintedMatrix& matrix : matrices) {
    if (!std::exchange(first, false)) {
      out->left_out.push_back(fmt::format("cell {}: another confusion matrix", matrix.cell));
      continue;
    }
    ReferenceList list;
    list.metric = "confusion_matrix";
    list.columns = matrix.rows.size();
    for (const auto& row : matrix.rows) {
      list.printed.insert(list.printed.end(), row.begin(), row.end());
    }
    list.why = fmt::format("cell {}; rows: true classes", matrix.cell);
    out->lists.push_back(std::move(list));
  }
}

}  // namespace nabla
