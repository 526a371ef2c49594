#include "framework/inference/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "framework/base/error.h"
#include "framework/engine/evaluation.h"
#include "framework/engine/rows.h"
#include "framework/inference/output_kind.h"

namespace nabla {
namespace {

// A metric that only copies the outputs it is given.
template <typename T>
class Keeper final : public Metric<T> {
 public:
  explicit Keeper(Matrix<T> outputs) : outputs_(outputs) {}

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Pass>(outputs_);
  }

 private:
  class Pass final : public MetricPass<T> {
   public:
    explicit Pass(Matrix<T> outputs) : outputs_(outputs) {}

    void Add(Matrix<const T> z, const Targets<T>&) override {
      for (size_t r = 0; r < z.rows; ++r) std::copy_n(z.Row(r), z.cols, outputs_.Row(row_++));
    }
    std::vector<std::pair<std::string, double>> Results() const override { return {}; }

   private:
    Matrix<T> outputs_;
    size_t row_ = 0;
  };

  Matrix<T> outputs_;
};

// Class indices by decreasing value; ties go to the lower index.
std::vector<size_t> BestFirst(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&values](size_t a, size_t b) { return values[a] > values[b]; });
  return order;
}

// What a prediction shows of each class or value.
struct Shown {
  const TargetMeaning& meaning;
  const char* what;  // "probability" or "score"
};

std::string ClassTable(const std::vector<double>& values, const std::vector<size_t>& order,
                       const Shown& shown) {
  size_t width = 5;
  for (const size_t c : order) width = std::max(width, shown.meaning.ClassName(c).size());
  std::string text = fmt::format("{:<{}}  {}\n", "class", width, shown.what);
  for (const size_t c : order) {
    text += fmt::format("{:>{}}  {:>11.6f}\n", shown.meaning.ClassName(c), width, values[c]);
  }
  return text;
}

std::string Line(const std::vector<double>& values, const std::vector<size_t>& order,
                 const Shown& shown) {
  if (order.size() == values.size()) {
    return fmt::format("class {}, {} {:.6f}\n", shown.meaning.ClassName(order.front()),
                       shown.what == std::string_view("probability") ? "probabilities" : "scores",
                       fmt::join(values, " "));
  }
  std::string text;
  for (const size_t c : order) {
    text += fmt::format("{}{} {:.6f}", text.empty() ? "class " : ", ", shown.meaning.ClassName(c),
                        values[c]);
  }
  return text + "\n";
}

// "price 12.5, area 7", or the numbers alone where they have no names.
std::string Numbers(const std::vector<double>& values, const TargetMeaning& meaning) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string name = meaning.values.empty() ? "" : meaning.values[i] + " ";
    text += fmt::format("{}{}{}",
                        i == 0                   ? ""
                        : meaning.values.empty() ? " "
                                                 : ", ",
                        name, values[i]);
  }
  return text + "\n";
}

// What an autoencoder makes of rows: how far that is from them, "mse 0.012", and its outputs.
template <typename T>
std::string Reconstructions(const ModelInput& input, const Samples& samples,
                            Matrix<const T> outputs) {
  const std::vector<double> inputs = InputsAs<T>(samples);
  const TargetMeaning& meaning = input.meaning;
  std::string text;
  for (size_t r = 0; r < outputs.rows; ++r) {
    std::vector<double> made(outputs.Row(r), outputs.Row(r) + outputs.cols);
    double sum = 0;
    for (size_t i = 0; i < made.size(); ++i) {
      double x = inputs[r * made.size() + i];
      if (!meaning.mean.empty()) x = x * meaning.std[i] + meaning.mean[i];
      sum += (made[i] - x) * (made[i] - x);
    }
    if (outputs.rows > 1) text += fmt::format("{}: ", r);
    text += fmt::format("mse {:.6g}", sum / static_cast<double>(made.size()));
    text += (meaning.values.empty() ? ": " : "; ") + Numbers(made, meaning);
  }
  return text;
}

// The probability of each label, where the outputs have any.
std::vector<double> LabelProbabilities(OutputKind kind, std::vector<double> values) {
  if (kind != OutputKind::kSeparateLogits) return values;
  for (double& x : values) x = 1 / (1 + std::exp(-x));
  return values;
}

template <typename T>
void CheckFinite(Matrix<const T> outputs) {
  for (size_t r = 0; r < outputs.rows; ++r) {
    const T* row = outputs.Row(r);
    if (std::all_of(row, row + outputs.cols, [](T v) { return std::isfinite(v); })) continue;
    throw RunError(fmt::format(
        "the model's outputs for row {} are not finite: its training diverged, or the row's values "
        "are far from those it was trained on",
        r));
  }
}

}  // namespace

template <typename T>
OwnedMatrix<T> PredictOutputs(const Model<T>& model, const Samples& samples, Threads& threads) {
  OwnedMatrix<T> outputs(samples.count, model.network->output().size());
  const FlushDenormals flush;  // as in training
  Evaluation<T>(*model.network, *model.spec.loss, {std::make_shared<Keeper<T>>(outputs.view())},
                samples, threads)
      .Run();
  CheckFinite<T>(outputs.view());
  return outputs;
}

template <typename T>
std::string PrintPredictions(const Model<T>& model, const Samples& samples, Matrix<const T> outputs,
                             size_t top) {
  const ModelInput& input = model.head.input;
  if (input.meaning.inputs) return Reconstructions<T>(input, samples, outputs);
  const bool labels = input.meaning.labels;
  const OutputKind kind = OutputKindOf(model.spec, labels ? outputs.cols : input.classes);
  const Shown shown{input.meaning, HasProbabilities(kind) ? "probability" : "score"};
  std::string text;
  for (size_t r = 0; r < outputs.rows; ++r) {
    const T* row = outputs.Row(r);
    const std::vector<double> raw(row, row + outputs.cols);
    if (outputs.rows > 1) text += fmt::format("{}: ", r);
    if (kind == OutputKind::kNumbers || labels) {
      text += Numbers(labels ? LabelProbabilities(kind, raw) : raw, input.meaning);
      continue;
    }
    const std::vector<double> values = Interpret(kind, raw);
    std::vector<size_t> order = BestFirst(values);
    if (top > 0) order.resize(std::min(top, order.size()));
    text += outputs.rows > 1 ? Line(values, order, shown) : ClassTable(values, order, shown);
  }
  return text;
}

template OwnedMatrix<float> PredictOutputs(const Model<float>&, const Samples&, Threads&);
template OwnedMatrix<double> PredictOutputs(const Model<double>&, const Samples&, Threads&);
template std::string PrintPredictions(const Model<float>&, const Samples&, Matrix<const float>,
                                      size_t);
template std::string PrintPredictions(const Model<double>&, const Samples&, Matrix<const double>,
                                      size_t);

}  // namespace nabla
