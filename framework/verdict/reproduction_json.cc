// The JSON output of reproduction.h.
#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/verdict/reproduction.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

std::string NameOf(MetricName metric) { return FieldType<MetricName>::Print(metric).text; }

Json MetricJson(const JudgedMetric& f, const Reference& r, bool exact) {
  Json json;
  json["metric"] = NameOf(r.metric);
  if (r.IsCurve()) json["epoch"] = r.epochs.list[f.index];
  if (r.metric == MetricName::kConfusionMatrix) json["cell"] = f.index;
  json["printed"] = r.printed[f.index].text;
  if (exact) {
    if (f.metric.runs.empty()) return json;
    json["ours"] = f.metric.runs[0];
    json["same"] = PrintsAs(f.metric.runs[0], f.metric);
    return json;
  }
  if (f.metric.unstable()) json["in_wide_range"] = f.judgement.in_wide_range;
  const MetricJudgement& j = f.judgement;
  if (j.ours.runs == 0) return json;
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

Json ListJson(const JudgedList& list, const Reproduction& r) {
  Json json;
  json["list"] = list.name;
  json["verdict"] = ToString(list.verdict);
  json["exact"] = list.exact;
  json["runs"] = list.metrics.empty() ? 0 : list.metrics[0].metric.runs.size();
  json["sentence"] = Sentence(list, r);
  if (!list.exact && list.verdict != Verdict::kNotJudged) {
    json["p"] = list.curve.p;
    json["runs_as_far"] = list.curve.as_far;
    json["distance"] = list.curve.notebook.distance;
    json["largest_deviation"] = list.curve.notebook.largest;
    for (const Deviation& d : list.curve.ours) json["our_distances"].push_back(d.distance);
    for (const Deviation& d : list.curve.ours) {
      json["our_largest_deviations"].push_back(d.largest);
    }
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
  for (const MetricName metric : {MetricName::kTrainLoss, MetricName::kTrainAccuracy,
                                  MetricName::kTestLoss, MetricName::kTestAccuracy}) {
    Json curve = Json::array();
    bool any = false;
    for (const EpochMetrics& epoch : run.metrics.epochs) {
      const std::optional<double> value = MetricOf(epoch, metric);
      any = any || value;
      curve.push_back(value ? Json(*value) : Json(nullptr));
    }
    if (any) json[NameOf(metric)] = curve;
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
  for (const SeedRun& run : r.runs) json["runs"].push_back(RunJson(run));
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
