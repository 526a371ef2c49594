// A metric: figures of a whole pass over evaluated rows.
#ifndef NABLA_FRAMEWORK_MODEL_METRIC_H_
#define NABLA_FRAMEWORK_MODEL_METRIC_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/model/loss.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// The figures of one pass. Add is called in the order of the data set, never by two threads.
template <typename T>
class MetricPass {
 public:
  virtual ~MetricPass() = default;
  // Outputs z (R, C) of some rows.
  virtual void Add(Matrix<const T> z, const Targets<T>& targets) = 0;
  // Names and values; fractions, not percent.
  virtual std::vector<std::pair<std::string, double>> Results() const = 0;
};

template <typename T>
class Metric {
 public:
  using Interface = Metric;
  static constexpr const char* kKind = "metric";
  virtual ~Metric() = default;
  virtual std::unique_ptr<MetricPass<T>> Start(size_t classes) const = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_METRIC_H_
