// Penalties on the parameters, which are part of the loss.
#ifndef NABLA_FRAMEWORK_ENGINE_PENALTIES_H_
#define NABLA_FRAMEWORK_ENGINE_PENALTIES_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/engine/network.h"

namespace nabla {

enum class PenalizedParameters { kWeights, kAll };
enum class PenaltyShown { kNone, kTrain, kBoth };

template <>
struct EnumNames<PenalizedParameters> {
  static constexpr std::pair<PenalizedParameters, const char*> kNames[] = {
      {PenalizedParameters::kWeights, "weights"}, {PenalizedParameters::kAll, "all"}};
};

template <>
struct EnumNames<PenaltyShown> {
  static constexpr std::pair<PenaltyShown, const char*> kNames[] = {{PenaltyShown::kNone, "none"},
                                                                    {PenaltyShown::kTrain, "train"},
                                                                    {PenaltyShown::kBoth, "both"}};
};

// P = l2 / 2 sum of w^2 + l1 sum of |w|, divided by the number of rows of the batch if per_row is
// set. Training adds dP/dw = l2 w + l1 sign(w), divided likewise, to the gradient before it is
// clipped, if `trained` is set; sign(0) = 0. The losses that are shown contain P of the weights
// with which they are computed.
struct Penalty {
  double l2 = 0;
  double l1 = 0;
  bool per_row = false;
  PenalizedParameters parameters = PenalizedParameters::kWeights;
  std::vector<int64_t> layers;
  bool trained = true;
  PenaltyShown shown = PenaltyShown::kTrain;

  template <typename V>
  static void Fields(V& v) {
    using S = Penalty;
    v("l2", &S::l2, {.doc = "factor of sum w^2 / 2, and of w in the gradient", .min = 0});
    v("l1", &S::l1, {.doc = "factor of sum |w|, and of sign(w) in the gradient", .min = 0});
    v("per_row", &S::per_row, {.doc = "divide the penalty by the number of rows, B"});
    v("parameters", &S::parameters,
      {.doc = "only weights and the scales of norms, or biases and shifts too"});
    v("layers", &S::layers,
      {.doc = "positions in model, from 0, of the layers that it is for; all if left out",
       .min = 0});
    v("trained", &S::trained, {.doc = "whether it is part of the gradient"});
    v("shown", &S::shown,
      {.doc = "the losses that contain it: none, that of training, or that of the test rows too"});
  }
};

// Whether a penalty holds for a parameter, whose name is "2.weight", or "2.0.weight" inside a
// residual.
template <typename T>
bool Concerns(const Penalty& penalty, const Parameter<T>& parameter) {
  const bool weight = parameter.name.ends_with(".weight");
  if (!parameter.trained) return false;
  if (penalty.parameters == PenalizedParameters::kWeights && !weight) return false;
  const int64_t listed = std::stoll(parameter.name);
  return penalty.layers.empty() || std::ranges::count(penalty.layers, listed) > 0;
}

// The penalties of one training.
template <typename T>
class Penalties {
 public:
  Penalties() = default;
  // The network must outlive it.
  Penalties(const Network<T>& network, std::vector<Penalty> penalties)
      : network_(&network), penalties_(std::move(penalties)) {}

  // Adds to rows [begin, begin + gradient.rows) of a parameter's gradient in a batch of
  // `batch_rows` rows, before the update. Elements do not depend on each other.
  void AddGradient(size_t parameter, size_t begin, size_t batch_rows, Matrix<T> gradient) const {
    for (const Penalty& penalty : penalties_) {
      const Parameter<T>& p = network_->parameters()[parameter];
      if (!penalty.trained || !Concerns(penalty, p)) continue;
      const double share = Share(penalty, batch_rows);
      const T l2 = static_cast<T>(penalty.l2 * share);
      const T l1 = static_cast<T>(penalty.l1 * share);
      const T* w = p.value.view().Row(begin);
      for (size_t i = 0; i < gradient.rows * gradient.stride; ++i) {
        const T sign = w[i] > 0 ? T{1} : w[i] < 0 ? T{-1} : T{0};
        gradient.data[i] += l2 * w[i] + l1 * sign;
      }
    }
  }

  // The sum of those that are shown in the loss of training rows, or of test rows, of which there
  // are `rows`. Added up in double, in the order of the parameters.
  double Shown(bool test, size_t rows) const {
    double sum = 0;
    for (const Penalty& penalty : penalties_) {
      const PenaltyShown least = test ? PenaltyShown::kBoth : PenaltyShown::kTrain;
      if (penalty.shown < least) continue;
      for (const Parameter<T>& p : network_->parameters()) {
        if (Concerns(penalty, p)) sum += Share(penalty, rows) * Value(penalty, p.value.view());
      }
    }
    return sum;
  }

 private:
  static double Share(const Penalty& penalty, size_t rows) {
    return penalty.per_row ? 1 / static_cast<double>(rows) : 1;
  }

  static double Value(const Penalty& penalty, Matrix<const T> weights) {
    double squares = 0;
    double sizes = 0;
    for (size_t r = 0; r < weights.rows; ++r) {
      for (size_t c = 0; c < weights.cols; ++c) {
        const auto w = static_cast<double>(weights(r, c));
        squares += w * w;
        sizes += std::abs(w);
      }
    }
    return penalty.l2 / 2 * squares + penalty.l1 * sizes;
  }

  const Network<T>* network_ = nullptr;
  std::vector<Penalty> penalties_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_PENALTIES_H_
