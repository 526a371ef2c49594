#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include "framework/report/report_parts.h"

namespace nabla {
namespace {

bool IsNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("+-.0123456789e") == std::string::npos;
}

const char* ClassOf(const Report& report, size_t key) {
  return HasNumbers(report, key) ? "" : " class=\"text\"";
}

}  // namespace

std::optional<double> NumberOf(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool HasNumbers(const Report& report, size_t key) {
  return std::ranges::all_of(report.runs, [&](const ReportRun& run) {
    return !run.settings[key] || IsNumber(*run.settings[key]);
  });
}

bool SettingsTellApart(const Report& report, const std::vector<ReportGroup>& groups) {
  std::set<std::vector<std::optional<std::string>>> known;
  return !report.keys.empty() && std::ranges::all_of(groups, [&](const ReportGroup& group) {
    return known.insert(group.runs.front()->settings).second;
  });
}

std::string SettingHeads(const Report& report) {
  std::string html;
  for (size_t k = 0; k < report.keys.size(); ++k) {
    html += fmt::format("<th scope=\"col\"{} data-first=\"ascending\">{}</th>", ClassOf(report, k),
                        EscapeHtml(report.keys[k]));
  }
  return html;
}

std::string SettingCells(const Report& report, const ReportRun& run, const std::string& mark) {
  std::string html;
  for (size_t k = 0; k < report.keys.size(); ++k) {
    const std::string value = run.settings[k] ? EscapeHtml(*run.settings[k]) : "";
    const bool marked = k == 0 && !mark.empty();
    const std::string sorted_by =
        run.settings[k] && !marked ? "" : fmt::format(" data-value=\"{}\"", value);
    html += fmt::format("<{0}{1}{2}{3}>{4}{5}</{0}>", k == 0 ? "th" : "td",
                        k == 0 ? " scope=\"row\"" : "", ClassOf(report, k), sorted_by,
                        run.settings[k] ? value : "–", marked ? mark : "");
  }
  return html;
}

}  // namespace nabla
