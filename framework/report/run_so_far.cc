#include "framework/report/run_so_far.h"

#include <charconv>
#include <filesystem>

#include "framework/config/node.h"
#include "framework/record/epoch_json.h"
#include "framework/record/run_metrics.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// A scalar, or the name of a plugin.
std::string TextAt(const Node& config, const char* key) {
  const Node* node = config.Find(key);
  if (node != nullptr && node->IsMap()) node = node->Find("name");
  return node != nullptr && node->IsScalar() ? node->text : "";
}

}  // namespace

bool HoldsRunSoFar(const std::string& path) {
  std::error_code error;
  return fs::exists(path + "/config.yaml", error) && fs::exists(path + "/metrics.jsonl", error);
}

FinishedRun ReadRunSoFar(const std::string& path) {
  if (fs::exists(path + "/summary.json")) return ReadRun(path);
  const std::string file = path + "/config.yaml";
  const Node config = ParseYaml(ReadRunText(file), file);
  const std::string metrics = path + "/metrics.jsonl";
  FinishedRun run{.summary = {.name = TextAt(config, "name"),
                              .status = "running",
                              .dataset = TextAt(config, "dataset"),
                              .dtype = TextAt(config, "dtype")},
                  .epochs = ParseEpochs(ReadRunText(metrics), metrics)};
  const std::string seed = TextAt(config, "seed");
  std::from_chars(seed.data(), seed.data() + seed.size(), run.summary.seed);
  if (!run.epochs.empty()) run.summary.metrics = MetricsOf(run.epochs.back());
  return run;
}

}  // namespace nabla
