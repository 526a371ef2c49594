#include "experiments/folder_result.h"

#include <nlohmann/json.hpp>

#include "framework/mpi/rank.h"
#include "framework/record/finished_run.h"
#include "framework/terminal/output.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string WithFolder(const std::string& folder, const std::string& json) {
  Json all = {{"folder", folder}};
  all.update(Json::parse(json));
  return all.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

void PrintFolderResult(const std::string& folder, const std::string& json,
                       const RunOptions& options) {
  if (RankFromEnvironment().index > 0) return;
  if (options.json) {
    PrintJson(WithFolder(folder, json));
  } else if (options.quiet) {
    Print(folder + "\n");
  }
}

void PrintFolderResultOf(const std::string& folder, const std::string& file,
                         const RunOptions& options) {
  PrintFolderResult(folder, options.json ? ReadRunText(folder + "/" + file) : "", options);
}

}  // namespace nabla
