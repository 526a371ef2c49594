// What plugins compute, as it was first written down on x86-64: every SIMD target, processor,
// compiler and level of optimisation gives these bits again. Plugins that are not named here are
// not asked.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/generator.h"
#include "framework/base/hash.h"
#include "framework/check/layer_probe.h"
#include "framework/config/node.h"
#include "framework/kernels/simd.h"
#include "framework/plugin/registry.h"
#include "framework/tensor/storage.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

struct Known {
  const char* plugin;  // as in an experiment file
  const char* hash;    // of float's results, then of double's
  Shape shape;         // of a layer's rows
};

template <typename I, typename T>
std::shared_ptr<const I> Make(const Registry& registry, const char* plugin) {
  Problems problems;
  const MadePlugin made =
      registry.Maker<T>()->Make(I::kKind, ParseYamlValue(plugin, "test"), problems);
  problems.ThrowIfAny();
  return std::static_pointer_cast<const I>(made.object);
}

template <typename T>
std::vector<T> Normal(size_t n, double std, uint64_t seed) {
  std::vector<T> values(n);
  MakeGenerator(RngKind::kNabla, seed)->Normal(std::span<T>(values), 0, std);
  return values;
}

template <typename T>
void Add(Matrix<T> m, Hasher& hasher) {
  for (size_t r = 0; r < m.rows; ++r) hasher.Add(m.Row(r), m.cols * sizeof(T));
}

template <typename T>
Matrix<T> AsRow(std::vector<T>& values) {
  return {values.data(), 1, values.size(), values.size()};
}

// Outputs, gradients and evaluated outputs, of parameters that are not those of the start.
template <typename T>
void RunLayer(const Registry& registry, const Known& known, Hasher& hasher) {
  constexpr size_t kRows = 21;
  const auto layer = Make<Layer<T>, T>(registry, known.plugin);
  const auto generator = MakeGenerator(RngKind::kNabla, 1);
  LayerProbe<T> probe(layer, known.shape, kRows, *generator);
  generator->Normal(probe.x(), 0, 2);
  generator->Normal(probe.dy(), 0, 1);
  for (size_t p = 0; p < probe.parameter_count(); ++p) {
    if (!probe.parameter(p).trained) continue;
    const Matrix<T> value = probe.parameter(p).value.view();
    const std::vector<T> more = Normal<T>(value.rows * value.cols, 0.5, p + 2);
    for (size_t r = 0; r < value.rows; ++r) {
      for (size_t c = 0; c < value.cols; ++c) value(r, c) += more[r * value.cols + c];
    }
  }
  const double sum = probe.Run();
  hasher.Add(&sum, sizeof(sum));
  Add(probe.y(), hasher);
  Add(probe.dx(), hasher);
  for (size_t p = 0; p < probe.parameter_count(); ++p) Add(probe.gradient(p), hasher);
  if (!probe.evaluates()) return;
  const OwnedMatrix<T> y(kRows, probe.output().size());
  probe.Evaluate(kRows, y.view());
  Add(y.view(), hasher);
}

constexpr size_t kSize = 1003;  // whole vectors and a rest on every target

template <typename T>
void RunActivation(const Registry& registry, const Known& known, Hasher& hasher) {
  const auto activation = Make<Activation<T>, T>(registry, known.plugin);
  std::vector<T> x = Normal<T>(kSize, 4, 1), dy = Normal<T>(kSize, 1, 2), y(kSize), dx(kSize);
  activation->Forward(AsRow(x), AsRow(y));
  activation->Backward(AsRow(x), AsRow(y), AsRow(dy), AsRow(dx));
  Add(AsRow(y), hasher);
  Add(AsRow(dx), hasher);
}

