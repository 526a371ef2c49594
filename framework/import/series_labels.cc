#include "framework/import/series_labels.h"

#include <algorithm>

#include "framework/import/printed_labels.h"

namespace nabla {

std::vector<const PrintHint*> HintsOf(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  auto hints = HintsFor(all, {s.line_words, s.line_numbers, s.cell});
  if (!s.array) return hints;
  if (!s.words.empty()) return {};
  std::erase_if(hints, [&](const PrintHint* hint) {
    if (s.joined) return !hint->joined;
    const bool here = hint->cell == s.cell && !hint->function && !hint->looped;
    return !here || LabelOfNames(hint->arguments[0].names).kind == MetricKind::kUnknown;
  });
  if (s.joined) return hints;
  return s.number < hints.size() ? std::vector{hints[s.number]} : std::vector<const PrintHint*>();
}

void ResolveLabel(const std::vector<PrintHint>& all, PrintedSeries* s) {
  if (s->after && s->words.empty() && AreWhole(s->values)) return;  // such as a number of rows
  const auto hints = HintsOf(all, *s);
  const size_t number = s->array ? 0 : s->number;
  for (const PrintHint* hint : hints) {
    for (size_t i = 0; i < hint->arguments.size(); ++i) {
      const PrintedArgument& argument = hint->arguments[i];
      if (argument.is_step) continue;
      // Where each argument printed one number, the others say nothing of this one.
      const bool matched = hint->arguments.size() == s->line_numbers;
      if (matched && i != s->index) continue;
      const MetricLabel label = LabelOfNames(argument.names);
      const bool unnamed = s->label.kind == MetricKind::kUnknown;
      // The k-th number without a label is the k-th argument behind the step.
      const size_t step = !hint->arguments.empty() && hint->arguments[0].is_step ? 1 : 0;
      if (unnamed && s->words.empty() && i != number + step) continue;
      if (unnamed && label.kind != MetricKind::kUnknown) s->label.kind = label.kind;
      const bool mine = label.kind == s->label.kind ||
                        (matched && label.kind == MetricKind::kUnknown) ||
                        (s->words.empty() && i == number + step);
      if (s->label.split == MetricSplit::kUnknown && mine) {
        s->label.split = label.split;
      }
    }
    if (s->label.kind != MetricKind::kUnknown) break;
  }
  const bool joined = s->joined && !hints.empty();
  if (s->label.kind == MetricKind::kUnknown && s->words.empty() && s->number == 0 &&
      (joined || s->steps.size() >= kFewestValues) && !AreWhole(s->values)) {
    // A lone number beside a step: a loss if it falls.
    const bool falls = IsLess(s->values.back(), s->values.front());
    const bool loss = falls || IsLess("1", s->values.back());
    s->label.kind = loss ? MetricKind::kLoss : MetricKind::kAccuracy;
    s->guessed = true;
  }
  if (s->label.kind == MetricKind::kUnknown && s->label.split != MetricSplit::kUnknown) {
    // "Train: 0.93, Test: 0.91"
    const bool fractions = std::all_of(s->values.begin(), s->values.end(), [](const auto& v) {
      return v.starts_with("0.") || v.starts_with("1.0");
    });
    const bool falls =
        s->values.size() >= kFewestValues && IsLess(s->values.back(), s->values.front());
    if (fractions && s->words.find(' ') == std::string::npos) {
      s->label.kind = falls ? MetricKind::kLoss : MetricKind::kAccuracy;
      s->guessed = falls;
    }
  }
}

}  // namespace nabla
