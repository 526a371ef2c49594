#include "framework/live/runs_under_way.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "framework/base/hash.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// The inodes of the files that processes have locked: the last part of the sixth word of a line
// such as "1: FLOCK  ADVISORY  WRITE 713 08:02:4718594 0 EOF". The numbers of devices are left out,
// as those of some file systems are not what stat says.
std::set<std::string> LockedFiles() {
  std::set<std::string> files;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string word;
    for (int i = 0; i < 6; ++i) words >> word;
    files.insert(word.substr(word.rfind(':') + 1));
  }
  return files;
}

// What runs lock: a single one, and a plan of many.
bool IsClaim(const std::string& name) { return name == ".claim" || name == ".followed"; }

bool IsResult(const std::string& name) {
  return name == "metrics.jsonl" || name == "summary.json" || name == "inspection.json";
}

struct Claim {
  int64_t seconds = 0;  // when it was made
  std::string folder;
};

// Those of single runs within a folder of many, whose own claim says more, are dropped.
std::vector<std::string> Outermost(std::vector<Claim> claims) {
  std::ranges::stable_sort(claims, std::greater(), &Claim::seconds);
  std::vector<std::string> folders;
  for (const Claim& claim : claims) {
    const bool within = std::ranges::any_of(
        claims, [&](const Claim& other) { return claim.folder.starts_with(other.folder + "/"); });
    if (!within && std::ranges::count(folders, claim.folder) == 0) folders.push_back(claim.folder);
  }
  return folders;
}

}  // namespace

RunsUnderWay LookForRuns(const std::string& folder) {
  RunsUnderWay runs;
  std::vector<Claim> claims;
  Hasher change;
  const std::set<std::string> locked = LockedFiles();
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(
           folder, fs::directory_options::skip_permission_denied, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const std::string name = it->path().filename();
    struct stat info;
    if (!IsClaim(name) && !IsResult(name)) continue;
    if (lstat(it->path().c_str(), &info) != 0) continue;
    if (IsClaim(name) && locked.contains(std::to_string(info.st_ino))) {
      claims.push_back({info.st_mtim.tv_sec, it->path().parent_path()});
    }
    if (!IsResult(name)) continue;
    const int64_t seen[] = {static_cast<int64_t>(info.st_ino), info.st_size, info.st_mtim.tv_sec,
                            info.st_mtim.tv_nsec};
    change.Add(seen, sizeof(seen));
  }
  runs.folders = Outermost(std::move(claims));
  runs.change = change.Hex();
  return runs;
}

}  // namespace nabla
