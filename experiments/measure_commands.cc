#include "experiments/measure_commands.h"

#include <string_view>
#include <variant>
#include <vector>

#include "experiments/output_file.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/engine/threads.h"
#include "framework/inference/model_file.h"
#include "framework/measure/model_summary.h"
#include "framework/measure/time.h"
#include "framework/record/checkpoint.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/training/experiment.h"

namespace nabla {
namespace {

PreparedData Load(const ExperimentHead& spec, const RunOptions& options, const Registry& registry,
                  Console& console) {
  console.Status("loading " + PluginName(spec.dataset.config));
  Files files(console.WithDownloadsShown(options.files));
  return LoadData(spec, registry, files, [&](const std::string& text) { console.Warn(text); });
}

template <typename T>
void PrintSummary(const ExperimentSpec<T>& spec, const Network<T>& network, bool json) {
  const ModelSummary summary = SummariseModel(spec, network);
  json ? PrintJson(SummaryJson(summary)) : PrintFolded(SummaryTable(summary));
}

bool IsRateCsv(FileHead head) {
  return std::string_view(reinterpret_cast<const char*>(head.data()), head.size())
      .starts_with(kRateColumns);
}

}  // namespace

void TimeExperiment(const Node& tree, const RunOptions& options, const Registry& registry) {
  Console console(false, false, options.json);
  const AnySpec any = ParseAnyExperiment(tree, registry);
  const PreparedData data = Load(HeadOf(any), options, registry, console);
  const size_t count = [&] {
    // Gone before others are measured: they would get no helpers beside it.
    const Threads threads(options.Workers());
    WarnOfShortage(threads, console);
    return threads.count();
  }();
  console.Status("measuring");
  const TimeReport report =
      std::visit([&](const auto& spec) { return MeasureTimes(spec, registry, data, count); }, any);
  if (options.json) {
    PrintJson(TimeJson(report));
  } else {
    console.Line(TimeTable(report));
  }
}

void SummariseExperiment(const Node& tree, const RunOptions& options, const Registry& registry) {
  Console console(false, false, options.json);
  const AnySpec any = ParseAnyExperiment(tree, registry);
  WithLocations(tree, [&] {
    const PreparedData data = Load(HeadOf(any), options, registry, console);
    std::visit(
        [&]<typename T>(const ExperimentSpec<T>& spec) {
          std::vector<ListedLayer<T>> layers;
          for (const auto& layer : spec.model) {
            layers.push_back({layer.object, layer.config.place});
          }
          const auto generator = MakeGenerator(RngKind::kNabla, 0);
          PrintSummary(spec, Network<T>(layers, data.train.shape, *generator), options.json);
        },
        any);
    return 0;
  });
}

void SummariseModelFile(const std::string& path, bool json, const Registry& registry) {
  std::visit([&](const auto& model) { PrintSummary(model.spec, *model.network, json); },
             LoadModel(FindModel(path, false), registry));
}

int FindLr(const Node& tree, const RunOptions& options, const RateRange& range,
           const Registry& registry) {
  if (!(range.from < range.to)) throw InputError("--from must be less than --to");
  const std::string path = options.out + "/find_lr.csv";
  if (!options.out.empty()) CheckOutputFile({"--out", path, "a table of rates", IsRateCsv});
  Console console(false, false, options.json);
  const AnySpec any = ParseAnyExperiment(tree, registry);
  const PreparedData data = Load(HeadOf(any), options, registry, console);
  Threads threads(options.Workers());
  WarnOfShortage(threads, console);
  const auto on_step = [&](size_t done) {
    if (!console.BarIsDue()) return;
    console.Progress("testing rates", static_cast<double>(done) / static_cast<double>(range.steps),
                     "");
  };
  const RateTest test = std::visit(
      [&](const auto& spec) { return TestRates(spec, registry, data, range, threads, on_step); },
      any);
  options.json ? PrintJson(RateJson(test)) : console.Line(RateText(test, console.Columns()));
  if (!options.out.empty()) {
    WriteText(path, RateCsv(test));
    console.Line("written: " + path);
  }
  return kGood;
}

}  // namespace nabla
