#include "experiments/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "framework/record/finite.h"
#include "framework/terminal/difference_plot.h"
#include "framework/terminal/text_plot.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

struct SettingSummary {
  size_t seeds = 0;
  size_t bad = 0;  // not finite
  Distribution finite;
};

SettingSummary SummaryOf(const std::vector<std::optional<double>>& values) {
  SettingSummary summary;
  std::vector<double> finite;
  for (const std::optional<double>& value : values) {
    if (!value) continue;
    ++summary.seeds;
    if (std::isfinite(*value)) finite.push_back(*value);
  }
  summary.bad = summary.seeds - finite.size();
  summary.finite = Describe(finite);
  return summary;
}

// How settings are called in sentences: letters for long labels, which a legend explains.
std::vector<std::string> ShortNames(const std::vector<std::string>& labels) {
  constexpr size_t kLongest = 20;
  const auto is_short = [](const std::string& label) { return label.size() <= kLongest; };
  if (std::ranges::all_of(labels, is_short)) return labels;
  std::vector<std::string> names;
  for (size_t i = 0; i < labels.size(); ++i) names.emplace_back(1, static_cast<char>('A' + i));
  return names;
}

std::string Number(double value, const std::string& metric) {
  return metric.ends_with("accuracy") ? fmt::format("{:.4f}", value) : fmt::format("{:.4g}", value);
}

std::string SettingTable(const ComparisonResult& result, const std::vector<std::string>& names) {
  std::string text;
  if (names != result.labels) {
    for (size_t i = 0; i < names.size(); ++i) {
      text += fmt::format("{}: {}\n", names[i], result.labels[i]);
    }
  }
  text += fmt::format("{:<20} {:>6} {:>12} {:>10}\n", "setting", "seeds", "mean", "std");
  for (size_t i = 0; i < names.size(); ++i) {
    const SettingSummary summary = SummaryOf(result.values[i]);
    const bool any = summary.finite.runs > 0;
    text += fmt::format("{:<20} {:>6} {:>12} {:>10}", names[i], summary.seeds,
                        any ? Number(summary.finite.mean, result.order.metric) : "-",
                        any ? fmt::format("{:.2g}", summary.finite.std) : "-");
    const auto diverged = static_cast<size_t>(
        std::ranges::count_if(result.failures[i], [](const auto& why) { return !why.empty(); }));
    if (diverged > 0) text += fmt::format("  {} diverged", diverged);
    if (summary.bad > diverged) text += fmt::format("  {} not finite", summary.bad - diverged);
    text += "\n";
  }
  return text;
}

// A pair seen from one of its settings: by how much it is ahead of the other one.
struct Lead {
  const ComparedPair* pair;
  size_t ahead = 0;
  size_t other = 0;
  std::vector<double> gains;
  double mean = 0;
  Interval interval;
  size_t won = 0;
  bool is_better = false;
  bool is_worse = false;
};

Lead LeadOf(const ComparedPair& pair, size_t ahead) {
  const bool same = pair.a == ahead;
  // 0 - x, since -x may be -0.
  Lead lead{.pair = &pair, .ahead = ahead, .other = same ? pair.b : pair.a, .gains = pair.gains};
  for (double& gain : lead.gains) gain = same ? gain : -gain;
  lead.mean = same ? pair.test.mean : 0 - pair.test.mean;
  lead.interval = same ? pair.interval : Interval{0 - pair.interval.high, 0 - pair.interval.low};
  lead.won = same ? pair.test.positive : pair.test.negative;
  lead.is_better = same ? pair.a_is_better() : pair.b_is_better();
  lead.is_worse = same ? pair.b_is_better() : pair.a_is_better();
  return lead;
}

const char* Word(const Lead& lead) {
  if (lead.is_better) return "better";
  return lead.is_worse ? "worse" : "cannot be told apart yet";
}

