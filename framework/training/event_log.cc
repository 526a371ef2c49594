#include "framework/training/event_log.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

#include "framework/record/run_metrics.h"

namespace nabla {
namespace {

// Seconds since 1970.
double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string Fresh(const std::string& path) {
  std::error_code ignored;  // if the file cannot be removed, writing it reports the error
  std::filesystem::remove(path, ignored);
  return path;
}

}  // namespace

EventLog::EventLog(const std::string& folder) : writer_(Fresh(folder + "/" + kEventFile), Now()) {}

void EventLog::Add(const EpochMetrics& metrics) {
  std::vector<EventScalar> scalars;
  for (const auto& [name, value] : MetricsOf(metrics)) {
    std::string tag = name;
    tag[tag.find('_')] = '/';
    scalars.push_back({tag, static_cast<float>(value)});
  }
  if (metrics.learning_rate) {
    scalars.push_back({"learning_rate", static_cast<float>(*metrics.learning_rate)});
  }
  scalars.push_back({"samples_per_second", static_cast<float>(metrics.samples_per_second)});
  writer_.Write(Now(), metrics.epoch, scalars);
}

}  // namespace nabla
