#include "framework/record/run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/formats/atomic_file.h"
#include "framework/record/epoch_json.h"
#include "framework/record/finished_run.h"
#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"
#include "framework/record/run_plan.h"
#include "framework/record/same_run.h"
#include "framework/table/csv_field.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string Cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", Shown(*value)) : "";
}

std::vector<std::string> NamesOf(const EpochMetrics& epoch) {
  std::vector<std::string> names;
  for (const auto& [name, value] : MetricsOf(epoch)) names.push_back(name);
  return names;
}

std::string CsvLine(const EpochMetrics& e, const std::vector<std::string>& metrics) {
  std::string line = std::to_string(e.epoch);
  for (const std::string& metric : metrics) line += "," + Cell(MetricOf(e, metric));
  return line + fmt::format(",{},{},{}", Cell(e.learning_rate), e.seconds, e.samples_per_second);
}

// Seconds of training that are worth more than the time of a flush: what a failure of power takes
// of shorter runs is trained again.
constexpr double kWorthAFlush = 1;

// The file that the running process locks. NFS shows a lock to other machines only if it is on a
// file that is open for writing, not if it is on a folder.
constexpr const char* kClaim = "/.claim";

// For a file that will be opened for writing: never through a link that somebody has put there,
// which may lead to any file of the user's, and not if it is a FIFO, which may never be ready.
void MakeWritable(const std::string& path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) fs::remove(path, error);
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    throw RunError("cannot write " + path + ": it is not a regular file");
  }
}

}  // namespace

FolderBusy::FolderBusy(const std::string& path)
    : InputError("another process is running in " + path) {}

FolderComplete::FolderComplete(const std::string& path)
    : InputError("the run in " + path + " is complete") {}

void WaitForFolder(const std::string& path) {
  constexpr useconds_t kPause = 20000;  // microseconds
  const int fd = open((path + kClaim).c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  while (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && CaughtSignal() == 0) {
    usleep(kPause);
  }
  close(fd);
}

RunFolder::RunFolder(const std::string& path, const Node& config, const RunInputs& inputs,
                     Existing existing)
    : path_(path),
      config_(config),
      metrics_lines_(path + "/metrics.jsonl"),
      metrics_table_(path + "/metrics.csv") {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) throw RunError("cannot create the run folder " + path_ + ": " + error.message());
  Claim();
  const bool holds_run = fs::exists(path_ + "/config.yaml") || fs::exists(path_ + "/metrics.jsonl");
  if (holds_run && existing == Existing::kRefuse) {
    close(claim_);
    throw InputError("the folder " + path_ +
                     " already holds a run; choose another --out, or give `run` "
                     "--resume to go on with this one");
  }
  if (HoldsRunPlan(path_)) {
    close(claim_);
    throw InputError("the folder " + path_ + " holds many runs; choose another --out");
  }
  try {
    const bool finished = holds_run && FindFinishedRun(path_, config);
    if (holds_run) CheckInputs(path_, inputs);
    if (finished) throw FolderComplete(path_);
  } catch (...) {
    close(claim_);
    throw;
  }
}

void RunFolder::BeginWith(const std::vector<EpochMetrics>& epochs) {
  MakeWritable(path_ + "/log.txt");
  std::error_code error;
  fs::remove(path_ + "/summary.json", error);
  WriteWhole("config.yaml", PrintYaml(config_), Power::kMayFail);
  std::string lines;
  for (const EpochMetrics& metrics : epochs) lines += PrintEpoch(metrics) + "\n";
  metrics_lines_.Begin(lines);
  WriteCsv(epochs);
}

void RunFolder::WriteCsv(const std::vector<EpochMetrics>& epochs) {
  csv_metrics_.clear();
  for (const EpochMetrics& epoch : epochs) {
    for (const std::string& name : NamesOf(epoch)) {
      if (std::ranges::count(csv_metrics_, name) == 0) csv_metrics_.push_back(name);
    }
  }
  std::string csv = "epoch";
  for (const std::string& name : csv_metrics_) csv += "," + name;
  csv += ",learning_rate,seconds,samples_per_second\n";
  for (const EpochMetrics& epoch : epochs) csv += CsvLine(epoch, csv_metrics_) + "\n";
  metrics_table_.Begin(csv);
}

RunFolder::~RunFolder() { close(claim_); }

