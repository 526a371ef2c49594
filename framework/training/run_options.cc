#include "framework/training/run_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <thread>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/data/disk.h"
#include "framework/engine/threads.h"
#include "framework/record/run_folder.h"

namespace nabla {
namespace {

constexpr int64_t kMostSeeds = 10000;
constexpr int64_t kLargestSeed = 4294967295;

[[noreturn]] void Fail(const std::string& option, const std::string& what) {
  throw InputError(std::vector<Problem>{{{option}, what}});
}

// The text as an integer, if all of it is one.
std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int64_t SeedFrom(std::string_view text, const std::string& option) {
  const auto seed = WholeNumber(text);
  if (!seed || *seed < 0 || *seed > kLargestSeed) {
    Fail(option, fmt::format("\"{}\" is not a seed: expected 0 to {}", text, kLargestSeed));
  }
  return *seed;
}

// Whether a file exists, or appears within 5 seconds: a network file system may be that late.
bool Appears(const std::string& path) {
  constexpr auto kInterval = std::chrono::milliseconds(50);
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    if (std::filesystem::exists(path)) return true;
    std::this_thread::sleep_for(kInterval);
  }
  return false;
}

}  // namespace

int GoodUnlessStopped() {
  const int signal = CaughtSignal();
  return signal == 0 ? kGood : kSignalBase + signal;
}

std::vector<int64_t> Seeds::From(int64_t first) const {
  if (!list.empty()) return list;
  if (first > kLargestSeed - (count - 1)) {
    throw InputError(fmt::format("seed is {}: {} seeds from it on pass the largest one, {}", first,
                                 count, kLargestSeed));
  }
  std::vector<int64_t> seeds(static_cast<size_t>(count));
  std::iota(seeds.begin(), seeds.end(), first);
  return seeds;
}

Seeds ParseSeeds(const std::string& text, const std::string& option) {
  Seeds seeds;
  if (const size_t dots = text.find(".."); dots != std::string::npos) {
    const int64_t first = SeedFrom(std::string_view(text).substr(0, dots), option);
    const int64_t last = SeedFrom(std::string_view(text).substr(dots + 2), option);
    if (last < first || last - first >= kMostSeeds) {
      Fail(option, fmt::format("{} is not a range of 1 to {} seeds", text, kMostSeeds));
    }
    seeds.list.resize(static_cast<size_t>(last - first + 1));
    std::iota(seeds.list.begin(), seeds.list.end(), first);
  } else if (text.find(',') != std::string::npos) {
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find(',', begin), text.size());
      const int64_t seed = SeedFrom(std::string_view(text).substr(begin, end - begin), option);
      if (std::find(seeds.list.begin(), seeds.list.end(), seed) != seeds.list.end()) {
        Fail(option, fmt::format("seed {} is listed twice", seed));
      }
      seeds.list.push_back(seed);
      begin = end + 1;
    }
  } else if (const auto count = WholeNumber(text); count && *count >= 1 && *count <= kMostSeeds) {
    seeds.count = *count;
  } else {
    Fail(option, fmt::format("expected a count (1 to {}), a list 3,5,9 or a range 0..9, found "
                             "\"{}\"",
                             kMostSeeds, text));
  }
  return seeds;
}

Shard ParseShard(const std::string& text, const std::string& option) {
  const size_t slash = std::min(text.find('/'), text.size());
  const auto index = WholeNumber(std::string_view(text).substr(0, slash));
  const auto count = WholeNumber(std::string_view(text).substr(std::min(slash + 1, text.size())));
  if (!index || !count || *index < 1 || *index > *count) {
    Fail(option, fmt::format("expected i/n with 1 <= i <= n, such as 2/8, found \"{}\"", text));
  }
  return {static_cast<size_t>(*index - 1), static_cast<size_t>(*count)};
}

size_t RunOptions::Workers() const { return threads > 0 ? threads : UsableCores(); }

std::string RunOptions::FolderFor(const std::string& name) const {
  return out.empty() ? MakeRunPath(files.working_directory, name) : out;
}

// The first rank leaves a file in the folder, so that the others can tell that folder from another
// one of the same name.
std::string RunOptions::SharedFolderFor(const std::string& name, RunPlan& plan) const {
  std::string folder;
  Together(ranks, [&] {
    if (silent()) return;
    folder = FolderFor(name);
    plan.Agree(folder, resume);
  });
  if (ranks == nullptr) return folder;
  folder = ranks->FromFirst(folder);
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string sign = folder + "/." + ranks->FromFirst(std::to_string(now));
  Together(ranks, [&] {
    if (!silent()) WriteText(sign, "");
  });
  Together(ranks, [&] {
    if (!Appears(sign)) throw InputError(folder + " is not the folder that the first rank created");
  });
  if (!silent()) std::filesystem::remove(sign);
  return folder;
}

}  // namespace nabla
