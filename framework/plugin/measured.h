// Data sets of tables that the program carries (framework/plugin/tables).
#ifndef NABLA_FRAMEWORK_PLUGIN_MEASURED_H_
#define NABLA_FRAMEWORK_PLUGIN_MEASURED_H_

#include <string>
#include <vector>

#include "framework/model/dataset.h"
#include "framework/plugin/samples.h"
#include "framework/table/csv.h"

namespace nabla {

// The rows of a carried table in the order of its source: all columns but the last are the inputs,
// the last one is the target. Throws InputError for an unknown name, or a value that is missing if
// `missing` refuses it.
CsvTable CarriedTable(const std::string& name, MissingValues missing = MissingValues::kRefuse);

// A carried table whose last column is a class. All rows are training rows: `split` makes test rows
// of some.
class MeasuredDataset : public Dataset {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("scale", &MeasuredDataset::scale,
      {.doc = "divisor of the inputs", .min = 0, .above_min = true});
    v("mean", &MeasuredDataset::mean, {.doc = "subtracted after scaling"});
    v("std", &MeasuredDataset::std,
      {.doc = "divisor after subtracting the mean", .min = 0, .above_min = true});
  }

  double scale = 1;
  double mean = 0;
  double std = 1;

 protected:
  // The table `name`; rows are flat where `shape` is empty, and the classes are numbered where they
  // have no names.
  DataSplits LoadClasses(const std::string& name, Shape shape = {},
                         std::vector<std::string> class_names = {}) const;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_MEASURED_H_
