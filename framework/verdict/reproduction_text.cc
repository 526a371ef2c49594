// The text output of reproduction.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/verdict/reproduction.h"

namespace nabla {
namespace {

constexpr size_t kMostNamed = 6;

std::string NameOf(MetricName metric) { return FieldType<MetricName>::Print(metric).text; }

// "train_loss, epoch 3", "confusion_matrix (5, 0)".
std::string Name(const JudgedMetric& f, const std::vector<Reference>& references) {
  const Reference& r = references[f.reference];
  if (r.metric == MetricName::kConfusionMatrix) {
    const auto side = static_cast<size_t>(std::lround(std::sqrt(r.printed.size())));
    return fmt::format("{} ({}, {})", NameOf(r.metric), f.index / side, f.index % side);
  }
  if (!r.IsCurve()) return NameOf(r.metric);
  return fmt::format("{}, epoch {}", NameOf(r.metric), r.epochs.list[f.index]);
}

size_t Decimals(const std::string& printed) {
  const size_t point = printed.find('.');
  return point == std::string::npos ? 0 : printed.size() - point - 1;
}

// Names the values outside their own 95 % intervals, up to kMostNamed of them.
std::string Outside(const JudgedList& list, const std::vector<Reference>& references) {
  std::string names;
  size_t count = 0;
  size_t judged = 0;
  for (const JudgedMetric& f : list.metrics) {
    if (f.metric.unstable()) continue;
    ++judged;
    if (f.judgement.inside || ++count > kMostNamed) continue;
    names += fmt::format("{}{} (z {:+.1f})", names.empty() ? "" : "; ", Name(f, references),
                         f.judgement.z);
  }
  if (count == 0) return fmt::format("all {} values lie in their 95 % intervals", judged);
  if (count > kMostNamed) names += fmt::format("; and {} more", count - kMostNamed);
  return fmt::format("{}{} of {} values outside their 95 % intervals: {}",
                     list.verdict == Verdict::kReproduced ? "only " : "", count, judged, names);
}

bool HasUnstable(const JudgedList& list) {
  return std::any_of(list.metrics.begin(), list.metrics.end(),
                     [](const JudgedMetric& f) { return f.metric.unstable(); });
}

std::string PText(double p) {
  return p < kImpossibleP ? "p < 0.0001" : fmt::format("p = {:.2g}", p);
}

const char* Mark(const JudgedMetric& f) {
  if (!f.metric.unstable()) return f.judgement.inside ? "" : "  outside";
  return f.judgement.in_wide_range ? "  unstable" : "  unstable and too far";
}

std::string Row(const JudgedMetric& f, const Reference& r, bool exact) {
  const std::string head = fmt::format("{:<16} {:>5}  {:>10}", NameOf(r.metric),
                                       r.IsCurve() ? std::to_string(r.epochs.list[f.index]) : "-",
                                       r.printed[f.index].text);
  const size_t digits = Decimals(r.printed[f.index].text) + 1;
  if (exact) {
    const bool same = PrintsAs(f.metric.runs[0], f.metric);
    return fmt::format("{}  {:>10.{}f}  {}\n", head, f.metric.runs[0], digits + 1,
                       same ? "the same digits" : "DIFFERENT");
  }
  const MetricJudgement& j = f.judgement;
  return fmt::format(
      "{}  {:>10.{}f} {:>9.{}f} {:>10.{}f} {:>10.{}f} {:>6.1f}  {:>10.{}f} {:>10.{}f}"
      "  {:>6}{}\n",
      head, j.ours.mean, digits, j.ours.std, digits, j.ours.min, digits, j.ours.max, digits, j.z,
      j.low, digits, j.high, digits, fmt::format("{}/{}", j.rank, j.ours.runs + 1), Mark(f));
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
  if (list.verdict == Verdict::kNotJudged) return text + verdict;  // a table would be empty
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

}  // namespace

std::string Sentence(const JudgedList& list, const Reproduction& reproduction) {
  const std::string verdict = ToString(list.verdict);
  const size_t runs = list.metrics.empty() ? 0 : list.metrics[0].metric.runs.size();
  if (list.verdict == Verdict::kNotJudged) {
    return fmt::format("{}: {} complete run{}, {} needed", verdict, runs, runs == 1 ? "" : "s",
                       list.exact ? "1 is" : fmt::format("{} are", kFewestRuns));
  }
  if (list.exact) {
    const auto same =
        std::count_if(list.metrics.begin(), list.metrics.end(),
                      [](const JudgedMetric& f) { return PrintsAs(f.metric.runs[0], f.metric); });
    return fmt::format("{}: {} of {} values have the printed digits with seed {}", verdict, same,
                       list.metrics.size(), reproduction.spec.seed);
  }
  std::string text =
      fmt::format("{} ({}): {} of our {} runs lie as far out; {}", verdict, PText(list.curve.p),
                  list.curve.as_far, runs, Outside(list, reproduction.spec.reference));
  if (!HasUnstable(list)) return text;
  const bool all_near = std::all_of(
      list.metrics.begin(), list.metrics.end(),
      [](const JudgedMetric& f) { return !f.metric.unstable() || f.judgement.in_wide_range; });
  return text + (all_near ? "; unstable epochs within their wide range"
                          : "; unstable epochs outside even their wide range");
}

std::string ReproductionText(const Reproduction& r) {
  std::string text = fmt::format("\n{}: {}, {} run{}, {:.0f} s of training{}\n", r.spec.name,
                                 r.spec.source.empty() ? "no source" : r.spec.source, r.runs.size(),
                                 r.runs.size() == 1 ? "" : "s", r.seconds,
                                 r.missing > 0 ? fmt::format(" ({} missing)", r.missing) : "");
  for (const JudgedList& list : r.lists) text += ListText(list, r);
  for (const std::string& failure : r.failures) text += "failed: " + failure + "\n";
  if (!r.spec.notes.empty()) text += "notes: " + r.spec.notes + "\n";
  return text;
}

}  // namespace nabla
