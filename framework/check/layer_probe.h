// Runs one layer in the engine and gives access to every number that goes in or comes out; used by
// the checks of layers.
#ifndef NABLA_FRAMEWORK_CHECK_LAYER_PROBE_H_
#define NABLA_FRAMEWORK_CHECK_LAYER_PROBE_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/engine/step.h"

namespace nabla {

// How a step is cut: rows of a chunk and of a block, parameter rows of a tile; 0 = all.
struct Cuts {
  size_t chunk = 0;
  size_t block = 0;
  size_t tile = 0;

  bool operator==(const Cuts&) const = default;
};

// The network is a layer that passes its input on, followed by the probed layer. The loss is
// sum(dy * y) over a batch of B rows, so the engine's gradients are those of this sum.
template <typename T>
class LayerProbe {
 public:
  // Initializes the parameters as the layer does. Throws InputError if it does not accept such
  // rows.
  LayerProbe(std::shared_ptr<const Layer<T>> layer, const Shape& input, size_t rows,
             Generator& generator);
  ~LayerProbe();

  std::span<double> x() { return x_; }    // (B, I)
  std::span<double> dy() { return dy_; }  // (B, O)
  const Shape& input() const { return network_.layers()[1].input; }
  const Shape& output() const { return network_.output(); }

  // The layer's parameters and buffers.
  size_t parameter_count() const { return network_.parameters().size() - 1; }
  const Parameter<T>& parameter(size_t i) const { return network_.parameters()[i + 1]; }
  size_t rows() const { return rows_; }
  // The probed layer is the second one, "1".
  const Network<T>& network() const { return network_; }
  // Whether cuts must keep rows together: all of them, or groups of kGradientRows.
  bool coupled() const { return !network_.coupled_layers().empty(); }
  bool blockwise_gradient() const;

  // A training step that changes no parameter; returns sum(dy * y).
  double Run(const Cuts& cuts = {});
  // The results of the last Run.
  Matrix<const T> y() const { return step_->Output(network_.layers().size() - 1).Rows(0, rows_); }
  Matrix<const T> dx() const { return step_->OutputGradient(0).Rows(0, rows_); }
  Matrix<const T> gradient(size_t i) const { return step_->gradients()[i + 1].view(); }

  // False for layers with inner layers: only the engine can run those.
  bool evaluates() const {
    return network_.layers().size() == 2 && network_.layers()[1].layer != nullptr;
  }
  // y (B, O) in evaluation mode, computed in blocks of `block` rows.
  void Evaluate(size_t block, Matrix<T> y) const;

 private:
  Plan MakeCutPlan(const Cuts& cuts) const;

  const size_t rows_;
  Network<T> network_;
  std::unique_ptr<Loss<T>> loss_;
  std::unique_ptr<Optimizer<T>> optimizer_;
  std::vector<double> x_;
  std::vector<double> dy_;
  std::vector<uint32_t> order_;
  Samples samples_;
  Threads threads_;
  Cuts cuts_;
  std::optional<Step<T>> step_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_LAYER_PROBE_H_
