// The result of a comparison for people and for programs.
#ifndef NABLA_EXPERIMENTS_COMPARISON_TEXT_H_
#define NABLA_EXPERIMENTS_COMPARISON_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/judged_metric.h"
#include "framework/verdict/comparison.h"

namespace nabla {

struct ComparisonResult {
  std::vector<std::string> labels;  // of the settings
  std::vector<int64_t> seeds;       // in the order of the values
  SweepOrder order;                 // the metric
  ComparedValues values;
  // Why runs diverged, by setting and seed; "" if they did not.
  std::vector<std::vector<std::string>> failures;
  Comparison comparison;
  std::vector<size_t> looks;         // at how many seeds each was made; those of earlier calls too
  size_t first_look = 0;             // that there was or would have been
  bool trained = true;               // seeds can be added
  std::optional<double> difference;  // that is asked for
  std::string ended;                 // why no more seeds are added; "" if all is decided
  std::vector<std::string> notes;
};

// The setting that is likely the best: of those that are not beaten, or of all if each loses to
// another one, that with the best mean; those with a run that diverged come last.
size_t LikelyBest(const ComparisonResult& result);

// "About how many seeds would decide the difference": that which is asked for or, otherwise, that
// observed. Nothing for a pair that is decided, or if it would take more than a million.
struct DecidingSeeds {
  double difference = 0;
  size_t seeds = 0;
};
std::optional<DecidingSeeds> SeedsFor(const ComparedPair& pair, const ComparisonResult& result);

// No line is wider than 80 columns, but for labels of settings and notes; pictures fit `width`. The
// answer is the last line.
std::string ComparisonText(const ComparisonResult& result, size_t width);
std::string ComparisonJson(const ComparisonResult& result);

// The looks that a comparison.json in the folder tells of; empty if there is none. Throws
// InputError placed at it if it is damaged.
std::vector<size_t> LooksIn(const std::string& folder);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_COMPARISON_TEXT_H_
