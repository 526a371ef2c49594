#include "framework/verdict/reproduction.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "framework/record/finite.h"

namespace nabla {
namespace {

// The indices of the references of each list, in the order of the file.
std::vector<std::vector<size_t>> GroupLists(const std::vector<Reference>& references) {
  std::vector<std::vector<size_t>> lists;
  for (size_t i = 0; i < references.size(); ++i) {
    const auto found = std::find_if(lists.begin(), lists.end(), [&](const auto& members) {
      const Reference& first = references[members[0]];
      return first.list == references[i].list && first.exact == references[i].exact;
    });
    if (found == lists.end()) {
      lists.push_back({i});
    } else {
      found->push_back(i);
    }
  }
  return lists;
}

JudgedList PrintedList(const std::vector<Reference>& references,
                       const std::vector<size_t>& members) {
  JudgedList list{.name = references[members[0]].list, .exact = references[members[0]].exact};
  for (const size_t member : members) {
    const Reference& reference = references[member];
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      JudgedMetric& judged = list.metrics.emplace_back();
      judged.reference = member;
      judged.index = i;
      judged.metric.printed = reference.printed[i].value;
      judged.metric.rounding = reference.printed[i].Rounding();
    }
  }
  return list;
}

// One value for each of the list's metrics; NaN where the run has none.
std::vector<double> Values(const JudgedList& list, const std::vector<Reference>& references,
                           const RunMetrics& run) {
  std::vector<double> values;
  for (const JudgedMetric& f : list.metrics) {
    if (f.index > 0) continue;  // all of a reference at once
    for (const std::optional<double>& value : ValuesOf(references[f.reference], run)) {
      values.push_back(value.value_or(kNaN));
    }
  }
  return values;
}

// 0 before the first step; what a run prints at its end comes after all epochs.
int64_t EpochOf(const JudgedMetric& f, const std::vector<Reference>& references,
                int64_t last_epoch) {
  const Reference& reference = references[f.reference];
  if (reference.IsCurve()) return reference.epochs.list[f.index];
  return reference.metric == MetricName::kInitialLoss ? 0 : last_epoch;
}

std::vector<ExactFigure> ExactFigures(const JudgedList& list,
                                      const std::vector<Reference>& references, const SeedRun& run,
                                      const std::vector<RunMetrics>& nudged) {
  std::vector<std::vector<double>> moved;
  for (const RunMetrics& other : nudged) moved.push_back(Values(list, references, other));
  std::vector<ExactFigure> figures;
  for (size_t i = 0; i < list.metrics.size(); ++i) {
    const JudgedMetric& f = list.metrics[i];
    const double ours = f.metric.runs[0];
    ExactFigure& figure = figures.emplace_back();
    figure.epoch = EpochOf(f, references, static_cast<int64_t>(run.metrics.epochs.size()));
    figure.series = f.reference;
    figure.same = references[f.reference].printed[f.index].HasDigitsOf(ours);
    figure.off = ours - f.metric.printed;
    figure.rounding = f.metric.rounding;
    for (const auto& values : moved) {
      const double drift = std::abs(values[i] - ours);
      if (drift > figure.drift) figure.drift = drift;
    }
  }
  return figures;
}

void JudgeExactly(const std::vector<Reference>& references, int64_t seed, const OurRuns& runs,
                  JudgedList* list) {
  const auto own = std::find_if(runs.by_seed.begin(), runs.by_seed.end(),
                                [seed](const SeedRun& run) { return run.seed == seed; });
  if (own == runs.by_seed.end()) return;
  const std::vector<double> values = Values(*list, references, own->metrics);
  for (size_t i = 0; i < values.size(); ++i) list->metrics[i].metric.runs = {values[i]};
  list->exactly =
      CompareExactly(ExactFigures(*list, references, *own, runs.nudged), runs.nudged.size());
  list->finding = list->exactly.finding;
}

void JudgeByRuns(const std::vector<Reference>& references, const std::vector<SeedRun>& runs,
                 JudgedList* list) {
  for (const SeedRun& run : runs) {
    const std::vector<double> values = Values(*list, references, run.metrics);
    for (size_t i = 0; i < values.size(); ++i) list->metrics[i].metric.runs.push_back(values[i]);
  }
  std::vector<ComparedFigure> figures;
  for (JudgedMetric& f : list->metrics) {
    f.judgement = JudgeMetric(f.metric);
    figures.push_back({f.metric.printed, f.metric.rounding, f.metric.runs});
  }
  list->p = ComputeConformalP(figures);
  list->finding = Find(list->p);
}

}  // namespace

MistakePower PowerAgainst(const std::string& mistake, const std::vector<RunMetrics>& mistaken,
                          const JudgedList& list, const std::vector<Reference>& references) {
  std::vector<ComparedFigure> figures;
  for (const JudgedMetric& f : list.metrics) {
    figures.push_back({kNaN, f.metric.rounding, f.metric.runs});
  }
  MistakePower power{.mistake = mistake, .runs = mistaken.size()};
  for (const RunMetrics& run : mistaken) {
    const std::vector<double> printed = Values(list, references, run);
    for (size_t i = 0; i < printed.size(); ++i) figures[i].printed = printed[i];
    power.found += IsUnusual(ComputeConformalP(figures));
  }
  return power;
}

std::vector<JudgedList> Judge(const std::vector<Reference>& references, int64_t exact_seed,
                              const OurRuns& runs) {
  std::vector<JudgedList> lists;
  for (const std::vector<size_t>& members : GroupLists(references)) {
    JudgedList& list = lists.emplace_back(PrintedList(references, members));
    if (list.exact) {
      JudgeExactly(references, exact_seed, runs, &list);
    } else {
      JudgeByRuns(references, runs.by_seed, &list);
    }
  }
  return lists;
}

}  // namespace nabla
