// Golden activations and losses.
#include "framework/model/activation.h"
#include "framework/model/loss.h"
#include "tests/plugins/golden.h"

namespace nabla {
namespace {

Translation ActivationOf(const std::string& name) {
  static const std::map<std::string, Translation> table = {
      {"gelu_erf", {.plugin = "gelu", .fixed = {{"approximate", "none"}}}},
      {"gelu_tanh", {.plugin = "gelu", .fixed = {{"approximate", "tanh"}}}},
      {"hardtanh", {.plugin = "hardtanh", .renamed = {{"min", "min_val"}, {"max", "max_val"}}}},
      {"log_softmax", {.plugin = "log_softmax", .renamed = {{"axis", ""}}}},
      {"selu", {.plugin = "selu"}},
      {"softmax", {.plugin = "softmax", .renamed = {{"axis", ""}}}}};
  const auto found = table.find(name);
  return found != table.end() ? found->second : Translation{.plugin = name};
}

Translation LossOf(const std::string& name) {
  static const std::map<std::string, Translation> table = {
      {"bce_probs", {.plugin = "bce"}},
      {"cross_entropy_label_smoothing",
       {.plugin = "cross_entropy", .renamed = {{"smoothing", "label_smoothing"}}}},
      {"cross_entropy_logits", {.plugin = "cross_entropy"}},
      {"half_mse", {.plugin = "half_mse", .renamed = {{"formula", ""}}}},
      {"kl_div", {.plugin = "kl_div", .renamed = {{"input", ""}, {"target", ""}}}},
      {"mse_mean",
       {.plugin = "mse", .fixed = {{"reduction", "mean"}}, .renamed = {{"reduction", ""}}}},
      {"mse_sum_classes_mean_batch",
       {.plugin = "mse", .fixed = {{"reduction", "sum_classes"}}, .renamed = {{"reduction", ""}}}},
      {"nll_log_probs", {.plugin = "nll", .fixed = {{"input", "log_probabilities"}}}},
      {"nll_probs_clamp", {.plugin = "nll", .renamed = {{"eps", "clamp"}, {"max", ""}}}},
      {"nll_probs_plus_eps", {.plugin = "nll", .renamed = {{"eps", "epsilon"}}}}};
  const auto found = table.find(name);
  return found != table.end() ? found->second : Translation{.plugin = name};
}

// The activation that a loss's name begins with, "" without one; takes it off the name.
std::string TakePrefix(std::string* name) {
  for (const std::string activation : {"softmax", "log_softmax"}) {
    const std::string prefix = activation + "_then_";
    if (name->starts_with(prefix)) {
      *name = name->substr(prefix.size());
      return activation;
    }
  }
  return "";
}

}  // namespace

template <typename T>
void CheckActivation(const Json& test) {
  const auto activation = MakePlugin<T, Activation<T>>(ActivationOf(test["name"]), test["params"]);
  if (activation == nullptr) return;
  const OwnedMatrix<T> x = ToMatrix<T>(TensorAt(test, "x"));
  const OwnedMatrix<T> dy = ToMatrix<T>(TensorAt(test, "dy"));
  const OwnedMatrix<T> y(x.view().rows, x.view().cols);
  const OwnedMatrix<T> dx(x.view().rows, x.view().cols);
  activation->Forward(x.view(), y.view());
  activation->Backward(x.view(), y.view(), dy.view(), dx.view());
  ExpectClose(y.view(), TensorAt(test, "y"), Tolerance<T>(test), "y");
  ExpectClose(dx.view(), TensorAt(test, "dx"), Tolerance<T>(test), "dx");
}

template <typename T>
void CheckLoss(const Json& test) {
  std::string name = test["name"];
  const std::string before = TakePrefix(&name);
  const auto loss = MakePlugin<T, Loss<T>>(LossOf(name), test["params"]);
  if (loss == nullptr) return;
  const OwnedMatrix<T> x = ToMatrix<T>(TensorAt(test, "input"));
  const size_t rows = x.view().rows;
  const OwnedMatrix<T> z(rows, x.view().cols);
  const auto activation =
      MakePlugin<T, Activation<T>>({.plugin = before.empty() ? "identity" : before}, {});
  activation->Forward(x.view(), z.view());

  const Tensor target = TensorAt(test, "target");
  const OwnedMatrix<T> values = ToMatrix<T>(target, rows);
  const std::vector<int32_t> labels(target.data.begin(), target.data.end());
  Targets<T> targets;
  if (target.shape.size() == 1) {
    targets.labels = labels.data();
  } else {
    targets.values = values.view();
  }
  std::vector<double> row_losses(rows);
  const OwnedMatrix<T> dz(rows, x.view().cols);
  const OwnedMatrix<T> dx(rows, x.view().cols);
  loss->Rows(z.view(), targets, rows, row_losses.data(), dz.view());
  activation->Backward(x.view(), z.view(), dz.view(), dx.view());
  double sum = 0;
  for (const double row : row_losses) sum += row;
  ExpectClose(loss->Weight(rows) * sum, test["loss"], Tolerance<T>(test), "loss");
  ExpectClose(dx.view(), TensorAt(test, "dinput"), Tolerance<T>(test), "dinput");
}

template void CheckActivation<float>(const Json&);
template void CheckActivation<double>(const Json&);
template void CheckLoss<float>(const Json&);
template void CheckLoss<double>(const Json&);

}  // namespace nabla
