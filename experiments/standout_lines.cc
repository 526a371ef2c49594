#include "experiments/standout_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/data/disk.h"
#include "framework/record/finished_run.h"
#include "framework/report/close_look_json.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostLines = 2;

std::string LineOf(const Standout& standout) {
  const std::string attempt = standout.attempt.empty() ? "" : "; try " + standout.attempt;
  std::string text = standout.text;
  if (!attempt.empty() && text.ends_with('.')) text.pop_back();
  return "stands out: " + text + attempt;
}

}  // namespace

void KeepStandouts(const std::string& folder, const std::vector<Standout>& standouts) {
  const std::string file = folder + "/summary.json";
  Json summary = Json::parse(ReadRunText(file));
  summary["standouts"] = StandoutsJson(standouts);
  WriteText(file, summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void TellStandouts(const std::string& folder, const std::vector<Standout>& standouts,
                   Console& console) {
  if (standouts.empty()) return;
  for (size_t i = 0; i < std::min(kMostLines, standouts.size()); ++i) {
    if (standouts[i].serious) console.Line(LineOf(standouts[i]));
  }
  KeepStandouts(folder, standouts);
}

}  // namespace nabla
