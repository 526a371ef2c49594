#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "framework/record/finite.h"
#include "framework/record/json_number.h"
#include "framework/report/base64.h"
#include "framework/report/close_look_json.h"
#include "framework/report/report_parts.h"
#include "framework/report/settings_json.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// More than a chart shows, and few enough to keep a page of 199 runs and 500 epochs small.
constexpr int kDigits = 7;

// null means not measured, "nan" not finite. The page draws its lines across null, not across
// "nan".
Json Optional(const std::optional<double>& value) {
  if (!value) return nullptr;
  return FiniteOf(value) ? Json(Rounded(*value, kDigits)) : Json("nan");
}

// Adds one list of value(epoch) for all epochs, unless no epoch has a value.
template <typename F>
void AddCurve(const ReportRun& run, const std::string& name, const F& value, Json& curves) {
  Json curve = Json::array();
  bool any = false;
  for (const ReportEpoch& epoch : run.epochs) {
    const std::optional<double> v = value(epoch);
    any = any || v.has_value();
    curve.push_back(Optional(v));
  }
  if (any) curves[name] = std::move(curve);
}

void AddNorms(const ReportRun& run, const char* name, std::vector<double> ReportEpoch::*member,
              Json& json) {
  Json norms = Json::array();
  bool any = false;
  for (const ReportEpoch& epoch : run.epochs) {
    any = any || !(epoch.*member).empty();
    Json row = Json::array();
    for (const double norm : epoch.*member) row.push_back(Rounded(norm, kDigits));
    norms.push_back(std::move(row));
  }
  if (any) json[name] = std::move(norms);
}

Json WorstJson(const WorstPicture& w) {
  return {{"width", w.width},
          {"height", w.height},
          {"channels", w.channels},
          {"pixels", Base64(w.pixels)},
          {"truth", w.truth},
          {"predicted", w.predicted},
          {"p_truth", w.truth_probability},
          {"p_predicted", w.predicted_probability},
          {"loss", w.loss}};
}

// The 99th percentile of |w|: scaled by the maximum, a few large weights would leave the pictures
// pale.
float ScaleOf(std::span<const float> values) {
  std::vector<float> sizes;
  for (const float v : values) {
    if (std::isfinite(v)) sizes.push_back(std::abs(v));
  }
  if (sizes.empty()) return 0;
  const auto at = sizes.begin() + static_cast<ptrdiff_t>((sizes.size() - 1) * 99 / 100);
  std::nth_element(sizes.begin(), at, sizes.end());
  return *at > 0 ? *at : *std::max_element(at, sizes.end());
}

// One byte per weight: 127 w / scale. A screen shows fewer shades than that.
Json WeightsJson(const WeightPictures& w) {
  const float scale = ScaleOf(w.values);
  std::vector<uint8_t> bytes;
  bytes.reserve(w.values.size());
  for (const float v : w.values) {
    const float share = scale > 0 && !std::isnan(v) ? std::clamp(v / scale, -1.0f, 1.0f) : 0.0f;
    bytes.push_back(static_cast<uint8_t>(static_cast<int8_t>(std::lround(127 * share))));
  }
  return {{"parameter", w.parameter}, {"width", w.width}, {"height", w.height},
          {"channels", w.channels},   {"scale", scale},   {"values", Base64(bytes)}};
}

void AddParts(const ReportRun& run, Json& json) {
  if (!run.look.confusion.classes.empty()) {
    json["confusion"] = {{"classes", run.look.confusion.classes},
                         {"counts", run.look.confusion.counts}};
  }
  for (const WorstPicture& w : run.look.worst) json["worst"].push_back(WorstJson(w));
  if (!run.look.weights.values.empty()) json["weights"] = WeightsJson(run.look.weights);
  for (const LayerSummary& layer : run.look.layers)
    json["layers"].push_back(LayerJson<Json>(layer));
  for (const Plot& plot : run.look.plots) json["plots"].push_back(PlotJson<Json>(plot));
  for (const LayerTime& t : run.look.time) {
    json["time"].push_back({{"layer", t.layer}, {"phase", t.phase}, {"ms", t.milliseconds}});
  }
  for (const auto& [key, value] : run.environment) {
    json["environment"].push_back(Json::array({key, value}));
  }
  if (!run.config.empty()) json["config"] = run.config;
  if (!run.weights_hash.empty()) json["hash"] = run.weights_hash;
}

Json RunJson(const ReportRun& run, const std::string& group) {
  Json json;
  json["label"] = run.label.empty() ? run.name : run.label;
  // What to type to see more of it.
  const bool looked = !run.look.layers.empty();
  if (!looked && run.status == "complete" && !run.name.empty()) json["folder"] = run.name;
  json["group"] = group;
  json["epochs"] = Json::array();
  for (const ReportEpoch& epoch : run.epochs) json["epochs"].push_back(epoch.epoch);
  Json curves = Json::object();
  for (const std::string& name : MetricNames({{"", {&run}}})) {
    AddCurve(
        run, name, [&](const ReportEpoch& e) { return MetricOf(e, name); }, curves);
  }
  AddCurve(
      run, "learning_rate", [](const ReportEpoch& e) { return e.learning_rate; }, curves);
  AddCurve(
      run, "seconds", [](const ReportEpoch& e) { return e.seconds; }, curves);
  AddCurve(
      run, "samples_per_second", [](const ReportEpoch& e) { return e.samples_per_second; }, curves);
  json["curves"] = std::move(curves);
  if (!run.parameters.empty()) {
    json["parameters"] = run.parameters;
    AddNorms(run, "weight_norms", &ReportEpoch::weight_norms, json);
    AddNorms(run, "gradient_norms", &ReportEpoch::gradient_norms, json);
  }
  AddRunSettings(run, &json);
  AddParts(run, json);
  AddCloseLook(run, &json);
  return json;
}

Json PrintedJson(const PrintedPoint& p) {
  Json json{{"metric", p.metric}, {"value", p.value}, {"text", p.text}};
  if (!p.list.empty()) json["list"] = p.list;
  if (p.epoch) json["epoch"] = *p.epoch;
  if (p.low && p.high) {
    json["low"] = *p.low;
    json["high"] = *p.high;
  }
  return json;
}

// "</script>" in a name would end the element, and "<!--" would change how the browser parses it.
std::string WithoutTags(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string ReportJson(const Report& report, const std::vector<ReportGroup>& groups) {
  Json json;
  json["groups"] = Json::array();
  json["runs"] = Json::array();
  for (const ReportGroup& group : groups) {
    json["groups"].push_back(group.name);
    for (const ReportRun* run : group.runs) json["runs"].push_back(RunJson(*run, group.name));
  }
  AddSettings(report, groups, &json);
  for (const PrintedPoint& p : report.printed) json["printed"].push_back(PrintedJson(p));
  return WithoutTags(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace nabla
