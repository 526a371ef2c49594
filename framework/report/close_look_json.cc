#include "framework/report/close_look_json.h"

#include <string>
#include <vector>

#include "framework/report/base64.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

Json StandoutJson(const Standout& standout) {
  Json json{{"text", standout.text}, {"serious", standout.serious}};
  if (!standout.attempt.empty()) json["try"] = standout.attempt;
  return json;
}

// "1 relu" of a layer that the run lists.
std::string Titled(const ReportRun& run, const std::string& path) {
  for (const LayerSummary& layer : run.layers) {
    if (layer.path == path) return path + " " + layer.name;
  }
  return path;
}

Json ScalesJson(const ReportRun& run) {
  Json json{{"layers", Json::array()}};
  for (const LayerValues& v : run.values) json["layers"].push_back(Titled(run, v.layer));
  for (const LayerScales& s : run.scales) {
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

}  // namespace

void AddCloseLook(const ReportRun& run, Json* json) {
  for (const Standout& s : run.standouts) (*json)["standouts"].push_back(StandoutJson(s));
  for (const LayerValues& v : run.values) {
    (*json)["values"].push_back({{"layer", v.layer},
                                 {"units", v.units},
                                 {"still", v.still},
                                 {"mean", v.mean},
                                 {"std", v.std}});
  }
  if (!run.scales.empty()) (*json)["scales"] = ScalesJson(run);
  if (!run.function.frames.empty()) (*json)["function"] = FunctionJson(run.function);
}

}  // namespace nabla
