// A metric: one or more results of a whole pass over evaluated rows.
#ifndef NABLA_FRAMEWORK_MODEL_METRIC_H_
#define NABLA_FRAMEWORK_MODEL_METRIC_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/model/loss.h"
#include "framework/model/target_meaning.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// A metric with rows and columns.
struct NamedMatrix {
  std::string name;  // names the files that show it
  std::vector<std::string> row_names;
  std::vector<std::string> column_names;
  std::vector<double> values;  // row by row
};

// What is known of all rows before a pass over them.
struct EvaluatedRows {
  size_t classes = 0;          // 0 where the targets are values
  TargetMeaning meaning = {};  // names the classes or values
  double threshold = 0.5;      // above which a single output means class 1, not class 0
};

// The state of a metric during one pass. Add is called in the order of the data set, never by two
// threads.
template <typename T>
class MetricPass {
 public:
  virtual ~MetricPass() = default;
  // Outputs z (R, C) of some rows.
  virtual void Add(Matrix<const T> z, const Targets<T>& targets) = 0;
  // Names and values; fractions, not percent. Of no rows, only the names mean anything.
  virtual std::vector<std::pair<std::string, double>> Results() const = 0;
  // Results that are more than one number.
  virtual std::vector<NamedMatrix> Matrices() const { return {}; }
};

template <typename T>
class Metric {
 public:
  using Interface = Metric;
  static constexpr const char* kKind = "metric";
  virtual ~Metric() = default;

  // Throws InputError if the metric cannot take outputs of this shape; `classes` is 0 where the
  // data set has no labels. Most metrics compare one output per class with a label.
  virtual void Check(const Shape& output, size_t classes) const {
    if (classes == 0) throw InputError("this metric needs class labels; the data set has none");
    if (output.size() != classes) {
      throw InputError("this metric needs an output for each of the " + std::to_string(classes) +
                       " classes, not " + output.ToString());
    }
  }
  // Whether it takes target values for labels that hold (1) or do not (0), and nothing between.
  virtual bool CountsLabels() const { return false; }
  virtual std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows& rows) const = 0;
  // The least and the greatest possible result.
  virtual std::pair<double, double> Range() const { return {0, 1}; }
  // Whether a smaller result is a better one.
  virtual bool SmallerIsBetter() const { return false; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_METRIC_H_