// The lock ends with the process, even if that crashes.
void RunFolder::Claim() {
  claim_ = open((path_ + kClaim).c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (claim_ < 0) throw RunError("cannot write into the run folder " + path_);
  if (flock(claim_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(claim_);
    throw FolderBusy(path_);
  }
}

void RunFolder::WriteWhole(const std::string& file, const std::string& text, Power power) {
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  if (power == Power::kLasts) {
    WriteFileAtomically(path_ + "/" + file, bytes);
  } else {
    ReplaceFile(path_ + "/" + file, bytes);
  }
}

void RunFolder::AddEpoch(const EpochMetrics& metrics) {
  metrics_lines_.Append(PrintEpoch(metrics) + "\n");
  // Which metrics a run has is known from its first evaluation on.
  const std::vector<std::string> names = NamesOf(metrics);
  const bool known = std::ranges::all_of(
      names, [&](const auto& name) { return std::ranges::count(csv_metrics_, name) > 0; });
  if (known) {
    metrics_table_.Append(CsvLine(metrics, csv_metrics_) + "\n");
  } else {
    const std::string file = path_ + "/metrics.jsonl";
    WriteCsv(ParseEpochs(ReadRunText(file), file));
  }
}

void RunFolder::WriteSummary(const Summary& s) {
  Json json;
  json["name"] = s.name;
  json["status"] = s.status;
  json["dataset"] = s.dataset;
  json["dtype"] = s.dtype;
  json["seed"] = s.seed;
  json["threads"] = s.threads;
  json["simd"] = s.simd;
  json["epochs"] = s.epochs;
  for (const auto& [name, value] : s.metrics) json[name] = value;
  json["seconds"] = s.seconds;
  json["samples_per_second"] = s.samples_per_second;
  json["weights_hash"] = s.weights_hash;
  if (!s.failure.empty()) json["failure"] = s.failure;
  if (!s.ended.empty()) json["ended"] = s.ended;
  for (const auto& [rows, loss] : s.initial_losses) {
    json["initial_losses"][std::to_string(rows)] = loss;
  }
  if (!s.matrices.empty()) json["matrices"] = s.matrices;
  WriteWhole("summary.json", json.dump(2) + "\n",
             s.seconds < kWorthAFlush ? Power::kMayFail : Power::kLasts);
}

void RunFolder::WriteEnvironment(const Environment& environment) {
  Json json;
  for (const auto& [key, value] : environment) json[key] = value;
  WriteWhole("environment.json", json.dump(2) + "\n", Power::kMayFail);
}

void RunFolder::WriteInspection(const std::string& json) {
  WriteWhole("inspection.json", json, Power::kLasts);
}

void RunFolder::WriteMatrix(const NamedMatrix& m) {
  const size_t columns = m.column_names.size();
  Json json;
  json["rows"] = m.row_names;
  json["columns"] = m.column_names;
  json["values"] = Json::array();
  std::string csv = CsvField(m.name);
  for (const std::string& name : m.column_names) csv += "," + CsvField(name);
  csv += "\n";
  for (size_t r = 0; r < m.row_names.size(); ++r) {
    const std::vector<double> row(m.values.begin() + static_cast<ptrdiff_t>(r * columns),
                                  m.values.begin() + static_cast<ptrdiff_t>((r + 1) * columns));
    json["values"].push_back(row);
    csv += fmt::format("{},{}\n", CsvField(m.row_names[r]), fmt::join(row, ","));
  }
  WriteWhole(m.name + ".json", json.dump(2) + "\n", Power::kLasts);
  WriteWhole(m.name + ".csv", csv, Power::kLasts);
}

// A folder that holds anything stays.
RemovedIfEmpty::~RemovedIfEmpty() {
  fs::path path = path_;
  for (int level = 0; level < 3 && rmdir(path.c_str()) == 0; ++level) path = path.parent_path();
}

std::string MakeRunPath(const std::string& working_directory, const std::string& name) {
  const std::string parent = fmt::format("{}/runs/{}", working_directory, name);
  const std::string base =
      fmt::format("{}/{:%Y%m%d-%H%M%S}", parent, fmt::localtime(std::time(nullptr)));
  std::string path = base;
  for (int i = 2;;) {
    std::error_code error;
    fs::create_directories(parent, error);
    // Only one call makes a folder, the others find it there.
    if (!error && fs::create_directory(path, error)) return path;
    if (!error) {
      path = fmt::format("{}-{}", base, i++);
    } else if (error != std::errc::no_such_file_or_directory) {  // RemovedIfEmpty may be at work
      throw RunError("cannot make the folder " + path + ": " + error.message());
    }
  }
}

}  // namespace nabla
