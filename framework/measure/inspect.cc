#include "framework/measure/inspect.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "framework/engine/evaluation.h"
#include "framework/engine/rows.h"
#include "framework/inference/output_kind.h"
#include "framework/measure/layer_values.h"
#include "framework/measure/output_plots.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

constexpr size_t kWorstPictures = 24;
constexpr size_t kMostUnits = 64;

// Keeps all outputs of an evaluation, and target values.
template <typename T>
class Outputs : public Metric<T> {
 public:
  explicit Outputs(OutputRows* rows) : rows_(rows) {}

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    class Pass : public MetricPass<T> {
     public:
      explicit Pass(OutputRows* rows) : rows_(rows) {}
      void Add(Matrix<const T> z, const Targets<T>& targets) override {
        Keep(z, &rows_->outputs);
        if (targets.labels == nullptr) Keep(targets.values, &rows_->values);
      }
      std::vector<std::pair<std::string, double>> Results() const override { return {}; }

     private:
      static void Keep(Matrix<const T> z, std::vector<std::vector<double>>* rows) {
        for (size_t r = 0; r < z.rows; ++r) rows->emplace_back(z.Row(r), z.Row(r) + z.cols);
      }

      OutputRows* rows_;
    };
    return std::make_unique<Pass>(rows_);
  }

 private:
  OutputRows* rows_;
};

template <typename T>
OutputRows TestOutputs(Experiment<T>& experiment, const Samples& samples, Threads& threads) {
  const FlushDenormals flush;
  OutputRows rows{.kind = OutputKindOf(experiment.spec(), samples.classes),
                  .classes = samples.classes,
                  .labels = {samples.labels.begin(), samples.labels.end()}};
  if (samples.meaning != nullptr) rows.meaning = *samples.meaning;
  const auto keeper = std::make_shared<Outputs<T>>(&rows);
  Evaluation<T>(experiment.network(), *experiment.spec().loss, {keeper}, samples, threads).Run();
  return rows;
}

