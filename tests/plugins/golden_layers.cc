// Golden layers, run by the engine.
#include <algorithm>
#include <optional>

#include "framework/check/layer_probe.h"
#include "tests/plugins/golden.h"

namespace nabla {
namespace {

// How a golden layer maps to a plugin, beyond its parameters.
struct LayerCase {
  Translation translation;
  // Golden tensor -> our parameter.
  std::vector<std::pair<std::string, std::string>> parameters;
  bool transposed = false;  // the weight is (O, I) there and (I, O) here
  bool rows_of_last_axis = false;
};

// Those that the case has a gradient of, under their own names.
std::vector<std::pair<std::string, std::string>> ParametersOf(const Json& test) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const auto& [key, value] : test.items()) {
    if (key != "x" && key != "y" && HasTensor(test, "d" + key)) parameters.push_back({key, key});
  }
  return parameters;
}

LayerCase LayerOf(const std::string& name, const Json& test) {
  const std::vector<std::pair<std::string, std::string>> weights = {{"weight", "weight"},
                                                                    {"bias", "bias"}};
  const std::vector<std::pair<std::string, std::string>> scales = {{"gamma", "weight"},
                                                                   {"beta", "bias"}};
  if (name == "linear") {
    return {{.plugin = name,
             .fixed = {{"units", TensorAt(test, "weight").shape[0]}},
             .renamed = {{"weight_layout", ""}}},
            weights,
            true};
  }
  if (name == "conv2d") {
    const Tensor weight = TensorAt(test, "weight");
    return {{.plugin = name,
             .fixed = {{"channels", weight.shape[0]},
                       {"kernel_size", Json::array({weight.shape[2], weight.shape[3]})}}},
            weights};
  }
  if (name.starts_with("batch_norm")) {
    return {{.plugin = "batch_norm",
             .renamed = {{"mode", ""},
                         {"running_mean", ""},
                         {"running_var", ""},
                         {"running_mean_before", ""},
                         {"running_var_before", ""}}},
            scales};
  }
  if (name == "layer_norm") {
    return {{.plugin = name, .renamed = {{"normalized_axes", ""}}}, scales, false, true};
  }
  return {{.plugin = name, .renamed = {{"kernel", "kernel_size"}, {"remark", ""}}},
          ParametersOf(test)};
}

template <typename T>
class LayerRun {
 public:
  LayerRun(const Json& test, const LayerCase& layer) : test_(test), case_(layer) {}

  void Check() {
    const auto plugin = MakePlugin<T, Layer<T>>(case_.translation, test_["params"]);
    if (plugin == nullptr) return;
    const Tensor x = TensorAt(test_, "x");
    const size_t rows = case_.rows_of_last_axis ? x.data.size() / x.shape.back() : x.shape[0];
    Shape shape{{x.shape.begin() + 1, x.shape.end()}};
    if (case_.rows_of_last_axis) shape = {{x.shape.back()}};
    const auto generator = MakeGenerator(RngKind::kNabla, 1);
    LayerProbe<T> probe(plugin, shape, rows, *generator);
    const Tensor dy = TensorAt(test_, "dy");
    ASSERT_EQ(probe.dy().size(), dy.data.size());
    std::copy(x.data.begin(), x.data.end(), probe.x().begin());
    std::copy(dy.data.begin(), dy.data.end(), probe.dy().begin());
    for (const auto& [golden, ours] : case_.parameters) Set(probe, golden, ours);
    SetBuffers(probe);
    if (test_["params"].value("mode", "") == "eval") {
      // A layer is never asked for gradients when it evaluates.
      const OwnedMatrix<T> y(rows, probe.output().size());
      probe.Evaluate(rows, y.view());
      ExpectClose(y.view(), TensorAt(test_, "y"), tolerance_, "y");
      return;
    }
    probe.Run();
    ExpectClose(probe.y(), TensorAt(test_, "y"), tolerance_, "y");
    ExpectClose(probe.dx(), TensorAt(test_, "dx"), tolerance_, "dx");
    for (const auto& [golden, ours] : case_.parameters) CompareGradient(probe, golden, ours);
    CompareBuffers(probe);
  }

 private:
  static std::optional<size_t> Find(const LayerProbe<T>& probe, const std::string& name) {
    for (size_t i = 0; i < probe.parameter_count(); ++i) {
      const std::string& full = probe.parameter(i).name;
      if (full == name || full.ends_with("." + name)) return i;
    }
    return std::nullopt;
  }

  // Parameter (r, c) of ours is number Index(...) of the golden tensor.
  size_t Index(const Matrix<T>& value, const std::string& golden, size_t r, size_t c) const {
    return case_.transposed && golden == "weight" ? c * value.rows + r : r * value.cols + c;
  }

  void Fill(LayerProbe<T>& probe, const std::string& ours, const Tensor& tensor,
            const std::string& golden) {
    const auto i = Find(probe, ours);
    ASSERT_TRUE(i) << "the plugin has no " << ours;
    const Matrix<T> value = probe.parameter(*i).value.view();
    ASSERT_EQ(value.rows * value.cols, tensor.data.size()) << ours;
    for (size_t r = 0; r < value.rows; ++r) {
      for (size_t c = 0; c < value.cols; ++c) {
        value(r, c) = static_cast<T>(tensor.data[Index(value, golden, r, c)]);
      }
    }
  }

  void Set(LayerProbe<T>& probe, const std::string& golden, const std::string& ours) {
    if (HasTensor(test_, golden)) Fill(probe, ours, TensorAt(test_, golden), golden);
  }

  void SetBuffers(LayerProbe<T>& probe) {
    for (const char* name : {"running_mean", "running_var"}) {
      for (const std::string suffix : {"", "_before"}) {
        const std::string key = name + suffix;
        if (HasTensor(test_["params"], key)) {
          Fill(probe, name, TensorAt(test_["params"], key), name);
        }
      }
    }
  }

  void CompareGradient(const LayerProbe<T>& probe, const std::string& golden,
                       const std::string& ours) {
    if (!HasTensor(test_, "d" + golden)) return;
    const auto i = Find(probe, ours);
    ASSERT_TRUE(i) << "the plugin has no " << ours;
    const Tensor expected = TensorAt(test_, "d" + golden);
    const Matrix<T> value = probe.parameter(*i).value.view();
    for (size_t r = 0; r < value.rows; ++r) {
      for (size_t c = 0; c < value.cols; ++c) {
        const size_t index = Index(value, golden, r, c);
        ExpectClose(static_cast<double>(probe.gradient(*i)(r, c)), expected.data[index], tolerance_,
                    "d" + golden + "[" + std::to_string(index) + "]");
      }
    }
  }

  void CompareBuffers(const LayerProbe<T>& probe) {
    for (const std::string name : {"running_mean", "running_var"}) {
      if (!HasTensor(test_, name + "_after")) continue;
      const auto i = Find(probe, name);
      ASSERT_TRUE(i) << "the plugin has no " << name;
      ExpectClose(probe.parameter(*i).value.view(), TensorAt(test_, name + "_after"), tolerance_,
                  name);
    }
  }

  const Json& test_;
  const LayerCase case_;
  const double tolerance_ = Tolerance<T>(test_);
};

}  // namespace

template <typename T>
void CheckLayer(const Json& test) {
  LayerRun<T>(test, LayerOf(test["name"], test)).Check();
}

template void CheckLayer<float>(const Json&);
template void CheckLayer<double>(const Json&);

}  // namespace nabla
