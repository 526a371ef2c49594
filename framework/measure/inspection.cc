// Reads and writes inspection.json.
#include "framework/measure/inspection.h"

#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/record/json_number.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

Json PictureJson(const WorstPicture& p) {
  return {{"width", p.width},
          {"height", p.height},
          {"channels", p.channels},
          {"pixels", p.pixels},
          {"truth", p.truth},
          {"predicted", p.predicted},
          {"truth_probability", p.truth_probability},
          {"predicted_probability", p.predicted_probability},
          {"loss", p.loss}};
}

// With few digits: those of charts have five, and four are enough for pictures of weights.
template <typename T>
Json Shortened(const std::vector<T>& values, int digits = 5) {
  Json list = Json::array();
  for (const T v : values) list.push_back(Rounded(static_cast<double>(v), digits));
  return list;
}

double NumberOr(const Json& json, double other) {
  return json.is_null() ? other : json.get<double>();
}

LayerSummary LayerFrom(const Json& json) {
  return {.path = json.at("layer"),
          .name = json.at("name"),
          .output = Whole(json.at("output")),
          .parameters = Whole(json.at("parameters")),
          .fixed = Whole(json.at("fixed")),
          .multiply_adds = Whole(json.at("multiply_adds")),
          .frozen = json.value("frozen", false)};
}

WorstPicture PictureFrom(const Json& json) {
  return {.width = Whole(json.at("width")),
          .height = Whole(json.at("height")),
          .channels = Whole(json.at("channels")),
          .pixels = Whole(json.at("pixels")),
          .truth = json.at("truth"),
          .predicted = json.at("predicted"),
          .truth_probability = NumberOr(json.at("truth_probability"), 0),
          .predicted_probability = NumberOr(json.at("predicted_probability"), 0),
          .loss = NumberOr(json.at("loss"), 0)};
}

std::vector<double> NumbersFrom(const Json& json) {
  std::vector<double> numbers;
  for (const Json& value : json) numbers.push_back(NumberOr(value, 0));
  return numbers;
}

Json FunctionJson(const DrawnFunction& f) {
  Json json = {{"names", f.names}, {"classes", f.classes}, {"low", f.low},
               {"high", f.high},   {"side", f.side},       {"points", Json::array()}};
  for (const auto& point : f.points) json["points"].push_back(Shortened(point));
  for (const DrawnFunction::Frame& frame : f.frames) {
    json["frames"].push_back(
        {{"epoch", frame.epoch}, {"cells", frame.cells}, {"values", Shortened(frame.values)}});
  }
  return json;
}

// Throws for what would be drawn beyond its grid.
DrawnFunction FunctionFrom(const Json& json) {
  DrawnFunction f{.names = json.at("names"),
                  .classes = json.at("classes"),
                  .low = NumbersFrom(json.at("low")),
                  .high = NumbersFrom(json.at("high")),
                  .side = Whole(json.at("side")),
                  .points = {},
                  .frames = {}};
  const size_t inputs = f.classes.empty() ? 1 : 2;
  bool fits = f.names.size() == 2 && f.low.size() == inputs && f.high.size() == inputs;
  for (const Json& point : json.at("points")) f.points.push_back(NumbersFrom(point));
  for (const auto& point : f.points) fits = fits && point.size() == inputs + 1;
  for (const Json& frame : json.at("frames")) {
    f.frames.push_back(
        {Whole(frame.at("epoch")), Whole(frame.at("cells")), NumbersFrom(frame.at("values"))});
    const DrawnFunction::Frame& last = f.frames.back();
    fits = fits && (inputs == 1 ? last.values.size() == f.side
                                : f.side < 1000 && last.cells.size() == f.side * f.side);
  }
  if (!fits) throw InputError("a function that does not fit its grid");
  return f;
}

void AddLayers(const Inspection& inspection, Json* json) {
  for (const LayerValues& v : inspection.values) {
    (*json)["values"].push_back({{"layer", v.layer},
                                 {"rows", v.rows},
                                 {"units", v.units},
                                 {"still", v.still},
                                 {"mean", v.mean},
                                 {"std", v.std}});
  }
  for (const LayerScales& s : inspection.scales) {
    (*json)["scales"].push_back({{"epoch", s.epoch},
                                 {"outputs", Shortened(s.outputs)},
                                 {"gradients", Shortened(s.gradients)}});
  }
}

