#include "framework/report/report_parts.h"

namespace nabla {
namespace {

constexpr const char* kPage = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="nabla">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{{title}}</title>
<style>{{css}}</style>
</head>
<body>
<header>
<h1>{{heading}}</h1>
<p>{{hint}}</p>
</header>
<main>
{{body}}
</main>
<footer>{{footer}}</footer>
</body>
</html>
)";

}  // namespace

std::string PlainPage(const std::string& title, const std::string& hint, const std::string& body,
                      const std::string& version) {
  return FillTemplate(kPage, {{"css", std::string(PageCss())},
                              {"title", EscapeHtml(title)},
                              {"heading", EscapeHtml(title)},
                              {"hint", EscapeHtml(hint)},
                              {"body", body},
                              {"footer", EscapeHtml("Made with nabla " + version)}});
}

}  // namespace nabla
