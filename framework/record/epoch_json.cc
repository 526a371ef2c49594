#include "framework/record/epoch_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "framework/base/error.h"
#include "framework/record/json_number.h"
#include "framework/record/run_metrics.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::pair<std::string, double>> Numbers(const Json& json, const char* key) {
  std::vector<std::pair<std::string, double>> numbers;
  const auto found = json.find(key);
  if (found == json.end()) return numbers;
  for (const auto& [name, value] : found->items()) {
    numbers.emplace_back(name, NumberFrom(value));
  }
  return numbers;
}

void AddNumbers(const char* key, const std::vector<std::pair<std::string, double>>& numbers,
                Json* line) {
  for (const auto& [name, value] : numbers) (*line)[key][name] = value;
}

// The results of other metrics than loss and accuracy: what has the name of the rows before it.
void ReadOthers(const Json& json, const std::string& rows,
                std::vector<std::pair<std::string, double>>* metrics) {
  for (const auto& [key, value] : json.items()) {
    if (!key.starts_with(rows) || key == rows + "loss" || key == rows + "accuracy") continue;
    metrics->emplace_back(key.substr(rows.size()), NumberFrom(value));
  }
}

EpochMetrics EpochFrom(const Json& json) {
  EpochMetrics e{.epoch = Whole(json.at("epoch")),
                 .train_loss = NumberFrom(json.at("train_loss")),
                 .train_accuracy = NumberAt(json, "train_accuracy"),
                 .validation_loss = NumberAt(json, "validation_loss"),
                 .validation_accuracy = NumberAt(json, "validation_accuracy"),
                 .test_loss = NumberAt(json, "test_loss"),
                 .test_accuracy = NumberAt(json, "test_accuracy"),
                 .learning_rate = NumberAt(json, "learning_rate"),
                 .weight_norms = Numbers(json, "weight_norms"),
                 .gradient_norms = Numbers(json, "gradient_norms"),
                 .seconds = NumberFrom(json.at("seconds")),
                 .samples_per_second = NumberFrom(json.at("samples_per_second"))};
  if (e.test_accuracy) e.test_metrics.emplace_back("accuracy", *e.test_accuracy);
  ReadOthers(json, "train_", &e.train_metrics);
  ReadOthers(json, "validation_", &e.validation_metrics);
  ReadOthers(json, "test_", &e.test_metrics);
  return e;
}

}  // namespace

std::string PrintEpoch(const EpochMetrics& e) {
  Json line;
  line["epoch"] = e.epoch;
  for (const auto& [name, value] : MetricsOf(e)) line[name] = value;
  if (e.learning_rate) line["learning_rate"] = *e.learning_rate;
  AddNumbers("weight_norms", e.weight_norms, &line);
  AddNumbers("gradient_norms", e.gradient_norms, &line);
  line["seconds"] = e.seconds;
  line["samples_per_second"] = e.samples_per_second;
  return line.dump();
}

std::vector<EpochMetrics> ParseEpochs(const std::string& text, const std::string& file) {
  std::vector<EpochMetrics> epochs;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (lines.eof() && !Json::accept(line)) break;
    try {
      epochs.push_back(EpochFrom(Json::parse(line)));
    } catch (const std::exception& e) {
      throw InputError(std::vector<Problem>{{{file, static_cast<int>(epochs.size()) + 1, 1},
                                             std::string("not an epoch of a run: ") + e.what()}});
    }
  }
  return epochs;
}

}  // namespace nabla
