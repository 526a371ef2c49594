#include <fmt/format.h>

#include "framework/report/report_parts.h"

namespace nabla {
namespace {

const char* ClassOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "verdict good";
    case Tone::kDoubtful:
      return "verdict doubtful";
    case Tone::kBad:
      return "verdict bad";
    case Tone::kNone:
      break;
  }
  return "verdict";
}

std::string PowerHtml(const std::vector<ExposedMistake>& power) {
  if (power.empty()) return "";
  std::string html =
      "<details open><summary>Mistakes that these values would expose</summary>\n"
      "<div class=\"scroll fit\"><table class=\"power\"><thead><tr><th class=\"text\" "
      "scope=\"col\">mistake</th><th scope=\"col\">exposed</th><td></td></tr></thead><tbody>\n";
  for (const ExposedMistake& mistake : power) {
    const double percent = 100 * mistake.share;
    html += fmt::format(
        "<tr><th class=\"text\" scope=\"row\">{}</th><td>{:.0f} %</td><td><div class=\"bar\"><i "
        "style=\"width: {:.0f}%\"></i></div></td></tr>\n",
        EscapeHtml(mistake.name), percent, percent);
  }
  return html + "</tbody></table></div></details>";
}

}  // namespace

std::string VerdictsHtml(const std::vector<ReportVerdict>& verdicts) {
  std::string html;
  for (const ReportVerdict& verdict : verdicts) {
    html += fmt::format("<div class=\"{}\">", ClassOf(verdict.tone));
    if (!verdict.list.empty()) html += "<b>" + EscapeHtml(verdict.list) + "</b>: ";
    html += EscapeHtml(verdict.text) + PowerHtml(verdict.power) + "</div>\n";
  }
  return html;
}

}  // namespace nabla
