#include "framework/inference/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>
#include <vector>

#include "framework/base/error.h"
#include "framework/engine/evaluation.h"
#include "framework/engine/rows.h"
#include "framework/inference/output_kind.h"
#include "framework/training/experiment.h"
#include "framework/training/ids.h"

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

constexpr std::string_view kProbability = "probability";
constexpr std::string_view kScore = "score";
constexpr std::string_view kLabels = "labels";
constexpr std::string_view kValues = "values";

// What a prediction shows of each class or value.
struct Shown {
  const TargetMeaning& meaning;
  std::string_view what;  // one of these
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
                       shown.what == kProbability ? "probabilities" : "scores",
                       fmt::join(values, " "));
  }
  std::string text;
  for (const size_t c : order) {
    text += fmt::format("{}{} {:.6f}", text.empty() ? "class " : ", ", shown.meaning.ClassName(c),
                        values[c]);
  }
  return text + "\n";
}

// "price 12.5, area 7", or the numbers alone where they have no names. The 7 digits that a
// float32 has are enough for people; JSON has all.
std::string Numbers(const std::vector<double>& values, const TargetMeaning& meaning,
                    std::string_view what = kValues) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += meaning.values.empty() ? " " : ", ";
    if (!meaning.values.empty()) text += meaning.values[i] + " ";
    text += what == kLabels ? fmt::format("{:.6f}", values[i]) : fmt::format("{:.7g}", values[i]);
  }
  return text + "\n";
}

// What an autoencoder makes of row r, in the units of the data set, and how far that is from it.
struct Reconstruction {
  std::vector<double> made;
  double mse = 0;
};

template <typename T>
Reconstruction Reconstruct(const TargetMeaning& meaning, const std::vector<double>& inputs,
                           Matrix<const T> outputs, size_t r) {
  Reconstruction found{{outputs.Row(r), outputs.Row(r) + outputs.cols}};
  double sum = 0;
  for (size_t i = 0; i < outputs.cols; ++i) {
    const double x = meaning.Raw(i, inputs[r * outputs.cols + i]);
    sum += (found.made[i] - x) * (found.made[i] - x);
  }
  found.mse = sum / static_cast<double>(outputs.cols);
  return found;
}

template <typename T>
std::string_view WhatOf(const Model<T>& model) {
  const OutputKind kind = OutputKindOf(model);
  if (model.head.input.meaning.labels) return kLabels;
  if (kind == OutputKind::kNumbers) return kValues;
  return HasProbabilities(kind) ? kProbability : kScore;
}

// The values of row r: of classes and labels the probabilities, where the outputs have any.
template <typename T>
std::vector<double> Interpreted(const Model<T>& model, Matrix<const T> outputs, size_t r) {
  std::vector<double> values(outputs.Row(r), outputs.Row(r) + outputs.cols);
  const OutputKind kind = OutputKindOf(model);
  const std::string_view what = WhatOf(model);
  if (what == kValues) return values;
  if (what != kLabels) return Interpret(kind, values);
  if (kind != OutputKind::kSeparateLogits) return values;
  for (double& x : values) x = 1 / (1 + std::exp(-x));
  return values;
}

// The classes of a row, the one that it is taken for first: of a single output, that which
// `accuracy` counts, though its probability may be the smaller one.
template <typename T>
std::vector<size_t> BestOf(const Model<T>& model, T output, const std::vector<double>& values,
                           size_t top) {
  std::vector<size_t> order = BestFirst(values);
  if (IsBinary(model.network->output(), model.head.input.classes) && values.size() == 2) {
    const size_t c = static_cast<double>(output) > ThresholdOf(model.spec) ? 1 : 0;
    order = {c, 1 - c};
  }
  if (top > 0) order.resize(std::min(top, order.size()));
  return order;
}

