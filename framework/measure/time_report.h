// Where the time of an experiment goes, as a table and as JSON.
#ifndef NABLA_FRAMEWORK_MEASURE_TIME_REPORT_H_
#define NABLA_FRAMEWORK_MEASURE_TIME_REPORT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nabla {

// One phase of one layer in one step on one thread.
struct TimeRow {
  std::string layer;  // "0 linear", or "" if it belongs to no layer
  std::string phase;  // gather, forward, backward, gradient, update or loss
  double seconds = 0;
  double flops = 0;            // as if rows were dense; 0 if it does not multiply
  double effective_flops = 0;  // without the products that sparse rows skip
  // Bytes read and written, each counted once, whether cached or not.
  double bytes = 0;
};

// The time alone, for display.
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
  double peak = 0;                 // multiply-add GFLOP/s that one core reaches
  std::vector<TimeRow> rows;       // in the order of a step
  double step_seconds = 0;         // measured as a whole, on one thread
  double evaluation_seconds = 0;   // per epoch, on one thread; 0 if there is none
  std::vector<double> by_threads;  // seconds per step on 1, 2, ... threads

  // Time of an epoch on one thread, as the sum of the rows.
  double EpochSeconds() const;
  // The sum of the rows divided by step_seconds: about 1.
  double Explained() const;
};

std::string TimeTable(const TimeReport& report);
std::string TimeJson(const TimeReport& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_TIME_REPORT_H_
