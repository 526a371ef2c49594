// The parameters that optimizers have in common.
#ifndef NABLA_FRAMEWORK_PLUGIN_OPTIMIZERS_H_
#define NABLA_FRAMEWORK_PLUGIN_OPTIMIZERS_H_

#include <vector>

#include "framework/base/error.h"
#include "framework/config/fields.h"
#include "framework/model/optimizer.h"

namespace nabla {

template <typename T>
class DecayingOptimizer : public Optimizer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    using S = DecayingOptimizer;
    v("lr", &S::lr, {.doc = "learning rate", .min = 0});
    v("weight_decay", &S::weight_decay, {.doc = "how strongly p is pulled towards 0", .min = 0});
  }

  double LearningRate() const override { return lr; }

  double lr = 0.001;
  double weight_decay = 0;
};

// With averages of the gradient (betas[0]) and of its square or size (betas[1]).
template <typename T>
class MomentOptimizer : public DecayingOptimizer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    BetaFields(v);
    v("eps", &MomentOptimizer::eps, {.doc = "keeps the divisor above 0", .min = 0});
  }
  template <typename V>
  static void BetaFields(V& v) {
    v("betas", &MomentOptimizer::betas,
      {.doc = "fractions that the averages of g and of its square (or size) keep per step",
       .min = 0,
       .max = 1,
       .below_max = true});
  }
  void CheckFields() const {
    if (betas.size() != 2) throw InputError("betas must be two numbers");
  }

  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_OPTIMIZERS_H_
