// Which columns of a file are inputs and which are targets.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_LAYOUT_H_
#define NABLA_FRAMEWORK_TABLE_CSV_LAYOUT_H_

#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/table/csv.h"
#include "framework/table/csv_header.h"

namespace nabla {

// The first lines of a file, taken apart.
struct CsvBeginning {
  Place place;                   // of the first line
  CsvCells header;               // empty if that is a row
  std::vector<CsvCells> sample;  // the first rows
  bool decimal_comma = false;
};

// Fills inputs, targets and fields of *table as `format` asks. Throws InputError placed at the
// first line for a column that is not there or used twice.
void LayOut(const CsvBeginning& beginning, const CsvFormat& format, CsvTable* table);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_LAYOUT_H_
