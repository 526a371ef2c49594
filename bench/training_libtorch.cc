#include "bench/training_libtorch.h"

#if !__has_include(<torch/torch.h>)
#error "--config=peers needs libtorch: run ./setup --peers"
#endif
#include <torch/torch.h>

#include "bench/blas.h"

namespace nabla {
namespace {

// Debian's libtorch leaves matrix products to the system's BLAS, which has threads of its own.
void SetThreads(int threads) {
  for (const Blas* blas : InstalledBlas()) blas->SetThreads(threads);
  torch::set_num_threads(threads);
}

// A tensor that shows `values`, which must outlive it.
template <typename T>
torch::Tensor Show(const std::vector<T>& values, std::vector<int64_t> shape) {
  return torch::from_blob(const_cast<T*>(values.data()), shape, torch::TensorOptions().dtype<T>());
}

class Libtorch : public Peer {
 public:
  Libtorch(const PlainNetwork& network, const PlainData& data, int threads)
      : net_(network),
        inputs_(Show(data.inputs,
                     {static_cast<int64_t>(data.count), static_cast<int64_t>(data.width)})),
        labels_(Show(data.labels, {static_cast<int64_t>(data.count)})) {
    SetThreads(threads);
    for (const PlainLayer& layer : network.layers) {
      const auto outputs = static_cast<int64_t>(layer.outputs);
      const torch::Tensor weight =
          Show(layer.weight, {static_cast<int64_t>(layer.inputs), outputs});
      weights_.push_back(weight.t().contiguous().requires_grad_());
      biases_.push_back(layer.bias.empty() ? torch::Tensor()
                                           : Show(layer.bias, {outputs}).clone().requires_grad_());
    }
  }

  double Train(std::span<const uint32_t> rows) override {
    const torch::Tensor index = torch::empty({static_cast<int64_t>(rows.size())}, torch::kInt64);
    std::copy(rows.begin(), rows.end(), index.data_ptr<int64_t>());
    const torch::Tensor loss =
        Loss(Forward(inputs_.index_select(0, index)), labels_.index_select(0, index));
    loss.backward();
    const torch::NoGradGuard no_gradient;
    for (torch::Tensor& weight : weights_) Descend(weight, net_.rate);
    for (torch::Tensor& bias : biases_) Descend(bias, net_.bias_rate);
    return loss.item<float>();
  }

  std::vector<float> Weights() const override {
    std::vector<float> all;
    for (size_t l = 0; l < weights_.size(); ++l) {
      Append(weights_[l].detach().t().contiguous(), &all);
      if (biases_[l].defined()) Append(biases_[l].detach(), &all);
    }
    return all;
  }

 private:
  static void Append(const torch::Tensor& t, std::vector<float>* all) {
    all->insert(all->end(), t.data_ptr<float>(), t.data_ptr<float>() + t.numel());
  }

  torch::Tensor Forward(torch::Tensor x) const {
    for (size_t l = 0; l < weights_.size(); ++l) {
      x = torch::linear(x, weights_[l], biases_[l]);
      if (l + 1 == weights_.size()) break;
      if (net_.activation == PlainActivation::kRelu) x = torch::relu(x);
      if (net_.activation == PlainActivation::kSigmoid) x = torch::sigmoid(x);
    }
    return x;
  }

  torch::Tensor Loss(const torch::Tensor& logits, const torch::Tensor& labels) const {
    if (!net_.squared_error) return torch::cross_entropy_loss(logits, labels);
    const torch::Tensor targets = torch::one_hot(labels, logits.size(1)).to(torch::kFloat32);
    const torch::Tensor errors = torch::softmax(logits, 1) - targets;
    return (errors * errors).sum() / static_cast<double>(logits.size(0));
  }

  static void Descend(torch::Tensor& value, float rate) {
    if (!value.defined()) return;
    value.sub_(value.grad(), rate);
    value.mutable_grad().reset();
  }

  const PlainNetwork& net_;
  torch::Tensor inputs_;                // (N, I)
  torch::Tensor labels_;                // (N)
  std::vector<torch::Tensor> weights_;  // (O, I)
  std::vector<torch::Tensor> biases_;   // (O), or undefined
};

}  // namespace

NamedPeer LibtorchPeer() {
  return {"libtorch", [](const PlainNetwork& network, const PlainData& data, int threads) {
            return std::make_unique<Libtorch>(network, data, threads);
          }};
}

}  // namespace nabla
