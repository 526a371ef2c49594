#include "framework/model/initializer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/generator.h"
#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/tensor/storage.h"
#include "tests/base/digest.h"
#include "tests/plugins/builtins.h"

namespace nabla {
namespace {

template <typename T>
std::shared_ptr<const Initializer<T>> Make(const std::string& yaml) {
  Problems problems;
  const MadePlugin made =
      Builtins().Maker<T>()->Make("initializer", ParseYamlValue(yaml, "test"), problems);
  problems.ThrowIfAny();
  return std::static_pointer_cast<const Initializer<T>>(made.object);
}

// The values of a weight (I, O) row by row, or of a bias (1, O) where rows is 1.
template <typename T>
std::vector<T> Fill(const std::string& yaml, size_t rows, size_t cols, const Fans& fans,
                    Generator& generator) {
  OwnedMatrix<T> w(rows, cols);
  Make<T>(yaml)->Fill(w.view(), fans, generator);
  std::vector<T> values(rows * cols);
  for (size_t i = 0; i < values.size(); ++i) values[i] = w.view()(i / cols, i % cols);
  return values;
}

template <typename T>
std::vector<T> Fill(const std::string& yaml, size_t in, size_t out, Generator& generator) {
  return Fill<T>(yaml, in, out, {in, out}, generator);
}

std::vector<float> Transposed(const std::vector<float>& values, size_t rows, size_t cols) {
  std::vector<float> result;
  for (size_t c = 0; c < cols; ++c) {
    for (size_t r = 0; r < rows; ++r) result.push_back(values[r * cols + c]);
  }
  return result;
}

std::unique_ptr<Generator> Torch(uint64_t seed) { return MakeGenerator(RngKind::kTorch, seed); }

// torch.nn.init.xavier_normal_ on tensors of these shapes in a row, after manual_seed(3).
TEST(InitializerTest, XavierNormalHasPyTorchsBits) {
  const auto generator = Torch(3);
  const struct {
    size_t in, out;
    const char* sha256;
  } known[] = {
      {784, 64, "5a9094c2908a0225a367ec91b0edccf75cacbad8d04e1d5c9c51952af34f9866"},
      {64, 64, "8a48fa15a300e6fc5216d4383b122e5733e483a5754394f0dc78bd3e65c7ca11"},
      {64, 64, "6013e3508e795be973999c43919a1d8cbbf80c0a5c64ed6c4b5b76bb3c5f5921"},
      {64, 64, "b4eb59a27b87a1d53a319834e221668b41998490be96d6e20f1ddeec9206992a"},
      {64, 64, "33d823dd8f236dbb5704ed28b51a43bbaf6c3d9aa3e65180a4ee853c6170f19f"},
      {64, 10, "c1c64a0010605515ee7b83a6827bcf2df47bf445693e57d354f181b5c4b7a351"},
  };
  for (const auto& k : known) {
    EXPECT_EQ(Digest(Fill<float>("xavier_normal", k.in, k.out, *generator)), k.sha256);
  }
}

// A tensor of 10 x 784 is (O, I) to PyTorch: the fan in is 784, and the layout says so.
TEST(InitializerTest, KaimingUniformHasPyTorchsBits) {
  const std::string a_is_root_5 = "{name: kaiming_uniform, a: 2.23606797749979, layout: out_in}";
  const auto w = Fill<float>(a_is_root_5, 784, 10, *Torch(7));
  EXPECT_EQ(Digest(Transposed(w, 784, 10)),
            "74d5741e9a915162fac4dd7c4d54a1eb8f3375a0c4d6bb5a577d0fe5cb14101b");
}

// torch.nn.Linear(784, 10) after manual_seed(1): the weight is drawn first.
TEST(InitializerTest, TorchLinearHasPyTorchsBits) {
  const auto generator = Torch(1);
  const auto w = Fill<float>("torch_linear", 784, 10, *generator);
  EXPECT_EQ(Digest(Transposed(w, 784, 10)),
            "13a36144f22b3e3c5dfbb2fd1c292d304eabfcdf9202513eba2b5c5376798670");
  const auto bias = Fill<float>("torch_linear", 1, 10, {784, 10}, *generator);
  EXPECT_EQ(Digest(bias), "82aec045770ea07a26841e1236bede2fc8ee91d68c07a49a108dfde6bebb6eec");
}

// uniform_, then normal_, after manual_seed(9).
TEST(InitializerTest, UniformAndNormalHavePyTorchsBits) {
  const auto generator = Torch(9);
  EXPECT_EQ(Digest(Fill<float>("{name: uniform, low: -0.25, high: 0.75}", 4, 5, *generator)),
            "5cddb8e5209562805b765a50c2df0fff257daa60dafa5e73bc1fbfeb47b35b6f");
  EXPECT_EQ(Digest(Fill<float>("{name: normal, mean: 2, std: 0.5}", 4, 5, *generator)),
            "16f4d67db15add921bdcee84a06a8297ce1507df8e7cd6aab393ebab4646d8ed");
}

// numpy.random.RandomState(0).randn(784, 256), then (256, 10), in double.
TEST(InitializerTest, RandnHasNumPysBits) {
  const auto generator = MakeGenerator(RngKind::kNumpy, 0);
  EXPECT_EQ(Digest(Fill<double>("randn", 784, 256, *generator)),
            "88d5e158be68715127446e7c4d64ac6820f1b35d23fbcc45d1c18dbd80a3398a");
  EXPECT_EQ(Digest(Fill<double>("randn", 256, 10, *generator)),
            "6eae2512df9e2aa026160a6305095005aee565021ddd817524c62f378bdec7b7");
}

TEST(InitializerTest, ANormalIsRandnTimesItsWidth) {
  const auto randn = Fill<float>("randn", 784, 100, *Torch(0));
  const auto xavier = Fill<float>("xavier_normal", 784, 100, *Torch(0));
  const float width = static_cast<float>(std::sqrt(2.0 / 884));
  for (size_t i = 0; i < randn.size(); ++i) ASSERT_EQ(xavier[i], randn[i] * width);
}

TEST(InitializerTest, LayoutDecidesOnlyTheOrderOfDrawing) {
  const auto in_out = Fill<float>("normal", 6, 4, *Torch(2));
  const auto out_in = Fill<float>("{name: normal, layout: out_in}", 6, 4, *Torch(2));
  EXPECT_EQ(Transposed(out_in, 6, 4), in_out);
  // A parameter that is stored (O, I), with the values of the same (O, I) matrix.
  const Fans stored_out_in{4, 6, true};
  EXPECT_EQ(Fill<float>("{name: normal, layout: out_in}", 6, 4, stored_out_in, *Torch(2)), in_out);
}

TEST(InitializerTest, HeIsKaimingUnderItsOtherName) {
  EXPECT_EQ(Fill<float>("he_normal", 30, 20, *Torch(4)),
            Fill<float>("kaiming_normal", 30, 20, *Torch(4)));
  EXPECT_EQ(Fill<double>("he_uniform", 30, 20, *Torch(4)),
            Fill<double>("{name: kaiming_uniform, nonlinearity: relu}", 30, 20, *Torch(4)));
}

struct Moments {
  double mean, std, largest;
};

Moments MomentsOf(const std::vector<double>& values) {
  Moments m{0, 0, 0};
  const double n = static_cast<double>(values.size());
  for (const double x : values) m.mean += x / n;
  for (const double x : values) m.std += (x - m.mean) * (x - m.mean) / n;
  for (const double x : values) m.largest = std::max(m.largest, std::abs(x));
  m.std = std::sqrt(m.std);
  return m;
}

TEST(InitializerTest, WidthsFollowTheFans) {
  const double gain_of_tanh = 5.0 / 3;
  const struct {
    std::string yaml;
    double std;
    bool uniform;
  } cases[] = {
      {"{name: xavier_normal, gain: 3}", 3 * std::sqrt(2.0 / 500), false},
      {"xavier_uniform", std::sqrt(2.0 / 500), true},
      {"kaiming_normal", std::sqrt(2.0 / 300), false},
      {"{name: kaiming_normal, mode: fan_out}", std::sqrt(2.0 / 200), false},
      {"{name: kaiming_normal, a: 2}", std::sqrt(2.0 / 5 / 300), false},
      {"{name: kaiming_uniform, nonlinearity: tanh}", gain_of_tanh / std::sqrt(300.0), true},
      {"{name: kaiming_uniform, nonlinearity: selu}", 0.75 / std::sqrt(300.0), true},
      {"{name: kaiming_uniform, nonlinearity: linear}", 1 / std::sqrt(300.0), true},
      {"he_uniform", std::sqrt(2.0 / 300), true},
      {"lecun_normal", 1 / std::sqrt(300.0), false},
      {"torch_linear", 1 / std::sqrt(300.0) / std::sqrt(3.0), true},
      {"{name: scaled_randn, scale: 0.2}", 0.2, false},
  };
  for (const auto& c : cases) {
    const auto generator = MakeGenerator(RngKind::kNabla, 1);
    const Moments m = MomentsOf(Fill<double>(c.yaml, 300, 200, *generator));
    EXPECT_NEAR(m.std, c.std, 0.01 * c.std) << c.yaml;  // 4 deviations of 60000 values
    EXPECT_NEAR(m.mean, 0, 0.02 * c.std) << c.yaml;
    EXPECT_EQ(m.largest < 1.7321 * c.std, c.uniform) << c.yaml;
  }
}

TEST(InitializerTest, OrthogonalRowsOrColumnsStandAtRightAngles) {
  for (const auto& shape : {std::pair<size_t, size_t>{20, 7}, {7, 20}, {9, 9}}) {
    const size_t rows = shape.first;
    const size_t cols = shape.second;
    const auto w = Fill<double>("{name: orthogonal, gain: 2}", rows, cols, *Torch(5));
    const bool tall = rows >= cols;
    const size_t few = std::min(rows, cols), many = std::max(rows, cols);
    const auto at = [&](size_t a, size_t i) { return tall ? w[i * cols + a] : w[a * cols + i]; };
    for (size_t a = 0; a < few; ++a) {
      for (size_t b = 0; b < few; ++b) {
        double dot = 0;
        for (size_t i = 0; i < many; ++i) dot += at(a, i) * at(b, i);
        EXPECT_NEAR(dot, a == b ? 4 : 0, 1e-13);
      }
    }
  }
}

TEST(InitializerTest, ConstantsDrawNothing) {
  const auto generator = Torch(0);
  const std::vector<uint8_t> before = generator->State();
  EXPECT_EQ(Fill<float>("{name: constant, value: 0.5}", 2, 2, *generator),
            (std::vector<float>{0.5, 0.5, 0.5, 0.5}));
  EXPECT_EQ(Fill<float>("zeros", 1, 2, *generator), (std::vector<float>{0, 0}));
  EXPECT_EQ(Fill<float>("{name: explicit, values: [[1, 2], [3, 4]]}", 2, 2, *generator),
            (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(generator->State(), before);
}

TEST(InitializerTest, ContradictionsAreRefused) {
  EXPECT_THROW(Make<float>("{name: uniform, low: 1, high: 0}"), InputError);
  EXPECT_THROW(Make<float>("{name: normal, std: -1}"), InputError);
  EXPECT_THROW(Make<float>("{name: kaiming_normal, mode: fan_both}"), InputError);
  EXPECT_THROW(Fill<float>("{name: explicit, values: [[1, 2]]}", 2, 2, *Torch(0)), InputError);
}

}  // namespace
}  // namespace nabla
