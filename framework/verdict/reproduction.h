// Our runs of an experiment beside the metrics that its notebook printed, and what follows.
#ifndef NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_
#define NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/record/run_metrics.h"
#include "framework/spec/spec.h"
#include "framework/verdict/statistics.h"

namespace nabla {

// One complete run.
struct SeedRun {
  int64_t seed = 0;
  RunMetrics metrics;
};

// One printed value.
struct JudgedMetric {
  size_t reference = 0;  // index in the experiment's list
  size_t index = 0;      // within that reference
  ReferenceMetric metric;
  MetricJudgement judgement;  // where the list is judged against a distribution
};

// What one run of the source printed.
struct JudgedList {
  std::string name;    // "" where the source shows one run only
  bool exact = false;  // compared with the experiment's own seed, digit by digit
  Verdict verdict = Verdict::kNotJudged;
  CurveJudgement curve;  // not for exact lists
  std::vector<JudgedMetric> metrics;
};

struct Reproduction {
  ExperimentHead spec;
  std::vector<SeedRun> runs;          // by seed
  std::vector<std::string> failures;  // of runs that did not end: what happened
  std::vector<JudgedList> lists;
  size_t missing = 0;  // runs that are still to be done, here or elsewhere
  double seconds = 0;  // of training, all runs together
};

// Judges every list of `references`; runs of which a metric is missing are left out of its list.
// `exact_seed` is the seed that exact lists were made with.
std::vector<JudgedList> Judge(const std::vector<Reference>& references,
                              const ReproduceSection& section, int64_t exact_seed,
                              const std::vector<SeedRun>& runs);

// "unusual draw (p = 0.032): ...", one sentence.
std::string Sentence(const JudgedList& list, const Reproduction& reproduction);

// Everything about one experiment as text for a terminal.
std::string ReproductionText(const Reproduction& reproduction);

// reproduction.json.
std::string ReproductionJson(const std::vector<Reproduction>& reproductions, bool stopped);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_
