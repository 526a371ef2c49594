// The cost model behind `time`: the operations and bytes of each part of a training step.
#ifndef NABLA_FRAMEWORK_MEASURE_STEP_COSTS_H_
#define NABLA_FRAMEWORK_MEASURE_STEP_COSTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/engine/timed_step.h"
#include "framework/measure/time_report.h"
#include "framework/spec/spec.h"

namespace nabla {

// The objects passed to the constructor must outlive it.
template <typename T>
class StepCosts {
 public:
  // For steps of `batch` rows; `sparse` if the first layer reads them as sparse rows.
  StepCosts(const ExperimentSpec<T>& spec, const Network<T>& network, const Samples& samples,
            size_t batch, bool sparse);

  // The parts of a step in order, each with its time from `times` and its costs.
  std::vector<TimeRow> Rows(const StepTimes& times) const;

 private:
  // The work of a layer for one batch row.
  struct RowWork {
    double products = 0;
    double density = 1;  // share of the input that is not zero
    double input_bytes = 0;
    double output_bytes = 0;
  };

  void AddLayer(size_t i, const char* phase, double seconds, std::vector<TimeRow>* rows) const;
  // "2 relu", or "2.0 linear" for a layer inside a residual.
  std::string Name(size_t i) const;
  RowWork WorkOf(size_t i) const;
  double ParameterBytes(size_t i) const;
  // An update reads gradient, value and states, and writes value and states.
  double UpdateBytes(size_t i) const;

  const ExperimentSpec<T>& spec_;
  const Network<T>& network_;
  const Samples& samples_;
  const double batch_;
  const bool sparse_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_STEP_COSTS_H_
