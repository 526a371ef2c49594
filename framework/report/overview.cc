#include "framework/report/overview.h"

#include <fmt/format.h>

#include "framework/report/report_parts.h"

namespace nabla {
namespace {

constexpr const char* kPage = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>Notebooks</title>
<style>{{css}}</style>
</head>
<body>
<header>
<h1>Notebooks</h1>
<p>What our runs say of the values that each of them printed.</p>
</header>
<main>
{{rows}}
</main>
<footer>{{footer}}</footer>
</body>
</html>
)";

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
  return FillTemplate(kPage, {{"css", std::string(PageCss())},
                              {"rows", html},
                              {"footer", EscapeHtml("Made with nabla " + version)}});
}

}  // namespace nabla
