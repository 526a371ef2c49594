// Data sets of public measurements that the program carries (framework/plugin/tables).
#ifndef NABLA_FRAMEWORK_PLUGIN_MEASURED_H_
#define NABLA_FRAMEWORK_PLUGIN_MEASURED_H_

#include <string>

#include "framework/data/csv.h"
#include "framework/model/dataset.h"
#include "framework/plugin/samples.h"

namespace nabla {

// The rows of a carried table in the order of its source: all columns but the last are the inputs,
// the last one is `labels`. Throws InputError for an unknown name.
CsvTable CarriedTable(const std::string& name);

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
  // The table `name`; rows are flat where `shape` is empty.
  DataSplits LoadClasses(const std::string& name, Shape shape = {}) const;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_MEASURED_H_
