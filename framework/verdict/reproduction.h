// Compares our runs of an experiment with the metrics that its notebook printed.
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
  MetricJudgement judgement;  // set if the list is judged against a distribution
};

// The values that one run of the source printed.
struct JudgedList {
  std::string name;    // "" if the source shows only one run
  bool exact = false;  // compared digit by digit with our run of the experiment's seed
  Verdict verdict = Verdict::kNotJudged;
  CurveJudgement curve;  // not for exact lists
  std::vector<JudgedMetric> metrics;
};

struct Reproduction {
  ExperimentHead spec;
  std::vector<SeedRun> runs;          // by seed
  std::vector<std::string> failures;  // one message per failed run
  std::vector<JudgedList> lists;
  size_t missing = 0;  // runs still to be done, here or elsewhere
  double seconds = 0;  // of training, all runs together
};

// Judges every list of `references`; a list ignores runs that lack one of its metrics. `exact_seed`
// is the seed that exact lists were made with.
std::vector<JudgedList> Judge(const std::vector<Reference>& references,
                              const ReproduceSection& section, int64_t exact_seed,
                              const std::vector<SeedRun>& runs);

// One sentence: "unusual draw (p = 0.032): ...".
std::string Sentence(const JudgedList& list, const Reproduction& reproduction);

// The full result of one experiment as text for a terminal.
std::string ReproductionText(const Reproduction& reproduction);

// The contents of reproduction.json.
std::string ReproductionJson(const std::vector<Reproduction>& reproductions, bool stopped);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_REPRODUCTION_H_
