// Plugins that are right, and the same with one flaw each: what the conformance checks must tell
// apart.
#ifndef NABLA_TESTS_PLUGINS_WRONG_PLUGINS_H_
#define NABLA_TESTS_PLUGINS_WRONG_PLUGINS_H_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/model/activation.h"
#include "framework/model/info.h"
#include "framework/model/initializer.h"
#include "framework/model/layer.h"
#include "framework/model/loss.h"
#include "framework/model/metric.h"
#include "framework/model/optimizer.h"
#include "framework/model/schedule.h"

namespace nabla {

enum class Flaw {
  kNone,
  kMissingFactor,
  kWrongSign,
  kWorseFarOut,
  kForgetsBias,
  kNoAccumulation,
  kStateBetweenRows,
  kStateInMember,
  kLooksAtFirstRow,
  kLeavesOut,
  kWritesBeyond,
  kUndocumented,
  kShifted,
  kNegative,
  kPercent,
  kForgetsBlocks,
  kIgnoresSeed,
  kDrifts,
  kUnknownParameter,
};

inline constexpr PluginInfo kTrialInfo{"trial_plugin", "For a test of the checks.", "as it says"};

// y = x^2.
template <typename T, Flaw flaw>
class TrialActivation : public Activation<T> {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;

  template <typename V>
  static void Fields(V& v) {
    v("scale", &TrialActivation::scale, {.doc = flaw == Flaw::kUndocumented ? "" : "a factor"});
  }

  void Forward(Matrix<const T> x, Matrix<T> y) const override {
    for (size_t r = 0; r < x.rows; ++r) {
      const size_t cols = x.cols - (flaw == Flaw::kLeavesOut ? 1 : 0);
      for (size_t c = 0; c < cols; ++c) {
        const T first = flaw == Flaw::kLooksAtFirstRow ? x(0, c) : x(r, c);
        y(r, c) = static_cast<T>(scale) * x(r, c) * first + carry_;
      }
      if (flaw == Flaw::kWritesBeyond) y.Row(r)[x.cols] = 0;
      if (flaw == Flaw::kStateBetweenRows) carry_ = x(r, 0);
    }
  }
  void Backward(Matrix<const T> x, Matrix<const T>, Matrix<const T> dy,
                Matrix<T> dx) const override {
    const T factor = static_cast<T>(scale) * static_cast<T>(flaw == Flaw::kMissingFactor ? 1
                                                            : flaw == Flaw::kWrongSign   ? -2
                                                                                         : 2);
    for (size_t r = 0; r < x.rows; ++r) {
      for (size_t c = 0; c < x.cols; ++c) {
        const T more = flaw == Flaw::kWorseFarOut ? x(r, c) * x(r, c) / 1000 : 0;
        dx(r, c) = factor * (1 + more) * x(r, c) * dy(r, c);
      }
    }
  }

  double scale = 1;

 private:
  mutable T carry_ = 0;
};

// Half the squared distance, summed over C, averaged over rows.
template <typename T, Flaw flaw>
class TrialLoss : public Loss<T> {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;

  void Check(const Shape& output, size_t classes, size_t values) const override {
    if (output.size() != std::max(classes, values)) throw InputError("another size");
  }
  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    const double weight =
        flaw == Flaw::kMissingFactor ? 1 : this->Weight(static_cast<double>(batch_rows));
    for (size_t r = 0; r < z.rows; ++r) {
      rows[r] = carry_;
      for (size_t c = 0; c < z.cols; ++c) {
        const double d = static_cast<double>(z(r, c)) - static_cast<double>(targets.Value(r, c));
        rows[r] += d * d / 2;
        dz(r, c) = static_cast<T>(flaw == Flaw::kWrongSign ? -weight * d : weight * d);
      }
      if (flaw == Flaw::kStateBetweenRows) carry_ = rows[r];
    }
  }

 private:
  mutable double carry_ = 0;
};

