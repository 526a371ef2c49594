// Golden nets: a few steps of plain gradient descent on one batch, as each notebook takes them.
#include <algorithm>
#include <numeric>

#include "framework/engine/step.h"
#include "framework/spec/spec.h"
#include "tests/plugins/golden.h"

namespace nabla {
namespace {

// How a golden parameter is stored.
enum class Storing {
  kInOut,
  kOutIn,         // transposed
  kBiasIsRow0,    // of (1 + I, O), the bias
  kWeightIsRest,  // of (1 + I, O), the weight
};

struct NetParameter {
  std::string golden;
  std::string ours;
  Storing storing = Storing::kInOut;
};

// `exact` is the loss with its true gradient, `notebook` the one whose steps the notebook takes.
struct Net {
  std::string exact;
  std::string notebook;
  std::vector<NetParameter> parameters;
};

size_t Columns(const Json& test, const std::string& key) {
  return TensorAt(test, key).shape.back();
}

std::string Linear(size_t units, const std::string& more = "") {
  return "  - {name: linear, units: " + std::to_string(units) + more + "}\n";
}

// Layers W1, b1, W2, b2, .. with an activation between.
Net DenseNet(const Json& test, const std::string& activation, bool bias, const std::string& more) {
  Net net;
  for (size_t i = 1; HasTensor(test, "param_W" + std::to_string(i)); ++i) {
    const std::string number = std::to_string(i);
    const std::string place = std::to_string(2 * (i - 1));
    if (i > 1) net.exact += "  - " + activation + "\n";
    net.exact += Linear(Columns(test, "param_W" + number), more);
    net.parameters.push_back({"W" + number, place + ".weight"});
    if (bias) net.parameters.push_back({"b" + number, place + ".bias"});
  }
  net.exact = "model:\n" + net.exact;
  net.notebook = net.exact;
  return net;
}

// Row 0 of a weight is its bias.
Net QuestionNet(const Json& test) {
  const std::string net = "model:\n" + Linear(Columns(test, "param_W1")) + "  - sigmoid\n" +
                          Linear(Columns(test, "param_W2")) + "  - sigmoid\nloss: half_mse\n";
  return {net,
          net,
          {{"W1", "0.bias", Storing::kBiasIsRow0},
           {"W1", "0.weight", Storing::kWeightIsRest},
           {"W2", "2.bias", Storing::kBiasIsRow0},
           {"W2", "2.weight", Storing::kWeightIsRest}}};
}

Net ConvolutionNet(const Json& test) {
  const Tensor kernels = TensorAt(test, "param_conv_weight");
  const std::string net =
      "model:\n  - {name: conv2d, channels: " + std::to_string(kernels.shape[0]) +
      ", kernel_size: " + std::to_string(kernels.shape[2]) +
      "}\n  - relu\n  - {name: max_pool2d, kernel_size: 2}\n" +
      Linear(TensorAt(test, "param_weight").shape[0]) + "loss: cross_entropy\n";
  return {net,
          net,
          {{"conv_weight", "0.weight"},
           {"conv_bias", "0.bias"},
           {"weight", "3.weight", Storing::kOutIn},
           {"bias", "3.bias"}}};
}

Net NetOf(const std::string& name, const Json& test) {
  if (name == "nb000") {
    Net net = DenseNet(test, "relu", false, ", bias: false");
    net.exact += "  - softmax\nloss: {name: nll, epsilon: 1e-12}\n";
    net.notebook += "loss: {name: cross_entropy, epsilon: 1e-12}\n";
    return net;
  }
  if (name == "nb001") {
    Net net = DenseNet(test, "sigmoid", true, "");
    net.exact += "  - softmax\nloss: {name: nll, clamp: 1e-12}\n";
    net.notebook += "loss: {name: cross_entropy, clamp: 1e-12}\n";
    return net;
  }
  if (name == "nb002") {
    Net net = DenseNet(test, "identity", true, "");
    net.notebook = DenseNet(test, "identity", true, ", bias_step_over_batch: true").exact;
    net.exact += "loss: cross_entropy\n";
    net.notebook += "loss: cross_entropy\n";
    return net;
  }
  if (name == "nb003") {
    Net net = DenseNet(test, "relu", true, "");
    net.exact += "loss: cross_entropy\n";
    return {net.exact, net.exact, net.parameters};
  }
  const std::vector<NetParameter> torch = {{"weight", "0.weight", Storing::kOutIn},
                                           {"bias", "0.bias"}};
  if (name == "nb004") {
    const std::string net = "model:\n" + Linear(TensorAt(test, "param_weight").shape[0]) +
                            "  - softmax\nloss: {name: mse, reduction: sum_classes}\n";
    return {net, net, torch};
  }
  if (name == "nb004_question1") return QuestionNet(test);
  if (name == "cnn") return ConvolutionNet(test);
  ADD_FAILURE() << "no net is known by the name " << name;
  return {};
}

template <typename T>
class NetRun {
 public:
  NetRun(const Json& test, const Net& net, const std::string& yaml)
      : test_(test), net_(net), x_(TensorAt(test, "x")), labels_(TensorAt(test, "labels")) {
    const std::string text = "name: golden\ndataset: synthetic_digits\n" + yaml +
                             "optimizer: {name: sgd, lr: " + test["learning_rate"].dump() + "}\n";
    spec_ = ParseExperiment<T>(ParseYaml(text, "golden"), Builtins());
    std::vector<ListedLayer<T>> layers;
    for (const auto& layer : spec_.model) layers.push_back({layer.object, {}});
    const auto generator = MakeGenerator(RngKind::kNabla, 1);
    samples_ = {.count = x_.shape[0],
                .shape = {{x_.shape.begin() + 1, x_.shape.end()}},
                .numbers = x_.data};
    network_ = std::make_unique<Network<T>>(layers, samples_.shape, *generator);
    if (labels_.shape.size() == 1) {
      classes_.assign(labels_.data.begin(), labels_.data.end());
      samples_.classes = network_->output().size();
      samples_.labels = classes_;
    } else {
      samples_.values_per_row = labels_.shape[1];
      samples_.values = labels_.data;
    }
    for (const NetParameter& p : net_.parameters) SetInitial(p);
    order_.resize(samples_.count);
    std::iota(order_.begin(), order_.end(), 0u);
    step_.emplace(*network_, *spec_.loss, *spec_.optimizer, samples_, samples_.count, threads_,
                  MakePlan(*network_, samples_.count, 1));
    step_->KeepGradients();
  }

