// What the checks of a plugin found; internal to this folder.
#ifndef NABLA_FRAMEWORK_CHECK_FINDINGS_H_
#define NABLA_FRAMEWORK_CHECK_FINDINGS_H_

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "framework/config/node.h"
#include "framework/tensor/matrix.h"

namespace nabla {

struct CheckFinding {
  std::string check;
  std::string message;  // of the worst failure; "" if the check passed
  double badness = 0;   // of that failure
};

// The checks made so far, each with its worst failure.
class Findings {
 public:
  // What is compared from now on, such as "4 rows of 17, float64, {beta: 2}": each message ends
  // with it, so that its author can make the failure again. "" for nothing.
  void SetTrial(std::string trial) { trial_ = std::move(trial); }

  void Check(const std::string& check) { Find(check); }
  // The worst message is kept, the first of equally bad ones.
  void Fail(const std::string& check, const std::string& message, double badness = 0);
  void Expect(bool holds, const std::string& check, const std::string& message,
              double badness = 0) {
    Check(check);
    if (!holds) Fail(check, message, badness);
  }
  const std::vector<CheckFinding>& all() const { return all_; }

 private:
  CheckFinding& Find(const std::string& check);

  std::vector<CheckFinding> all_;
  std::string trial_;
};

// "[5]" in a single row, "[2, 5]" in several.
std::string PlaceText(size_t rows, size_t row, size_t col);

// How far two numbers are apart, relative to the larger if that is above 1; infinite if one of them
// is not finite.
double Apart(double a, double b);

// The parameters of a plugin on one line: "{beta: 2, mode: same}"; "no parameters".
std::string ParametersText(const Node& config);

template <typename T>
std::string NumberType() {
  return std::is_same_v<T, float> ? "float32" : "float64";
}

// Requires the same bits. A failure names the numbers that are farthest apart, those of `whole` and
// those that came out `how`: "in pieces".
template <typename T>
void ExpectSame(Findings& findings, const std::string& check, const std::string& what,
                const std::string& how, Matrix<const T> whole, Matrix<const T> other);

// Compares derivatives with central differences, and keeps the worst deviation.
class SlopeJudge {
 public:
  // Where a derivative stands, and what it is taken at.
  struct Place {
    std::string derivative;  // "dx[2, 5]"
    std::string inputs;      // "x = 0.5, dy = 1.2"
  };

  // `slope` is the derivative of f() by *x, at the Place where(). Points where differences of two
  // widths disagree are not judged, since f is not smooth there.
  template <typename F, typename W>
  void Compare(double* x, double slope, F f, W where) {
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
    if (!(std::abs(near - wide) <= 1e-4 * scale)) {
      if (rough_.inputs.empty()) rough_ = where();
      return;
    }
    ++judged_;
    if (std::abs(slope - expected) <= 1e-6 * scale) return;
    const double apart = Apart(slope, expected);
    if (!message_.empty() && apart <= badness_) return;
    badness_ = apart;
    message_ = Deviation(slope, expected, where());
  }

  // What is wrong, or "".
  std::string Complaint() const;
  double badness() const { return badness_; }

 private:
  static std::string Deviation(double slope, double expected, const Place& place);

  size_t seen_ = 0;
  size_t judged_ = 0;
  double badness_ = 0;
  std::string message_;
  Place rough_;  // the first one where f is not smooth
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_FINDINGS_H_
