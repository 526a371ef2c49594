#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/comparison_text.h"
#include "framework/base/error.h"
#include "framework/record/finished_run.h"
#include "framework/record/json_number.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFile = "/comparison.json";

Json SettingJson(const ComparisonResult& result, size_t setting) {
  Json json = {{"label", result.labels[setting]},
               {"beaten", result.comparison.IsBeaten(setting)},
               {"runs", Json::array()}};
  std::vector<double> finite;
  for (size_t seed = 0; seed < result.seeds.size(); ++seed) {
    const std::optional<double>& value = result.values[setting][seed];
    if (!value) continue;
    Json run = {{"seed", result.seeds[seed]}, {"value", *value}};
    const std::string& failure = result.failures[setting][seed];
    if (!failure.empty()) run["failure"] = failure;
    json["runs"].push_back(run);
    if (std::isfinite(*value)) finite.push_back(*value);
  }
  if (finite.empty()) return json;
  const Distribution distribution = Describe(finite);
  json["mean"] = distribution.mean;
  json["std"] = distribution.std;
  return json;
}

// Gains are of a over b: above 0, a is better, in either direction of the metric.
Json PairJson(const ComparedPair& pair, const ComparisonResult& result) {
  const PairedTest& test = pair.test;
  Json json = {{"a", result.labels[pair.a]},
               {"b", result.labels[pair.b]},
               {"word", pair.decided ? "better" : "cannot be told apart yet"}};
  if (pair.decided) json["better"] = result.labels[pair.a_is_better() ? pair.a : pair.b];
  json["pairs"] = test.pairs;
  json["a_ahead"] = test.positive;
  json["b_ahead"] = test.negative;
  json["diverged"] = test.infinite;
  json["mean_gain"] = test.mean;
  json["std_gain"] = test.std;
  json["interval"] = {pair.interval.low, pair.interval.high};
  json["p"] = test.p();
  json["p_corrected"] = pair.corrected;
  if (const auto needed = SeedsFor(pair, result)) {
    json["to_decide"] = {{"difference", needed->difference}, {"seeds", needed->seeds}};
  }
  return json;
}

// null if each setting loses to another one.
Json LikelyBestJson(const ComparisonResult& result) {
  const size_t best = LikelyBest(result);
  return result.comparison.IsBeaten(best) ? Json() : Json(result.labels[best]);
}

}  // namespace

std::string ComparisonJson(const ComparisonResult& result) {
  Json json = {{"metric", result.order.metric},
               {"smaller_is_better", result.order.smaller_is_better},
               {"error", kComparisonError},
               {"decided", result.comparison.IsDecided()},
               {"likely_best", LikelyBestJson(result)},
               {"looks", result.looks},
               {"settings", Json::array()},
               {"comparisons", Json::array()}};
  for (size_t i = 0; i < result.labels.size(); ++i) {
    json["settings"].push_back(SettingJson(result, i));
  }
  for (const ComparedPair& pair : result.comparison.pairs()) {
    json["comparisons"].push_back(PairJson(pair, result));
  }
  json["notes"] = result.notes;
  json["ended"] = result.ended;
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::vector<size_t> LooksIn(const std::string& folder) {
  const std::string file = folder + kFile;
  if (!std::filesystem::exists(file)) return {};
  try {
    const Json json = Json::parse(ReadRunText(file));
    std::vector<size_t> looks = Whole(json.at("looks"));
    std::ranges::sort(looks);
    std::erase(looks, 0);
    return looks;
  } catch (const std::exception&) {
    throw InputError(std::vector<Problem>{
        {{file}, "no comparison wrote this; remove it, or name another folder"}});
  }
}

}  // namespace nabla
