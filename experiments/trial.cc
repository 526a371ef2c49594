#include "experiments/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "experiments/scratch_folder.h"
#include "framework/base/error.h"
#include "framework/config/located.h"
#include "framework/data/split.h"
#include "framework/inference/model_file.h"
#include "framework/record/checkpoint.h"
#include "framework/terminal/console.h"
#include "framework/training/task_defaults.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

// As many rows of a split as it takes to see that its evaluation works.
constexpr size_t kMostRows = 1000;

// The loss and the weights of the classes are those of all rows.
template <typename T>
void CutToOneBatch(const Registry& registry, ExperimentSpec<T>* spec, PreparedData* data) {
  FitTask(*data, registry, spec);
  const size_t batch = std::min(static_cast<size_t>(spec->train.batch_size), data->train.count);
  const auto cut = [](Samples* rows, size_t most) {
    if (rows->count > most) *rows = FirstRows(*rows, most);
  };
  cut(&data->train, std::max(kMostRows, batch));
  cut(&data->validation, kMostRows);
  cut(&data->test, kMostRows);
  spec->train.epochs = 1;
  spec->train.rows_per_epoch = static_cast<int64_t>(batch);
}

// Throws RunError if the folder's checkpoint is not the model that was trained.
void ReadBack(const std::string& folder, const std::string& weights, const Registry& registry) {
  const AnyModel model = LoadModel(FindModel(folder, false), registry);
  const std::string hash = std::visit([](const auto& m) { return m.network->Hash(); }, model);
  if (hash == weights) return;
  throw RunError(
      fmt::format("the checkpoint holds weights {}, but those trained are {}", hash, weights));
}

template <typename T>
int Try(const Node& tree, const RunOptions& options, const Registry& registry) {
  using Clock = std::chrono::steady_clock;
  Console console(options.quiet);
  auto spec = ParseExperiment<T>(tree, registry);
  Files files(console.WithDownloadsShown(options.files));
  console.Status("loading " + PluginName(spec.dataset.config));
  PreparedData data =
      LoadData(spec, registry, files, [&](const std::string& text) { console.Warn(text); });
  const Clock::time_point start = Clock::now();
  CutToOneBatch(registry, &spec, &data);
  Threads threads(options.Workers());
  const ScratchFolder folder("--try");
  TrainingRun<T> run(spec, registry, data, threads, {.folder = folder.path() + "/run"});
  run.Begin();
  Follower<T> follower;
  follower.on_epoch = [&](const EpochMetrics& metrics) { console.Epoch(metrics, 1); };
  if (run.Train(follower) == Status::kDiverged) {
    console.Warn("error: " + run.summary().failure);
    return kDiverged;
  }
  if (GoodUnlessStopped() != kGood) return GoodUnlessStopped();
  ReadBack(run.folder()->path(), run.summary().weights_hash, registry);
  const std::chrono::duration<double> taken = Clock::now() - start;
  console.Line(fmt::format(
      "tried {}: a batch of {} rows trained, {} rows evaluated, a checkpoint written and read "
      "back in {:.2f} s; nothing is kept",
      spec.name, spec.train.rows_per_epoch, data.validation.count + data.test.count,
      taken.count()));
  return kGood;
}

}  // namespace

int TryExperiment(const Node& tree, const RunOptions& options, const Registry& registry) {
  return WithLocations(tree, [&] {
    return DtypeOf(tree) == Dtype::kFloat64 ? Try<double>(tree, options, registry)
                                            : Try<float>(tree, options, registry);
  });
}

}  // namespace nabla
