#include "experiments/hypothesis_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>

#include "framework/base/signals.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// Runs of a finalist: with 199, p can be 0.005; with 39, 0.025.
constexpr size_t kVerdictRuns[] = {199, 99, 59, 39, 29, 19, 9, 5, 3};
constexpr size_t kFirstVerdict = 3;  // of these: first looks
constexpr size_t kFewFinalists = 8;

// Far from what a true hypothesis has, about 1, even if its runs are few.
constexpr double kHopelessDeviations = 8;

// Of the file as it is, to tell how far seeds lie apart, and their most of a round.
constexpr size_t kWrittenRuns = 16;
constexpr double kWrittenShare = 0.15;

// That a true one has about once in a hundred notebooks.
constexpr double kFarDistance = 3.5;

// Of a file that is right: nothing else needs to be tried.
constexpr double kClearP = 0.1;

constexpr size_t kFewestPairs = 20;
constexpr size_t kMostPairs = 3000;  // in a helping
constexpr size_t kMostHelpings = 2;
constexpr double kMostPairEpochs = 1e6;  // all in memory
constexpr size_t kAnchors = 6;           // pairs
constexpr size_t kPartners = 16;         // of each half of an anchor

}  // namespace

// How many hypotheses go on, at least and at most; the most runs of each; the round's share of the
// whole search. In the last round all epochs are trained, of fewer hypotheses if need be.
struct HypothesisSearch::Round {
  size_t least;
  size_t most;
  size_t runs;
  double share;
  bool all;
};

HypothesisSearch::HypothesisSearch(HypothesisRuns& runs, Clock::time_point deadline, size_t workers,
                                   Console& console)
    : runs_(runs),
      deadline_(deadline),
      workers_(static_cast<double>(workers)),
      console_(console),
      seconds_(SecondsLeft() * workers_),
      digits_(runs),
      pairs_(runs) {}

double HypothesisSearch::SecondsLeft() const {
  return std::max(0.0, std::chrono::duration<double>(deadline_ - Clock::now()).count());
}

double HypothesisSearch::Share(double share) const {
  constexpr double kMostOfRest = 0.8;
  return std::min(share * seconds_, kMostOfRest * SecondsLeft() * workers_);
}

bool HypothesisSearch::Stopped() const { return CaughtSignal() != 0 || SecondsLeft() == 0; }

