#include "framework/record/same_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "framework/base/error.h"
#include "framework/config/flat.h"
#include "framework/record/finished_run.h"

namespace nabla {
namespace {

constexpr const char* kEpochs = "train.epochs";
constexpr const char* kMaxTime = "train.max_time";

std::string Shown(const std::map<std::string, std::string>& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? "not set" : found->second;
}

// "the training rows", "the test rows" or "the library my.so".
std::string NameOf(const std::string& key) {
  if (key == "train_data") return "the training rows";
  if (key == "validation_data") return "the validation rows";
  if (key == "test_data") return "the test rows";
  if (key == "init_from") return "the weights of init_from";
  return "the library " + key.substr(key.find(' ') + 1);
}

bool IsInput(const std::string& key) {
  return key == "train_data" || key == "validation_data" || key == "test_data" ||
         key == "init_from" || key.starts_with("plugin ");
}

}  // namespace

int64_t EpochsOf(const Node& config) {
  const Node* train = config.Find("train");
  const Node* epochs = train == nullptr ? nullptr : train->Find("epochs");
  int64_t value = 0;
  if (epochs != nullptr) {
    std::from_chars(epochs->text.data(), epochs->text.data() + epochs->text.size(), value);
  }
  return value;
}

std::vector<std::string> Differences(const Node& before, const Node& now, bool may_grow) {
  const auto old_values = FlatScalars(before);
  const auto new_values = FlatScalars(now);
  std::set<std::string> keys;
  for (const auto& [key, value] : old_values) keys.insert(key);
  for (const auto& [key, value] : new_values) keys.insert(key);
  const bool grown = may_grow && EpochsOf(before) < EpochsOf(now);
  std::vector<std::string> differences;
  for (const std::string& key : keys) {
    const std::string old_value = Shown(old_values, key);
    const std::string new_value = Shown(new_values, key);
    if (old_value == new_value || (grown && key == kEpochs) || key == kMaxTime) continue;
    differences.push_back(fmt::format("{} is {}, now {}", key, old_value, new_value));
  }
  return differences;
}

std::vector<std::string> ChangedInputs(const std::string& path, const RunInputs& inputs) {
  if (!std::filesystem::exists(path + "/environment.json")) return {};
  const Environment then = ReadEnvironment(path);
  if (then.empty()) return {};
  std::map<std::string, std::string> before;
  for (const auto& [key, value] : then) {
    if (IsInput(key)) before[key] = value;
  }
  const std::map<std::string, std::string> now(inputs.begin(), inputs.end());
  std::vector<std::string> changed;
  for (const auto& [key, value] : before) {
    if (Shown(now, key) != value) changed.push_back(NameOf(key));
  }
  for (const auto& [key, value] : now) {
    if (!before.contains(key)) changed.push_back(NameOf(key));
  }
  return changed;
}

namespace {

// "a, b and c".
std::string Listed(std::vector<std::string> words) {
  const std::string last = words.back();
  words.pop_back();
  return words.empty() ? last : fmt::format("{} and {}", fmt::join(words, ", "), last);
}

}  // namespace

void CheckInputs(const std::string& path, const RunInputs& inputs) {
  const std::vector<std::string> changed = ChangedInputs(path, inputs);
  if (changed.empty()) return;
  const bool one = changed.size() == 1 && changed[0].starts_with("the library ");
  throw InputError(std::vector<Problem>{
      {{path + "/environment.json"},
       fmt::format(
           "{} {} changed since this run; choose another --out, or delete {} to train it again",
           Listed(changed), one ? "has" : "have", path)}});
}

}  // namespace nabla
