// Reads back what RunFolder wrote.
#include "framework/record/finished_run.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/record/epoch_json.h"
#include "framework/record/json_number.h"

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

Summary SummaryFrom(const Json& json) {
  Summary s{.name = json.at("name"),
            .status = json.at("status"),
            .dataset = json.at("dataset"),
            .dtype = json.at("dtype"),
            .seed = json.at("seed"),
            .threads = json.at("threads"),
            .simd = json.at("simd"),
            .epochs = json.at("epochs"),
            .train_loss = NumberAt(json, "train_loss"),
            .test_accuracy = NumberAt(json, "test_accuracy"),
            .seconds = NumberFrom(json.at("seconds")),
            .samples_per_second = NumberFrom(json.at("samples_per_second")),
            .weights_hash = json.at("weights_hash"),
            .failure = json.value("failure", ""),
            .matrices = json.value("matrices", std::vector<std::string>())};
  if (const auto losses = json.find("initial_losses"); losses != json.end()) {
    for (const auto& [rows, loss] : losses->items())
      s.initial_losses[std::stoll(rows)] = NumberFrom(loss);
  }
  return s;
}

NamedMatrix MatrixFrom(const std::string& name, const Json& json) {
  NamedMatrix m{.name = name, .row_names = json.at("rows"), .column_names = json.at("columns")};
  for (const Json& row : json.at("values")) {
    for (const Json& value : row) m.values.push_back(NumberFrom(value));
  }
  return m;
}

}  // namespace

std::string ReadRunText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) Fail(path, "no such file: is this the folder of a run?");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Environment ReadEnvironment(const std::string& path) {
  const std::string file = path + "/environment.json";
  return FromJson(file, ReadRunText(file), [](const Json& json) {
    Environment environment;
    for (const auto& [key, value] : json.items()) environment.emplace_back(key, value);
    return environment;
  });
}

FinishedRun ReadRun(const std::string& path) {
  const std::string summary = path + "/summary.json";
  FinishedRun run{
      .summary = FromJson(summary, ReadRunText(summary), SummaryFrom),
      .epochs = ParseEpochs(ReadRunText(path + "/metrics.jsonl"), path + "/metrics.jsonl")};
  for (const std::string& name : run.summary.matrices) {
    if (run.epochs.empty()) break;
    const std::string file = path + "/" + name + ".json";
    run.epochs.back().test_matrices.push_back(FromJson(
        file, ReadRunText(file), [&](const Json& json) { return MatrixFrom(name, json); }));
  }
  return run;
}

std::optional<FinishedRun> FindFinishedRun(const std::string& path, const Node& config) {
  const std::string config_file = path + "/config.yaml";
  if (!fs::exists(config_file)) return std::nullopt;
  if (ReadRunText(config_file) != PrintYaml(config)) {
    Fail(config_file, "this folder holds a run of another experiment; choose another --out");
  }
  if (!fs::exists(path + "/summary.json")) return std::nullopt;
  FinishedRun run = ReadRun(path);
  if (run.summary.status == "stopped") return std::nullopt;
  return run;
}

}  // namespace nabla