std::vector<size_t> HypothesisSearch::Affordable(std::vector<size_t> chosen, double seconds) const {
  const int64_t first = runs_.printed_epochs().front();
  const std::vector<double> shares = runs_.Shares(chosen, first);
  // The later ones of a family are less likely, too; those of the file's grid are all meant.
  std::map<std::string, double> of_family;
  std::vector<std::pair<double, size_t>> dear;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const std::string& family = runs_.candidates()[chosen[i]].hypothesis.family;
    const double place = family == "grid" ? 0 : of_family[family]++;
    dear.push_back({shares[i] * (1 + place / 4), i});
  }
  std::ranges::sort(dear);
  const auto cheapest = [&](size_t count) {
    std::vector<size_t> kept;
    for (size_t i = 0; i < count; ++i) kept.push_back(dear[i].second);
    std::ranges::sort(kept);
    for (size_t& one : kept) one = chosen[one];
    return kept;
  };
  size_t low = std::min<size_t>(2, chosen.size());
  size_t high = chosen.size();
  while (low < high) {
    const size_t middle = (low + high + 1) / 2;
    if (runs_.Cost(cheapest(middle), 1, first) <= seconds) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return cheapest(low);
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
  std::vector<double> typical = TypicalDeviations(values);
  // All hypotheses have the same seeds: where the first few happen to lie near each other, they do
  // so for all. The file as it is has more of them.
  const auto written = runs_.Values(0, kWrittenRuns, last);
  for (size_t i = 0; i < std::min(typical.size(), written.size()); ++i) {
    const double std = Describe(written[i].runs).std;
    if (std > typical[i]) typical[i] = std;
  }
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

std::vector<size_t> HypothesisSearch::OneRound(std::vector<size_t> chosen, const Round& round) {
  const double seconds = Share(round.share);
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  const auto affords = [&](size_t runs, int64_t last) {
    return runs_.Cost(chosen, runs, last) <= seconds;
  };
  if (!round.all) {
    chosen = Affordable(std::move(chosen), seconds);
  } else {  // the best ones
    while (chosen.size() > kFewFinalists && !affords(2, epochs.back())) chosen.pop_back();
    while (chosen.size() > 2 && !affords(1, epochs.back())) chosen.pop_back();
  }
  size_t runs = affords(2, round.all ? epochs.back() : epochs.front()) ? 2 : 1;
  auto last = round.all ? epochs.end()
                        : std::partition_point(epochs.begin(), epochs.end(),
                                               [&](int64_t epoch) { return affords(runs, epoch); });
  if (last != epochs.begin()) --last;
  while (2 * runs <= round.runs && affords(2 * runs, *last)) runs *= 2;
  console_.Line(
      fmt::format("{} hypotheses, {} runs of each, up to epoch {}", chosen.size(), runs, *last));
  if (runs < kWrittenRuns && runs_.Cost({0}, kWrittenRuns, *last) <= kWrittenShare * seconds) {
    runs_.Train({0}, kWrittenRuns, *last, deadline_);
  }
  const double longest = std::min(SecondsLeft(), 1.5 * seconds / workers_ + 1);
  runs_.Train(chosen, runs, *last, Clock::now() + Seconds(longest));
  std::vector<Runner> runners = Measure(chosen, runs, *last);
  for (Runner& one : runners) {
    if (pairs_.HalvesOf(one.index) != nullptr) one.misfit.loss += pairs_.RarityOf(one.index);
  }
  digits_.Look(chosen, *last);
  if (!pairs_.learnt()) pairs_.Learn(chosen, runs, *last);
  // What was measured well is left to p, unless it is far off.
  const bool well = runs >= 8 && *last == epochs.back();
  const auto near = static_cast<size_t>(std::ranges::count_if(
      runners, [](const Runner& r) { return r.misfit.distance < kFarDistance; }));
  const size_t keep = round.all ? runners.size()
                      : well    ? std::clamp(near, round.least, round.most)
                                : std::max(round.least, chosen.size() / 4);
  std::vector<size_t> best;
  for (const Runner& one :
       Survivors(std::move(runners), keep, well || round.all ? keep : 2 + keep / 5)) {
    best.push_back(one.index);
  }
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
  const Node file = ResolvedConfig(runs_.candidates()[0].spec);
  for (const auto& [path, c] : best) {
    const Hypothesis own = runs_.candidates()[c].hypothesis;
    double middle = number(c);
    if (const auto written = WrittenNumber(file, path, runs_.data().train.count)) {
      tried[path].push_back(*written);
      if (standings_[0].misfit < standings_[c].misfit) middle = *written;
    }
    for (const double between : Between(middle, tried[path], own.whole)) {
      if (runs_.Add(WithNumber(own, between))) chosen->push_back(runs_.candidates().size() - 1);
    }
  }
  standings_.resize(runs_.candidates().size());
}

std::vector<size_t> HypothesisSearch::Race(std::vector<size_t> chosen,
                                           std::span<const Round> rounds) {
  for (const Round& round : rounds) {
    if (Stopped() || chosen.empty()) break;
    chosen = OneRound(std::move(chosen), round);
    runs_.KeepOnly(chosen);
    if (!round.all) Narrow(&chosen);
  }
  return chosen;
}

void HypothesisSearch::SetVerdicts(const std::vector<size_t>& finalists, size_t runs) {
  Measure(finalists, runs, runs_.printed_epochs().back());
  // Many figures take a while: a signal leaves no time for all of them.
  const Clock::time_point end = Clock::now() + Seconds(1);
  std::vector<double> p;
  for (const size_t c : finalists) {
    if (Stopped() && Clock::now() > end) break;
    Standing& standing = standings_[c];
    standing.lists = runs_.Verdicts(c, runs);
    const auto too_few = [](const JudgedList& list) { return list.p.runs < kFewestJudgedRuns; };
    if (std::ranges::any_of(standing.lists, too_few)) standing.lists.clear();
    standing.p = 1;
    for (const JudgedList& list : standing.lists) {
      standing.p = std::min(standing.p, list.p.p() * static_cast<double>(standing.lists.size()));
    }
    p.push_back(standing.p);
  }
  const std::vector<double> corrected = HolmCorrected(p);
  for (size_t i = 0; i < p.size(); ++i) standings_[finalists[i]].corrected = corrected[i];
}

void HypothesisSearch::Judge(const std::vector<size_t>& best, double seconds) {
  std::vector<size_t> finalists = {0};
  for (const size_t c : best) {
    if (c != 0 && standings_[c].misfit.deviations < kHopelessDeviations) finalists.push_back(c);
  }
  const int64_t end = runs_.printed_epochs().back();
  const auto affords = [&](size_t runs) { return runs_.Cost(finalists, runs, end) <= seconds; };
  while (finalists.size() > kFewFinalists && !affords(kVerdictRuns[kFirstVerdict])) {
    finalists.pop_back();
  }
  const auto* runs =
      std::find_if(std::begin(kVerdictRuns) + kFirstVerdict, std::end(kVerdictRuns), affords);
  if (runs == std::end(kVerdictRuns)) --runs;
  while (finalists.size() > 2 && !affords(*runs)) finalists.pop_back();
  console_.Line(fmt::format("{} finalists, {} runs of each", finalists.size(), *runs));
  runs_.Train(finalists, *runs, end, deadline_);
  SetVerdicts(finalists, *runs);
}

// Many figures tell of a mistake only by many runs, and all that follows depends on this p.
void HypothesisSearch::JudgeWritten(double seconds) {
  const int64_t end = runs_.printed_epochs().back();
  const auto* runs = std::ranges::find_if(
      kVerdictRuns, [&](size_t count) { return runs_.Cost({0}, count, end) <= seconds; });
  if (runs == std::end(kVerdictRuns) || *runs <= standings_[0].runs) return;
  runs_.Train({0}, *runs, end, deadline_);
  if (!Stopped()) SetVerdicts({0}, *runs);
}

void HypothesisSearch::JudgeAgain(double seconds) {
  std::vector<size_t> finalists;
  for (size_t c = 1; c < standings_.size(); ++c) {
    if (standings_[c].fits() || standings_[c].possible()) finalists.push_back(c);
  }
  std::ranges::stable_sort(finalists, {}, [&](size_t c) {
    const Hypothesis& own = runs_.candidates()[c].hypothesis;
    return std::tuple(!standings_[c].fits(), own.changes, own.rarity, standings_[c].misfit.loss);
  });
  finalists.insert(finalists.begin(), 0);
  const int64_t end = runs_.printed_epochs().back();
  const auto affords = [&](size_t runs) { return runs_.Cost(finalists, runs, end) <= seconds; };
  while (finalists.size() > kFewFinalists && !affords(kVerdictRuns[0])) finalists.pop_back();
  const auto* runs = std::ranges::find_if(kVerdictRuns, affords);
  if (runs == std::end(kVerdictRuns) || *runs <= standings_[finalists.back()].runs) return;
  console_.Line(fmt::format("{} finalists, {} runs of each", finalists.size(), *runs));
  runs_.Train(finalists, *runs, end, deadline_);
  if (!Stopped()) SetVerdicts(finalists, *runs);
}

bool HypothesisSearch::TryPairs() {
  constexpr Round kFirst = {.least = 24, .most = 100, .runs = 2, .share = 0.12, .all = false};
  constexpr Round kRounds[] = {{.least = 24, .most = 120, .runs = 8, .share = 0.08, .all = false},
                               {.least = 12, .most = 120, .runs = 32, .share = 0.1, .all = true}};
  std::vector<size_t> known;
  for (size_t c = 1; c < standings_.size(); ++c) {
    if (standings_[c].fits()) known.push_back(c);
  }
  // As many as may have two runs of some epochs.
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  const double one = runs_.CostOfOne(epochs[std::min<size_t>(2, epochs.size() - 1)]);
  double most = one > 0 ? 0.6 * Share(kFirst.share) / one : 0;
  most = std::min(most, kMostPairEpochs / (2 * static_cast<double>(epochs.back())));
  const auto count = static_cast<size_t>(
      std::clamp(most, static_cast<double>(kFewestPairs), static_cast<double>(kMostPairs)));
  const auto soon = [this] { return Clock::now() + Seconds(Share(0.04) / workers_); };
  std::vector<size_t> pairs = pairs_.Likeliest(count, known, soon());
  const size_t fewer = std::max(kFewestPairs, count / 4);
  const std::vector<size_t> beside = pairs_.Beside(fewer, known, soon());
  pairs.insert(pairs.end(), beside.begin(), beside.end());
  if (pairs.empty()) return false;
  std::vector<size_t> best = OneRound(std::move(pairs), kFirst);
  if (best.empty() || Stopped()) return true;
  const std::vector<size_t> anchors(
      best.begin(), best.begin() + static_cast<std::ptrdiff_t>(std::min(best.size(), kAnchors)));
  pairs_.LearnUpTo(standings_[best[0]].last);
  const std::vector<size_t> near = pairs_.Near(anchors, kPartners);
  best.insert(best.end(), near.begin(), near.end());
  best = Race(std::move(best), kRounds);
  if (!Stopped() && !best.empty()) Judge(best, Share(0.15));
  return true;
}

void HypothesisSearch::SearchPairs() {
  constexpr double kLeastLeft = 0.35;  // of the search, for another helping and the last look
  for (size_t i = 0; i < kMostHelpings && !Stopped(); ++i) {
    if (i > 0 && SecondsLeft() * workers_ < kLeastLeft * seconds_) return;
    if (!TryPairs()) return;
    if (std::ranges::any_of(standings_, &Standing::stands)) return;
  }
}

void HypothesisSearch::CompareWithHalves() {
  const auto values = runs_.Values(0, 1, runs_.printed_epochs().back()).size();
  for (Standing& standing : standings_) {
    const auto* halves = pairs_.HalvesOf(standing.candidate);
    if (halves == nullptr || !standing.judged()) continue;
    for (const size_t half : {halves->first, halves->second}) {
      if (!standings_[half].fits()) continue;
      const double gain =
          (standings_[half].misfit.loss - standing.misfit.loss) * static_cast<double>(values);
      standing.gain = std::min(gain, standing.gain.value_or(gain));
    }
  }
}

SearchResult HypothesisSearch::Run(const std::vector<Hypothesis>& seeds) {
  Round rounds[] = {{.least = 24, .most = 150, .runs = 16, .share = 0.26, .all = false},
                    {.least = 16, .most = 100, .runs = 32, .share = 0.12, .all = false},
                    {.least = 12, .most = 100, .runs = 32, .share = 0.14, .all = true}};
  std::vector<size_t> singles(runs_.candidates().size());
  std::iota(singles.begin(), singles.end(), size_t{0});
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  runs_.Train({0}, 2, epochs.back(), deadline_);
  Measure({0}, 2, epochs.back());
  if (runs_.Cost(singles, 3, epochs.back()) == 0) {  // since it diverges
    const size_t few = std::min<size_t>(singles.size(), 8);
    runs_.Train({singles.begin(), singles.begin() + static_cast<std::ptrdiff_t>(few)}, 1,
                epochs.front(), deadline_);
  }
  digits_.TrySeeds(seeds, Clock::now() + Seconds(Share(0.15) / workers_));
  // Where not even all of these can be tried there is no time for pairs.
  if (runs_.Cost(singles, 1, epochs.front()) > Share(rounds[0].share)) rounds[0].share = 0.4;
  const std::vector<size_t> best = Race(singles, rounds);
  if (!Stopped() && !best.empty()) Judge(best, Share(0.16));
  if (!Stopped() && standings_[0].stands()) JudgeWritten(Share(0.08));
  const auto digits = [this] {
    return !Stopped() && digits_.Finish(Clock::now() + Seconds(Share(0.1) / workers_));
  };
  const bool right = standings_[0].stands() && standings_[0].p > kClearP;
  if (!digits() && !Stopped() && !right) {
    SearchPairs();
    digits();
  }
  if (!Stopped()) JudgeAgain(Share(0.3));
  CompareWithHalves();
  return Result();
}

SearchResult HypothesisSearch::Result() const {
  SearchResult result{.written = standings_[0], .digits = digits_.finding()};
  for (size_t c = 1; c < standings_.size(); ++c) {
    if (digits_.IsSeed(c)) continue;
    if (standings_[c].runs == 0) {
      ++result.left_out;
      continue;
    }
    ++result.tried;
    result.others.push_back(standings_[c]);
  }
  Sort(runs_, pairs_, &result);
  result.stopped = Stopped();
  return result;
}

}  // namespace nabla