// What stands before the line of row r.
std::string Before(const std::string& file, size_t r, size_t rows) {
  if (file.empty()) return rows > 1 ? fmt::format("{}: ", r) : "";
  return rows > 1 ? fmt::format("{}, row {}: ", file, r) : file + ": ";
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

std::string JsonText(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

template <typename T>
OwnedMatrix<T> PredictOutputs(const Model<T>& model, const Samples& samples, Threads& threads) {
  CheckIds<T>(IdsOf(model.spec, *model.network), samples, "row");
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
                             size_t top, const std::string& file) {
  const ModelInput& input = model.head.input;
  const TargetMeaning& meaning = input.meaning;
  const Shown shown{meaning, WhatOf(model)};
  const std::vector<double> inputs = meaning.inputs ? InputsAs<T>(samples) : std::vector<double>();
  const bool one = outputs.rows == 1 && file.empty();
  std::string text;
  for (size_t r = 0; r < outputs.rows; ++r) {
    text += Before(file, r, outputs.rows);
    if (meaning.inputs) {
      const auto [made, mse] = Reconstruct(meaning, inputs, outputs, r);
      text += fmt::format("mse {:.6g}", mse) + (meaning.values.empty() ? ": " : "; ") +
              Numbers(made, meaning);
      continue;
    }
    const std::vector<double> values = Interpreted(model, outputs, r);
    if (shown.what == kValues || shown.what == kLabels) {
      text += Numbers(values, meaning, shown.what);
      continue;
    }
    const std::vector<size_t> order = BestOf(model, *outputs.Row(r), values, top);
    text += one ? ClassTable(values, order, shown) : Line(values, order, shown);
  }
  return text;
}

template <typename T>
std::vector<std::string> PredictionsJson(const Model<T>& model, const Samples& samples,
                                         Matrix<const T> outputs, size_t top,
                                         const std::string& file) {
  using Json = nlohmann::ordered_json;
  const TargetMeaning& meaning = model.head.input.meaning;
  const std::string what(WhatOf(model));
  const std::vector<double> inputs = meaning.inputs ? InputsAs<T>(samples) : std::vector<double>();
  std::vector<std::string> objects;
  for (size_t r = 0; r < outputs.rows; ++r) {
    Json json{{"file", file}, {"row", r}};
    if (meaning.inputs) {
      const auto [made, mse] = Reconstruct(meaning, inputs, outputs, r);
      json["mse"] = mse;
      json["outputs"] = made;
      objects.push_back(JsonText(json));
      continue;
    }
    const std::vector<double> values = Interpreted(model, outputs, r);
    if (what == kValues || what == kLabels) {
      for (size_t i = 0; i < values.size(); ++i) {
        if (meaning.values.empty()) json[what].push_back(values[i]);
        if (!meaning.values.empty()) json[what][meaning.values[i]] = values[i];
      }
    } else {
      const std::vector<size_t> order = BestOf(model, *outputs.Row(r), values, top);
      json["class"] = meaning.ClassName(order.front());
      const char* key = what == kProbability ? "probabilities" : "scores";
      for (const size_t c : order) json[key][meaning.ClassName(c)] = values[c];
    }
    objects.push_back(JsonText(json));
  }
  return objects;
}

template OwnedMatrix<float> PredictOutputs(const Model<float>&, const Samples&, Threads&);
template OwnedMatrix<double> PredictOutputs(const Model<double>&, const Samples&, Threads&);
template std::string PrintPredictions(const Model<float>&, const Samples&, Matrix<const float>,
                                      size_t, const std::string&);
template std::string PrintPredictions(const Model<double>&, const Samples&, Matrix<const double>,
                                      size_t, const std::string&);
template std::vector<std::string> PredictionsJson(const Model<float>&, const Samples&,
                                                  Matrix<const float>, size_t, const std::string&);
template std::vector<std::string> PredictionsJson(const Model<double>&, const Samples&,
                                                  Matrix<const double>, size_t, const std::string&);

}  // namespace nabla
