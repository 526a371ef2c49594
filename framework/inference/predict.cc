#include "framework/inference/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "framework/base/error.h"
#include "framework/engine/evaluation.h"
#include "framework/inference/output_kind.h"

namespace nabla {
namespace {

// A metric that only copies the outputs it is given.
template <typename T>
class Keeper final : public Metric<T> {
 public:
  explicit Keeper(Matrix<T> outputs) : outputs_(outputs) {}

  std::unique_ptr<MetricPass<T>> Start(size_t) const override {
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

std::string ClassTable(const std::vector<double>& values, const std::vector<size_t>& order,
                       const char* what) {
  std::string text = fmt::format("class  {}\n", what);
  for (const size_t c : order) text += fmt::format("{:>5}  {:>11.6f}\n", c, values[c]);
  return text;
}

std::string Line(const std::vector<double>& values, const std::vector<size_t>& order,
                 const char* what) {
  if (order.size() == values.size()) {
    return fmt::format("class {}, {} {:.6f}\n", order.front(),
                       what == std::string_view("probability") ? "probabilities" : "scores",
                       fmt::join(values, " "));
  }
  std::string text;
  for (const size_t c : order) {
    text += fmt::format("{}{} {:.6f}", text.empty() ? "class " : ", ", c, values[c]);
  }
  return text + "\n";
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
std::string PrintPredictions(const Model<T>& model, Matrix<const T> outputs, size_t top) {
  const OutputKind kind = OutputKindOf(model.spec, model.head.input.classes);
  const char* what = HasProbabilities(kind) ? "probability" : "score";
  std::string text;
  for (size_t r = 0; r < outputs.rows; ++r) {
    const T* row = outputs.Row(r);
    if (outputs.rows > 1) text += fmt::format("{}: ", r);
    if (kind == OutputKind::kNumbers) {
      text += fmt::format("{}\n", fmt::join(row, row + outputs.cols, " "));
      continue;
    }
    const std::vector<double> values =
        Interpret(kind, std::vector<double>(row, row + outputs.cols));
    std::vector<size_t> order = BestFirst(values);
    if (top > 0) order.resize(std::min(top, order.size()));
    text += outputs.rows > 1 ? Line(values, order, what) : ClassTable(values, order, what);
  }
  return text;
}

template OwnedMatrix<float> PredictOutputs(const Model<float>&, const Samples&, Threads&);
template OwnedMatrix<double> PredictOutputs(const Model<double>&, const Samples&, Threads&);
template std::string PrintPredictions(const Model<float>&, Matrix<const float>, size_t);
template std::string PrintPredictions(const Model<double>&, Matrix<const double>, size_t);

}  // namespace nabla
