#include "framework/record/run_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "framework/config/flat.h"
#include "framework/record/finished_run.h"
#include "framework/record/finite.h"
#include "framework/record/run_folder.h"
#include "framework/record/run_metrics.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::map<std::string, std::string>;

Values ConfigOf(const std::string& path) {
  const std::string file = path + "/config.yaml";
  return FlatScalars(ParseYaml(ReadRunText(file), file));
}

std::string NumberText(const std::optional<double>& value) {
  return value ? fmt::format("{}", Shown(*value)) : "-";
}

Values ResultsOf(const FinishedRun& run) {
  const Summary& s = run.summary;
  Values values = {{"status", s.status},
                   {"dataset", s.dataset},
                   {"epochs", std::to_string(s.epochs)},
                   {"weights_hash", s.weights_hash}};
  if (run.epochs.empty()) return values;
  for (const auto& [name, value] : MetricsOf(run.epochs.back())) values[name] = NumberText(value);
  return values;
}

Values EnvironmentOf(const std::string& path) {
  if (!std::filesystem::exists(path + "/environment.json")) return {};
  const Environment environment = ReadEnvironment(path);
  return {environment.begin(), environment.end()};
}

struct Line {
  std::string key;
  std::optional<std::string> a;
  std::optional<std::string> b;
};

std::vector<Line> Differences(const Values& a, const Values& b) {
  std::vector<Line> lines;
  Values keys = a;
  keys.insert(b.begin(), b.end());
  const auto text = [](const Values& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
  for (const auto& [key, unused] : keys) {
    if (text(a, key) != text(b, key)) lines.push_back({key, text(a, key), text(b, key)});
  }
  return lines;
}

std::string Table(const char* title, const std::vector<Line>& lines) {
  if (lines.empty()) return fmt::format("{}: the same\n", title);
  size_t key = 0;
  size_t a = 0;
  for (const Line& line : lines) {
    key = std::max(key, line.key.size());
    a = std::max(a, line.a.value_or("-").size());
  }
  std::string text = fmt::format("{}:\n", title);
  for (const Line& line : lines) {
    text += fmt::format("  {:<{}}  {:<{}}  {}\n", line.key, key, line.a.value_or("-"), a,
                        line.b.value_or("-"));
  }
  return text;
}

struct Parts {
  std::vector<Line> config;
  std::vector<Line> result;
  std::vector<Line> environment;
};

Parts PartsOf(const std::string& a, const std::string& b) {
  return {.config = Differences(ConfigOf(a), ConfigOf(b)),
          .result = Differences(ResultsOf(ReadRun(a)), ResultsOf(ReadRun(b))),
          .environment = Differences(EnvironmentOf(a), EnvironmentOf(b))};
}

Json LinesJson(const std::vector<Line>& lines) {
  const auto side = [](const std::optional<std::string>& v) {
    return v ? Json(*v) : Json(nullptr);
  };
  Json json = Json::object();
  for (const Line& line : lines) json[line.key] = Json::array({side(line.a), side(line.b)});
  return json;
}

}  // namespace

std::string DiffRuns(const std::string& a, const std::string& b) {
  const Parts parts = PartsOf(a, b);
  return Table("config", parts.config) + Table("result", parts.result) +
         Table("environment", parts.environment);
}

std::string DiffJson(const std::string& a, const std::string& b) {
  const Parts parts = PartsOf(a, b);
  const Json json = {{"config", LinesJson(parts.config)},
                     {"result", LinesJson(parts.result)},
                     {"environment", LinesJson(parts.environment)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