size_t FirstMaximum(const std::vector<double>& values) {
  return static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

// (channels, height, width) of rows that can be shown as pictures, or nothing.
std::vector<size_t> PictureShape(const Samples& samples) {
  const std::vector<size_t>& dims = samples.shape.dims;
  const bool fits =
      dims.size() == 3 && (dims[0] == 1 || dims[0] == 3) && dims[1] > 1 && dims[2] > 1;
  return fits ? dims : std::vector<size_t>();
}

ConfusionTable Confusion(const std::vector<std::vector<double>>& outputs, const Samples& samples,
                         double threshold) {
  constexpr size_t kMostClasses = 2000;  // of more, the cells would not fit into a page or memory
  ConfusionTable matrix;
  const size_t classes = samples.classes;
  if (classes > kMostClasses) return matrix;
  for (size_t c = 0; c < classes; ++c) matrix.classes.push_back(samples.ClassName(c));
  matrix.counts.resize(classes * classes);
  for (size_t r = 0; r < outputs.size(); ++r) {
    const size_t predicted = outputs[r].size() == 1 ? static_cast<size_t>(outputs[r][0] > threshold)
                                                    : FirstMaximum(outputs[r]);
    ++matrix.counts[static_cast<size_t>(samples.labels[r]) * classes + predicted];
  }
  return matrix;
}

// -log of the true class's probability, computed so that it stays finite for logits; for scores,
// how far the true class is below the best one.
double Wrongness(OutputKind kind, const std::vector<double>& outputs, size_t truth) {
  const double most = *std::max_element(outputs.begin(), outputs.end());
  if (kind == OutputKind::kScores) return most - outputs[truth];
  if (kind != OutputKind::kLogits) return -std::log(Interpret(kind, outputs)[truth]);
  double sum = 0;
  for (const double z : outputs) sum += std::exp(z - most);
  return most + std::log(sum) - outputs[truth];
}

std::vector<WorstPicture> Worst(OutputKind kind, const std::vector<std::vector<double>>& outputs,
                                const Samples& samples) {
  const std::vector<size_t> shape = PictureShape(samples);
  std::vector<WorstPicture> worst;
  if (shape.empty() || samples.pixels.empty()) return worst;
  struct Wrong {
    size_t row;
    std::vector<double> probabilities;
    double loss;
  };
  std::vector<Wrong> wrong;
  for (size_t r = 0; r < outputs.size(); ++r) {
    const auto truth = static_cast<size_t>(samples.labels[r]);
    if (FirstMaximum(outputs[r]) == truth) continue;
    wrong.push_back({r, Interpret(kind, outputs[r]), Wrongness(kind, outputs[r], truth)});
  }
  std::stable_sort(wrong.begin(), wrong.end(),
                   [](const Wrong& a, const Wrong& b) { return a.loss > b.loss; });
  wrong.resize(std::min(wrong.size(), kWorstPictures));
  for (const Wrong& w : wrong) {
    const auto truth = static_cast<size_t>(samples.labels[w.row]);
    const size_t predicted = FirstMaximum(w.probabilities);
    const auto pixels = samples.pixels.subspan(w.row * samples.shape.size(), samples.shape.size());
    worst.push_back({.width = shape[2],
                     .height = shape[1],
                     .channels = shape[0],
                     .pixels = {pixels.begin(), pixels.end()},
                     .truth = samples.ClassName(truth),
                     .predicted = samples.ClassName(predicted),
                     .truth_probability = w.probabilities[truth],
                     .predicted_probability = w.probabilities[predicted],
                     .loss = w.loss});
  }
  return worst;
}

// The weights of the first layer: the columns of W (I, O) if linear, the filters if a convolution.
template <typename T>
WeightPictures FirstWeights(const Experiment<T>& experiment, const Network<T>& network,
                            const Samples& samples) {
  const std::vector<size_t> shape = PictureShape(samples);
  const std::string kind = PluginName(experiment.spec().model.front().config);
  if (shape.empty() || network.layers().front().parameter_count == 0) return {};
  const Parameter<T>& parameter = network.parameters().front();
  const Matrix<const T> w = parameter.value.view();
  WeightPictures pictures{.parameter = parameter.name, .channels = shape[0]};
  if (kind == "linear" && w.rows == samples.shape.size()) {
    pictures.height = shape[1];
    pictures.width = shape[2];
    for (size_t unit = 0; unit < std::min(w.cols, kMostUnits); ++unit) {
      for (size_t i = 0; i < w.rows; ++i) pictures.values.push_back(static_cast<float>(w(i, unit)));
    }
    return pictures;
  }
  const auto side = static_cast<size_t>(std::lround(std::sqrt(w.cols / shape[0])));
  if (kind != "conv2d" || side * side * shape[0] != w.cols || side < 2) return {};
  pictures.height = pictures.width = side;
  for (size_t unit = 0; unit < std::min(w.rows, kMostUnits); ++unit) {
    for (size_t i = 0; i < w.cols; ++i) pictures.values.push_back(static_cast<float>(w(unit, i)));
  }
  return pictures;
}

// The sum over columns of the variance over rows.
double Variance(const std::vector<std::vector<double>>& rows) {
  double sum = 0;
  for (size_t c = 0; c < rows[0].size(); ++c) {
    double mean = 0;
    for (const auto& row : rows) mean += row[c] / static_cast<double>(rows.size());
    for (const auto& row : rows) {
      sum += (row[c] - mean) * (row[c] - mean) / static_cast<double>(rows.size());
    }
  }
  return sum;
}

std::optional<double> SpreadOf(const OutputRows& rows) {
  if (rows.values.empty() || rows.meaning.labels) return std::nullopt;
  const double share = std::sqrt(Variance(rows.outputs) / Variance(rows.values));
  return std::isfinite(share) ? std::optional(share) : std::nullopt;
}

}  // namespace

template <typename T>
Inspection Inspect(Experiment<T>& experiment, const DataSplits& data, Threads& threads) {
  Inspection inspection;
  const Samples& test = data.test;
  const Shape& output = experiment.network().output();
  const bool binary = IsBinary(output, test.classes);
  const bool fits = test.classes == 0 || binary || output.size() == test.classes;
  if (test.count > 0 && fits) {
    const OutputRows rows = TestOutputs(experiment, test, threads);
    inspection.plots = PlotsOf(rows);
    inspection.output_spread = SpreadOf(rows);
    if (test.classes > 0) {
      inspection.confusion = Confusion(rows.outputs, test, ThresholdOf(experiment.spec()));
      if (!binary) inspection.worst = Worst(rows.kind, rows.outputs, test);
    }
  }
  inspection.weights = FirstWeights(experiment, experiment.network(), data.train);
  inspection.values = ValuesByLayer(experiment.network(), test.count > 0 ? test : data.train);
  return inspection;
}

template Inspection Inspect(Experiment<float>&, const DataSplits&, Threads&);
template Inspection Inspect(Experiment<double>&, const DataSplits&, Threads&);

}  // namespace nabla
