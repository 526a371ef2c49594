#include "experiments/latest_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "framework/base/error.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_plan.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// UTC; "" of a run that does not say.
std::string StartOf(const std::string& run) {
  try {
    for (const auto& [key, value] : ReadEnvironment(run)) {
      if (key == "started") return value;
    }
  } catch (const InputError&) {
  }
  return "";
}

}  // namespace

void PointLatest(const std::string& folder) {
  const fs::path run = (fs::path(folder) / "").parent_path();  // without a slash at its end
  const fs::path link = run.parent_path() / "latest";
  std::error_code error;
  const fs::file_status there = fs::symlink_status(link, error);
  if (fs::exists(there) && !fs::is_symlink(there)) return;
  // A link cannot be changed, but another one can take its place.
  const fs::path fresh = run.parent_path() / fmt::format(".latest-{}", getpid());
  fs::create_directory_symlink(run.filename(), fresh, error);
  if (error) return;
  fs::rename(fresh, link, error);
  if (error) fs::remove(fresh, error);
}

std::string FindLatestRun(const std::string& folder) {
  std::pair<std::string, std::string> latest;  // start, path
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(
           folder, fs::directory_options::skip_permission_denied, error);
       it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (error) break;
    if (it->is_directory(error) && HoldsRunPlan(it->path().string()))
      it.disable_recursion_pending();
    if (it->path().filename() != "summary.json") continue;
    const std::string run = it->path().parent_path().string();
    latest = std::max(latest, {StartOf(run), run});
  }
  return latest.second;
}

}  // namespace nabla