template <typename T>
void RunLoss(const Registry& registry, const Known& known, Hasher& hasher) {
  constexpr size_t kRows = 40, kClasses = 7;
  const auto loss = Make<Loss<T>, T>(registry, known.plugin);
  std::vector<T> z = Normal<T>(kRows * kClasses, 3, 1), t(z.size()), dz(z.size());
  const auto generator = MakeGenerator(RngKind::kNabla, 2);
  generator->Uniform(std::span<T>(t), 0, 1);
  if (loss->Domain() == LossDomain::kProbabilities) generator->Uniform(std::span<T>(z), 0, 1);
  std::vector<int32_t> labels(kRows);
  for (size_t r = 0; r < kRows; ++r) labels[r] = static_cast<int32_t>(r % kClasses);
  const auto matrix = [&](std::vector<T>& v) {
    return Matrix<T>{v.data(), kRows, kClasses, kClasses};
  };
  std::vector<double> rows(kRows);
  for (const bool labelled : {true, false}) {
    try {
      loss->Check({{kClasses}}, labelled ? kClasses : 0, labelled ? 0 : kClasses);
    } catch (const InputError&) {
      continue;
    }
    Targets<T> targets;
    if (labelled) {
      targets.labels = labels.data();
    } else {
      targets.values = matrix(t);
    }
    loss->Rows(matrix(z), targets, kRows, rows.data(), matrix(dz));
    hasher.Add(rows.data(), kRows * sizeof(double));
    Add(matrix(dz), hasher);
  }
}

template <typename T>
void RunOptimizer(const Registry& registry, const Known& known, Hasher& hasher) {
  const auto optimizer = Make<Optimizer<T>, T>(registry, known.plugin);
  std::vector<T> value = Normal<T>(kSize, 1, 3);
  std::vector<std::vector<T>> states(optimizer->States(), std::vector<T>(kSize));
  std::vector<T*> pointers;
  for (auto& state : states) pointers.push_back(state.data());
  for (int64_t step = 1; step <= 8; ++step) {
    const std::vector<T> gradient = Normal<T>(kSize, 1, 3 + static_cast<uint64_t>(step));
    optimizer->Update({value.data(), gradient.data(), pointers.data(), kSize, 0.01, step});
  }
  Add(AsRow(value), hasher);
}

template <typename T>
void RunInitializer(const Registry& registry, const Known& known, Hasher& hasher) {
  const OwnedMatrix<T> w(37, 23);
  const auto generator = MakeGenerator(RngKind::kNabla, 5);
  Make<Initializer<T>, T>(registry, known.plugin)->Fill(w.view(), {37, 23}, *generator);
  Add(w.view(), hasher);
}

template <typename T>
void RunSchedule(const Registry& registry, const Known& known, Hasher& hasher) {
  const auto schedule = Make<Schedule, T>(registry, known.plugin);
  for (int64_t t = 0; t < 200; ++t) {
    const double rate = schedule->Rate(0.1, {t, 200, 10});
    hasher.Add(&rate, sizeof(rate));
  }
}

using Run = std::function<void(const Registry&, const Known&, Hasher&)>;

void Compare(const std::vector<Known>& all, const Run& floats, const Run& doubles) {
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    Registry registry;  // with the plugins of this target
    RegisterBuiltins(registry);
    for (const Known& known : all) {
      Hasher hasher;
      floats(registry, known, hasher);
      doubles(registry, known, hasher);
      EXPECT_EQ(hasher.Hex(), known.hash) << known.plugin << " on " << simd;
    }
  }
  SetSimd("");
}

