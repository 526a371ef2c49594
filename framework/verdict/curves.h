// All the figures of a notebook's run and of our own runs, side by side.
#ifndef NABLA_FRAMEWORK_VERDICT_CURVES_H_
#define NABLA_FRAMEWORK_VERDICT_CURVES_H_

#include <cstddef>
#include <span>
#include <vector>

namespace nabla {

// n curves of m figures. A figure that a run does not have is NaN.
class Curves {
 public:
  Curves(size_t n, size_t m) : n_(n), m_(m), values_(n * m) {}

  size_t n() const { return n_; }
  size_t m() const { return m_; }

  std::span<double> operator[](size_t curve) { return {values_.data() + curve * m_, m_}; }
  std::span<const double> operator[](size_t curve) const {
    return {values_.data() + curve * m_, m_};
  }

 private:
  size_t n_;
  size_t m_;
  std::vector<double> values_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_CURVES_H_
