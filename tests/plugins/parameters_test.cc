// Parameters of plugins that do not go together are refused.
#include <gtest/gtest.h>

#include "tests/plugins/made.h"

namespace nabla {
namespace {

template <typename I>
void ExpectRefused(const std::string& yaml) {
  EXPECT_THROW(Made<I>(yaml), InputError) << yaml;
}

TEST(ParametersTest, Optimizers) {
  ExpectRefused<Optimizer<double>>("{name: sgd, nesterov: true}");
  ExpectRefused<Optimizer<double>>("{name: sgd, momentum: 0.9, dampening: 0.1, nesterov: true}");
  ExpectRefused<Optimizer<double>>("{name: adam, betas: [0.9]}");
  ExpectRefused<Optimizer<double>>("{name: adam, betas: [0.9, 1]}");
  ExpectRefused<Optimizer<double>>("{name: adamw, lr: -1}");
}

TEST(ParametersTest, StatesAreOnlyWhatIsNeeded) {
  const auto states = [](const std::string& yaml) {
    return Made<Optimizer<double>>(yaml)->States();
  };
  EXPECT_EQ(states("sgd"), 0u);
  EXPECT_EQ(states("{name: sgd, momentum: 0.9}"), 1u);
  EXPECT_EQ(states("rmsprop"), 1u);
  EXPECT_EQ(states("{name: rmsprop, momentum: 0.9}"), 2u);
  EXPECT_EQ(states("{name: rmsprop, momentum: 0.9, centered: true}"), 3u);
  EXPECT_EQ(states("adam"), 2u);
  EXPECT_EQ(states("{name: adam, amsgrad: true}"), 3u);
}

TEST(ParametersTest, LossesAndActivations) {
  ExpectRefused<Loss<double>>("{name: nll, input: log_probabilities, epsilon: 1e-12}");
  ExpectRefused<Loss<double>>("{name: cross_entropy, label_smoothing: 0.1, clamp: 1e-12}");
  ExpectRefused<Loss<double>>("{name: multi_margin, p: 3}");
  ExpectRefused<Loss<double>>("{name: mse, reduction: none}");
  ExpectRefused<Activation<double>>("{name: hardtanh, min_val: 1, max_val: 1}");
  ExpectRefused<Activation<double>>("{name: gelu, approximate: erf}");
}

// PyTorch's name for the reduction and ours mean the same, and print as one.
TEST(ParametersTest, BatchmeanIsSumOverClasses) {
  EXPECT_EQ((Made<Loss<double>>("{name: kl_div, reduction: batchmean}")->Weight(4)), 0.25);
  EXPECT_EQ((Made<Loss<double>>("{name: kl_div, reduction: sum}")->Weight(4)), 1);
}

}  // namespace
}  // namespace nabla
