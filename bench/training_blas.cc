#include "bench/training_blas.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "bench/blas.h"

namespace nabla {
namespace {

// Rows that go through the network together: a larger batch is run in pieces whose gradients add
// up, so that activations stay in cache.
constexpr size_t kMostRows = 1024;

// y (rows, n) += bias (n).
void AddBias(const std::vector<float>& bias, float* y, size_t rows) {
  const size_t n = bias.size();
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < n; ++c) y[r * n + c] += bias[c];
  }
}

void Activate(PlainActivation activation, float* y, size_t n) {
  if (activation == PlainActivation::kRelu) {
    for (size_t i = 0; i < n; ++i) y[i] = std::max(y[i], 0.0f);
  } else if (activation == PlainActivation::kSigmoid) {
    for (size_t i = 0; i < n; ++i) y[i] = 1 / (1 + std::exp(-y[i]));
  }
}

// dy (n) times the slope of the activation whose value is y (n).
void ActivateBack(PlainActivation activation, const float* y, float* dy, size_t n) {
  if (activation == PlainActivation::kRelu) {
    for (size_t i = 0; i < n; ++i) dy[i] = y[i] > 0 ? dy[i] : 0;
  } else if (activation == PlainActivation::kSigmoid) {
    for (size_t i = 0; i < n; ++i) dy[i] *= y[i] * (1 - y[i]);
  }
}

// z (n) becomes its softmax; returns the logarithm of the sum of exp(z).
float Softmax(float* z, size_t n) {
  const float top = *std::max_element(z, z + n);
  float sum = 0;
  for (size_t c = 0; c < n; ++c) sum += z[c] = std::exp(z[c] - top);
  for (size_t c = 0; c < n; ++c) z[c] /= sum;
  return top + std::log(sum);
}

// z (n) becomes the gradient of the loss of one row, times `scale`; returns that loss.
double Judge(bool squared_error, int64_t label, float scale, float* z, size_t n) {
  const auto right = static_cast<size_t>(label);
  const float logit = z[right];
  const float log_sum = Softmax(z, n);
  if (!squared_error) {
    z[right] -= 1;
    for (size_t c = 0; c < n; ++c) z[c] *= scale;
    return log_sum - logit;
  }
  // With e = p - y: loss = sum e^2, d loss / d z = 2 p (e - sum p e).
  float loss = 0, mean = 0;
  for (size_t c = 0; c < n; ++c) {
    const float e = z[c] - (c == right ? 1.0f : 0.0f);
    loss += e * e;
    mean += z[c] * e;
  }
  for (size_t c = 0; c < n; ++c) {
    z[c] = 2 * scale * z[c] * (z[c] - (c == right ? 1.0f : 0.0f) - mean);
  }
  return loss;
}

// sums (n) [+]= the column sums of dy (rows, n).
void ColumnSums(const float* dy, size_t rows, size_t n, bool accumulate, float* sums) {
  if (!accumulate) std::fill(sums, sums + n, 0.0f);
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < n; ++c) sums[c] += dy[r * n + c];
  }
}

void Descend(const std::vector<float>& gradient, float rate, std::vector<float>* value) {
  const float* g = gradient.data();
  float* v = value->data();
  for (size_t i = 0; i < gradient.size(); ++i) v[i] -= rate * g[i];
}

class BlasLoop : public Peer {
 public:
  BlasLoop(const Blas& blas, const PlainNetwork& network, const PlainData& data, int threads)
      : blas_(blas), net_(network), layers_(network.layers), data_(data) {
    blas_.SetThreads(threads);
    rows_ = std::min(net_.batch, kMostRows);
    inputs_.resize(rows_ * data_.width);
    for (const PlainLayer& layer : layers_) {
      outputs_.emplace_back(rows_ * layer.outputs);
      slopes_.emplace_back(rows_ * layer.outputs);
      weight_gradients_.emplace_back(layer.weight.size());
      bias_gradients_.emplace_back(layer.bias.size());
    }
  }