// y = x W + b with plain loops.
template <typename T, Flaw flaw>
class TrialLayer : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;
  static constexpr size_t kUnits = 3;

  Shape Output(const Shape&) const override { return {{kUnits}}; }
  void Declare(const Shape& input, Declaration<T>* d) const override {
    const auto zeros = std::make_shared<FilledInitializer<T>>(T{0});
    d->parameters.push_back(
        {.name = "weight", .rows = input.size(), .cols = kUnits, .initializer = zeros});
    d->parameters.push_back({.name = "bias", .rows = 1, .cols = kUnits, .initializer = zeros});
  }
  void Forward(const ForwardBlock<T>& block) const override {
    const auto w = block.parameters[0].value;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t o = 0; o < kUnits; ++o) {
        T sum = block.parameters[1].value(0, o) + carry_;
        for (size_t i = 0; i < block.x.cols; ++i) sum += block.x(r, i) * w(i, o);
        block.y(r, o) = sum;
      }
      if (flaw == Flaw::kStateBetweenRows) carry_ = block.y(r, 0) / 8;
    }
  }
  void Backward(const BackwardBlock<T>& block) const override {
    const auto w = block.parameters[0].value;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t i = 0; i < block.x.cols; ++i) {
        T sum = 0;
        for (size_t o = 0; o < kUnits; ++o) sum += block.dy(r, o) * w(i, o);
        block.dx(r, i) = flaw == Flaw::kWrongSign ? -sum : sum;
      }
    }
  }
  void Gradient(const GradientTile<T>& tile) const override {
    const bool keep = tile.accumulate && flaw != Flaw::kNoAccumulation;
    const bool bias = tile.parameter == 1;
    for (size_t i = 0; i < tile.gradient.rows; ++i) {
      for (size_t o = 0; o < kUnits; ++o) {
        T sum = keep ? tile.gradient(i, o) : T{0};
        for (size_t r = 0; r < tile.dy.rows; ++r) {
          sum += bias ? tile.dy(r, o) : tile.x(r, tile.begin + i) * tile.dy(r, o);
        }
        if (flaw == Flaw::kMissingFactor && !bias) sum /= 2;
        tile.gradient(i, o) = flaw == Flaw::kForgetsBias && bias ? T{0} : sum;
      }
    }
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const std::string weight = flaw == Flaw::kUnknownParameter ? "weigth" : "weight";
    const std::string w = nodes.Parameter(weight, {nodes.input().size(), kUnits});
    const std::string flat = nodes.Flat(x, nodes.input());
    return nodes.Add("Gemm", {flat, w, nodes.Parameter("bias", {kUnits})});
  }

 private:
  mutable T carry_ = 0;
};

// Gradient descent with momentum 1/2.
template <typename T, Flaw flaw>
class TrialOptimizer : public Optimizer<T> {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;

  double LearningRate() const override { return 0.1; }
  size_t States() const override { return 1; }
  void Update(const UpdateSpan<T>& span) const override {
    const T lr = static_cast<T>(flaw == Flaw::kWrongSign ? -span.lr : span.lr);
    for (size_t i = 0; i < span.size; ++i) {
      T& m = flaw == Flaw::kStateInMember ? shared_ : span.states[0][i];
      m = m / 2 + span.gradient[i] + (flaw == Flaw::kShifted ? T(0.2) : T(0));
      span.value[i] -= lr * m;
      if (flaw == Flaw::kStateBetweenRows && i > 0) span.value[i] += lr * span.value[i - 1];
    }
  }

 private:
  mutable T shared_ = 0;
};

template <Flaw flaw>
class TrialSchedule : public Schedule {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;

  double Rate(double base, const ScheduleTime& time) const override {
    const auto t = static_cast<double>(flaw == Flaw::kStateInMember ? calls_++ : time.t);
    if (flaw == Flaw::kNegative) return base * (1 - t / 10);
    return base / (1 + t);
  }

 private:
  mutable int64_t calls_ = 0;
};

template <typename T, Flaw flaw>
class TrialInitializer : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;

  void Fill(Matrix<T> w, const Fans&, Generator& generator) const override {
    for (size_t r = 0; r < w.rows; ++r) {
      for (size_t c = 0; c < w.cols - (flaw == Flaw::kLeavesOut ? 1 : 0); ++c) {
        generator.Normal(std::span<T>(&w(r, c), 1), 0, 1);
        if (flaw == Flaw::kIgnoresSeed) w(r, c) = static_cast<T>(++calls_ % 7);
        if (flaw == Flaw::kDrifts) w(r, c) += static_cast<T>(r) / 8;
        if (flaw == Flaw::kMissingFactor) w(r, c) *= 100;
      }
    }
  }

 private:
  mutable uint64_t calls_ = 0;
};

// The mean of the outputs of the right class, which are probabilities.
template <typename T, Flaw flaw>
class TrialMetric : public Metric<T> {
 public:
  static constexpr PluginInfo kInfo = kTrialInfo;

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Pass>();
  }

 private:
  class Pass : public MetricPass<T> {
   public:
    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      if (flaw == Flaw::kForgetsBlocks) sum_ = rows_ = 0;
      for (size_t r = 0; r < z.rows; ++r) {
        sum_ += static_cast<double>(z(r, static_cast<size_t>(targets.labels[r])));
      }
      rows_ += static_cast<double>(z.rows);
    }
    std::vector<std::pair<std::string, double>> Results() const override {
      if (flaw == Flaw::kUndocumented && rows_ == 0) return {};
      return {{"trial", (flaw == Flaw::kPercent ? 100 : 1) * sum_ / rows_}};
    }

   private:
    double sum_ = 0;
    double rows_ = 0;
  };
};

}  // namespace nabla

#endif  // NABLA_TESTS_PLUGINS_WRONG_PLUGINS_H_
