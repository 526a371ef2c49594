// Compares our runs of an experiment with the metrics that its notebook printed.
#ifndef NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_
#define NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/record/run_metrics.h"
#include "framework/spec/spec.h"
#include "framework/verdict/conformal.h"
#include "framework/verdict/exact.h"
#include "framework/verdict/sequential.h"
#include "framework/verdict/statistics.h"

namespace nabla {

// One run that has ended. A run that diverged has no metrics.
struct SeedRun {
  int64_t seed = 0;
  RunMetrics metrics;
};

// One printed value.
struct JudgedMetric {
  size_t reference = 0;  // index in the experiment's list
  size_t index = 0;      // within that reference
  ReferenceMetric metric;
  MetricJudgement judgement;  // not of exact lists
};

// How often a list would not have been called reproduced if its source had made a mistake.
struct MistakePower {
  std::string mistake;
  size_t runs = 0;   // of the mistaken experiment, each as a notebook that prints as many digits
  size_t found = 0;  // how many of them have a p of at most kUnusualShare

  double share() const { return static_cast<double>(found) / static_cast<double>(runs); }
};

// A mistake that is found less often counts as one that the printed values cannot tell.
inline constexpr double kFoundShare = 0.5;

// The values that one run of the source printed.
struct JudgedList {
  std::string name;    // "" if the source shows only one run
  bool exact = false;  // compared digit by digit with our run of the experiment's seed
  Finding finding = Finding::kNotJudged;
  ConformalP p;         // not of exact lists
  ExactResult exactly;  // of exact lists
  std::vector<JudgedMetric> metrics;
  std::vector<MistakePower> power;  // if it was measured

  size_t runs() const { return metrics.empty() ? 0 : metrics[0].metric.runs.size(); }
};

// What the printed values are compared with.
struct OurRuns {
  std::vector<SeedRun> by_seed;
  std::vector<RunMetrics> nudged;  // repeated with nudged first weights (exact.h)
};

struct Reproduction {
  ExperimentHead spec;
  OurRuns runs;
  std::vector<std::string> failures;  // one message per failed run
  std::vector<JudgedList> lists;
  size_t missing = 0;  // runs still to be done, here or elsewhere
  double seconds = 0;  // of training, all runs together
};

// Judges every list of `references`. A value that a run lacks, or that is not finite, is NaN: the
// run counts. `exact_seed` is the seed that exact lists were made with.
std::vector<JudgedList> Judge(const std::vector<Reference>& references, int64_t exact_seed,
                              const OurRuns& runs);

// Judges runs of a mistaken experiment as notebooks that print what the list prints. Not of exact
// lists.
MistakePower PowerAgainst(const std::string& mistake, const std::vector<RunMetrics>& mistaken,
                          const JudgedList& list, const std::vector<Reference>& references);

// "train_loss, epoch 3", "confusion_matrix (5, 0)".
std::string NameOf(const JudgedMetric& metric, const std::vector<Reference>& references);

// One sentence: "unusual draw: 3 of 199 runs lie as far out or farther, p = 0.02; ...".
std::string Sentence(const JudgedList& list, const Reproduction& reproduction);

// The full result of one experiment as text for a terminal, apart from the power.
std::string ReproductionText(const Reproduction& reproduction);

// What the verdicts could have found; "" if that was not measured.
std::string PowerText(const Reproduction& reproduction);

// The contents of reproduction.json.
std::string ReproductionJson(const std::vector<Reproduction>& reproductions, bool stopped);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_
