// The JSON output of reproduction.h.
#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/verdict/reproduction.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

std::string MetricText(MetricName metric) { return FieldType<MetricName>::Print(metric).text; }

Json MetricJson(const JudgedMetric& f, const Reference& r, bool exact) {
  Json json;
  json["metric"] = MetricText(r.metric);
  if (r.IsCurve()) json["epoch"] = r.epochs.list[f.index];
  if (r.metric == MetricName::kConfusionMatrix) json["cell"] = f.index;
  json["printed"] = r.printed[f.index].text;
  if (exact) {
    if (f.metric.runs.empty()) return json;
    json["ours"] = f.metric.runs[0];
    json["same"] = r.printed[f.index].HasDigitsOf(f.metric.runs[0]);
    return json;
  }
  const MetricJudgement& j = f.judgement;
  if (!j.has_interval()) return json;
  json["mean"] = j.ours.mean;
  json["std"] = j.ours.std;
  json["min"] = j.ours.min;
  json["max"] = j.ours.max;
  json["z"] = std::isfinite(j.z) ? Json(j.z) : Json(nullptr);
  json["low"] = j.low;
  json["high"] = j.high;
  json["inside"] = j.inside;
  json["in_range"] = j.in_range;
  json["p"] = j.p;
  json["rank"] = j.rank;
  return json;
}

// How far the digits agree.
void AddExact(const JudgedList& list, const Reproduction& r, Json* json) {
  const ExactResult& e = list.exactly;
  (*json)["same"] = e.same;
  if (!e.first) return;
  const JudgedMetric& f = list.metrics[*e.first];
  (*json)["first_difference"] = NameOf(f, r.spec.reference);
  (*json)["off_by"] = std::abs(f.metric.runs[0] - f.metric.printed);
  if (!r.runs.nudged.empty()) (*json)["one_ulp_moves_it_by"] = e.drift;
  if (list.finding == Finding::kExactThenRounding) (*json)["exact_up_to_epoch"] = e.up_to;
}

Json ListJson(const JudgedList& list, const Reproduction& r) {
  Json json;
  json["list"] = list.name;
  json["verdict"] = ToString(list.finding);
  json["exact"] = list.exact;
  json["runs"] = list.runs();
  json["sentence"] = Sentence(list, r);
  if (list.exact && list.runs() > 0) AddExact(list, r, &json);
  if (!list.exact && list.runs() > 0) {
    json["p"] = list.p.p();
    json["runs_as_far"] = list.p.as_far;
    json["runs_not_finite"] = list.p.not_finite;
  }
  for (const MistakePower& power : list.power) {
    json["power"].push_back({{"mistake", power.mistake},
                             {"runs", power.runs},
                             {"found", power.found},
                             {"share", power.share()}});
  }
  for (const JudgedMetric& f : list.metrics) {
    json["metrics"].push_back(MetricJson(f, r.spec.reference[f.reference], list.exact));
  }
  return json;
}

// Whole curves, for plotting.
Json RunJson(const SeedRun& run) {
  Json json;
  json["seed"] = run.seed;
  for (const auto& [rows, loss] : run.metrics.initial_losses) {
    json["initial_losses"].push_back({{"rows", rows}, {"loss", loss}});
  }
  for (const MetricName metric :
       {MetricName::kTrainLoss, MetricName::kTrainAccuracy, MetricName::kTestLoss,
        MetricName::kTestAccuracy, MetricName::kValidationLoss, MetricName::kValidationAccuracy}) {
    Json curve = Json::array();
    bool any = false;
    for (const EpochMetrics& epoch : run.metrics.epochs) {
      const std::optional<double> value = MetricOf(epoch, metric);
      any = any || value;
      curve.push_back(value ? Json(*value) : Json(nullptr));
    }
    if (any) json[MetricText(metric)] = curve;
  }
  return json;
}

Json ExperimentJson(const Reproduction& r) {
  Json json;
  json["name"] = r.spec.name;
  json["source"] = r.spec.source;
  json["notes"] = r.spec.notes;
  json["status"] = r.missing > 0 ? "incomplete" : "complete";
  json["missing"] = r.missing;
  json["seconds"] = r.seconds;
  json["lists"] = Json::array();
  for (const JudgedList& list : r.lists) json["lists"].push_back(ListJson(list, r));
  json["failures"] = r.failures;
  json["runs"] = Json::array();
  for (const SeedRun& run : r.runs.by_seed) json["runs"].push_back(RunJson(run));
  return json;
}

}  // namespace

std::string ReproductionJson(const std::vector<Reproduction>& reproductions, bool stopped) {
  Json json;
  json["status"] = stopped ? "stopped" : "complete";
  json["experiments"] = Json::array();
  for (const Reproduction& r : reproductions) json["experiments"].push_back(ExperimentJson(r));
  return json.dump(1) + "\n";
}

}  // namespace nabla
