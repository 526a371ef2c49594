// Time from a command to its first step and to its end, with MNIST at hand: whole processes of the
// program, and the phases of a start inside this one.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "framework/training/experiment.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

extern char** environ;

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kExperiment = "mnist_3layer.yaml";

// Where things are.
struct Paths {
  fs::path program;      // //experiments:run
  fs::path experiments;  // folder of the bundled ones
  fs::path out;          // for run folders
};

double Seconds(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Runs the program to its end; returns whether it was content.
bool Run(const Paths& paths, std::vector<std::string> words) {
  words.insert(words.begin(), paths.program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t silence;
  posix_spawn_file_actions_init(&silence);
  posix_spawn_file_actions_addopen(&silence, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = posix_spawn(&child, argv[0], &silence, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&silence);
  if (status != 0) return false;
  return waitpid(child, &status, 0) == child && status == 0;
}

// From the start of a process to its end.
void Process(benchmark::State& state, const Paths& paths, const std::vector<std::string>& words) {
  for (auto _ : state) {
    const Clock::time_point begin = Clock::now();
    if (!Run(paths, words)) return state.SkipWithError("the program failed");
    state.SetIterationTime(Seconds(begin));
    fs::remove_all(paths.out);
  }
}

Node Tree(const Paths& paths) {
  std::ifstream in(paths.experiments / kExperiment);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return ParseYaml(text, kExperiment);
}

DataSplits Load(const ExperimentHead& spec, const Registry& registry) {
  Files files(FilesOptions::FromEnvironment());
  return LoadData(spec, registry, files,
                  [](const std::string& text) { fmt::print(stderr, "{}\n", text); });
}

void Parse(benchmark::State& state, const Paths& paths) {
  for (auto _ : state) {
    const Clock::time_point begin = Clock::now();
    Registry registry;
    RegisterBuiltins(registry);
    benchmark::DoNotOptimize(ParseExperiment<float>(Tree(paths), registry));
    state.SetIterationTime(Seconds(begin));
  }
}

void LoadPhase(benchmark::State& state, const Paths& paths) {
  Registry registry;
  RegisterBuiltins(registry);
  const auto spec = ParseExperiment<float>(Tree(paths), registry);
  for (auto _ : state) {
    const Clock::time_point begin = Clock::now();
    const DataSplits data = Load(spec, registry);
    state.SetIterationTime(Seconds(begin));
    state.SetLabel(data.name);
  }
}

// Network, plan, weights, and threads.
void Construct(benchmark::State& state, const Paths& paths) {
  Registry registry;
  RegisterBuiltins(registry);
  const auto spec = ParseExperiment<float>(Tree(paths), registry);
  const DataSplits data = Load(spec, registry);
  for (auto _ : state) {
    const Clock::time_point begin = Clock::now();
    Threads threads(UsableCores());
    const Experiment<float> experiment(spec, registry, data, threads);
    state.SetIterationTime(Seconds(begin));
  }
}

void Register(const Paths& paths) {
  const auto add = [](const char* name, auto body) {
    benchmark::RegisterBenchmark(name, body)->UseManualTime()->Unit(benchmark::kMillisecond);
  };
  const auto process = [&](const char* name, const std::vector<std::string>& words) {
    add(name, [paths, words](benchmark::State& state) { Process(state, paths, words); });
  };
  const auto train = [&](std::vector<std::string> more) {
    std::vector<std::string> words{paths.experiments / kExperiment, "--out", paths.out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  process("process/help", {"--help"});
  // All that comes before the first step, the step, one line of metrics, and the end.
  process("process/one_step",
          train({"train.epochs=1", "train.rows_per_epoch=100", "evaluate.split=none"}));
  process("process/1_epoch", train({"train.epochs=1"}));
  process("process/10_epochs", train({"train.epochs=10"}));
  add("phase/parse", [paths](benchmark::State& state) { Parse(state, paths); });
  add("phase/load_data", [paths](benchmark::State& state) { LoadPhase(state, paths); });
  add("phase/construct", [paths](benchmark::State& state) { Construct(state, paths); });
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv[0], &error));
  std::string folder = (fs::temp_directory_path() / "nabla_startup_XXXXXX").string();
  if (runfiles == nullptr || mkdtemp(folder.data()) == nullptr) return 1;
  Register({fs::canonical(runfiles->Rlocation("nabla/experiments/run")),
            runfiles->Rlocation("nabla/experiments"), fs::path(folder) / "out"});
  benchmark::RunSpecifiedBenchmarks();
  fs::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) { return nabla::Main(argc, argv); }
