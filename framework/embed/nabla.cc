#include "framework/embed/nabla.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <variant>

#include "framework/config/located.h"
#include "framework/data/uniform.h"
#include "framework/engine/threads.h"
#include "framework/export/export.h"
#include "framework/formats/atomic_file.h"
#include "framework/inference/evaluate.h"
#include "framework/inference/predict.h"
#include "framework/training/task_defaults.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

size_t Workers(size_t threads) { return threads > 0 ? threads : UsableCores(); }

// A network of the same layers and weights.
template <typename T>
std::unique_ptr<Network<T>> CopyOf(const Network<T>& network, const ExperimentSpec<T>& spec,
                                   const ModelInput& input) {
  std::vector<ListedLayer<T>> layers;
  for (const auto& layer : spec.model) layers.push_back({layer.object, layer.config.place});
  const auto generator = MakeGenerator(RngKind::kNabla, 0);  // its weights are replaced
  auto copy = std::make_unique<Network<T>>(layers, input.shape, *generator);
  for (size_t p = 0; p < copy->parameters().size(); ++p) {
    const Matrix<const T> from = network.parameters()[p].value.view();
    const Matrix<T> to = copy->parameters()[p].value.view();
    for (size_t r = 0; r < to.rows; ++r) std::copy_n(from.Row(r), to.cols, to.Row(r));
    copy->Mirror(p, 0, to.rows);
  }
  if (input.sparse && copy->takes_folded_input()) copy->KeepSegmentSums();
  return copy;
}

template <typename T>
TrainedModel Train(const Node& tree, const Registry& registry, const TrainingOptions& options) {
  const ExperimentSpec<T> spec = ParseExperiment<T>(tree, registry);
  Files files(options.files);
  const PreparedData data = LoadData(
      spec, registry, files, options.warn ? options.warn : [](const std::string&) {});
  Threads threads(Workers(options.threads));
  TrainingRun<T> run(spec, registry, data, threads, {.folder = options.folder});
  run.Begin();
  Follower<T> follower;
  follower.on_epoch = options.on_epoch;
  follower.stop = options.stop;
  const Status status = run.Train(follower);
  if (status == Status::kDiverged) throw RunError(run.summary().failure);
  Experiment<T>& experiment = run.experiment();
  const ModelHead head{PrintYaml(ModelConfig(experiment.spec())), data.name, data.input};
  return {Model<T>{head, experiment.spec(),
                   CopyOf(experiment.network(), experiment.spec(), data.input)},
          experiment.trainer().history(), status};
}

void Expect(bool good, const std::string& what) {
  if (!good) throw InputError("rows: " + what);
}

void CheckInputs(const ModelInput& input, const RawRows& rows) {
  const size_t numbers = rows.pixels.empty() ? rows.numbers.size() : rows.pixels.size();
  Expect(rows.count > 0, "there are none");
  Expect(rows.pixels.empty() || rows.numbers.empty(), "they have pixels and numbers");
  const size_t width = input.shape.size();
  Expect(numbers % width == 0 && numbers / width == rows.count,
         fmt::format("{} rows need {} numbers each, but there are {}", rows.count, width, numbers));
}

void CheckTargets(const ModelInput& input, const RawRows& rows) {
  const bool weighted =
      (rows.weights.empty() || rows.weights.size() == rows.count) &&
      std::ranges::all_of(rows.weights, [](double w) { return w >= 0 && std::isfinite(w); });
  Expect(weighted, "they need a weight each, of 0 or more, or none");
  CheckWeights(rows.weights, "the rows");
  if (input.meaning.inputs) return;  // the inputs themselves
  if (input.classes == 0) {
    return Expect(rows.values.size() == rows.count * input.values,
                  fmt::format("they need {} values each", input.values));
  }
  const auto is_class = [&](int32_t c) { return c >= 0 && static_cast<size_t>(c) < input.classes; };
  Expect(rows.labels.size() == rows.count && std::ranges::all_of(rows.labels, is_class),
         fmt::format("they need a label each, from 0 to {}", input.classes - 1));
}

}  // namespace

TrainedModel TrainModel(const Node& experiment, const Registry& registry,
                        const TrainingOptions& options) {
  return WithLocations(experiment, [&] {
    return DtypeOf(experiment) == Dtype::kFloat64 ? Train<double>(experiment, registry, options)
                                                  : Train<float>(experiment, registry, options);
  });
}

std::vector<std::vector<double>> Predict(const AnyModel& model, const RawRows& rows,
                                         size_t threads) {
  Threads workers(Workers(threads));
  return std::visit(
      [&]<typename T>(const Model<T>& m) {
        CheckInputs(m.head.input, rows);
        RawRows inputs = rows;  // what is known of their targets plays no part
        inputs.labels.clear();
        inputs.values.clear();
        inputs.weights.clear();
        const Samples samples = MakeSamples(m.head.input, std::move(inputs));
        const OwnedMatrix<T> outputs = PredictOutputs(m, samples, workers);
        std::vector<std::vector<double>> lists;
        for (size_t r = 0; r < rows.count; ++r) {
          const T* row = outputs.view().Row(r);
          lists.emplace_back(row, row + outputs.view().cols);
        }
        return lists;
      },
      model);
}

EvaluationResult Evaluate(const AnyModel& model, const Registry& registry, const RawRows& rows,
                          size_t threads) {
  Threads workers(Workers(threads));
  return std::visit(
      [&](const auto& m) {
        CheckInputs(m.head.input, rows);
        CheckTargets(m.head.input, rows);
        return EvaluateModel(m, registry, EvaluationRows(m, rows), workers);
      },
      model);
}

void SaveModel(const AnyModel& model, const std::string& file) {
  WriteFileAtomically(
      file,
      std::visit([](const auto& m) { return ExportModel(m, ModelFormat::kSafetensors); }, model));
}

}  // namespace nabla
