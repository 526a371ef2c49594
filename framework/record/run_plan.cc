#include "framework/record/run_plan.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/hash.h"
#include "framework/data/disk.h"
#include "framework/record/finished_run.h"
#include "framework/record/same_run.h"

namespace nabla {
namespace {

using Checksums = std::map<std::string, std::string>;
namespace fs = std::filesystem;

constexpr const char* kPlan = "/plan.json";

std::unique_ptr<Descriptor> Open(const std::string& path) {
  // Somebody else's folder may have a link to any file of the user's there.
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) throw RunError("cannot write " + path + ": " + std::strerror(errno));
  return std::make_unique<Descriptor>(fd);
}

// Returns false where another process has it. A file system without locks refuses none.
bool Lock(const Descriptor& file, int operation) {
  while (flock(file.get(), operation) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return true;
  }
  return true;
}

std::optional<Checksums> ReadPlan(const std::string& folder) {
  const std::string path = folder + kPlan;
  if (!fs::exists(fs::symlink_status(path))) return std::nullopt;
  const std::string text = ReadRunText(path);
  try {
    return nlohmann::json::parse(text).get<Checksums>();
  } catch (const nlohmann::json::exception&) {
    throw InputError(std::vector<Problem>{{{path}, "this is no plan of runs"}});
  }
}

std::string ChecksumOf(const std::string& text) {
  Hasher hasher;
  hasher.Add(text.data(), text.size());
  return hasher.Hex();
}

}  // namespace

void RunPlan::Add(const std::string& folder, const Node& config) {
  std::string text = PrintYaml(config);
  checksums_[folder] = ChecksumOf(text);
  configs_[folder] = std::move(text);
}

std::string RunPlan::ObjectionTo(const std::string& folder, const std::string& run, bool alone,
                                 bool may_grow) const {
  const std::string file = folder + "/" + run + "/config.yaml";
  const bool begun = fs::exists(file);
  const auto mine = configs_.find(run);
  if (mine == configs_.end()) return alone && !begun ? "" : " is none of these";
  const std::string there = begun ? ReadRunText(file) : mine->second;
  if (there == mine->second) return alone ? "" : " has other settings";
  const std::vector<std::string> changes =
      Differences(ParseYaml(there, file), ParseYaml(mine->second, file), true);
  if (!changes.empty()) return fmt::format(" has other settings: {}", fmt::join(changes, ", "));
  if (!may_grow) return " has fewer epochs, to which --resume adds";
  return alone ? "" : " is being trained for fewer epochs by another process";
}

void RunPlan::Agree(const std::string& folder, bool may_grow) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError("cannot make the folder " + folder + ": " + error.message());
  // One process at a time. The lock that tells of a run under way will do: such a folder holds no
  // single run.
  const auto claim = Open(folder + "/.claim");
  Lock(*claim, LOCK_EX);
  if (fs::exists(folder + "/config.yaml")) {
    throw InputError("the folder " + folder + " holds a single run; choose another --out");
  }
  followed_ = Open(folder + "/.followed");
  const bool alone = Lock(*followed_, LOCK_EX | LOCK_NB);
  Lock(*followed_, LOCK_SH);
  const std::optional<Checksums> there = ReadPlan(folder);
  for (const auto& [run, checksum] : there.value_or(Checksums())) {
    const auto mine = checksums_.find(run);
    if (mine != checksums_.end() && mine->second == checksum) continue;
    const std::string objection = ObjectionTo(folder, run, alone, may_grow);
    if (objection.empty()) continue;
    throw InputError("the folder " + folder + " is for other runs: " + run + objection +
                     "; choose another --out");
  }
  if (there != checksums_) WriteText(folder + kPlan, nlohmann::json(checksums_).dump(2) + "\n");
}

bool RunPlan::StillStands(const std::string& folder) const {
  return ReadPlan(folder) == checksums_;
}

bool HoldsRunPlan(const std::string& folder) { return fs::exists(folder + kPlan); }

}  // namespace nabla
