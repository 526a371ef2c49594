// Reads and writes inspection.json.
#include "framework/measure/inspection.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/error.h"

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

// Four digits are enough for pictures of weights.
std::vector<double> Rounded(const std::vector<float>& values) {
  std::vector<double> rounded;
  for (const float value : values) rounded.push_back(std::stod(fmt::format("{:.4g}", value)));
  return rounded;
}

double NumberOr(const Json& json, double other) {
  return json.is_null() ? other : json.get<double>();
}

WorstPicture PictureFrom(const Json& json) {
  return {.width = json.at("width"),
          .height = json.at("height"),
          .channels = json.at("channels"),
          .pixels = json.at("pixels"),
          .truth = json.at("truth"),
          .predicted = json.at("predicted"),
          .truth_probability = NumberOr(json.at("truth_probability"), 0),
          .predicted_probability = NumberOr(json.at("predicted_probability"), 0),
          .loss = NumberOr(json.at("loss"), 0)};
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
        {"values", Rounded(inspection.weights.values)}}}};
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
  return json.dump() + "\n";
}

Inspection ParseInspection(const std::string& text, const std::string& file) {
  try {
    const Json json = Json::parse(text);
    Inspection inspection;
    inspection.confusion = {json.at("confusion").at("classes"), json.at("confusion").at("counts")};
    for (const Json& picture : json.at("worst")) {
      inspection.worst.push_back(PictureFrom(picture));
    }
    const Json& weights = json.at("weights");
    inspection.weights = {.parameter = weights.at("parameter"),
                          .width = weights.at("width"),
                          .height = weights.at("height"),
                          .channels = weights.at("channels"),
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
    return inspection;
  } catch (const std::exception& e) {
    throw InputError(
        std::vector<Problem>{{{file}, std::string("not what a run wrote: ") + e.what()}});
  }
}

}  // namespace nabla
