#include "framework/measure/output_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "framework/inference/output_kind.h"
#include "framework/model/ranking.h"
#include "framework/record/json_number.h"

namespace nabla {
namespace {

using Points = std::vector<std::pair<double, double>>;

constexpr size_t kMostClasses = 10;
constexpr size_t kMostTargets = 4;
constexpr size_t kMostOnALine = 100;
constexpr size_t kMostInACloud = 500;
constexpr size_t kReliabilityBins = 10;

constexpr int kDigits = 6;  // enough for a screen

// At most `most` points, evenly chosen, with both ends.
Points Thinned(const Points& points, size_t most) {
  const size_t count = std::min(points.size(), most);
  Points chosen;
  for (size_t i = 0; i < count; ++i) {
    const auto [x, y] = points[count == 1 ? 0 : i * (points.size() - 1) / (count - 1)];
    chosen.emplace_back(Rounded(x, kDigits), Rounded(y, kDigits));
  }
  return chosen;
}

std::string ValueName(const TargetMeaning& meaning, size_t c) {
  return c < meaning.values.size() ? meaning.values[c] : fmt::format("target {}", c);
}

struct ClassCurves {
  std::string name;
  RankingCurves curves;
};

// (N, C), or empty where the outputs are no probabilities of classes.
using Probabilities = std::vector<std::vector<double>>;

Probabilities ProbabilitiesOf(const OutputRows& rows) {
  Probabilities all;
  if (rows.classes == 0 || !HasProbabilities(rows.kind)) return all;
  for (const std::vector<double>& z : rows.outputs) all.push_back(Interpret(rows.kind, z));
  return all;
}

// The scores of class or label c: a single output itself, since a sigmoid rounds large ones to 1.
std::vector<RankedRow> RankedBy(const OutputRows& rows, const Probabilities& p, size_t c) {
  std::vector<RankedRow> ranked;
  for (size_t r = 0; r < rows.outputs.size(); ++r) {
    const std::vector<double>& z = rows.outputs[r];
    if (rows.labels.empty()) {
      ranked.push_back({z[c], rows.values[r][c] > 0.5});
      continue;
    }
    const double score = z.size() == 1 ? z[0] : p.empty() ? z[c] : p[r][c];
    ranked.push_back({score, static_cast<size_t>(rows.labels[r]) == c});
  }
  return ranked;
}

// Of two classes, the second says all.
std::vector<ClassCurves> CurvesByClass(const OutputRows& rows, const Probabilities& p) {
  const bool labels = rows.classes == 0;
  const size_t count = labels ? rows.outputs[0].size() : rows.classes;
  std::vector<ClassCurves> all;
  for (size_t c = rows.classes == 2 ? 1 : 0; c < count; ++c) {
    std::optional<RankingCurves> curves = CurvesOf(RankedBy(rows, p, c));
    if (!curves) continue;
    all.push_back({labels ? ValueName(rows.meaning, c) : rows.meaning.ClassName(c), *curves});
  }
  std::ranges::stable_sort(all, {}, [](const ClassCurves& c) { return c.curves.roc_auc; });
  all.resize(std::min(all.size(), kMostClasses));
  return all;
}

void AddRankings(const OutputRows& rows, const Probabilities& p, std::vector<Plot>* plots) {
  const std::vector<ClassCurves> classes = CurvesByClass(rows, p);
  if (classes.empty()) return;
  Plot roc{"ROC curves", "false positive rate", "true positive rate",
           false,        PlotGuide::kDiagonal,  {}};
  Plot recall{"Precision and recall", "recall", "precision", false, PlotGuide::kNone, {}};
  for (const auto& [name, curves] : classes) {
    roc.series.push_back(
        {fmt::format("{}, AUC {:.4f}", name, curves.roc_auc), Thinned(curves.roc, kMostOnALine)});
    recall.series.push_back(
        {fmt::format("{}, average precision {:.4f}", name, curves.average_precision),
         Thinned(curves.recall, kMostOnALine)});
  }
  plots->insert(plots->end(), {roc, recall});
}

// The share of right rows by the probability of the class that they are taken for.
void AddReliability(const OutputRows& rows, const Probabilities& p, std::vector<Plot>* plots) {
  struct Bin {
    double rows = 0;
    double confidence = 0;
    double right = 0;
  };
  std::vector<Bin> bins(kReliabilityBins);
  for (size_t r = 0; r < p.size(); ++r) {
    const auto top = std::ranges::max_element(p[r]);
    const double at = std::ceil(*top * kReliabilityBins) - 1;
    Bin& bin = bins[static_cast<size_t>(std::clamp(at, 0.0, kReliabilityBins - 1.0))];
    ++bin.rows;
    bin.confidence += *top;
    bin.right += top - p[r].begin() == rows.labels[r];
  }
  Plot plot{"Reliability",         "mean probability of the predicted class",
            "share of right rows", false,
            PlotGuide::kDiagonal,  {{"test rows", {}}}};
  Points& points = plot.series[0].points;
  for (const Bin& bin : bins) {
    if (bin.rows > 0) points.emplace_back(bin.confidence / bin.rows, bin.right / bin.rows);
  }
  points = Thinned(points, kMostOnALine);
  plots->push_back(plot);
}

void AddResiduals(const OutputRows& rows, size_t target, std::vector<Plot>* plots) {
  const std::string name = ValueName(rows.meaning, target);
  Points predicted;
  Points residuals;
  for (size_t r = 0; r < rows.outputs.size(); ++r) {
    const double z = rows.outputs[r][target];
    const double t = rows.values[r][target];
    predicted.emplace_back(t, z);
    residuals.emplace_back(z, t - z);
  }
  plots->push_back({"Predicted against true",
                    name + ", true",
                    name + ", predicted",
                    true,
                    PlotGuide::kDiagonal,
                    {{name, Thinned(predicted, kMostInACloud)}}});
  plots->push_back({"Residuals",
                    name + ", predicted",
                    "true - predicted",
                    true,
                    PlotGuide::kZero,
                    {{name, Thinned(residuals, kMostInACloud)}}});
}

bool AllFinite(const std::vector<std::vector<double>>& rows) {
  return std::ranges::all_of(rows, [](const std::vector<double>& row) {
    return std::ranges::all_of(row, [](double x) { return std::isfinite(x); });
  });
}

}  // namespace

std::vector<Plot> PlotsOf(const OutputRows& rows) {
  std::vector<Plot> plots;
  if (rows.outputs.empty() || rows.meaning.inputs || !AllFinite(rows.outputs)) return plots;
  if (rows.classes > 0 || rows.meaning.labels) {
    const Probabilities p = ProbabilitiesOf(rows);
    AddRankings(rows, p, &plots);
    if (!p.empty()) AddReliability(rows, p, &plots);
    return plots;
  }
  for (size_t t = 0; t < std::min(rows.outputs[0].size(), kMostTargets); ++t) {
    AddResiduals(rows, t, &plots);
  }
  return plots;
}

}  // namespace nabla
