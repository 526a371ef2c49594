#include "framework/training/pause.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/data/disk.h"
#include "framework/record/finished_run.h"
#include "framework/record/json_number.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

std::string FileOf(const std::string& folder) { return folder + "/pauses.json"; }

Pause PauseFrom(const Json& json) {
  // Versions that did not write it made sweeps that were mostly finished.
  Pause pause{.epochs = json.at("epochs"),
              .step = Whole(json.at("step")),
              .metrics = {},
              .left = json.value("left", true)};
  if (!json.at("metrics").is_object()) throw InputError("its metrics have no names");
  for (const auto& [name, value] : json.at("metrics").items()) {
    pause.metrics.emplace_back(name, NumberFrom(value));
  }
  return pause;
}

Json JsonOf(const Pause& pause) {
  Json json{{"epochs", pause.epochs},
            {"step", pause.step},
            {"left", pause.left},
            {"metrics", Json::object()}};
  for (const auto& [name, value] : pause.metrics) json["metrics"][name] = value;
  return json;
}

}  // namespace

// Rounding must not add a step.
int64_t PauseStep(double epochs, int64_t steps_per_epoch, int64_t all_epochs) {
  const double steps = std::ceil(epochs * static_cast<double>(steps_per_epoch) - 1e-6);
  return static_cast<int64_t>(
      std::clamp(steps, 1.0, static_cast<double>(all_epochs * steps_per_epoch)));
}

std::vector<Pause> ReadPauses(const std::string& folder) {
  const std::string file = FileOf(folder);
  std::vector<Pause> pauses;
  if (!std::filesystem::exists(file)) return pauses;
  const std::string text = ReadRunText(file);
  try {
    const Json list = Json::parse(text);
    if (!list.is_array()) throw InputError("expected a list");
    for (const Json& json : list) pauses.push_back(PauseFrom(json));
  } catch (const std::exception& e) {
    throw InputError(std::vector<Problem>{{{file}, std::string("no run wrote this: ") + e.what()}});
  }
  return pauses;
}

std::optional<Pause> FindPause(const std::string& folder, double epochs) {
  for (Pause& pause : ReadPauses(folder)) {
    if (pause.epochs == epochs) return std::move(pause);
  }
  return std::nullopt;
}

void AddPause(const std::string& folder, const Pause& pause) {
  std::vector<Pause> pauses = ReadPauses(folder);
  std::erase_if(pauses, [&](const Pause& other) { return other.epochs == pause.epochs; });
  pauses.push_back(pause);
  Json list = Json::array();
  for (const Pause& one : pauses) list.push_back(JsonOf(one));
  WriteText(FileOf(folder), list.dump(2) + "\n");
}

void MarkLeft(const std::string& folder, double epochs, bool left) {
  std::optional<Pause> pause = FindPause(folder, epochs);
  if (!pause || pause->left == left) return;
  pause->left = left;
  AddPause(folder, *pause);
}

}  // namespace nabla
