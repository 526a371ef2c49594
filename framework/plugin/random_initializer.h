// What random initializers have in common.
#ifndef NABLA_FRAMEWORK_PLUGIN_RANDOM_INITIALIZER_H_
#define NABLA_FRAMEWORK_PLUGIN_RANDOM_INITIALIZER_H_

#include <cmath>
#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/model/initializer.h"

namespace nabla {

// The order in which a generator's numbers fill a weight W (I, O). It matters only for matching the
// bits of another library, whose storage order decides.
enum class Layout { kInOut, kOutIn };

template <>
struct EnumNames<Layout> {
  static constexpr std::pair<Layout, const char*> kNames[] = {{Layout::kInOut, "in_out"},
                                                              {Layout::kOutIn, "out_in"}};
};

template <typename T>
class RandomInitializer : public Initializer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("layout", &RandomInitializer::layout,
      {.doc = "order of drawing: row by row of W (I, O), or of (O, I) as in PyTorch's layers"});
  }

  Layout layout = Layout::kInOut;

 protected:
  void FillNormal(Matrix<T> w, const Fans& fans, double mean, double std,
                  Generator& generator) const {
    std::vector<T> values(w.rows * w.cols);
    generator.Normal(values, mean, std);
    Store(values, fans, w);
  }

  // From low to high.
  void FillUniform(Matrix<T> w, const Fans& fans, double low, double high,
                   Generator& generator) const {
    std::vector<T> values(w.rows * w.cols);
    generator.Uniform(values, low, high);
    Store(values, fans, w);
  }

  // Uniform with mean 0 and this standard deviation.
  void FillUniform(Matrix<T> w, const Fans& fans, double std, Generator& generator) const {
    const double bound = std::sqrt(3.0) * std;
    FillUniform(w, fans, -bound, bound, generator);
  }

  void Store(const std::vector<T>& values, const Fans& fans, Matrix<T> w) const {
    const bool as_stored = (layout == Layout::kOutIn) == fans.rows_are_outputs;
    for (size_t r = 0; r < w.rows; ++r) {
      for (size_t c = 0; c < w.cols; ++c) {
        w(r, c) = values[as_stored ? r * w.cols + c : c * w.rows + r];
      }
    }
  }
};

// By Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
// (AISTATS 2010): the variance is a compromise between the two directions.
template <typename T>
class XavierInitializer : public RandomInitializer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("gain", &XavierInitializer::gain, {.doc = "multiplies the standard deviation", .min = 0});
    RandomInitializer<T>::Fields(v);
  }

  double gain = 1;

 protected:
  double Std(const Fans& fans) const {
    return gain * std::sqrt(2.0 / static_cast<double>(fans.in + fans.out));
  }
};

enum class FanMode { kIn, kOut };
enum class Nonlinearity { kLinear, kSigmoid, kTanh, kRelu, kLeakyRelu, kSelu };

template <>
struct EnumNames<FanMode> {
  static constexpr std::pair<FanMode, const char*> kNames[] = {{FanMode::kIn, "fan_in"},
                                                               {FanMode::kOut, "fan_out"}};
};

template <>
struct EnumNames<Nonlinearity> {
  static constexpr std::pair<Nonlinearity, const char*> kNames[] = {
      {Nonlinearity::kLinear, "linear"},
      {Nonlinearity::kSigmoid, "sigmoid"},
      {Nonlinearity::kTanh, "tanh"},
      {Nonlinearity::kRelu, "relu"},
      {Nonlinearity::kLeakyRelu, "leaky_relu"},
      {Nonlinearity::kSelu, "selu"}};
};

// The gain that PyTorch recommends for a nonlinearity (torch.nn.init.calculate_gain).
inline double Gain(Nonlinearity nonlinearity, double a) {
  switch (nonlinearity) {
    case Nonlinearity::kTanh:
      return 5.0 / 3;
    case Nonlinearity::kRelu:
      return std::sqrt(2.0);
    case Nonlinearity::kLeakyRelu:
      return std::sqrt(2.0 / (1 + a * a));
    case Nonlinearity::kSelu:
      return 0.75;
    case Nonlinearity::kLinear:
    case Nonlinearity::kSigmoid:
      break;
  }
  return 1;
}

// By He, Zhang, Ren and Sun, "Delving deep into rectifiers" (ICCV 2015): a ReLU then keeps the
// variance in one direction.
template <typename T>
class KaimingInitializer : public RandomInitializer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    using S = KaimingInitializer;
    v("a", &S::a, {.doc = "slope below zero of the leaky_relu that follows"});
    v("mode", &S::mode, {.doc = "keep the variance on the way forward (fan_in) or back (fan_out)"});
    v("nonlinearity", &S::nonlinearity, {.doc = "the activation that follows; decides the gain"});
    RandomInitializer<T>::Fields(v);
  }

  double a = 0;
  FanMode mode = FanMode::kIn;
  Nonlinearity nonlinearity = Nonlinearity::kLeakyRelu;

 protected:
  double Std(const Fans& fans) const {
    const size_t fan = mode == FanMode::kIn ? fans.in : fans.out;
    return Gain(nonlinearity, a) / std::sqrt(static_cast<double>(fan));
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_RANDOM_INITIALIZER_H_