  double Train(std::span<const uint32_t> rows) override {
    double loss = 0;
    for (size_t begin = 0; begin < rows.size(); begin += rows_) {
      const auto piece = rows.subspan(begin, std::min(rows_, rows.size() - begin));
      const float* x = Gather(piece);
      Forward(x, piece.size());
      loss += JudgeRows(piece, 1 / static_cast<float>(rows.size()));
      Backward(x, piece.size(), begin > 0);
    }
    for (size_t l = 0; l < layers_.size(); ++l) {
      Descend(weight_gradients_[l], net_.rate, &layers_[l].weight);
      Descend(bias_gradients_[l], net_.bias_rate, &layers_[l].bias);
    }
    return loss / static_cast<double>(rows.size());
  }

  std::vector<float> Weights() const override {
    std::vector<float> all;
    for (const PlainLayer& layer : layers_) {
      all.insert(all.end(), layer.weight.begin(), layer.weight.end());
      all.insert(all.end(), layer.bias.begin(), layer.bias.end());
    }
    return all;
  }

 private:
  const float* Gather(std::span<const uint32_t> rows) {
    const size_t width = data_.width;
    for (size_t r = 0; r < rows.size(); ++r) {
      std::memcpy(&inputs_[r * width], &data_.inputs[rows[r] * width], width * sizeof(float));
    }
    return inputs_.data();
  }

  void Forward(const float* x, size_t rows) {
    for (size_t l = 0; l < layers_.size(); ++l) {
      const PlainLayer& layer = layers_[l];
      float* y = outputs_[l].data();
      blas_.Gemm(rows, layer.outputs, layer.inputs, BlasOperand<float>{x, layer.inputs, false},
                 BlasOperand<float>{layer.weight.data(), layer.outputs, false}, y, layer.outputs,
                 false);
      AddBias(layer.bias, y, layer.bias.empty() ? 0 : rows);
      if (l + 1 < layers_.size()) Activate(net_.activation, y, rows * layer.outputs);
      x = y;
    }
  }

  // The sum of the rows' losses; the last layer's outputs become their gradient.
  double JudgeRows(std::span<const uint32_t> rows, float scale) {
    const size_t classes = layers_.back().outputs;
    double loss = 0;
    for (size_t r = 0; r < rows.size(); ++r) {
      loss += Judge(net_.squared_error, data_.labels[rows[r]], scale, &outputs_.back()[r * classes],
                    classes);
    }
    slopes_.back().swap(outputs_.back());
    return loss;
  }

  void Backward(const float* inputs, size_t rows, bool accumulate) {
    for (size_t l = layers_.size(); l-- > 0;) {
      const PlainLayer& layer = layers_[l];
      const float* x = l == 0 ? inputs : outputs_[l - 1].data();
      const float* dy = slopes_[l].data();
      blas_.Gemm(layer.inputs, layer.outputs, rows, BlasOperand<float>{x, layer.inputs, true},
                 BlasOperand<float>{dy, layer.outputs, false}, weight_gradients_[l].data(),
                 layer.outputs, accumulate);
      ColumnSums(dy, rows, layer.bias.size(), accumulate, bias_gradients_[l].data());
      if (l == 0) return;
      float* dx = slopes_[l - 1].data();
      blas_.Gemm(rows, layer.inputs, layer.outputs, BlasOperand<float>{dy, layer.outputs, false},
                 BlasOperand<float>{layer.weight.data(), layer.outputs, true}, dx, layer.inputs,
                 false);
      ActivateBack(net_.activation, x, dx, rows * layer.inputs);
    }
  }

  const Blas& blas_;
  const PlainNetwork& net_;
  std::vector<PlainLayer> layers_;
  const PlainData& data_;
  size_t rows_ = 0;                          // of a piece
  std::vector<float> inputs_;                // (rows, I)
  std::vector<std::vector<float>> outputs_;  // per layer (rows, O), behind the activation
  std::vector<std::vector<float>> slopes_;   // d loss / d (x w + b), per layer (rows, O)
  std::vector<std::vector<float>> weight_gradients_;
  std::vector<std::vector<float>> bias_gradients_;
};

}  // namespace

std::vector<NamedPeer> BlasPeers() {
  std::vector<NamedPeer> peers;
  for (const Blas* blas : InstalledBlas()) {
    peers.push_back({"loop_" + blas->name(),
                     [blas](const PlainNetwork& network, const PlainData& data, int threads) {
                       return std::make_unique<BlasLoop>(*blas, network, data, threads);
                     }});
  }
  return peers;
}

}  // namespace nabla