std::string LeadText(const Lead& lead, const ComparisonResult& result,
                     const std::vector<std::string>& names) {
  std::string text =
      fmt::format("{} against {}: {}\n", names[lead.ahead], names[lead.other], Word(lead));
  const size_t pairs = lead.pair->test.pairs;
  if (pairs == 0) return text + "  no seed has a run of both\n";
  text += "  ahead ";
  if (std::isfinite(lead.mean)) {
    text += fmt::format("by {:.3g} [{:.3g}, {:.3g}] ", lead.mean, lead.interval.low,
                        lead.interval.high);
  }
  text += fmt::format("in {} of {} pairs, p = {:.2g}\n", lead.won, pairs, lead.pair->corrected);
  const auto beyond = [&](double sign) {
    return std::ranges::count(lead.gains, sign * std::numeric_limits<double>::infinity());
  };
  for (const auto& [count, setting] :
       {std::pair(beyond(1), lead.other), std::pair(beyond(-1), lead.ahead)}) {
    if (count == 0) continue;
    text += fmt::format("  {} has no finite number in {} of them: the largest differences\n",
                        names[setting], count);
  }
  if (const auto needed = SeedsFor(*lead.pair, result)) {
    text += fmt::format("  about {} seeds would decide a difference of {:.3g}\n", needed->seeds,
                        needed->difference);
  }
  return text;
}

std::string Indented(const std::string& lines) {
  std::string text;
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = lines.find('\n', begin) + 1;
    text += "  " + lines.substr(begin, end - begin);
    begin = end;
  }
  return text;
}

// The best setting against each other one with a picture, then the other pairs.
std::string LeadTexts(const ComparisonResult& result, const std::vector<std::string>& names,
                      size_t width) {
  // Two columns are the indent.
  const size_t plot = std::max<size_t>(PlotColumns(width), 2) - 2;
  const size_t best = LikelyBest(result);
  std::string text;
  std::string others;
  for (const ComparedPair& pair : result.comparison.pairs()) {
    const bool has_best = pair.a == best || pair.b == best;
    const size_t ahead =
        has_best ? best : (pair.test.p_above <= pair.test.p_below ? pair.a : pair.b);
    const Lead lead = LeadOf(pair, ahead);
    std::string& to = has_best ? text : others;
    to += "\n" + LeadText(lead, result, names);
    if (!has_best) continue;
    to += Indented(DifferencePlot(lead.gains, lead.interval.low, lead.interval.high, plot));
  }
  return text + others;
}

std::string Answer(const ComparisonResult& result, const std::vector<std::string>& names) {
  std::vector<std::string> open;
  std::vector<std::string> beaten;
  for (size_t i = 0; i < names.size(); ++i) {
    (result.comparison.IsBeaten(i) ? beaten : open).push_back(names[i]);
  }
  if (open.size() > 1) {
    return fmt::format("cannot be told apart yet: {}\n", fmt::join(open, ", "));
  }
  if (open.empty()) return "no setting is the best: each loses to another one\n";
  return fmt::format("{} is better than {}\n", open[0], fmt::join(beaten, ", "));
}

}  // namespace

size_t LikelyBest(const ComparisonResult& result) {
  const auto rank = [&](size_t setting) {
    const SettingSummary summary = SummaryOf(result.values[setting]);
    const double mean = summary.finite.runs > 0 ? summary.finite.mean : kNaN;
    return std::tuple(result.comparison.IsBeaten(setting), summary.bad > 0,
                      Cost(result.order.smaller_is_better ? mean : -mean));
  };
  size_t best = 0;
  for (size_t i = 1; i < result.labels.size(); ++i) {
    if (rank(i) < rank(best)) best = i;
  }
  return best;
}

std::optional<DecidingSeeds> SeedsFor(const ComparedPair& pair, const ComparisonResult& result) {
  const auto is_open = [&](const ComparedPair& one) {
    return !one.decided && !result.comparison.IsBeaten(one.a) && !result.comparison.IsBeaten(one.b);
  };
  if (!is_open(pair) || pair.test.pairs < 2 || !result.trained) return std::nullopt;
  const double difference = result.difference.value_or(std::abs(pair.test.mean));
  const auto open = static_cast<size_t>(std::ranges::count_if(result.comparison.pairs(), is_open));
  const auto seeds = SeedsToDecide(difference, pair.test.std, open, result.first_look);
  if (!seeds) return std::nullopt;
  return DecidingSeeds{difference, *seeds};
}

std::string ComparisonText(const ComparisonResult& result, size_t width) {
  const std::vector<std::string> names = ShortNames(result.labels);
  std::string text =
      fmt::format("{}, {} is better; error {:.2g} in all\n\n", result.order.metric,
                  result.order.smaller_is_better ? "smaller" : "larger", kComparisonError);
  text += SettingTable(result, names) + LeadTexts(result, names, width) + "\n";
  for (const std::string& note : result.notes) text += note + "\n";
  if (!result.ended.empty()) text += result.ended + "\n";
  return text + Answer(result, names);
}

}  // namespace nabla
