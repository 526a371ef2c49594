#include "experiments/sweep_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/config/short_text.h"
#include "framework/record/finite.h"
#include "framework/table/csv_field.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// The metrics of an epoch, or of a pause within one.
struct Point {
  std::string epoch;
  NamedMetrics metrics;
};

std::vector<Point> PointsOf(const RunResult& run) {
  std::vector<Point> points;
  if (!run.metrics) return points;
  for (const EpochMetrics& e : run.metrics->epochs) {
    points.push_back({std::to_string(e.epoch), MetricsOf(e)});
  }
  if (run.pause && run.pause->epochs > static_cast<double>(points.size())) {
    points.push_back({fmt::format("{:.6g}", run.pause->epochs), run.pause->metrics});
  }
  return points;
}

// "" of a run that has not ended.
std::string StatusOf(const SweepResult& result, const RunResult& run) {
  if (!run.failure.empty()) return "diverged";
  if (!run.metrics) return "";
  if (result.paused_at > 0) return run.pause && !run.pause->left ? "paused" : "left";
  return "complete";
}

Json ScalarJson(const Node& scalar) {
  const std::string& text = scalar.text;
  if (scalar.quoted) return text;
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  int64_t whole = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, whole);
      error == std::errc() && at == end) {
    return whole;
  }
  double number = 0;
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && at == end && std::isfinite(number)) return number;
  return text;
}

Json ValueJson(const Node& value) {
  if (value.IsNull()) return nullptr;
  if (value.IsScalar()) return ScalarJson(value);
  if (value.IsList()) {
    Json list = Json::array();
    for (const Node& item : value.items) list.push_back(ValueJson(item));
    return list;
  }
  Json map = Json::object();
  for (const Node::Entry& entry : value.entries) map[entry.key] = ValueJson(entry.value);
  return map;
}

Json RunJson(const SweepResult& result, size_t at) {
  const RunResult& run = result.runs[at];
  Json json;
  json["seed"] = run.seed;
  if (result.folds > 0) json["fold"] = at % result.folds;
  if (const std::string status = StatusOf(result, run); !status.empty()) json["status"] = status;
  if (!run.failure.empty()) json["failure"] = run.failure;
  if (run.metrics) {
    for (const EpochMetrics& e : run.metrics->epochs) {
      for (const auto& [name, value] : MetricsOf(e)) json[name].push_back(value);
    }
  }
  if (result.paused_at == 0 || !run.pause) return json;
  for (const auto& [name, value] : run.pause->metrics) json["paused"][name] = value;
  return json;
}

// The swept keys, each once; the seed has a column anyway.
std::vector<std::string> KeysOf(const std::vector<SweepResult>& results) {
  std::vector<std::string> keys;
  for (const SweepResult& result : results) {
    for (const auto& [key, value] : result.settings) {
      if (key != "seed" && std::ranges::count(keys, key) == 0) keys.push_back(key);
    }
  }
  return keys;
}

std::string SettingCell(const SweepResult& result, const std::string& key) {
  const auto found = std::ranges::find(result.settings, key, [](const auto& s) { return s.first; });
  if (found == result.settings.end()) return "";
  const Node& value = found->second;
  return CsvField(value.IsScalar() ? value.text : ShortText(value));
}

std::string MetricCell(const std::optional<double>& value) {
  return value ? fmt::format("{}", Shown(*value)) : "";
}

}  // namespace

std::vector<std::string> MetricNames(const std::vector<SweepResult>& results) {
  std::vector<std::string> names;
  for (const SweepResult& result : results) {
    for (const RunResult& run : result.runs) {
      for (const Point& point : PointsOf(run)) {
        for (const auto& [name, value] : point.metrics) {
          if (std::ranges::count(names, name) == 0) names.push_back(name);
        }
      }
    }
  }
  return names;
}

std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results) {
  Json json;
  json["name"] = name;
  json["keys"] = Json::array();
  for (const std::string& key : KeysOf(results)) json["keys"].push_back(key);
  for (const SweepResult& result : results) {
    Json point;
    point["label"] = result.label;
    point["settings"] = Json::object();
    for (const auto& [key, value] : result.settings) point["settings"][key] = ValueJson(value);
    if (result.rung > 0) point["rung"] = result.rung;
    if (result.paused_at > 0) point["paused_at"] = result.paused_at;
    for (size_t r = 0; r < result.runs.size(); ++r) point["runs"].push_back(RunJson(result, r));
    json["points"].push_back(point);
  }
  return json.dump(2) + "\n";
}

std::string SweepCsv(const std::vector<SweepResult>& results) {
  const std::vector<std::string> names = MetricNames(results);
  const std::vector<std::string> keys = KeysOf(results);
  const bool folds = std::ranges::any_of(results, [](const auto& r) { return r.folds > 0; });
  const bool rungs = std::ranges::any_of(results, [](const auto& r) { return r.rung > 0; });
  std::string text = "point,";
  for (const std::string& key : keys) text += CsvField(key) + ",";
  text += fmt::format("seed,{}{}status,epoch", folds ? "fold," : "", rungs ? "rung," : "");
  for (const std::string& name : names) text += "," + name;
  text += "\n";
  for (const SweepResult& result : results) {
    std::string settings = QuotedCsvField(result.label) + ",";
    for (const std::string& key : keys) settings += SettingCell(result, key) + ",";
    for (size_t r = 0; r < result.runs.size(); ++r) {
      const RunResult& run = result.runs[r];
      std::string head = settings + fmt::format("{},", run.seed);
      if (folds) head += fmt::format("{},", r % result.folds);
      if (rungs) head += fmt::format("{},", result.rung);
      head += StatusOf(result, run) + ",";
      std::vector<Point> points = PointsOf(run);
      if (points.empty() && !run.failure.empty()) points.push_back({"0", {}});
      for (const Point& point : points) {
        text += head + point.epoch;
        for (const std::string& name : names) {
          text += "," + MetricCell(MetricOf(point.metrics, name));
        }
        text += "\n";
      }
    }
  }
  return text;
}

}  // namespace nabla
