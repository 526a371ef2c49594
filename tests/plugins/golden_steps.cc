// Golden optimizers and schedules.
#include "framework/model/optimizer.h"
#include "framework/model/schedule.h"
#include "tests/plugins/golden.h"

namespace nabla {
namespace {

Translation OptimizerOf(const std::string& name) {
  if (name == "amsgrad") return {.plugin = "adam", .fixed = {{"amsgrad", true}}};
  return {.plugin = name};
}

Translation ScheduleOf(const std::string& name) {
  if (name == "multistep") return {.plugin = "multi_step"};
  if (name == "one_cycle") return {.plugin = name, .renamed = {{"cycle_momentum", ""}}};
  return {.plugin = name};
}

Tensor ToTensor(const Json& json) { return TensorAt(Json{{"tensor", json}}, "tensor"); }

}  // namespace

template <typename T>
void CheckOptimizer(const Json& test) {
  const auto optimizer = MakePlugin<T, Optimizer<T>>(OptimizerOf(test["name"]), test["hyper"]);
  if (optimizer == nullptr) return;
  const Tensor initial = TensorAt(test, "params_initial");
  const size_t size = initial.data.size();
  std::vector<T> value(initial.data.begin(), initial.data.end());
  std::vector<std::vector<T>> states(optimizer->States(), std::vector<T>(size));
  std::vector<T*> state_pointers;
  for (std::vector<T>& state : states) state_pointers.push_back(state.data());

  const size_t steps = test["grads"].size();
  ASSERT_EQ(test["params_after_step"].size(), steps);
  for (size_t step = 0; step < steps; ++step) {
    const Tensor given = ToTensor(test["grads"][step]);
    const std::vector<T> gradient(given.data.begin(), given.data.end());
    optimizer->Update({.value = value.data(),
                       .gradient = gradient.data(),
                       .states = state_pointers.data(),
                       .size = size,
                       .lr = optimizer->LearningRate(),
                       .step = static_cast<int64_t>(step) + 1});
    ExpectClose(Matrix<const T>{value.data(), 1, size, size},
                ToTensor(test["params_after_step"][step]), Tolerance<T>(test),
                "parameter after step " + std::to_string(step + 1));
  }
}

void CheckSchedule(const Json& test) {
  const auto schedule = MakePlugin<double, Schedule>(ScheduleOf(test["name"]), test["params"]);
  if (schedule == nullptr) return;
  const double base = test["base_lr"];
  const auto values = test["values"].get<std::vector<double>>();
  for (size_t t = 0; t < values.size(); ++t) {
    const double rate = schedule->Rate(
        base, {.t = static_cast<int64_t>(t), .total = static_cast<int64_t>(values.size())});
    // Rates are small, so this is stricter than the tolerance of values.
    EXPECT_NEAR(rate, values[t], 1e-12 * std::abs(values[t]) + 1e-18) << "t = " << t;
  }
}

template void CheckOptimizer<float>(const Json&);
template void CheckOptimizer<double>(const Json&);

}  // namespace nabla