TEST(KnownBits, Layers) {
  const Shape flat{{29}}, image{{3, 11, 13}}, even{{4, 8, 8}}, sequence{{3, 19}};
  Compare(
      {
          {"{name: linear, units: 37}", "8bab06677de288b3253f0ce503d93949", flat},
          {"{name: linear, units: 5, bias: false}", "e43461eb62c527b59fa172c75ffc7fe7", image},
          {"{name: conv2d, channels: 7, kernel_size: 3, padding: 1}",
           "45416f23c2ae41de80c9f8d17ac4f892", image},
          {"{name: conv2d, channels: 16, kernel_size: 5, stride: 2}",
           "aca43c7fa3bf146f3dea64b3e90ca28a", image},
          {"{name: conv2d, channels: 8, kernel_size: 3, groups: 4, dilation: 2}",
           "ed37ec9713e4365fab04166f07e265a6", even},
          {"{name: conv1d, channels: 5, kernel_size: 3, padding: 1}",
           "42b88d36fef29881cf99d50683afc5c2", sequence},
          {"{name: conv_transpose2d, channels: 4, kernel_size: 3, stride: 2}",
           "4bb9c3c41291efd62436b79f4a8f3ff9", even},
          {"{name: max_pool2d, kernel_size: 2}", "7d06f28f9e9f4dc2fa605bcd92476b63", image},
          {"{name: max_pool2d, kernel_size: 3, stride: 1, padding: 1}",
           "209b378dd22783a8febbdca0c79b2b37", image},
          {"{name: max_pool2d, kernel_size: 3, stride: 2}", "96da3529fc2f1a249be0779629db6f6e",
           image},
          {"{name: avg_pool2d, kernel_size: 3, stride: 2, padding: 1}",
           "a9cf4ca60d0d6913593b323454737b15", image},
          {"global_avg_pool2d", "e742fb3ba15c5870cda5b84acf5db3bc", image},
          {"batch_norm", "678df7c69585a150adf78ceb0cab38c6", flat},
          {"batch_norm", "e084528cef3e0d5a820ce6ed67c96a56", image},
          {"{name: group_norm, num_groups: 2}", "2a8a264d797169f75946fc8ad007caca", even},
          {"layer_norm", "60b57774f16903244989c42e05d76cc6", flat},
          {"dropout", "b4f6af2a0861005fcf1b16fba711bb9a", flat},
          {"{name: residual, layers: [{name: linear, units: 29}, tanh]}",
           "8188be4de43eca751db2a8140dd7dabf", flat},
          {"{name: concat, paths: [[{name: linear, units: 3}, gelu], []]}",
           "68fddec346f388307264033e5d23df6c", flat},
          {"softmax", "72418aae0268a5ce980b4264557f4e6f", flat},
          {"log_softmax", "12c659b7e1a0ecf27857093d676e1055", flat},
      },
      RunLayer<float>, RunLayer<double>);
}

TEST(KnownBits, Activations) {
  Compare(
      {
          {"elu", "687211098cf0afaae6f52789d7e8d0bb", {}},
          {"gelu", "7418474a75cce662033c5f1ae590fbcf", {}},
          {"{name: gelu, approximate: tanh}", "8c54c3999eca2021632e6e568f447c45", {}},
          {"hardswish", "ef325ecb006fd8c8234b032f4a5d1f05", {}},
          {"hardtanh", "45b59e05ef5907a424a728149efecf97", {}},
          {"leaky_relu", "26e7666ae3781ca5b80ef884cd346ac5", {}},
          {"log_sigmoid", "21f2c81af46b24f0797718fcc8171d22", {}},
          {"mish", "b32791c43d1738746701fe39810564de", {}},
          {"relu", "dda4e8c3afa12c4c7bdad4b0c90fb128", {}},
          {"relu6", "157d667c1d012ee6bb92c09e1a7cb69e", {}},
          {"selu", "e17363a28cea50eca519e7558c469be2", {}},
          {"sigmoid", "1b79f645906e71a1dad867396edc2768", {}},
          {"silu", "abff8ac3ee3e09adfb0ff999e6b3ce86", {}},
          {"softplus", "70577d2e376eb7abd98ee29eb6f7dd00", {}},
          {"softsign", "601bfc8b62960ec2a37c6a7e02a62609", {}},
          {"tanh", "2be495625a33ce5da4e3ea692fa2dc54", {}},
      },
      RunActivation<float>, RunActivation<double>);
}

