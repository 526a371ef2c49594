// Cross entropy for logits up to 1e4, and sums of 60000 row losses, against long double.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "framework/kernels/gemm.h"
#include "framework/tensor/storage.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr const char* kNet =
    "model: [{name: linear, units: 10}]\n"
    "loss: {name: cross_entropy, reduction: sum}\n"
    "optimizer: {name: sgd, lr: 0.1}\n";

long double LogSumExp(const std::vector<double>& z) {
  const long double top = *std::max_element(z.begin(), z.end());
  long double sum = 0;
  for (const double v : z) sum += std::exp(v - top);
  return top + std::log(sum);
}

template <typename T>
class LossProperty : public testing::Test {
 protected:
  // A row's loss and gradient.
  static std::pair<double, std::vector<T>> Row(const std::vector<double>& logits, int32_t label) {
    static const ExperimentSpec<T> spec = ParseExperiment<T>(
        ParseYaml(std::string("name: x\ndataset: xor\n") + kNet, "x"), ToyRegistry());
    const std::vector<T> z(logits.begin(), logits.end());
    std::vector<T> dz(z.size());
    double row = 0;
    spec.loss->Rows({z.data(), 1, z.size(), z.size()}, {.labels = &label}, 1, &row,
                    {dz.data(), 1, z.size(), z.size()});
    return {row, dz};
  }
};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(LossProperty, Reals);

TYPED_TEST(LossProperty, CrossEntropyOfLogitsUpTo10000) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    std::mt19937_64 random(*rc::gen::arbitrary<uint32_t>());
    const size_t classes = *rc::gen::inRange<size_t>(1, 40);
    const double scale = std::pow(10.0, *rc::gen::inRange(-2, 5));
    std::uniform_real_distribution<double> even(-scale, scale);
    std::vector<double> z(classes);
    // Numbers that T holds exactly, so that only the loss can be wrong.
    for (double& v : z) v = static_cast<double>(static_cast<T>(even(random)));
    const auto label = static_cast<int32_t>(random() % classes);
    const auto [row, dz] = LossProperty<T>::Row(z, label);
    const long double sum = LogSumExp(z);
    const long double exact = sum - z[static_cast<size_t>(label)];
    constexpr T kEpsilon = std::numeric_limits<T>::epsilon();
    RC_ASSERT(std::abs(row - exact) <= 20 * kEpsilon * (1 + exact));
    for (size_t c = 0; c < classes; ++c) {
      const long double p = std::exp(z[c] - sum);
      const long double want = p - (static_cast<int32_t>(c) == label ? 1 : 0);
      RC_ASSERT(std::abs(static_cast<long double>(dz[c]) - want) <= 20 * kEpsilon);
    }
  });
}

// The loss of a full batch against the sum of its rows' losses in extended precision.
TYPED_TEST(LossProperty, SumsOver60000RowsDoNotDrift) {
  using T = TypeParam;
  constexpr size_t kRows = 60000, kWidth = 8;
  Toy<T> toy(kNet, ToyRegistry(), ToySamples(kRows, kWidth, 10));
  OwnedMatrix<T> x(kRows, kWidth), z(kRows, 10), dz(kRows, 10);
  for (size_t i = 0; i < kRows * kWidth; ++i) {
    x.view()(i / kWidth, i % kWidth) = static_cast<T>(toy.samples.pixels[i]) / T{255};
  }
  GemmBias(x.view(), toy.network->parameters()[0].value.view(),
           toy.network->parameters()[1].value.view().data, z.view());
  std::vector<double> rows(kRows);
  toy.spec.loss->Rows(z.view(), {.labels = toy.samples.labels.data()}, kRows, rows.data(),
                      dz.view());
  const long double exact = std::accumulate(rows.begin(), rows.end(), 0.0L);
  for (const size_t count : {1, 3}) {
    Threads threads(count);
    Toy<T> again(kNet, ToyRegistry(), toy.samples);
    again.Train(kRows, threads, MakePlan(*again.network, kRows, count), 1);
    EXPECT_NEAR(again.last.loss, static_cast<double>(exact), 1e-11 * static_cast<double>(exact));
  }
}

}  // namespace
}  // namespace nabla
