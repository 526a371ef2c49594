#include "framework/import/series_passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "framework/import/printed_labels.h"

namespace nabla {
namespace {

// Whether a series is what a training printed in its course.
bool Trains(const PrintedSeries& s) {
  const bool metric = s.label.kind == MetricKind::kLoss || s.label.kind == MetricKind::kAccuracy;
  const size_t fewest = s.rank > 0 ? 1 : kFewestValues;
  const bool trains =
      s.steps.size() >= fewest || ((metric || s.joined) && s.values.size() >= fewest);
  return !s.after && (!s.array || s.joined) && trains;
}

}  // namespace

SeriesPasses::SeriesPasses(const std::vector<PrintedSeries>& all) {
  constexpr int kNone = 1 << 30;
  first_ = kNone;
  for (const PrintedSeries& s : all) {
    if (pass_.emplace(s.list, passes_[s.cell] + 1).second) ++passes_[s.cell];
    if (s.label.split == MetricSplit::kTest) {
      tests_ = true;
      const bool accuracy = s.label.kind == MetricKind::kAccuracy;
      tested_.insert({s.list, accuracy ? MetricKind::kAccuracy : MetricKind::kLoss, s.after});
      if (!SaysValidation(s.words)) tested_apart_.insert({s.list, s.label.kind, s.after});
    }
    if (s.after && (s.words.ends_with("acc") || s.words.ends_with("accuracy")))
      accuracy_after_.insert(s.list);
    if (Trains(s)) first_ = std::min(first_, s.list);
    if (s.after) ++singles_[PartOf(s)];
    if (!s.after) ++kinds_[{s.list, s.label.kind}];
    if (!s.steps.empty())
      courses_.insert({s.list, s.rank, s.steps.front(), s.steps.back(), s.steps.size()});
    if (s.steps.size() > longest_) {
      longest_ = s.steps.size();
      longest_cell_ = s.cell;
    }
    if (!s.after && s.steps.size() > 1) trainings_.insert(s.cell);
    if (!s.bar && s.steps.size() > 1) stepped_.insert({s.cell, s.label.kind});
  }
  if (first_ == kNone) first_ = 0;
}

std::string SeriesPasses::Name(const PrintedSeries& s) const {
  return passes_.at(s.cell) > 1 ? fmt::format(", pass {}", pass_.at(s.list)) : "";
}

bool SeriesPasses::Tests(const PrintedSeries& s, MetricKind kind, bool after) const {
  return tested_.contains({s.list, kind, after});
}

bool SeriesPasses::HasTestsBeside(const PrintedSeries& s) const {
  // "dev=0.91 test=0.90" say no kind.
  return SaysValidation(s.words) &&
         (tested_apart_.contains({s.list, s.label.kind, s.after}) ||
          (s.words == "dev" && tested_apart_.contains({s.list, MetricKind::kUnknown, s.after})));
}

int SeriesPasses::Singles(const PrintedSeries& s) const {
  const auto found = singles_.find(PartOf(s));
  return found == singles_.end() ? 0 : found->second;
}

int SeriesPasses::Kinds(const PrintedSeries& s) const {
  const auto found = kinds_.find({s.list, s.label.kind});
  return found == kinds_.end() ? 0 : found->second;
}

bool SeriesPasses::StartsBeforeOthers(const PrintedSeries& s) const {
  return s.steps.size() > 1 && s.steps[0] == 0 &&
         courses_.contains({s.list, s.rank, s.steps[1], s.steps.back(), s.steps.size() - 1});
}

std::optional<int64_t> SeriesPasses::FirstOfContinued(const PrintedSeries& s) const {
  if (s.steps.empty() || s.steps.front() < 2) return std::nullopt;
  for (const auto& [list, rank, first, last, size] : courses_) {
    const auto whole = static_cast<int64_t>(size) == last - first + 1;
    if (list < s.list && rank == s.rank && whole && last + 1 == s.steps.front()) return first;
  }
  return std::nullopt;
}

bool SeriesPasses::OfAnother(int cell, int main_cell) const {
  const auto behind = trainings_.upper_bound(cell);
  return main_cell > 0 && behind != trainings_.begin() && *std::prev(behind) != main_cell;
}

}  // namespace nabla
