#include "framework/import/expression_kinds.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "framework/notebook/metric_words.h"
#include "framework/notebook/template_words.h"

namespace nabla {

std::optional<int64_t> WholeLiteral(const Expr& e) {
  int64_t value = 0;
  if (e.kind != Expr::Kind::kNumber) return std::nullopt;
  const auto [end, error] = std::from_chars(e.text.data(), e.text.data() + e.text.size(), value);
  if (error != std::errc() || end != e.text.data() + e.text.size()) return std::nullopt;
  return value;
}

bool IsShareOf(const Expr& e, const char* comparison) {
  if (e.kind != Expr::Kind::kCall) return false;
  if (e.items[0].text != "mean" && e.items[0].text != "sum") return false;
  const auto compares = [&](const Expr& side) {
    return side.kind == Expr::Kind::kBinary && side.text == comparison;
  };
  const Expr* of = &e;  // what it is called on, through float() and the like
  while (of->kind == Expr::Kind::kCall && !of->items[0].items.empty()) of = &of->items[0].items[0];
  return compares(*of) || (e.items.size() > 1 && compares(e.items[1]));
}

std::optional<int64_t> FirstOfFigures(const Expr& e) {
  const bool call = e.kind == Expr::Kind::kCall && e.items.size() > 1;
  if (!call || e.items[0].text != "enumerate") return std::nullopt;
  const Expr* kept = &e.items[1];
  if (kept->kind == Expr::Kind::kCall && kept->items.size() > 1) {
    if (kept->items[0].text != "zip") return std::nullopt;
    kept = &kept->items[1];
  }
  std::vector<std::string> names = NameParts(kept->text);
  if (kept->kind == Expr::Kind::kSubscript && kept->items.size() > 1) {
    AddWords(kept->items[1].text, &names);
  }
  if (LabelOf(names).kind == MetricKind::kUnknown) return std::nullopt;
  return e.items.size() > 2 ? WholeLiteral(e.items[2]) : 0;
}

namespace {

bool IsMeanWithin(const Expr& e, int depth) {
  if (depth > 20) return false;
  if (e.kind == Expr::Kind::kBinary && e.text == "/") return true;
  for (const char* word : {"avg", "mean", "running", "total", "epoch", "sum", "average", "meter"}) {
    if (e.kind != Expr::Kind::kString && e.text.find(word) != std::string::npos) return true;
  }
  return std::any_of(e.items.begin(), e.items.end(),
                     [&](const Expr& item) { return IsMeanWithin(item, depth + 1); });
}

}  // namespace

bool IsMean(const Expr& e) { return IsMeanWithin(e, 0); }

}  // namespace nabla
