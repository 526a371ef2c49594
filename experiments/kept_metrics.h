// What is kept of the metrics of thousands of runs.
#ifndef NABLA_EXPERIMENTS_KEPT_METRICS_H_
#define NABLA_EXPERIMENTS_KEPT_METRICS_H_

#include "framework/record/run_metrics.h"

namespace nabla {

// Without what no reference can name, which takes most of the memory.
inline RunMetrics Kept(RunMetrics run) {
  for (EpochMetrics& epoch : run.epochs) {
    for (auto* named : {&epoch.train_metrics, &epoch.validation_metrics, &epoch.test_metrics}) {
      *named = {};
    }
  }
  return run;
}

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_KEPT_METRICS_H_
