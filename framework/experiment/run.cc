#include "framework/experiment/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/experiment/console.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/job.h"
#include "framework/experiment/signals.h"
#include "framework/experiment/trace.h"
#include "framework/kernels/simd.h"

namespace nabla {
namespace {

template <typename T>
class Run {
 public:
  Run(const Node& tree, const RunOptions& options, const Registry& registry)
      : options_(options),
        console_(options.quiet),
        spec_(ParseExperiment<T>(tree, registry)),
        data_(Load(registry)),
        threads_(options.Workers()),
        folder_(options.FolderFor(spec_.name)),
        job_(spec_, registry, data_, threads_,
             {.folder = folder_,
              .existing = options.resume ? Existing::kResume : Existing::kRefuse}) {}

  int Train() {
    Introduce();
    const Status status = job_.Train(MakeFollower());
    if (status == Status::kDiverged) console_.Warn("error: " + job_.summary().failure);
    Conclude();
    if (status == Status::kComplete) return kGood;
    return status == Status::kDiverged ? static_cast<int>(kDiverged) : GoodUnlessStopped();
  }

 private:
  DataSplits Load(const Registry& registry) {
    FilesOptions options = options_.files;
    options.progress = [this](const Progress& p) {
      if (CaughtSignal() != 0) throw RunError("stopped while downloading " + p.url);
      const double total = static_cast<double>(p.total);
      console_.Progress("downloading", total > 0 ? static_cast<double>(p.received) / total : 0,
                        p.url);
    };
    Files files(options);
    DataSplits data = LoadData(spec_, registry, files, console_);
    // Where synthetic digits stand in, the warning has said it all.
    if (IsOwnData(data)) {
      for (const std::string& note : files.notes()) console_.Line("note: " + note);
    }
    return data;
  }

  // Whether these are the rows that the experiment names, not a stand-in.
  bool IsOwnData(const DataSplits& data) const {
    return data.name == PluginName(spec_.dataset.config);
  }

  void Introduce() {
    std::string shape = data_.train.shape.ToString();
    for (const auto& layer : job_.experiment().network().layers()) {
      if (layer.parameter_count > 0) shape += " - " + layer.output.ToString();
    }
    console_.Line(fmt::format("{}: {}, {} parameters, {}, seed {}", spec_.name, shape,
                              job_.experiment().network().parameter_count(),
                              sizeof(T) == 4 ? "float32" : "float64", spec_.seed));
    console_.Line(fmt::format("data: {}, {} rows to train, {} to test; {} thread{}, {}", data_.name,
                              data_.train.count, data_.test.count, threads_.count(),
                              threads_.count() == 1 ? "" : "s", SimdName()));
    if (job_.resumed_at() > 0) {
      console_.Line(fmt::format("going on after step {}", job_.resumed_at()));
    } else if (options_.resume) {
      console_.Line("no checkpoint in " + folder_ + ": training begins");
    }
  }

  Follower<T> MakeFollower() {
    Follower<T> follower;
    follower.on_epoch = [this](const EpochFigures& figures) {
      console_.Epoch(figures, spec_.train.epochs);
    };
    follower.on_batch = [this](int64_t epoch, size_t batch, size_t batches,
                               const BatchFigures& figures) {
      console_.Progress(fmt::format("epoch {}/{}", epoch, spec_.train.epochs),
                        static_cast<double>(batch) / static_cast<double>(batches),
                        fmt::format("loss {:.4g}", figures.loss));
    };
    if (spec_.train.trace) {
      job_.experiment().trainer().step().KeepGradients();
      follower.on_step = [this](const Step<T>& step) {
        const size_t rows = std::min(data_.train.count, step.plan().chunk_rows);
        console_.Line(TraceStep(job_.experiment().network(), step, rows));
      };
    }
    return follower;
  }

  void Conclude() {
    // Figures from other data are never compared with a notebook.
    if (IsOwnData(data_) && data_.name != kSyntheticDigits) {
      console_.Compare(job_.figures(), spec_.reference);
    } else if (!spec_.reference.empty()) {
      console_.Line("not compared with the notebook, which did not train on " + data_.name);
    }
    const Summary& s = job_.summary();
    console_.Line(fmt::format("trained {} epoch{} on {} in {:.2f} s, {:.0f} samples/s; weights {}",
                              s.epochs, s.epochs == 1 ? "" : "s", s.dataset, s.seconds,
                              s.samples_per_second, s.weights_hash));
    console_.Line("run folder: " + folder_);
  }

  const RunOptions& options_;
  Console console_;
  const ExperimentSpec<T> spec_;
  const DataSplits data_;
  Threads threads_;
  const std::string folder_;
  Job<T> job_;
};

}  // namespace

int RunExperiment(const Node& tree, const RunOptions& options, const Registry& registry) {
  if (options.resume) {
    const AnySpec spec = ParseAnyExperiment(tree, registry);
    const Node config = std::visit([](const auto& s) { return ResolvedConfig(s); }, spec);
    if (const auto finished = FindFinishedRun(options.out, config)) {
      Console(options.quiet)
          .Line("nothing to do: the run in " + options.out + " is " + finished->summary.status);
      return finished->summary.status == "diverged" ? kDiverged : kGood;
    }
  }
  if (DtypeOf(tree) == Dtype::kFloat64) return Run<double>(tree, options, registry).Train();
  return Run<float>(tree, options, registry).Train();
}

}  // namespace nabla
