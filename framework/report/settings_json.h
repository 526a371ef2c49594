// What the page draws of several settings.
#ifndef NABLA_FRAMEWORK_REPORT_SETTINGS_JSON_H_
#define NABLA_FRAMEWORK_REPORT_SETTINGS_JSON_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "framework/report/report_parts.h"

namespace nabla {

// The values of a run's keys, and how and when it ended. Nothing if the report has no keys.
void AddRunSettings(const ReportRun& run, nlohmann::ordered_json* json);

// The keys, the metrics that are better the smaller they are, and which key each metric depends on.
void AddSettings(const Report& report, const std::vector<ReportGroup>& groups,
                 nlohmann::ordered_json* json);

// {"keys": [{"key", "share", "chance"}], "combinations", "seeds"}
nlohmann::ordered_json ImportanceJson(const MetricImportance& found);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_SETTINGS_JSON_H_
