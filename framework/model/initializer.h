// The first values of a parameter.
#ifndef NABLA_FRAMEWORK_MODEL_INITIALIZER_H_
#define NABLA_FRAMEWORK_MODEL_INITIALIZER_H_

#include <cstddef>
#include <vector>

#include "framework/base/generator.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// The number of inputs and outputs that a weight connects; a bias has those of its layer.
struct Fans {
  size_t in = 0;
  size_t out = 0;
  bool rows_are_outputs = false;  // the parameter is stored (O, I), as in convolutions
};

template <typename T>
class Initializer {
 public:
  using Interface = Initializer;
  static constexpr const char* kKind = "initializer";
  virtual ~Initializer() = default;

  // Fills w (I, O), or a bias (1, O), drawing from `generator` in row-major order of w unless the
  // initializer documents another order. Throws InputError if the shape does not fit.
  virtual void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const = 0;

 protected:
  // w = `values` in row-major order of w.
  static void Assign(const std::vector<T>& values, Matrix<T> w) {
    for (size_t r = 0; r < w.rows; ++r) {
      for (size_t c = 0; c < w.cols; ++c) w(r, c) = values[r * w.cols + c];
    }
  }
};

// One value everywhere; layers use it for their own scales and shifts.
template <typename T>
class FilledInitializer final : public Initializer<T> {
 public:
  explicit FilledInitializer(T value) : value_(value) {}

  void Fill(Matrix<T> w, const Fans&, Generator&) const override {
    for (size_t r = 0; r < w.rows; ++r) {
      for (size_t c = 0; c < w.cols; ++c) w(r, c) = value_;
    }
  }

 private:
  T value_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_INITIALIZER_H_
