// What the parts of a training step compute and move: the cost model behind `time`.
#ifndef NABLA_FRAMEWORK_MEASURE_STEP_COSTS_H_
#define NABLA_FRAMEWORK_MEASURE_STEP_COSTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/engine/timed_step.h"
#include "framework/measure/time_report.h"
#include "framework/spec/spec.h"

namespace nabla {

// All arguments must outlive it.
template <typename T>
class StepCosts {
 public:
  // Of steps of `batch` rows; `sparse` where the first layer takes them as sparse rows.
  StepCosts(const ExperimentSpec<T>& spec, const Network<T>& network, const Samples& samples,
            size_t batch, bool sparse);

  // The parts of a step in their order, each with its time of `times` and what it costs.
  std::vector<TimeRow> Rows(const StepTimes& times) const;

 private:
  // What a layer does for one batch row.
  struct RowWork {
    double products = 0;
    double density = 1;  // of its input's terms
    double input_bytes = 0;
    double output_bytes = 0;
  };

  void AddLayer(size_t i, const char* phase, double seconds, std::vector<TimeRow>* rows) const;
  // "2 relu", or "2.0 residual" of what stands inside.
  std::string Name(size_t i) const;
  RowWork WorkOf(size_t i) const;
  double ParameterBytes(size_t i) const;
  // Reads gradient, value and states, writes the last two.
  double UpdateBytes(size_t i) const;

  const ExperimentSpec<T>& spec_;
  const Network<T>& network_;
  const Samples& samples_;
  const double batch_;
  const bool sparse_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_STEP_COSTS_H_
