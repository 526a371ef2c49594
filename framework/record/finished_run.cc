// Reads back what RunFolder wrote.
#include "framework/record/finished_run.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/base/file_name.h"
#include "framework/data/disk.h"
#include "framework/record/epoch_json.h"
#include "framework/record/json_number.h"
#include "framework/record/same_run.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

[[noreturn]] void Fail(const std::string& file, const std::string& what) {
  throw InputError(std::vector<Problem>{{{file}, what}});
}

// The result of `read` for a file's JSON. Any error in it becomes an InputError placed at the file.
template <typename F>
auto FromJson(const std::string& file, const std::string& text, F read) {
  try {
    return read(Json::parse(text));
  } catch (const std::exception& e) {
    Fail(file, std::string("no run wrote this: ") + e.what());
  }
}

// A name of an experiment or of a metric, which becomes part of a path.
std::string NameFrom(const Json& json) {
  const std::string name = json;
  if (!IsFileName(name)) throw InputError("\"" + name + "\" is no name");
  return name;
}

std::vector<std::string> NamesFrom(const Json& json) {
  std::vector<std::string> names;
  for (const Json& name : json) names.push_back(NameFrom(name));
  return names;
}

// The metrics of the last epoch, which have the names of their rows before them.
std::vector<std::pair<std::string, double>> MetricsFrom(const Json& json) {
  std::vector<std::pair<std::string, double>> metrics;
  for (const auto& [key, value] : json.items()) {
    if (key.starts_with("train_") || key.starts_with("validation_") || key.starts_with("test_")) {
      metrics.emplace_back(key, NumberFrom(value));
    }
  }
  return metrics;
}

Summary SummaryFrom(const Json& json) {
  Summary s{.name = NameFrom(json.at("name")),
            .status = json.at("status"),
            .dataset = json.at("dataset"),
            .dtype = json.at("dtype"),
            .seed = Whole(json.at("seed")),
            .threads = Whole(json.at("threads")),
            .simd = json.at("simd"),
            .epochs = Whole(json.at("epochs")),
            .metrics = MetricsFrom(json),
            .seconds = NumberFrom(json.at("seconds")),
            .samples_per_second = NumberFrom(json.at("samples_per_second")),
            .weights_hash = json.at("weights_hash"),
            .failure = json.value("failure", ""),
            .ended = json.value("ended", ""),
            .matrices = NamesFrom(json.value("matrices", Json::array()))};
  if (const auto losses = json.find("initial_losses"); losses != json.end()) {
    for (const auto& [rows, loss] : losses->items())
      s.initial_losses[std::stoll(rows)] = NumberFrom(loss);
  }
  return s;
}

NamedMatrix MatrixFrom(const std::string& name, const Json& json) {
  NamedMatrix m{.name = name, .row_names = json.at("rows"), .column_names = json.at("columns")};
  for (const Json& row : json.at("values")) {
    if (row.size() != m.column_names.size()) throw InputError("a row of another length");
    for (const Json& value : row) m.values.push_back(NumberFrom(value));
  }
  if (json.at("values").size() != m.row_names.size()) throw InputError("rows without a name");
  return m;
}

bool HasEmptyFile(const std::string& path) {
  std::error_code error;
  for (const char* file : {"/config.yaml", "/environment.json", "/summary.json"}) {
    if (fs::is_empty(path + file, error) && !error) return true;
  }
  return false;
}

// The run without its matrices.
FinishedRun ReadEpochs(const std::string& path) {
  const std::string file = path + "/metrics.jsonl";
  return {.summary = ReadSummary(path), .epochs = ParseEpochs(ReadRunText(file), file)};
}

// While a run gets more epochs, the summary is of those before.
bool IsCut(const FinishedRun& run) {
  return static_cast<int64_t>(run.epochs.size()) < run.summary.epochs;
}

void AddMatrices(const std::string& path, FinishedRun* run) {
  for (const std::string& name : run->summary.matrices) {
    if (run->epochs.empty()) break;
    const std::string file = path + "/" + name + ".json";
    run->epochs.back().test_matrices.push_back(FromJson(
        file, ReadRunText(file), [&](const Json& json) { return MatrixFrom(name, json); }));
  }
}

}  // namespace

std::string ReadRunText(const std::string& path) {
  constexpr size_t kMostBytes = size_t{1} << 28;
  // A folder of somebody else may say, by a link, that any file of the user's is a part of it.
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    const fs::path folder = fs::canonical(fs::path(path).parent_path(), error);
    const fs::path target = fs::canonical(path, error);
    if (error || target.parent_path() != folder) Fail(path, "a link that leads out of the folder");
  }
  const auto content = ReadFile(path, kMostBytes);
  if (!content) Fail(path, "no such file: is this the folder of a run?");
  const auto bytes = content->span();
  return {bytes.begin(), bytes.end()};
}

Environment ReadEnvironment(const std::string& path) {
  const std::string file = path + "/environment.json";
  std::error_code error;
  if (fs::is_empty(file, error)) return {};
  return FromJson(file, ReadRunText(file), [](const Json& json) {
    Environment environment;
    for (const auto& [key, value] : json.items()) environment.emplace_back(key, value);
    return environment;
  });
}

Summary ReadSummary(const std::string& path) {
  const std::string file = path + "/summary.json";
  return FromJson(file, ReadRunText(file), SummaryFrom);
}

FinishedRun ReadRun(const std::string& path) {
  FinishedRun run = ReadEpochs(path);
  if (IsCut(run)) {
    Fail(path + "/metrics.jsonl",
         fmt::format("it has {} of the {} epochs in summary.json; --resume trains them again",
                     run.epochs.size(), run.summary.epochs));
  }
  AddMatrices(path, &run);
  return run;
}

bool CheckIsRunOf(const std::string& path, const Node& config) {
  const std::string file = path + "/config.yaml";
  const std::string text = ReadRunText(file);
  if (text == PrintYaml(config)) return true;
  const Node before = ParseYaml(text, file);
  const auto differences = Differences(before, config, true);
  if (!differences.empty()) {
    Fail(file,
         fmt::format("this folder holds a run of another experiment: {}; choose another --out",
                     fmt::join(differences, ", ")));
  }
  return EpochsOf(before) >= EpochsOf(config);
}

bool HasLostFile(const std::string& path) {
  if (HasEmptyFile(path)) return true;
  const bool whole = fs::exists(path + "/summary.json") && fs::exists(path + "/metrics.jsonl");
  return whole && IsCut(ReadEpochs(path));
}

std::optional<FinishedRun> FindFinishedRun(const std::string& path, const Node& config) {
  if (HasEmptyFile(path)) return std::nullopt;
  if (!fs::exists(path + "/config.yaml") || !CheckIsRunOf(path, config)) return std::nullopt;
  if (!fs::exists(path + "/summary.json")) return std::nullopt;
  FinishedRun run = ReadEpochs(path);
  if (run.summary.status == "stopped" || IsCut(run)) return std::nullopt;
  AddMatrices(path, &run);
  return run;
}

}  // namespace nabla
