// The checks behind conformance.h, one function per kind; internal to this folder.
#ifndef NABLA_FRAMEWORK_CHECK_CONFORMANCE_CHECKS_H_
#define NABLA_FRAMEWORK_CHECK_CONFORMANCE_CHECKS_H_

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/generator.h"
#include "framework/check/example_config.h"
#include "framework/check/findings.h"
#include "framework/plugin/registry.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// A plugin under check.
struct Subject {
  const Registry& registry;
  std::string kind;
  std::string name;
  size_t trials = 20;

  // The plugin made from ExampleConfig; null if those parameters exclude each other.
  template <typename T, typename I>
  std::shared_ptr<const I> Make(size_t variant, Vary vary) const {
    Problems problems;
    const Node config = ExampleConfig(registry, kind, name, variant, vary);
    const MadePlugin made = registry.Maker<T>()->Make(kind, config, problems);
    return problems.empty() ? std::static_pointer_cast<const I>(made.object) : nullptr;
  }

  // What a failure was found with: "4 rows of 17, float64, {beta: 2}". Where there are too many
  // parameters for a line, only those are said that are not left to their defaults.
  template <typename T>
  std::string Trial(const std::string& data, size_t variant, Vary vary) const {
    constexpr size_t kMost = 100;
    Problems problems;
    const Node example = ExampleConfig(registry, kind, name, variant, vary);
    std::string all = ParametersText(registry.Maker<T>()->Make(kind, example, problems).config);
    if (all.size() > kMost) all = ParametersText(example) + ", else defaults";
    return data + ", " + NumberType<T>() + ", " + all;
  }
};

// Random numbers for checks.
class Dice {
 public:
  explicit Dice(uint64_t seed) : generator_(MakeGenerator(RngKind::kNabla, seed)) {}

  Generator& generator() { return *generator_; }
  // Uniform in least .. most, both included.
  size_t Size(size_t least, size_t most) { return least + generator_->Below(most - least + 1); }
  double Normal() {
    double value;
    generator_->Normal({&value, 1}, 0, 1);
    return value;
  }
  double Uniform(double low, double high) {
    double value;
    generator_->Uniform({&value, 1}, low, high);
    return value;
  }

 private:
  std::unique_ptr<Generator> generator_;
};

// A matrix that detects missing and stray writes: it starts as NaN, and guard columns to its right
// must stay NaN.
template <typename T>
class ProbeMatrix {
 public:
  ProbeMatrix(size_t rows, size_t cols)
      : data_(rows * (cols + kGuard), std::numeric_limits<T>::quiet_NaN()),
        rows_(rows),
        cols_(cols) {}

  Matrix<T> view() { return {data_.data(), rows_, cols_, cols_ + kGuard}; }
  // What is wrong, and where first; or "".
  std::string Complaint() const {
    for (size_t i = 0; i < data_.size(); ++i) {
      const size_t row = i / (cols_ + kGuard);
      const size_t col = i % (cols_ + kGuard);
      const std::string at = PlaceText(rows_, row, col);
      if (col < cols_ && std::isnan(data_[i])) {
        return "leaves numbers unwritten or writes NaN, first at " + at;
      }
      if (col >= cols_ && !std::isnan(data_[i])) return "writes beyond its rows, first at " + at;
    }
    return "";
  }

 private:
  static constexpr size_t kGuard = 3;
  std::vector<T> data_;
  size_t rows_;
  size_t cols_;
};

template <typename T>
bool SameBits(Matrix<const T> a, Matrix<const T> b) {
  for (size_t r = 0; r < a.rows; ++r) {
    if (std::memcmp(a.Row(r), b.Row(r), a.cols * sizeof(T)) != 0) return false;
  }
  return a.rows == b.rows && a.cols == b.cols;
}

void CheckActivation(const Subject& subject, Findings& findings);
void CheckLoss(const Subject& subject, Findings& findings);
void CheckLayer(const Subject& subject, Findings& findings);
void CheckOptimizer(const Subject& subject, Findings& findings);
void CheckSchedule(const Subject& subject, Findings& findings);
void CheckInitializer(const Subject& subject, Findings& findings);
void CheckMetric(const Subject& subject, Findings& findings);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CONFORMANCE_CHECKS_H_
