// Matrices anywhere in memory, for property tests of kernels.
#ifndef NABLA_TESTS_KERNELS_PLACED_H_
#define NABLA_TESTS_KERNELS_PLACED_H_

#include <rapidcheck.h>

#include <cstddef>
#include <random>
#include <vector>

#include "framework/tensor/matrix.h"
#include "tests/kernels/guarded.h"

namespace nabla {

inline size_t Draw(size_t low, size_t high) { return *rc::gen::inRange<size_t>(low, high + 1); }

// A generator whose seed is drawn, so that a failure is shown with it.
inline std::mt19937_64 DrawRandom() { return std::mt19937_64(*rc::gen::arbitrary<uint32_t>()); }

// A rows x cols matrix at any alignment and with any stride, a canary all around its elements.
template <typename T>
class Placed {
 public:
  Placed(size_t rows, size_t cols)
      : begin_(Draw(0, 17)),
        view_{nullptr, rows, cols, cols + Draw(0, 20)},
        memory_(begin_ + rows * view_.stride + 1, kCanary) {
    view_.data = memory_.data() + begin_;
  }
  Placed(const Placed&) = delete;
  Placed& operator=(const Placed&) = delete;

  Matrix<T> view() const { return view_; }

  // Whether nothing beside the elements was written.
  bool Intact() const {
    for (size_t i = 0; i < memory_.size(); ++i) {
      const size_t from = i - begin_;
      const bool inside = i >= begin_ && from < view_.rows * view_.stride && view_.cols > 0 &&
                          from % view_.stride < view_.cols;
      if (!inside && memory_[i] != kCanary) return false;
    }
    return true;
  }

 private:
  static constexpr T kCanary = T(-12345.678);

  size_t begin_;
  Matrix<T> view_;
  std::vector<T> memory_;
};

template <typename T>
bool SameBits(const Matrix<T>& a, const Matrix<T>& b) {
  for (size_t r = 0; r < a.rows; ++r) {
    for (size_t c = 0; c < a.cols; ++c) {
      if (!SameBits(a(r, c), b(r, c))) return false;
    }
  }
  return true;
}

template <typename T>
void Copy(const Matrix<T>& from, const Matrix<T>& to) {
  for (size_t r = 0; r < from.rows; ++r) {
    for (size_t c = 0; c < from.cols; ++c) to(r, c) = from(r, c);
  }
}

}  // namespace nabla

#endif  // NABLA_TESTS_KERNELS_PLACED_H_