TEST(KnownBits, Losses) {
  Compare(
      {
          {"bce", "444b5c8e811d5811e000d7b402654331", {}},
          {"bce_with_logits", "1972822ad5ee3b97b43f2e3cb9f7679d", {}},
          {"cross_entropy", "d970430a18f25a24d887ba95c125a801", {}},
          {"half_mse", "0a3f8ea1cac476d343f16ae6460553d7", {}},
          {"huber", "160f434b2bd81acec8466c1739c9bda3", {}},
          {"kl_div", "8380539aa43be63c8b5817f4f30285a9", {}},
          {"l1", "67734bb15b012d64435367692e7f6e29", {}},
          {"mse", "ebc5ec98ef2fcbe8500abdd331a77779", {}},
          {"multi_margin", "d07a1741f98e4ff98b0576b689d90fc5", {}},
          {"nll", "66406f2eadd7af80f4a31b5a5a7256c2", {}},
          {"smooth_l1", "160f434b2bd81acec8466c1739c9bda3", {}},
      },
      RunLoss<float>, RunLoss<double>);
}

TEST(KnownBits, Optimizers) {
  Compare(
      {
          {"adadelta", "14a884773cbdee5ad1d59727d2857cff", {}},
          {"adagrad", "38e0a0b5fb4b25809cc59d3f93f30afe", {}},
          {"adam", "df285359a75d0fe9636ab908e607f03b", {}},
          {"adamax", "c80219de5ac25cb5047d49d808bd87cd", {}},
          {"{name: adamw, weight_decay: 0.1}", "de0ca4a2091b2e5621a41a17ee301c74", {}},
          {"lion", "5ea6960524ff824b2e039f3312994dad", {}},
          {"nadam", "86924d3b2e5ae6d26dafe051a0d339c5", {}},
          {"radam", "150c2c80866d037895082edbd30fdc2d", {}},
          {"rmsprop", "6f139cc279a7bef3df6b3e75260a737b", {}},
          {"{name: sgd, lr: 0.1, momentum: 0.9, nesterov: true}",
           "3888566aa86c05a1df7dfa26f2e73e89",
           {}},
      },
      RunOptimizer<float>, RunOptimizer<double>);
}

TEST(KnownBits, Initializers) {
  Compare(
      {
          {"he_normal", "0f52bb32f2e89c26142a55feb129be8b", {}},
          {"he_uniform", "300626192a7ff893a8cb109ae4db8f4f", {}},
          {"kaiming_normal", "0f52bb32f2e89c26142a55feb129be8b", {}},
          {"kaiming_uniform", "300626192a7ff893a8cb109ae4db8f4f", {}},
          {"lecun_normal", "aade7e051fe861633dbc0c9dda743da2", {}},
          {"normal", "eb79e60cbb3e43040aba89492aea5e81", {}},
          {"orthogonal", "ab286a74bebb1741db673e6b72505e72", {}},
          {"randn", "eb79e60cbb3e43040aba89492aea5e81", {}},
          {"torch_linear", "d3f32f50120f237d6a56f2266f5e2be7", {}},
          {"uniform", "de9c163bef5a301e43689e136c25c6fb", {}},
          {"xavier_normal", "6cc3b9aa00720022fee98761aa4829de", {}},
          {"xavier_uniform", "e328b4fa04b4e2a052a056e1d9fabcef", {}},
      },
      RunInitializer<float>, RunInitializer<double>);
}

TEST(KnownBits, Schedules) {
  Compare(
      {
          {"cosine", "93c4ef010aedee14e9ed97187c2db15b", {}},
          {"{name: cosine_warm_restarts, T_0: 3}", "1a3e3cac67bb50ff712dcf395c04cd82", {}},
          {"{name: exponential, gamma: 0.9}", "edb84dc94ef9ffabc433255a2c71956f", {}},
          {"{name: inverse_time, decay: 0.1}", "d8d29d0372b3eb45c29cbef35cc2b6ca", {}},
          {"one_cycle", "cedda89d771189794700c349232d40c1", {}},
          {"{name: polynomial, power: 1.7}", "379afa0fca84b265e51db24716575701", {}},
      },
      RunSchedule<float>, RunSchedule<double>);
}

}  // namespace
}  // namespace nabla
