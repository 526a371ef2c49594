// An activation: a function of rows without parameters.
#ifndef NABLA_FRAMEWORK_MODEL_ACTIVATION_H_
#define NABLA_FRAMEWORK_MODEL_ACTIVATION_H_

#include <string>
#include <vector>

#include "framework/model/onnx_nodes.h"
#include "framework/tensor/matrix.h"

namespace nabla {

template <typename T>
class Activation {
 public:
  using Interface = Activation;
  static constexpr const char* kKind = "activation";
  virtual ~Activation() = default;

  // y (R, C) from x (R, C); a row of y depends on the same row of x alone.
  virtual void Forward(Matrix<const T> x, Matrix<T> y) const = 0;
  // dx (R, C) from dy (R, C) and the input and output of Forward.
  virtual void Backward(Matrix<const T> x, Matrix<const T> y, Matrix<const T> dy,
                        Matrix<T> dx) const = 0;
  // Where the derivative jumps; checks by finite differences avoid these places.
  virtual std::vector<double> Kinks() const { return {}; }
  // y from the rows x as nodes of an ONNX graph; the name of y, or "" if there is no counterpart.
  virtual std::string Onnx(const std::string& /*x*/, OnnxNodes& /*nodes*/) const { return ""; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_ACTIVATION_H_
