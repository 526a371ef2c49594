#include "framework/report/overview.h"

#include <fmt/format.h>

#include "framework/report/report_parts.h"

namespace nabla {
namespace {

std::string RowHtml(const OverviewRow& row) {
  const std::string name = EscapeHtml(row.name);
  std::string html = "<section>\n<h2>";
  html +=
      row.link.empty() ? name : fmt::format("<a href=\"{}\">{}</a>", EscapeHtml(row.link), name);
  html += fmt::format("</h2>\n<p class=\"hint\">{}{}{} run{}, {:.0f} s of training</p>\n",
                      EscapeHtml(row.source), row.source.empty() ? "" : "; ", row.runs,
                      row.runs == 1 ? "" : "s", row.seconds);
  return html + VerdictsHtml(row.verdicts) + "</section>\n";
}

}  // namespace

std::string RenderOverview(const std::vector<OverviewRow>& rows, const std::string& version) {
  std::string html;
  for (const OverviewRow& row : rows) html += RowHtml(row);
  return PlainPage("Notebooks", "What our runs say of the values that each of them printed.", html,
                   version);
}

}  // namespace nabla
