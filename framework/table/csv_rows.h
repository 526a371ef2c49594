// The rows of a table whose columns are laid out.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_ROWS_H_
#define NABLA_FRAMEWORK_TABLE_CSV_ROWS_H_

#include <cstddef>

#include "framework/table/csv.h"
#include "framework/table/csv_cursor.h"

namespace nabla {

// Reads all rows from the cursor on into *table, which has its columns. Returns how many were left
// out, since a value is missing. Throws InputError placed at the cell that is wrong.
size_t ReadCsvRows(const CsvFormat& format, bool decimal_comma, CsvCursor* cursor, CsvTable* table);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_ROWS_H_
