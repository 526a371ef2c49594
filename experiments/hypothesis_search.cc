#include "experiments/hypothesis_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

#include "framework/base/signals.h"

namespace nabla {
namespace {

// How many runs each hypothesis of a round has; how many go on; the round's share of the time that
// is left for the race.
struct Round {
  size_t runs;
  size_t least;   // that go on
  size_t divide;  // at least one of so many
  double share;
};
constexpr Round kRounds[] = {{2, 24, 4, 0.45}, {4, 16, 2, 0.5}, {8, 24, 100, 0.9}};

// Where runs are cheap, there are so many times more.
constexpr size_t kMostTimes = 4;

// An epoch of a run takes some 250 bytes.
constexpr double kMostEpochs = 1e6;

constexpr size_t kPilot = 2;
constexpr size_t kMostPairs = 600;

// Runs of a finalist: with 199, p can be 0.005; with 39, 0.025.
constexpr size_t kVerdictRuns[] = {199, 99, 59, 39, 19, 9, 3};
constexpr size_t kFewRuns = 39;
constexpr size_t kFewFinalists = 6;

// Far from what a true hypothesis has: about 1 and 0.5.
constexpr double kHopelessDeviations = 5;
constexpr double kHopelessLoss = 1;

}  // namespace

HypothesisSearch::HypothesisSearch(HypothesisRuns& runs, Clock::time_point deadline, size_t workers,
                                   Console& console)
    : runs_(runs), deadline_(deadline), workers_(static_cast<double>(workers)), console_(console) {}

double HypothesisSearch::SecondsLeft() const {
  return std::max(0.0, std::chrono::duration<double>(deadline_ - Clock::now()).count());
}

bool HypothesisSearch::Stopped() const { return CaughtSignal() != 0 || SecondsLeft() == 0; }

int64_t HypothesisSearch::LastAffordable(const std::vector<size_t>& chosen, size_t runs,
                                         double seconds) const {
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  const auto costs_more = [&](int64_t last) {
    return runs_.Cost(chosen, runs, last) > seconds * workers_;
  };
  auto last = std::partition_point(epochs.begin(), epochs.end(),
                                   [&](int64_t epoch) { return !costs_more(epoch); });
  return last == epochs.begin() ? epochs.front() : *std::prev(last);
}

std::vector<Runner> HypothesisSearch::Measure(const std::vector<size_t>& chosen, size_t runs,
                                              int64_t last) {
  standings_.resize(runs_.candidates().size());
  std::vector<std::vector<ReferenceMetric>> values;
  std::vector<size_t> measured;
  for (const size_t c : chosen) {
    standings_[c].candidate = c;
    auto own = runs_.Values(c, runs, last);
    if (own.empty()) continue;
    measured.push_back(c);
    values.push_back(std::move(own));
  }
  const std::vector<double> typical = TypicalDeviations(values);
  std::vector<Runner> runners;
  for (size_t i = 0; i < measured.size(); ++i) {
    Standing& standing = standings_[measured[i]];
    standing.misfit = MisfitOf(values[i], typical);
    standing.runs = values[i][0].runs.size();
    standing.last = last;
    runners.push_back(
        {measured[i], runs_.candidates()[measured[i]].hypothesis.family, standing.misfit});
  }
  return runners;
}

std::vector<size_t> HypothesisSearch::OneRound(std::vector<size_t> chosen, size_t runs, size_t keep,
                                               bool all, double seconds) {
  const int64_t end = runs_.printed_epochs().back();
  const int64_t last = all ? end : LastAffordable(chosen, runs, seconds);
  const size_t most_runs = kMostTimes * runs;
  const double epochs = static_cast<double>(chosen.size()) * static_cast<double>(end);
  while (runs < most_runs && 2 * static_cast<double>(runs) * epochs < kMostEpochs &&
         runs_.Cost(chosen, 2 * runs, end) < seconds / 2 * workers_) {
    runs *= 2;
  }
  // The first ones are the likeliest, or were the best so far.
  while (runs_.Cost(chosen, runs, last) > seconds * workers_) {
    const bool fewer_runs = all ? runs > kPilot && chosen.size() <= kFewFinalists : runs > 1;
    if (!fewer_runs && chosen.size() <= 2) break;
    if (fewer_runs) {
      runs /= 2;
    } else {
      chosen.pop_back();
    }
  }
  console_.Line(
      fmt::format("{} hypotheses, {} runs of each, up to epoch {}", chosen.size(), runs, last));
  const double longest = std::min(SecondsLeft(), 1.5 * seconds);
  runs_.Train(chosen, runs, last, Clock::now() + Seconds(longest));
  std::vector<size_t> best;
  for (const Runner& one : Survivors(Measure(chosen, runs, last), keep, 2 + keep / 6)) {
    best.push_back(one.index);
  }
  runs_.KeepOnly(best);
  return best;
}

void HypothesisSearch::Narrow(std::vector<size_t>* chosen) {
  std::map<std::string, std::vector<double>> tried;  // by path
  std::map<std::string, size_t> best;                // the first of its path
  const auto number = [&](size_t c) {
    return std::strtod(runs_.candidates()[c].hypothesis.settings[0].value.text.c_str(), nullptr);
  };
  for (size_t c = 1; c < standings_.size(); ++c) {
    const Hypothesis& own = runs_.candidates()[c].hypothesis;
    if (own.narrows && standings_[c].runs > 0) tried[own.settings[0].path].push_back(number(c));
  }
  for (const size_t c : *chosen) {
    const Hypothesis& own = runs_.candidates()[c].hypothesis;
    if (own.narrows) best.try_emplace(own.settings[0].path, c);
  }
  for (const auto& [path, c] : best) {
    const Hypothesis own = runs_.candidates()[c].hypothesis;
    for (const double between : Between(number(c), tried[path], own.whole)) {
      if (runs_.Add(WithNumber(own, between))) chosen->push_back(runs_.candidates().size() - 1);
    }
  }
  standings_.resize(runs_.candidates().size());
}

std::vector<size_t> HypothesisSearch::Race(std::vector<size_t> chosen, double seconds) {
  const auto end = Clock::now() + Seconds(seconds);
  for (const Round& round : kRounds) {
    if (Stopped() || chosen.empty()) break;
    const double left = std::chrono::duration<double>(end - Clock::now()).count();
    const bool all = &round == std::end(kRounds) - 1;
    const size_t keep = std::max(round.least, chosen.size() / round.divide);
    chosen = OneRound(std::move(chosen), round.runs, keep, all, std::max(0.0, round.share * left));
    if (!all) Narrow(&chosen);
  }
  return chosen;
}

// As many runs for as many of the best as the time allows.
void HypothesisSearch::JudgeBest(const std::vector<size_t>& best, double seconds) {
  std::vector<size_t> finalists;
  for (const size_t c : best) {
    const Misfit& misfit = standings_[c].misfit;
    const bool hopeless = misfit.deviations > kHopelessDeviations ||
                          misfit.loss > standings_[best[0]].misfit.loss + kHopelessLoss;
    if (!hopeless && c != 0) finalists.push_back(c);
  }
  // The verdict on the file alone explains nothing: it must not cost the time of the search.
  if (finalists.empty()) seconds = std::min(seconds, 0.1 * SecondsLeft());
  finalists.push_back(0);
  const int64_t end = runs_.printed_epochs().back();
  const auto affordable = [&](size_t runs) {
    return runs_.Cost(finalists, runs, end) <= seconds * workers_;
  };
  const auto drop_to = [&](size_t least, size_t wanted) {
    while (finalists.size() > least && !affordable(wanted)) finalists.erase(finalists.end() - 2);
  };
  drop_to(kFewFinalists + 1, kVerdictRuns[0]);
  drop_to(2, kFewRuns);
  const auto runs = std::ranges::find_if(kVerdictRuns, affordable);
  const size_t count = runs == std::end(kVerdictRuns) ? 2 : *runs;
  console_.Line(fmt::format("{} finalists, {} runs of each", finalists.size(), count));
  runs_.Train(finalists, count, end, deadline_);
  Measure(finalists, count, end);
  std::vector<double> p;
  for (const size_t c : finalists) {
    Standing& standing = standings_[c];
    standing.lists = runs_.Verdicts(c, count);
    const auto too_few = [](const JudgedList& list) { return list.p.runs < kFewestJudgedRuns; };
    if (std::ranges::any_of(standing.lists, too_few)) standing.lists.clear();
    standing.p = 1;
    for (const JudgedList& list : standing.lists) {
      standing.p = std::min(standing.p, list.p.p() * static_cast<double>(standing.lists.size()));
    }
    p.push_back(standing.p);
  }
  const std::vector<double> corrected = HolmCorrected(p);
  for (size_t i = 0; i < finalists.size(); ++i) {
    standings_[finalists[i]].corrected = corrected[i];
  }
}

// Of the singles by their rank, as many as a first round has time for.
std::vector<size_t> HypothesisSearch::AddPairs(double seconds) {
  std::vector<size_t> ranked;
  for (size_t c = 1; c < standings_.size(); ++c) {
    if (standings_[c].runs > 0) ranked.push_back(c);
  }
  // Those of the later rounds are known better, and were better before.
  std::stable_sort(ranked.begin(), ranked.end(), [&](size_t a, size_t b) {
    const Standing& one = standings_[a];
    const Standing& other = standings_[b];
    if (one.runs != other.runs) return one.runs > other.runs;
    return one.misfit < other.misfit;
  });
  std::vector<size_t> added;
  for (const auto& [a, b] : PairsByRank(ranked.size())) {
    if (added.size() == kMostPairs || Stopped()) break;
    const Hypothesis& one = runs_.candidates()[ranked[a]].hypothesis;
    const Hypothesis& other = runs_.candidates()[ranked[b]].hypothesis;
    if (!Agree(one, other) || !runs_.Add(Joined(one, other))) continue;
    added.push_back(runs_.candidates().size() - 1);
    if (added.size() % 20 == 0 &&
        runs_.Cost(added, kPilot, runs_.printed_epochs().front()) > seconds * workers_) {
      break;
    }
  }
  standings_.resize(runs_.candidates().size());
  return added;
}

SearchResult HypothesisSearch::Run() {
  std::vector<size_t> singles(runs_.candidates().size());
  std::iota(singles.begin(), singles.end(), size_t{0});
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  runs_.Train({0}, kPilot, epochs.back(), deadline_);
  Measure({0}, kPilot, epochs.back());
  if (runs_.Cost(singles, kPilot, epochs.back()) == 0) {  // since it diverges
    const size_t few = std::min<size_t>(singles.size(), 8);
    runs_.Train({singles.begin(), singles.begin() + static_cast<std::ptrdiff_t>(few)}, 1,
                epochs.front(), deadline_);
  }
  std::vector<size_t> best = Race(singles, 0.4 * SecondsLeft());
  if (!Stopped() && !best.empty()) JudgeBest(best, 0.4 * SecondsLeft());
  const bool explained =
      std::ranges::any_of(standings_, [](const Standing& s) { return s.fits(); });
  if (!explained && !Stopped()) {
    const double seconds = 0.5 * SecondsLeft();
    best = Race(AddPairs(0.3 * seconds), seconds);
    if (!Stopped() && !best.empty()) JudgeBest(best, 0.9 * SecondsLeft());
  }
  return Result();
}

SearchResult HypothesisSearch::Result() const {
  SearchResult result{.written = standings_[0]};
  for (size_t c = 1; c < standings_.size(); ++c) {
    if (standings_[c].runs == 0) {
      ++result.left_out;
      continue;
    }
    ++result.tried;
    result.others.push_back(standings_[c]);
  }
  std::stable_sort(
      result.others.begin(), result.others.end(), [](const Standing& a, const Standing& b) {
        const auto key = [](const Standing& s) {
          return std::tuple(!s.fits(), !s.judged(), -static_cast<double>(s.runs), s.misfit.loss);
        };
        return key(a) < key(b);
      });
  result.stopped = Stopped();
  return result;
}

}  // namespace nabla
