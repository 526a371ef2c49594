#include "framework/report/investigation_page.h"

#include <fmt/format.h>

#include "framework/report/report_parts.h"

namespace nabla {
namespace {

constexpr const char* kHead =
    "<section>\n<h2>Hypotheses</h2>\n<p class=\"hint\">Deviations: how far the printed values are "
    "off, in standard deviations of our runs; about 1 for what is true. p is given to the last "
    "ones of the race.</p>\n<div class=\"scroll\"><table><thead><tr><th class=\"text\" "
    "scope=\"col\">hypothesis</th><th scope=\"col\">fits</th><th scope=\"col\">p</th><th "
    "scope=\"col\">deviations</th><th scope=\"col\">misfit</th><th scope=\"col\">runs</th><th "
    "scope=\"col\">up to epoch</th></tr></thead><tbody>\n";

std::string RowHtml(const InvestigationRow& row) {
  if (row.runs == 0) {
    return fmt::format(
        "<tr><th class=\"text\" scope=\"row\">{}</th><td colspan=\"6\">not tried</td></tr>\n",
        EscapeHtml(row.name));
  }
  return fmt::format(
      "<tr><th class=\"text\" scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{:.3g}</td><td>{:.2f}"
      "</td><td>{}</td><td>{}</td></tr>\n",
      EscapeHtml(row.name), row.fits ? "yes" : "", EscapeHtml(row.p), row.deviations, row.misfit,
      row.runs, row.epoch);
}

}  // namespace

std::string RenderInvestigation(const InvestigationPage& page, const std::string& version) {
  std::string body = "<section>\n<h2>Answer</h2>\n";
  for (const std::string& line : page.answer) body += "<p>" + EscapeHtml(line) + "</p>\n";
  body += "</section>\n";
  body += kHead + RowHtml(page.written);
  for (const InvestigationRow& row : page.others) body += RowHtml(row);
  body += "</tbody></table></div>\n</section>\n";
  return PlainPage(page.name, "What its notebook may have done that the file does not say.", body,
                   version);
}

}  // namespace nabla
