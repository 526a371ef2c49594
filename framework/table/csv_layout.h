// Which columns of a file are inputs and which are targets.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_LAYOUT_H_
#define NABLA_FRAMEWORK_TABLE_CSV_LAYOUT_H_

#include <string>
#include <vector>

#include "framework/table/csv.h"
#include "framework/table/csv_beginning.h"

namespace nabla {

// Fills inputs, targets and fields of *table as `format` asks. Throws InputError placed at the
// first line for a column that is not there or used twice.
void LayOut(const CsvBeginning& beginning, const CsvFormat& format, CsvTable* table);

// The same of another file of the table `first`, whose header has `names`: where both have one, the
// columns are found by their names. Throws InputError too for a column that `first` does not have,
// unless `format` lists the inputs.
void LayOutPart(const CsvBeginning& beginning, const CsvFormat& format, const CsvTable& first,
                const std::vector<std::string>& names, CsvTable* table);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_LAYOUT_H_
