// The checks behind conformance.h, one function per kind; internal to this folder.
#ifndef NABLA_FRAMEWORK_CHECK_CONFORMANCE_CHECKS_H_
#define NABLA_FRAMEWORK_CHECK_CONFORMANCE_CHECKS_H_

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/generator.h"
#include "framework/check/example_config.h"
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
};

// The checks made so far, each with its first failure ("" if it passed).
class Findings {
 public:
  void Check(const std::string& check) { Find(check); }
  void Fail(const std::string& check, const std::string& message) {
    std::string& kept = Find(check).second;
    if (kept.empty()) kept = message;
  }
  void Expect(bool holds, const std::string& check, const std::string& message) {
    Check(check);
    if (!holds) Fail(check, message);
  }
  const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }

 private:
  std::pair<std::string, std::string>& Find(const std::string& check) {
    for (auto& entry : all_) {
      if (entry.first == check) return entry;
    }
    return all_.emplace_back(check, "");
  }

  std::vector<std::pair<std::string, std::string>> all_;
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
  // What is wrong, or "".
  std::string Complaint() const {
    for (size_t i = 0; i < data_.size(); ++i) {
      const bool inside = i % (cols_ + kGuard) < cols_;
      if (inside && std::isnan(data_[i])) return "leaves numbers unwritten or writes NaN";
      if (!inside && !std::isnan(data_[i])) return "writes beyond its rows";
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

// Compares derivatives with central differences.
class SlopeJudge {
 public:
  // `slope` is the derivative of f() by *x. Points where differences of two widths disagree are not
  // judged, since f is not smooth there.
  template <typename F>
  void Compare(double* x, double slope, F f) {
    constexpr double kStep = 1e-5;
    const double at = *x;
    const auto difference = [&](double h) {
      *x = at + h;
      const double above = f();
      *x = at - h;
      const double below = f();
      *x = at;
      return (above - below) / (2 * h);
    };
    const double near = difference(kStep);
    const double wide = difference(2 * kStep);
    // Richardson extrapolation: the error terms in h^2 cancel.
    const double expected = (4 * near - wide) / 3;
    const double scale = std::max({1.0, std::abs(expected), std::abs(slope)});
    ++seen_;
    if (!(std::abs(near - wide) <= 1e-4 * scale)) return;
    ++judged_;
    if (std::abs(slope - expected) <= 1e-6 * scale) return;
    if (message_.empty()) {
      message_ = "gives " + std::to_string(slope) + ", but finite differences give " +
                 std::to_string(expected);
    }
  }

  // What is wrong, or "".
  std::string Complaint() const {
    if (!message_.empty()) return message_;
    if (4 * judged_ < 3 * seen_) return "the value is NaN or not smooth at too many points";
    return "";
  }

 private:
  size_t seen_ = 0;
  size_t judged_ = 0;
  std::string message_;
};

void CheckActivation(const Subject& subject, Findings& findings);
void CheckLoss(const Subject& subject, Findings& findings);
void CheckLayer(const Subject& subject, Findings& findings);
void CheckOptimizer(const Subject& subject, Findings& findings);
void CheckSchedule(const Subject& subject, Findings& findings);
void CheckInitializer(const Subject& subject, Findings& findings);
void CheckMetric(const Subject& subject, Findings& findings);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CONFORMANCE_CHECKS_H_
