#include "framework/record/run_plan.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "framework/base/error.h"
#include "framework/base/hash.h"
#include "framework/data/disk.h"

namespace nabla {
namespace {

using Runs = std::map<std::string, std::string>;
namespace fs = std::filesystem;

constexpr const char* kPlan = "/plan.json";

std::unique_ptr<Descriptor> Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) throw RunError("cannot write " + path);
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

std::optional<Runs> ReadPlan(const std::string& folder) {
  const std::string path = folder + kPlan;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  try {
    return nlohmann::json::parse(in).get<Runs>();
  } catch (const nlohmann::json::exception&) {
    throw InputError(std::vector<Problem>{{{path}, "this is no plan of runs"}});
  }
}

}  // namespace

void RunPlan::Add(const std::string& folder, const Node& config) {
  Hasher hasher;
  const std::string text = PrintYaml(config);
  hasher.Add(text.data(), text.size());
  runs_[folder] = hasher.Hex();
}

void RunPlan::Agree(const std::string& folder) {
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
  const std::optional<Runs> there = ReadPlan(folder);
  for (const auto& [run, config] : there.value_or(Runs())) {
    const auto mine = runs_.find(run);
    if (mine != runs_.end() && mine->second == config) continue;
    if (alone && !fs::exists(folder + "/" + run + "/config.yaml")) continue;
    throw InputError("the folder " + folder + " is for other runs: " + run +
                     (mine == runs_.end() ? " is none of these" : " has other settings") +
                     "; choose another --out");
  }
  if (there != runs_) WriteText(folder + kPlan, nlohmann::json(runs_).dump(2) + "\n");
}

bool RunPlan::StillStands(const std::string& folder) const { return ReadPlan(folder) == runs_; }

bool HoldsRunPlan(const std::string& folder) { return fs::exists(folder + kPlan); }

}  // namespace nabla
