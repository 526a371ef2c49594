#include "framework/verdict/reproduction.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "framework/record/finite.h"

namespace nabla {
namespace {

// The list's metrics as printed; the caller fills in `runs`.
std::vector<JudgedMetric> PrintedValues(const std::vector<Reference>& references,
                                        const std::vector<size_t>& members) {
  std::vector<JudgedMetric> metrics;
  for (size_t m = 0; m < members.size(); ++m) {
    const Reference& reference = references[members[m]];
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      const PrintedValue& printed = reference.printed[i];
      JudgedMetric& judged = metrics.emplace_back();
      judged.reference = members[m];
      judged.index = i;
      judged.metric.printed = printed.value;
      judged.metric.rounding = printed.Rounding();
      judged.metric.list = m;
    }
  }
  return metrics;
}

// One value for each of the list's metrics, or nothing if the run lacks one.
std::optional<std::vector<double>> Values(const std::vector<Reference>& references,
                                          const std::vector<size_t>& members,
                                          const RunMetrics& run) {
  std::vector<double> values;
  for (const size_t member : members) {
    for (const std::optional<double>& value : ValuesOf(references[member], run)) {
      if (!value) return std::nullopt;
      values.push_back(*value);
    }
  }
  return values;
}

// For metrics at unstable epochs, adds the run's values at all epochs within the shift.
void AddShifted(const std::vector<Reference>& references, const ReproduceSection& section,
                const RunMetrics& run, JudgedList* list) {
  for (JudgedMetric& f : list->metrics) {
    const Reference& reference = references[f.reference];
    if (!reference.IsCurve() || !section.unstable.Has(reference.epochs.list[f.index])) continue;
    const int64_t epoch = reference.epochs.list[f.index];
    const int64_t last = std::min(epoch + section.shift, static_cast<int64_t>(run.epochs.size()));
    for (int64_t e = std::max<int64_t>(1, epoch - section.shift); e <= last; ++e) {
      const auto value =
          FiniteOf(MetricOf(run.epochs[static_cast<size_t>(e - 1)], reference.metric));
      if (value) f.metric.shifted.push_back(*value);
    }
  }
}

void JudgeExactly(JudgedList* list) {
  if (list->metrics[0].metric.runs.empty()) return;
  list->verdict = Verdict::kExactly;
  for (const JudgedMetric& f : list->metrics) {
    if (!PrintsAs(f.metric.runs[0], f.metric)) list->verdict = Verdict::kNotReproduced;
  }
}

void JudgeByDistribution(JudgedList* list) {
  if (list->metrics[0].metric.runs.size() < kFewestRuns) return;
  std::vector<ReferenceMetric> metrics;
  for (JudgedMetric& f : list->metrics) {
    f.judgement = JudgeMetric(f.metric);
    metrics.push_back(f.metric);
  }
  list->curve = JudgeCurve(metrics);
  list->verdict = list->curve.verdict;
}

}  // namespace

std::vector<JudgedList> Judge(const std::vector<Reference>& references,
                              const ReproduceSection& section, int64_t exact_seed,
                              const std::vector<SeedRun>& runs) {
  using Key = std::pair<std::string, bool>;
  std::vector<std::pair<Key, std::vector<size_t>>> lists;
  for (size_t i = 0; i < references.size(); ++i) {
    const Key key{references[i].list, references[i].exact};
    auto found = std::find_if(lists.begin(), lists.end(),
                              [&key](const auto& list) { return list.first == key; });
    if (found == lists.end()) found = lists.insert(found, {key, {}});
    found->second.push_back(i);
  }
  std::vector<JudgedList> judged;
  for (const auto& [key, members] : lists) {
    JudgedList& list = judged.emplace_back();
    list.name = key.first;
    list.exact = key.second;
    list.metrics = PrintedValues(references, members);
    if (list.metrics.empty()) continue;
    for (const SeedRun& run : runs) {
      if (list.exact && run.seed != exact_seed) continue;
      const auto values = Values(references, members, run.metrics);
      if (!values) continue;
      for (size_t i = 0; i < values->size(); ++i) {
        list.metrics[i].metric.runs.push_back((*values)[i]);
      }
      if (!list.exact) AddShifted(references, section, run.metrics, &list);
    }
    if (list.exact) {
      JudgeExactly(&list);
    } else {
      JudgeByDistribution(&list);
    }
  }
  return judged;
}

}  // namespace nabla
