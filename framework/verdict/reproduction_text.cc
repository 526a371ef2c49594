// The text output of reproduction.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/record/finite.h"
#include "framework/verdict/reproduction.h"

namespace nabla {
namespace {

constexpr size_t kMostNamed = 6;

std::string MetricText(MetricName metric) { return FieldType<MetricName>::Print(metric).text; }

size_t Decimals(const std::string& printed) {
  const size_t point = printed.find('.');
  return point == std::string::npos ? 0 : printed.size() - point - 1;
}

// Names the values outside their own 95 % intervals, up to kMostNamed of them.
std::string Outside(const JudgedList& list, const std::vector<Reference>& references) {
  std::string names;
  size_t count = 0;
  size_t intervals = 0;
  for (const JudgedMetric& f : list.metrics) {
    intervals += f.judgement.has_interval();
    if (!f.judgement.has_interval() || f.judgement.inside || ++count > kMostNamed) continue;
    names += fmt::format("{}{} (z {:+.1f})", names.empty() ? "" : "; ", NameOf(f, references),
                         f.judgement.z);
  }
  if (intervals == 0) return "fewer than 2 runs have a value";
  if (count == 0 && intervals == list.metrics.size()) {
    return fmt::format("all {} values lie in their 95 % intervals", list.metrics.size());
  }
  if (count > kMostNamed) names += fmt::format("; and {} more", count - kMostNamed);
  return fmt::format("{}{} of {} values outside their 95 % intervals{}{}",
                     list.finding == Finding::kReproduced ? "only " : "", count, intervals,
                     names.empty() ? "" : ": ", names);
}

// What cannot be compared as a number.
std::string NotFinite(const ConformalP& p) {
  if (p.not_finite == 0) return "";
  return fmt::format("; {} of the {} runs diverged, or lack a value", p.not_finite, p.runs);
}

std::string Row(const JudgedMetric& f, const Reference& r, bool exact) {
  const std::string head = fmt::format("{:<16} {:>5}  {:>10}", MetricText(r.metric),
                                       r.IsCurve() ? std::to_string(r.epochs.list[f.index]) : "-",
                                       r.printed[f.index].text);
  const size_t digits = Decimals(r.printed[f.index].text) + 1;
  if (exact) {
    const bool same = r.printed[f.index].HasDigitsOf(f.metric.runs[0]);
    return fmt::format("{}  {:>10.{}f}  {}\n", head, Shown(f.metric.runs[0]), digits + 1,
                       same ? "the same digits" : "DIFFERENT");
  }
  const MetricJudgement& j = f.judgement;
  if (!j.has_interval()) return head + "  (fewer than 2 runs have it)\n";
  return fmt::format(
      "{}  {:>10.{}f} {:>9.{}f} {:>10.{}f} {:>10.{}f} {:>6.1f}  {:>10.{}f} {:>10.{}f}"
      "  {:>6}{}\n",
      head, j.ours.mean, digits, j.ours.std, digits, j.ours.min, digits, j.ours.max, digits, j.z,
      j.low, digits, j.high, digits, fmt::format("{}/{}", j.rank, j.ours.runs + 1),
      j.inside ? "" : "  outside");
}

// The notebook's cells; our mean follows each cell outside its interval.
std::string MatrixText(const JudgedList& list, size_t reference) {
  std::vector<const JudgedMetric*> cells;
  for (const JudgedMetric& f : list.metrics) {
    if (f.reference == reference) cells.push_back(&f);
  }
  const auto side = static_cast<size_t>(std::lround(std::sqrt(cells.size())));
  std::string text =
      "confusion_matrix as printed (true class down, predicted across); our mean follows cells "
      "outside their intervals\n";
  for (size_t i = 0; i < cells.size(); ++i) {
    const MetricJudgement& j = cells[i]->judgement;
    text += fmt::format("{:>6.0f} {:<6}", cells[i]->metric.printed,
                        j.inside ? "" : fmt::format("({:.0f})", j.ours.mean));
    if (i % side + 1 == side) text += "\n";
  }
  return text;
}

std::string ListText(const JudgedList& list, const Reproduction& reproduction) {
  const std::vector<Reference>& references = reproduction.spec.reference;
  std::string text = list.name.empty() ? "" : list.name + ":\n";
  const std::string verdict = "verdict: " + Sentence(list, reproduction) + "\n";
  if (list.runs() == 0) return text + verdict;  // a table would be empty
  if (list.exact) {
    text += fmt::format("{:<16} {:>5}  {:>10}  {:>10}\n", "metric", "epoch", "notebook", "ours");
  } else {
    text += fmt::format("{:<16} {:>5}  {:>10}  {:>10} {:>9} {:>10} {:>10} {:>6}  {:^21}  {:>6}\n",
                        "metric", "epoch", "notebook", "mean", "std", "min", "max", "z",
                        "95 % interval", "rank");
  }
  for (const JudgedMetric& f : list.metrics) {
    const Reference& r = references[f.reference];
    if (r.metric != MetricName::kConfusionMatrix || list.exact) {
      text += Row(f, r, list.exact);
    } else if (f.index == 0) {
      text += MatrixText(list, f.reference);
    }
  }
  return text + verdict;
}

std::string ExactSentence(const JudgedList& list, const Reproduction& reproduction) {
  const std::string finding = ToString(list.finding);
  if (list.runs() == 0) {
    return fmt::format("{}: the run with seed {} is needed", finding, reproduction.spec.seed);
  }
  const ExactResult& e = list.exactly;
  const std::string counts = fmt::format("{} of {} values have the printed digits with seed {}",
                                         e.same, list.metrics.size(), reproduction.spec.seed);
  if (!e.first) return finding + ": " + counts;
  const JudgedMetric& f = list.metrics[*e.first];
  const double ours = f.metric.runs[0];
  const std::string first =
      fmt::format("{} is the first that differs, {} printed and {:.8g} ours, by {:.2g}",
                  NameOf(f, reproduction.spec.reference),
                  reproduction.spec.reference[f.reference].printed[f.index].text, Shown(ours),
                  Shown(std::abs(ours - f.metric.printed)));
  const std::string drift =
      list.finding == Finding::kNotJudged ? "; `reproduce` finds out whether rounding explains it"
      : reproduction.runs.nudged.empty()
          ? ""
          : fmt::format("; one ulp in the first weights moves it by {:.2g}", e.drift);
  if (list.finding == Finding::kExactThenRounding) {
    return fmt::format("exact up to epoch {}, then rounding decides: {}; {}{}", e.up_to, counts,
                       first, drift);
  }
  return fmt::format("{}: {}; {}{}", finding, counts, first, drift);
}

// "rate / 2 (100 %), no bias (2 %)", those that are found or those that are not.
std::string Mistakes(const JudgedList& list, bool found) {
  std::string text;
  for (const MistakePower& power : list.power) {
    if ((power.share() >= kFoundShare) != found) continue;
    text += fmt::format("{}{} ({:.0f} %)", text.empty() ? "" : ", ", power.mistake,
                        100 * power.share());
  }
  return text;
}

// "; these 10 values would not have exposed 5 of 12 mistakes"
std::string Unexposed(const JudgedList& list) {
  if (list.power.empty()) return "";
  const auto missed =
      std::count_if(list.power.begin(), list.power.end(),
                    [](const MistakePower& power) { return power.share() < kFoundShare; });
  const std::string values =
      list.metrics.size() == 1 ? "this value" : fmt::format("these {} values", list.metrics.size());
  return missed == 0
             ? fmt::format("; {} would have exposed all of {} mistakes", values, list.power.size())
             : fmt::format("; {} would not have exposed {} of {} mistakes", values, missed,
                           list.power.size());
}

}  // namespace

std::string NameOf(const JudgedMetric& f, const std::vector<Reference>& references) {
  const Reference& r = references[f.reference];
  if (r.metric == MetricName::kConfusionMatrix) {
    const auto side = static_cast<size_t>(std::lround(std::sqrt(r.printed.size())));
    return fmt::format("{} ({}, {})", MetricText(r.metric), f.index / side, f.index % side);
  }
  if (!r.IsCurve()) return MetricText(r.metric);
  return fmt::format("{}, epoch {}", MetricText(r.metric), r.epochs.list[f.index]);
}

std::string Sentence(const JudgedList& list, const Reproduction& reproduction) {
  const std::vector<Reference>& references = reproduction.spec.reference;
  if (list.exact) return ExactSentence(list, reproduction);
  const std::string finding = ToString(list.finding);
  const ConformalP& p = list.p;
  if (p.runs < kFewestJudgedRuns) {
    return fmt::format("{}: {} complete run{}, {} are needed", finding, p.runs,
                       p.runs == 1 ? "" : "s", kFewestJudgedRuns);
  }
  // The count alone says it.
  const std::string head = list.finding == Finding::kBeyondAll ? "" : finding + ": ";
  return head + InWords(p) + NotFinite(p) + "; " + Outside(list, references) + Unexposed(list);
}

std::string PowerText(const Reproduction& r) {
  std::string text;
  for (const JudgedList& list : r.lists) {
    if (list.power.empty()) continue;
    const std::string found = Mistakes(list, true);
    const std::string missed = Mistakes(list, false);
    text += fmt::format("\n{}{}: {}{}\n", r.spec.name, list.name.empty() ? "" : ", " + list.name,
                        ToString(list.finding), Unexposed(list));
    if (!found.empty()) text += "would be found: " + found + "\n";
    if (!missed.empty()) text += "these values cannot tell: " + missed + "\n";
  }
  return text;
}

std::string ReproductionText(const Reproduction& r) {
  std::string text =
      fmt::format("\n{}: {}, {} run{}, {:.0f} s of training{}\n", r.spec.name,
                  r.spec.source.empty() ? "no source" : r.spec.source, r.runs.by_seed.size(),
                  r.runs.by_seed.size() == 1 ? "" : "s", r.seconds,
                  r.missing > 0 ? fmt::format(" ({} missing)", r.missing) : "");
  for (const JudgedList& list : r.lists) text += ListText(list, r);
  for (size_t i = 0; i < std::min(kMostNamed, r.failures.size()); ++i) {
    text += "failed: " + r.failures[i] + "\n";
  }
  if (r.failures.size() > kMostNamed) {
    text += fmt::format("and {} more runs failed\n", r.failures.size() - kMostNamed);
  }
  if (!r.spec.notes.empty()) text += "notes: " + r.spec.notes + "\n";
  return text;
}

}  // namespace nabla
