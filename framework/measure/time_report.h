// Where the time of an experiment goes, as a table and as JSON.
#ifndef NABLA_FRAMEWORK_MEASURE_TIME_REPORT_H_
#define NABLA_FRAMEWORK_MEASURE_TIME_REPORT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nabla {

// One phase of one layer, of one step on one thread.
struct TimeRow {
  std::string layer;  // "0 linear", or "" where it is of no layer
  std::string phase;  // gather, forward, backward, gradient, update or loss
  double seconds = 0;
  double flops = 0;            // as if rows were dense; 0 where products are not what it does
  double effective_flops = 0;  // without the terms that sparse rows leave out
  // What is read and written if everything is moved once, caches or not.
  double bytes = 0;
};

// The same for people, of one step.
struct LayerTime {
  std::string layer;
  std::string phase;
  double milliseconds = 0;
};

struct TimeReport {
  std::string name;
  std::string dataset;
  std::string dtype;
  std::string simd;
  size_t batch_rows = 0;
  size_t steps_per_epoch = 0;
  double peak = 0;                 // GFLOP/s of multiply-adds that one core reaches
  std::vector<TimeRow> rows;       // in the order of a step
  double step_seconds = 0;         // without a clock inside, on one thread
  double evaluation_seconds = 0;   // an epoch, on one thread; 0 if there is none
  std::vector<double> by_threads;  // seconds a step on 1, 2, ... threads

  // Of an epoch on one thread, by the rows.
  double EpochSeconds() const;
  // What the rows explain of the step: about 1.
  double Explained() const;
};

std::string TimeTable(const TimeReport& report);
std::string TimeJson(const TimeReport& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_TIME_REPORT_H_
