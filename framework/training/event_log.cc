#include "framework/training/event_log.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

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

void EventLog::Add(const EpochMetrics& metrics, double learning_rate) {
  std::vector<EventScalar> scalars;
  const auto add = [&scalars](const char* tag, std::optional<double> value) {
    if (value) scalars.push_back({tag, static_cast<float>(*value)});
  };
  add("train/loss", metrics.train_loss);
  add("train/accuracy", metrics.train_accuracy);
  add("test/loss", metrics.test_loss);
  add("test/accuracy", metrics.test_accuracy);
  add("learning_rate", learning_rate);
  add("samples_per_second", metrics.samples_per_second);
  writer_.Write(Now(), metrics.epoch, scalars);
}

}  // namespace nabla
