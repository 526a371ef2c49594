#include "framework/measure/layer_values.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "framework/engine/rows.h"

namespace nabla {
namespace {

constexpr size_t kMostRows = 1000;
constexpr size_t kMostEpochs = 200;
// Enough for a scale, and few beside those that a step computes.
constexpr size_t kMostScaledRows = 128;

// The numbers of an output that belong to one unit.
size_t PlacesOf(const Shape& output) {
  return output.dims.size() == 3 ? output.size() / output.dims[0] : 1;
}

template <typename T>
LayerValues ValuesOf(const NetworkLayer<T>& layer, Matrix<const T> y) {
  const size_t places = PlacesOf(layer.output);
  LayerValues values{.layer = layer.path, .rows = y.rows, .units = y.cols / places};
  double sum = 0;
  double squares = 0;
  for (size_t unit = 0; unit < values.units; ++unit) {
    const T first = y(0, unit * places);
    bool still = true;
    for (size_t r = 0; r < y.rows; ++r) {
      for (size_t c = unit * places; c < (unit + 1) * places; ++c) {
        const auto v = static_cast<double>(y(r, c));
        still = still && y(r, c) == first;
        sum += v;
        squares += v * v;
      }
    }
    values.still += still;
  }
  const auto count = static_cast<double>(y.rows * y.cols);
  values.mean = sum / count;
  values.std = std::sqrt(std::max(0.0, squares / count - values.mean * values.mean));
  return values;
}

template <typename T>
double RootMeanSquare(Matrix<const T> m) {
  double squares = 0;
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t c = 0; c < m.cols; ++c) {
      squares += static_cast<double>(m(r, c)) * static_cast<double>(m(r, c));
    }
  }
  return std::sqrt(squares / static_cast<double>(std::max<size_t>(1, m.rows * m.cols)));
}

bool AllFinite(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
}

// As before the first step.
bool AllZero(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double v) { return v == 0; });
}

}  // namespace

template <typename T>
LayerOutputs<T>::LayerOutputs(const Network<T>& network, size_t rows)
    : network_(network), scratch_(network.scratch()) {
  for (const NetworkLayer<T>& layer : network.layers()) {
    outputs_.emplace_back(rows, layer.output.size());
  }
}

template <typename T>
const std::vector<OwnedMatrix<T>>& LayerOutputs<T>::Of(Matrix<const T> x) {
  const FlushDenormals flush;
  const auto of = [&](size_t layer) -> Matrix<const T> {
    return layer == kNetworkInput ? x : Matrix<const T>(outputs_[layer].view());
  };
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const NetworkLayer<T>& placed = network_.layers()[i];
    const Matrix<const T> in = of(i == 0 ? kNetworkInput : i - 1);
    const Matrix<T> y = outputs_[i].view();
    if (placed.joint) {
      Join<T>(*placed.joint, in, y, of);
      continue;
    }
    placed.layer->Forward({.shape = &placed.input,
                           .x = in,
                           .y = y,
                           .parameters = network_.views(i),
                           .scratch = scratch_.data()});
  }
  return outputs_;
}

template <typename T>
std::vector<LayerValues> ValuesByLayer(const Network<T>& network, const Samples& samples) {
  std::vector<uint32_t> order(std::min(samples.count, kMostRows));
  std::vector<LayerValues> values;
  if (order.empty()) return values;
  std::iota(order.begin(), order.end(), 0u);
  const OwnedMatrix<T> x(order.size(), samples.shape.size());
  GatherInputs<T>(samples, order, x.view());
  LayerOutputs<T> pass(network, order.size());
  const std::vector<OwnedMatrix<T>>& outputs = pass.Of(x.view());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (network.layers()[i].joint) continue;
    values.push_back(ValuesOf<T>(network.layers()[i], outputs[i].view()));
  }
  return values;
}

template <typename T>
void ScaleRecorder<T>::Add(int64_t epoch, const Network<T>& network, const Step<T>& step) {
  const size_t stride = (epochs_ + kMostEpochs - 1) / kMostEpochs;
  const auto number = static_cast<size_t>(epoch);
  if (stride > 1 && number % stride != 0 && number != epochs_) return;
  LayerScales scales{.epoch = epoch, .outputs = {}, .gradients = {}};
  for (size_t i = 0; i < network.layers().size(); ++i) {
    if (network.layers()[i].joint) continue;
    const size_t rows = std::min({batch_rows_, kMostScaledRows, step.Output(i).rows});
    scales.outputs.push_back(RootMeanSquare<T>(step.Output(i).Rows(0, rows)));
    const bool has_gradient = i >= step.plan().first_trained;
    scales.gradients.push_back(
        has_gradient ? RootMeanSquare<T>(step.OutputGradient(i).Rows(0, rows)) : 0);
  }
  if (AllZero(scales.outputs)) return;
  if (AllFinite(scales.outputs) && AllFinite(scales.gradients)) scales_.push_back(scales);
}

template class LayerOutputs<float>;
template class LayerOutputs<double>;
template std::vector<LayerValues> ValuesByLayer(const Network<float>&, const Samples&);
template std::vector<LayerValues> ValuesByLayer(const Network<double>&, const Samples&);
template class ScaleRecorder<float>;
template class ScaleRecorder<double>;

}  // namespace nabla
