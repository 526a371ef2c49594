// Checks of layers, run by the engine.
#include <fmt/format.h>

#include <algorithm>

#include "framework/base/philox.h"
#include "framework/check/conformance_checks.h"
#include "framework/check/layer_probe.h"
#include "framework/export/onnx_layers.h"
#include "framework/export/untyped_network.h"

namespace nabla {
namespace {

constexpr const char* kShape = "accepts some shape of rows";
constexpr const char* kCuts = "same bits for any blocks, chunks and tiles";
constexpr const char* kEvaluates = "evaluates with the same bits in any blocks";
constexpr const char* kOnnx = "Onnx names values and parameters that there are";
constexpr const char* kInput = "gradient of the input equals finite differences";
constexpr const char* kParameters = "gradients of parameters equal finite differences";
// The most numbers of one matrix to compare; more would take long and add little.
constexpr size_t kMostCompared = 40;

Shape RandomShape(Dice& dice) {
  if (dice.Size(0, 1) == 0) return {{dice.Size(1, 20)}};
  return {{dice.Size(1, 3), dice.Size(1, 7), dice.Size(1, 7)}};
}

// The layer with random rows and parameters, or null if it does not accept such rows.
template <typename T>
std::unique_ptr<LayerProbe<T>> MakeProbe(const Subject& subject, size_t variant, uint64_t seed) {
  const auto layer = subject.Make<T, Layer<T>>(variant, Vary::kAll);
  if (layer == nullptr) return nullptr;
  Dice dice(seed);
  const Shape shape = RandomShape(dice);
  const size_t rows = dice.Size(1, 20);
  std::unique_ptr<LayerProbe<T>> probe;
  try {
    probe = std::make_unique<LayerProbe<T>>(layer, shape, rows, dice.generator());
  } catch (const InputError&) {
    return nullptr;
  }
  for (double& value : probe->x()) value = 2 * dice.Normal();
  for (double& value : probe->dy()) value = dice.Normal();
  // Parameters that start as 0 or 1 would hide errors in their use.
  for (size_t p = 0; p < probe->parameter_count(); ++p) {
    if (!probe->parameter(p).trained) continue;
    const Matrix<T> value = probe->parameter(p).value.view();
    for (size_t r = 0; r < value.rows; ++r) {
      for (size_t c = 0; c < value.cols; ++c) value(r, c) += static_cast<T>(0.5 * dice.Normal());
    }
  }
  return probe;
}

template <typename T>
OwnedMatrix<T> Copy(Matrix<const T> from) {
  OwnedMatrix<T> to(from.rows, from.cols);
  for (size_t r = 0; r < from.rows; ++r) std::copy_n(from.Row(r), from.cols, to.view().Row(r));
  return to;
}

// The wanted cuts, adjusted to what the layer allows: coupled rows stay together, and rows of
// blockwise_gradient layers stay in groups of kGradientRows.
template <typename T>
Cuts Allowed(const LayerProbe<T>& probe, Cuts cuts) {
  const auto round = [&](size_t n) {
    return probe.blockwise_gradient() ? (n + kGradientRows - 1) / kGradientRows * kGradientRows : n;
  };
  return {probe.coupled() ? 0 : round(cuts.chunk), round(cuts.block), cuts.tile};
}

// "weight" of "1.weight": the layer is the second one of the probe.
std::string OwnName(const std::string& parameter) {
  return parameter.starts_with("1.") ? parameter.substr(2) : parameter;
}

std::string CutsText(const Cuts& cuts) {
  const auto text = [](const char* what, size_t n) {
    return n == 0 ? fmt::format("one {}", what) : fmt::format("{}s of {}", what, n);
  };
  return fmt::format("in {}, {}, {}", text("chunk", cuts.chunk), text("block", cuts.block),
                     text("tile", cuts.tile));
}

template <typename T>
void CheckCuts(LayerProbe<T>& probe, Findings& findings) {
  probe.Run();
  const OwnedMatrix<T> y = Copy(probe.y());
  const OwnedMatrix<T> dx = Copy(probe.dx());
  std::vector<OwnedMatrix<T>> gradients;
  for (size_t p = 0; p < probe.parameter_count(); ++p) gradients.push_back(Copy(probe.gradient(p)));
  for (const Cuts wanted :
       {Cuts{0, 1, 1}, Cuts{0, 3, 2}, Cuts{0, 0, 0}, Cuts{7, 2, 3}, Cuts{1, 1, 5}}) {
    const Cuts cuts = Allowed(probe, wanted);
    probe.Run(cuts);
    const std::string how = CutsText(cuts);
    if (cuts.chunk == 0) {
      ExpectSame<T>(findings, kCuts, "y of Forward", how, y.view(), probe.y());
      ExpectSame<T>(findings, kCuts, "dx of Backward", how, dx.view(), probe.dx());
    }
    for (size_t p = 0; p < gradients.size(); ++p) {
      if (!probe.parameter(p).trained) continue;
      ExpectSame<T>(findings, kCuts, "the gradient of " + OwnName(probe.parameter(p).name), how,
                    gradients[p].view(), probe.gradient(p));
    }
  }
}

template <typename T>
void CheckEvaluation(const LayerProbe<T>& probe, size_t rows, Findings& findings) {
  if (!probe.evaluates()) return;
  ProbeMatrix<T> whole(rows, probe.output().size());
  ProbeMatrix<T> single(rows, probe.output().size());
  probe.Evaluate(rows, whole.view());
  probe.Evaluate(1, single.view());
  findings.Expect(whole.Complaint().empty(), kEvaluates, whole.Complaint());
  ExpectSame<T>(findings, kEvaluates, "y of Forward", "row by row", whole.view(), single.view());
}

// Calls f for all indices below `size`, or for kMostCompared of them.
template <typename F>
void ForSome(size_t size, Dice& dice, F f) {
  for (size_t k = 0; k < std::min(size, kMostCompared); ++k) {
    f(size <= kMostCompared ? k : dice.Size(0, size - 1));
  }
}

// What it computes there is not compared: nothing here runs ONNX.
template <typename T>
void CheckOnnx(const LayerProbe<T>& probe, const Layer<T>& layer, Findings& findings) {
  findings.Check(kOnnx);
  OnnxBuilder builder(sizeof(T) == sizeof(float) ? ElementType::kF32 : ElementType::kF64);
  try {
    AddLayer<T>(WithoutType(probe.network()), layer, "1", "x", &builder);
  } catch (const InputError& e) {
    findings.Fail(kOnnx, e.problems().front().message);
  }
}

void CompareGradients(LayerProbe<double>& probe, Dice& dice, Findings& findings) {
  probe.Run();
  const auto value = [&] { return probe.Run(); };
  const OwnedMatrix<double> dx = Copy(probe.dx());
  std::vector<OwnedMatrix<double>> gradients;
  for (size_t p = 0; p < probe.parameter_count(); ++p) gradients.push_back(Copy(probe.gradient(p)));
  SlopeJudge input;
  ForSome(probe.x().size(), dice, [&](size_t i) {
    const size_t cols = dx.view().cols;
    input.Compare(&probe.x()[i], dx.view()(i / cols, i % cols), value, [&]() -> SlopeJudge::Place {
      return {"dx" + PlaceText(probe.rows(), i / cols, i % cols),
              fmt::format("x = {:.8g}", probe.x()[i])};
    });
  });
  findings.Expect(input.Complaint().empty(), kInput, input.Complaint(), input.badness());
  findings.Check(kParameters);
  for (size_t p = 0; p < probe.parameter_count(); ++p) {
    if (!probe.parameter(p).trained) continue;
    const std::string name = OwnName(probe.parameter(p).name);
    const Matrix<double> parameter = probe.parameter(p).value.view();
    const double divided =
        probe.parameter(p).divide_by_batch ? static_cast<double>(probe.rows()) : 1;
    SlopeJudge judge;
    ForSome(parameter.rows * parameter.cols, dice, [&](size_t i) {
      const size_t r = i / parameter.cols;
      const size_t c = i % parameter.cols;
      judge.Compare(&parameter(r, c), divided * gradients[p].view()(r, c), value,
                    [&]() -> SlopeJudge::Place {
                      return {"d" + name + PlaceText(parameter.rows, r, c),
                              fmt::format("{} = {:.8g}", name, parameter(r, c))};
                    });
    });
    findings.Expect(judge.Complaint().empty(), kParameters, name + ": " + judge.Complaint(),
                    judge.badness());
  }
}

}  // namespace

void CheckLayer(const Subject& subject, Findings& findings) {
  constexpr size_t kTriesPerTrial = 50;
  size_t accepted = 0;
  for (size_t trial = 0; accepted < subject.trials && trial < kTriesPerTrial * subject.trials;
       ++trial) {
    const uint64_t seed = Key(3, {trial});
    // The defaults come first. Later variants may be invalid combinations; those cost only a try.
    const size_t variant = accepted == 0 ? 0 : trial;
    findings.SetTrial("");
    const auto probe = MakeProbe<double>(subject, variant, seed);
    const auto in_float = MakeProbe<float>(subject, variant, seed);
    if (probe == nullptr || in_float == nullptr) continue;
    ++accepted;
    Dice dice(seed + 1);
    const std::string rows = fmt::format("{} rows of {}", probe->rows(), probe->input().ToString());
    const std::string in_double = subject.Trial<double>(rows, variant, Vary::kAll);
    findings.SetTrial(subject.Trial<float>(rows, variant, Vary::kAll));
    CheckCuts(*in_float, findings);
    CheckEvaluation(*in_float, in_float->rows(), findings);
    findings.SetTrial(in_double);
    CheckCuts(*probe, findings);
    CheckEvaluation(*probe, probe->rows(), findings);
    CompareGradients(*probe, dice, findings);
    CheckOnnx(*probe, *subject.Make<double, Layer<double>>(variant, Vary::kAll), findings);
  }
  findings.SetTrial("");
  findings.Expect(accepted == subject.trials, kShape,
                  "accepted only " + std::to_string(accepted) + " of the shapes that were tried");
}

}  // namespace nabla
