// The beginning of a table's text: its dialect, its header and its first rows.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_BEGINNING_H_
#define NABLA_FRAMEWORK_TABLE_CSV_BEGINNING_H_

#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/table/csv.h"
#include "framework/table/csv_cursor.h"
#include "framework/table/csv_header.h"

namespace nabla {

// The first lines of a file, taken apart.
struct CsvBeginning {
  Place place;                   // of the first line
  CsvCells header;               // empty if that is a row
  Place row_place = {};          // of the line below the header
  std::vector<CsvCells> sample;  // the first rows
  char separator = ',';
  bool decimal_comma = false;

  // The names of the columns, or nothing.
  std::vector<std::string> Names() const { return CsvNames(header, sample[0].size()); }
};

// Looks at the text of the file `name` and leaves the cursor before its first row. A first line
// with all names of `known`, in any order, is a header, even if they are numbers. Remarks say what
// was found. Throws InputError where there are no rows.
CsvBeginning BeginCsv(const CsvFormat& format, const std::vector<std::string>& known,
                      const std::string& name, CsvCursor* cursor,
                      std::vector<std::string>* remarks);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_BEGINNING_H_
