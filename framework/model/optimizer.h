// An optimizer: the elementwise update of parameters from their gradient.
#ifndef NABLA_FRAMEWORK_MODEL_OPTIMIZER_H_
#define NABLA_FRAMEWORK_MODEL_OPTIMIZER_H_

#include <cstddef>
#include <cstdint>

namespace nabla {

// Some consecutive elements of one parameter.
template <typename T>
struct UpdateSpan {
  T* value = nullptr;           // (size), updated in place
  const T* gradient = nullptr;  // (size)
  T* const* states = nullptr;   // States() arrays of (size), zero before the first step
  size_t size = 0;
  double lr = 0;     // learning rate of this step, with the schedule applied
  int64_t step = 0;  // counts from 1
};

template <typename T>
class Optimizer {
 public:
  using Interface = Optimizer;
  static constexpr const char* kKind = "optimizer";
  virtual ~Optimizer() = default;

  // The rate that the schedule starts from.
  virtual double LearningRate() const = 0;
  // The number of state arrays, each of the parameter's shape.
  virtual size_t States() const { return 0; }
  // An element's result depends on that element alone.
  virtual void Update(const UpdateSpan<T>& span) const = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_OPTIMIZER_H_
