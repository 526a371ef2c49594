// What a run says of itself beyond its metrics, for the page. Include this in .cc files only.
#ifndef NABLA_FRAMEWORK_REPORT_CLOSE_LOOK_JSON_H_
#define NABLA_FRAMEWORK_REPORT_CLOSE_LOOK_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/report/report.h"

namespace nabla {

// [{text, try, serious, tried}], without what is not known; tried: {epochs, epochs_with, seeds,
// better, worse, metric, before, after, helped, text}.
nlohmann::ordered_json StandoutsJson(const std::vector<Standout>& standouts);

// Adds to the standouts what the text of a summary.json says was tried.
void AddTried(const std::string& summary, std::vector<Standout>* standouts);

// Adds, where the run has it:
//   standouts  as above
//   values     [{layer, units, still, mean, std}]
//   scales     {epochs (E), layers (L), outputs (E, L), gradients (E, L)}
//   function   {names, classes, low, high, side, points, frames: [{epoch, cells or values}]}, with
//              cells in Base64
void AddCloseLook(const ReportRun& run, nlohmann::ordered_json* json);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_CLOSE_LOOK_JSON_H_
