#include "framework/engine/timed_step.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "tests/engine/toy.h"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kNets[] = {
    R"(
model:
  - {name: linear, units: 64}
  - relu
  - {name: linear, units: 4}
loss: cross_entropy
optimizer: {name: adam, lr: 0.01}
)",
    R"(
model:
  - {name: linear, units: 12}
  - {name: batch_norm}
  - {name: residual, layers: [{name: linear, units: 12}, {name: batch_norm}, tanh]}
  - {name: dropout, p: 0.2}
  - {name: linear, units: 4}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
)"};

// A net and its step on one thread.
struct Stepped {
  Stepped(const char* net, size_t chunk_rows, const Clipping& clipping)
      : toy(net, ToyRegistry(), ToySamples(60, 20, 4)), alone(1) {
    Plan plan = MakePlan(*toy.network, 40, 1);
    if (plan.coupled.empty()) plan.chunk_rows = chunk_rows;
    step.emplace(
        *toy.network, *toy.spec.loss, *toy.spec.optimizer, toy.samples, 40, alone, plan, clipping,
        Augmentation{}, Sharding{},
        StepOptions<float>{.penalties = Penalties<float>(*toy.network, {{.l2 = 0.1, .l1 = 0.01}})});
  }

  Toy<float> toy;
  Threads alone;
  std::optional<Step<float>> step;
};

TEST(TimedStepTest, TrainsToTheSameBitsAsAStep) {
  std::vector<uint32_t> order(60);
  std::iota(order.begin(), order.end(), 0u);
  const auto batch = std::span<const uint32_t>(order).subspan(15, 40);
  for (const char* net : kNets) {
    for (const size_t chunk_rows : {12, 40}) {
      for (const Clipping& clipping : {Clipping{}, Clipping{.value = 0.01, .norm = 0.1}}) {
        Stepped plain(net, chunk_rows, clipping);
        Stepped timed(net, chunk_rows, clipping);
        TimedStep<float> clock(*timed.step);
        for (int64_t i = 1; i <= 5; ++i) {
          const BatchMetrics a = plain.step->Train(batch, 0.1, i, static_cast<uint64_t>(i));
          const BatchMetrics b = clock.Train(batch, 0.1, i, static_cast<uint64_t>(i));
          EXPECT_EQ(a.loss, b.loss);
          EXPECT_EQ(a.right, b.right);
          EXPECT_EQ(b.rows, 40u);
        }
        EXPECT_EQ(plain.toy.network->Hash(), timed.toy.network->Hash());
      }
    }
  }
}

double Sum(const StepTimes& times) {
  double sum = times.gather + times.loss;
  for (const LayerTimes& l : times.layers) sum += l.forward + l.backward + l.gradient + l.update;
  return sum;
}

TEST(TimedStepTest, ChargesAllOfTheTimeToWhatItWasSpentOn) {
  Stepped timed(kNets[0], 40, {});
  TimedStep<float> clock(*timed.step);
  std::vector<uint32_t> order(40);
  std::iota(order.begin(), order.end(), 0u);
  const Clock::time_point start = Clock::now();
  for (int64_t i = 1; i <= 2000; ++i) clock.Train(order, 0.1, i, 0);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const StepTimes times = clock.Take();
  EXPECT_LE(Sum(times), seconds);
  EXPECT_GE(Sum(times), 0.7 * seconds);
  ASSERT_EQ(times.layers.size(), 3u);
  // Nothing below the first layer wants a gradient, and relu has no parameters.
  EXPECT_EQ(times.layers[0].backward, 0);
  EXPECT_EQ(times.layers[1].gradient, 0);
  EXPECT_EQ(times.layers[1].update, 0);
  for (const double spent :
       {times.gather, times.loss, times.layers[0].forward, times.layers[0].gradient,
        times.layers[0].update, times.layers[1].backward, times.layers[2].backward}) {
    EXPECT_GT(spent, 0);
  }
  EXPECT_EQ(Sum(clock.Take()), 0);
}

}  // namespace
}  // namespace nabla
