// The checks behind conformance.h, one function a kind. Not for other use.
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
#include "framework/plugin/registry.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// A plugin under check.
struct Subject {
  const Registry& registry;
  std::string kind;
  std::string name;
  size_t trials = 20;

  // The plugin as ExampleConfig says; null if those parameters do not go together.
  template <typename T, typename I>
  std::shared_ptr<const I> Make(size_t variant, Vary vary) const {
    Problems problems;
    const Node config = ExampleConfig(registry, kind, name, variant, vary);
    const MadePlugin made = registry.Maker<T>()->Make(kind, config, problems);
    return problems.empty() ? std::static_pointer_cast<const I>(made.object) : nullptr;
  }
};

// What was checked and, of each check, the first thing that was wrong.
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
  // least .. most.
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

// A matrix that knows what was written: NaN at first, with columns behind the last one that nobody
// may touch.
template <typename T>
class GuardedMatrix {
 public:
  GuardedMatrix(size_t rows, size_t cols)
      : data_(rows * (cols + kGuard), std::numeric_limits<T>::quiet_NaN()),
        rows_(rows),
        cols_(cols) {}

  Matrix<T> view() { return {data_.data(), rows_, cols_, cols_ + kGuard}; }
  // "" or what is wrong.
  std::string Complaint() const {
    for (size_t i = 0; i < data_.size(); ++i) {
      const bool inside = i % (cols_ + kGuard) < cols_;
      if (inside && std::isnan(data_[i])) return "leaves numbers out, or gives NaN";
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
  // f() is a function of *x, with the derivative `slope` there. Where the differences of two widths
  // disagree f is not smooth, and nothing is said.
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
    // The error that goes with the square of the width cancels.
    const double expected = (4 * near - wide) / 3;
    const double scale = std::max({1.0, std::abs(expected), std::abs(slope)});
    ++seen_;
    if (!(std::abs(near - wide) <= 1e-4 * scale)) return;
    ++judged_;
    if (std::abs(slope - expected) <= 1e-6 * scale) return;
    if (message_.empty()) {
      message_ = "gives " + std::to_string(slope) + " where differences of the value give " +
                 std::to_string(expected);
    }
  }

  // "" or what is wrong.
  std::string Complaint() const {
    if (!message_.empty()) return message_;
    if (4 * judged_ < 3 * seen_) return "the value is rough or NaN almost everywhere";
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