  // Takes one step; returns the loss before it.
  double Train(int64_t t) {
    return step_->Train(order_, spec_.optimizer->LearningRate(), t, 0).loss;
  }

  void CompareGradients(const std::string& prefix) {
    Compare(prefix, [this](size_t p) { return step_->gradients()[p].view(); });
  }
  void CompareParameters(const std::string& prefix) {
    Compare(prefix, [this](size_t p) { return network_->parameters()[p].value.view(); });
  }

 private:
  size_t Find(const NetParameter& p) const {
    const auto& all = network_->parameters();
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].name == p.ours) return i;
    }
    ADD_FAILURE() << "the net has no " << p.ours;
    return 0;
  }

  static size_t Index(const NetParameter& p, const Matrix<T>& value, size_t r, size_t c) {
    switch (p.storing) {
      case Storing::kOutIn:
        return c * value.rows + r;
      case Storing::kWeightIsRest:
        return (r + 1) * value.cols + c;
      case Storing::kInOut:
      case Storing::kBiasIsRow0:
        break;
    }
    return r * value.cols + c;
  }

  void SetInitial(const NetParameter& p) {
    const Tensor tensor = TensorAt(test_, "param_" + p.golden);
    const size_t parameter = Find(p);
    const Matrix<T> value = network_->parameters()[parameter].value.view();
    for (size_t r = 0; r < value.rows; ++r) {
      for (size_t c = 0; c < value.cols; ++c) {
        value(r, c) = static_cast<T>(tensor.data.at(Index(p, value, r, c)));
      }
    }
    network_->Mirror(parameter, 0, value.rows);
  }

  template <typename F>
  void Compare(const std::string& prefix, F matrix_of) {
    for (const NetParameter& p : net_.parameters) {
      const Tensor expected = TensorAt(test_, prefix + p.golden);
      const Matrix<T> actual = matrix_of(Find(p));
      for (size_t r = 0; r < actual.rows; ++r) {
        for (size_t c = 0; c < actual.cols; ++c) {
          const size_t index = Index(p, actual, r, c);
          ExpectClose(static_cast<double>(actual(r, c)), expected.data.at(index),
                      Tolerance<T>(test_), prefix + p.golden + "[" + std::to_string(index) + "]");
        }
      }
    }
  }

  const Json& test_;
  const Net& net_;
  const Tensor x_;
  const Tensor labels_;
  std::vector<int32_t> classes_;
  ExperimentSpec<T> spec_;
  Samples samples_;
  std::unique_ptr<Network<T>> network_;
  std::vector<uint32_t> order_;
  Threads threads_{1};
  std::optional<Step<T>> step_;
};

}  // namespace

template <typename T>
void CheckNet(const Json& test) {
  const Net net = NetOf(test["name"], test);
  if (net.parameters.empty()) return;
  NetRun<T> exact(test, net, net.exact);
  ExpectClose(exact.Train(1), test["loss"], Tolerance<T>(test), "loss");
  exact.CompareGradients("grad_");

  const auto losses = test["losses_before_each_step_and_after_last"].get<std::vector<double>>();
  NetRun<T> notebook(test, net, net.notebook);
  const bool other_update = HasTensor(test, "update_" + net.parameters.front().golden);
  for (size_t t = 0; t < losses.size(); ++t) {
    if (t + 1 == losses.size()) notebook.CompareParameters("after3_");
    ExpectClose(notebook.Train(static_cast<int64_t>(t) + 1), losses[t], Tolerance<T>(test),
                "loss before step " + std::to_string(t + 1));
    if (t == 0) notebook.CompareGradients(other_update ? "update_" : "grad_");
  }
}

template void CheckNet<float>(const Json&);
template void CheckNet<double>(const Json&);

}  // namespace nabla
