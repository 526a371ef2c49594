#include "experiments/watch_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "framework/base/error.h"
#include "framework/base/version.h"
#include "framework/live/page_server.h"
#include "framework/live/runs_under_way.h"
#include "framework/report/run_report.h"
#include "framework/terminal/output.h"
#include "framework/training/run_options.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kWatchFooter =
    R"(The page is served to this machine alone, at an address with a secret in it. It reads the run folder
and writes nothing, so no weight depends on it. It ends with the runs, or with Ctrl-C.

Examples:
  nabla watch
  nabla watch mnist_3layer/latest
  ssh -L 8000:127.0.0.1:PORT host      # then open the address with port 8000 here)";

// The folder to watch. Throws InputError if nothing goes on in it.
std::string FindFolder(const WatchOptions& a, const Program& program) {
  const std::string runs = (fs::path(program.working_directory) / "runs").string();
  const std::string folder = a.folder.empty() ? runs : FindRunFolder(program, a.folder);
  // The iteration over a folder does not follow a link such as `latest`.
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  const RunsUnderWay found = LookForRuns(error ? folder : real.string());
  if (!found.folders.empty()) return a.folder.empty() ? found.folders.front() : real.string();
  throw InputError(std::vector<Problem>{
      {{a.folder.empty() ? "runs" : a.folder},
       "no run goes on here; `report` draws those that have ended, and one that goes on elsewhere "
       "is named by its --out"}});
}

// The page as it is now; the one before where a run replaces its files just now.
class Watch {
 public:
  Watch(const std::string& folder, const Registry& registry)
      : folder_(folder), registry_(registry) {}

  const std::string& url() const { return url_; }

  // Returns when the runs have ended.
  void Follow() {
    bool any = true;
    std::optional<std::string> shown;
    while (any) {
      const auto begin = Clock::now();
      const RunsUnderWay runs = LookForRuns(folder_);
      any = !runs.folders.empty();
      if (!any || runs.change != shown) server_.Publish(Page(), !any);
      shown = runs.change;
      if (any) Rest(Clock::now() - begin);
    }
    server_.Finish();
  }

 private:
  // Long enough that looking takes a tenth of a core at most.
  static void Rest(Clock::duration looked) {
    constexpr Clock::duration kLeast = std::chrono::seconds(1);
    std::this_thread::sleep_for(std::max(kLeast, 9 * looked));
  }

  const std::string& Page() {
    try {
      page_ = RenderLiveReport(CollectReport({folder_}, registry_, Runs::kSoFar));
    } catch (const InputError&) {
      const std::string title = fs::path(folder_).filename();
      if (page_.empty()) {
        page_ = RenderLiveReport({.title = title,
                                  .description = "No run has begun its first epoch yet.",
                                  .version = kVersion});
      }
    }
    return page_;
  }

  const std::string folder_;
  const Registry& registry_;
  PageServer server_;
  const std::string url_ = server_.url();
  std::string page_;
};

}  // namespace

void DeclareWatchCommand(CLI::App& app, WatchOptions* a, PluginArguments* plugins) {
  CLI::App& watch = *app.add_subcommand("watch", "show runs in a browser while they go on");
  watch.add_option("folder", a->folder,
                   "a run folder, or a folder of runs (default: what was started last in runs/)");
  DeclareLibraries(watch, plugins);
  watch.footer(kWatchFooter);
}

std::optional<int> RunWatchCommand(const CLI::App& app, const WatchOptions& a,
                                   const Program& program) {
  if (!app.got_subcommand("watch")) return std::nullopt;
  LoadOnlyCommandLinePlugins(program);
  const std::string folder = FindFolder(a, program);
  // The runs come first where cores are scarce.
  [[maybe_unused]] const int niceness = nice(10);
  Watch watch(folder, program.registry);
  PrintFolded(fmt::format("watching {}\n", folder));
  Print(fmt::format("open {}\n", watch.url()));
  watch.Follow();
  Print("the runs have ended\n");
  return kGood;
}

}  // namespace nabla
