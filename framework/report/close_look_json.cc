#include "framework/report/close_look_json.h"

#include <string>
#include <vector>

#include "framework/record/json_number.h"
#include "framework/report/base64.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// "1 relu" of a layer that the run lists.
std::string Titled(const ReportRun& run, const std::string& path) {
  for (const LayerSummary& layer : run.look.layers) {
    if (layer.path == path) return path + " " + layer.name;
  }
  return path;
}

Json ScalesJson(const ReportRun& run) {
  Json json{{"layers", Json::array()}};
  for (const LayerValues& v : run.look.values) json["layers"].push_back(Titled(run, v.layer));
  for (const LayerScales& s : run.look.scales) {
    json["epochs"].push_back(s.epoch);
    json["outputs"].push_back(s.outputs);
    json["gradients"].push_back(s.gradients);
  }
  return json;
}

Json FunctionJson(const DrawnFunction& f) {
  Json json{{"names", f.names}, {"classes", f.classes}, {"low", f.low},
            {"high", f.high},   {"side", f.side},       {"points", f.points}};
  for (const DrawnFunction::Frame& frame : f.frames) {
    Json& one = json["frames"].emplace_back(Json{{"epoch", frame.epoch}});
    if (f.classes.empty()) {
      one["values"] = frame.values;
    } else {
      one["cells"] = Base64(frame.cells);
    }
  }
  return json;
}

Json TriedJson(const Tried& t) {
  const auto number = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
  return {{"epochs", t.epochs},         {"epochs_with", t.epochs_with},
          {"seeds", t.seeds},           {"better", t.better},
          {"worse", t.worse},           {"metric", t.metric},
          {"before", number(t.before)}, {"after", number(t.after)},
          {"helped", t.Helped()},       {"text", TriedText(t)}};
}

Tried TriedFrom(const Json& json) {
  Tried tried{.epochs = Whole(json.at("epochs")),
              .epochs_with = Whole(json.at("epochs_with")),
              .seeds = Whole(json.at("seeds")),
              .better = Whole(json.at("better")),
              .worse = Whole(json.at("worse")),
              .metric = json.at("metric")};
  if (json.at("before").is_number()) tried.before = json.at("before");
  if (json.at("after").is_number()) tried.after = json.at("after");
  return tried;
}

}  // namespace

void AddTried(const std::string& summary, std::vector<Standout>* standouts) {
  try {
    for (const Json& one : Json::parse(summary).value("standouts", Json::array())) {
      if (!one.contains("tried")) continue;
      for (Standout& standout : *standouts) {
        if (standout.attempt == one.value("try", "")) standout.tried = TriedFrom(one.at("tried"));
      }
    }
  } catch (const std::exception&) {
    // Somebody changed it; it says nothing then.
  }
}

Json StandoutsJson(const std::vector<Standout>& standouts) {
  Json list = Json::array();
  for (const Standout& s : standouts) {
    Json& one = list.emplace_back(Json{{"text", s.text}});
    if (!s.attempt.empty()) one["try"] = s.attempt;
    one["serious"] = s.serious;
    if (s.tried) one["tried"] = TriedJson(*s.tried);
  }
  return list;
}

void AddCloseLook(const ReportRun& run, Json* json) {
  if (!run.standouts.empty()) (*json)["standouts"] = StandoutsJson(run.standouts);
  for (const LayerValues& v : run.look.values) {
    (*json)["values"].push_back({{"layer", v.layer},
                                 {"units", v.units},
                                 {"still", v.still},
                                 {"mean", v.mean},
                                 {"std", v.std}});
  }
  if (!run.look.scales.empty()) (*json)["scales"] = ScalesJson(run);
  if (!run.look.function.frames.empty()) (*json)["function"] = FunctionJson(run.look.function);
}

}  // namespace nabla