void ReadLayers(const Json& json, Inspection* inspection) {
  for (const Json& v : json.value("values", Json::array())) {
    inspection->values.push_back({v.at("layer"), Whole(v.at("rows")), Whole(v.at("units")),
                                  Whole(v.at("still")), NumberOr(v.at("mean"), 0),
                                  NumberOr(v.at("std"), 0)});
  }
  for (const Json& s : json.value("scales", Json::array())) {
    inspection->scales.push_back(
        {Whole(s.at("epoch")), NumbersFrom(s.at("outputs")), NumbersFrom(s.at("gradients"))});
  }
}

}  // namespace

std::string PrintInspection(const Inspection& inspection) {
  Json json = {
      {"confusion",
       {{"classes", inspection.confusion.classes}, {"counts", inspection.confusion.counts}}},
      {"worst", Json::array()},
      {"weights",
       {{"parameter", inspection.weights.parameter},
        {"width", inspection.weights.width},
        {"height", inspection.weights.height},
        {"channels", inspection.weights.channels},
        {"values", Shortened(inspection.weights.values, 4)}}}};
  for (const WorstPicture& picture : inspection.worst) {
    json["worst"].push_back(PictureJson(picture));
  }
  for (const LayerSummary& layer : inspection.layers) {
    json["layers"].push_back(LayerJson<Json>(layer));
  }
  for (const Plot& plot : inspection.plots) json["plots"].push_back(PlotJson<Json>(plot));
  for (const LayerTime& t : inspection.time) {
    json["time"].push_back({{"layer", t.layer}, {"phase", t.phase}, {"ms", t.milliseconds}});
  }
  if (inspection.first_loss) json["first_loss"] = *inspection.first_loss;
  if (inspection.output_spread) json["output_spread"] = *inspection.output_spread;
  AddLayers(inspection, &json);
  if (!inspection.function.frames.empty()) json["function"] = FunctionJson(inspection.function);
  return json.dump() + "\n";
}

Inspection ParseInspection(const std::string& text, const std::string& file) {
  try {
    const Json json = Json::parse(text);
    Inspection inspection;
    inspection.confusion = {json.at("confusion").at("classes"),
                            Whole(json.at("confusion").at("counts"))};
    const size_t classes = inspection.confusion.classes.size();
    if (inspection.confusion.counts.size() != classes * classes) {
      throw InputError("a confusion matrix that is not square");
    }
    for (const Json& picture : json.at("worst")) {
      inspection.worst.push_back(PictureFrom(picture));
    }
    const Json& weights = json.at("weights");
    inspection.weights = {.parameter = weights.at("parameter"),
                          .width = Whole(weights.at("width")),
                          .height = Whole(weights.at("height")),
                          .channels = Whole(weights.at("channels")),
                          .values = {}};
    for (const Json& value : weights.at("values")) {
      inspection.weights.values.push_back(static_cast<float>(NumberOr(value, 0)));
    }
    for (const Json& layer : json.value("layers", Json::array())) {
      inspection.layers.push_back(LayerFrom(layer));
    }
    for (const Json& plot : json.value("plots", Json::array())) {
      inspection.plots.push_back(PlotFrom(plot));
    }
    for (const Json& t : json.value("time", Json::array())) {
      inspection.time.push_back({t.at("layer"), t.at("phase"), t.at("ms")});
    }
    inspection.first_loss = NumberAt(json, "first_loss");
    inspection.output_spread = NumberAt(json, "output_spread");
    ReadLayers(json, &inspection);
    if (json.contains("function")) inspection.function = FunctionFrom(json.at("function"));
    return inspection;
  } catch (const std::exception& e) {
    throw InputError(
        std::vector<Problem>{{{file}, std::string("not what a run wrote: ") + e.what()}});
  }
}

}  // namespace nabla
