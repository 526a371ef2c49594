// report.html: one self-contained page about one run, several seeds of it, or a comparison.
#ifndef NABLA_FRAMEWORK_REPORT_REPORT_H_
#define NABLA_FRAMEWORK_REPORT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/measure/inspection.h"

namespace nabla {

// What is empty everywhere is left out of the page.

// Accuracies are fractions. A value that is not finite makes a gap in its curve.
struct ReportEpoch {
  int64_t epoch = 0;
  std::optional<double> train_loss;
  std::optional<double> train_accuracy;
  std::optional<double> test_loss;
  std::optional<double> test_accuracy;
  std::optional<double> learning_rate;
  std::optional<double> seconds;  // of training in this epoch
  std::optional<double> samples_per_second;
  std::vector<double> weight_norms;    // one for each of ReportRun::parameters, or none
  std::vector<double> gradient_norms;  // likewise
};

struct ReportRun {
  std::string name;    // where it is found, such as its folder
  std::string label;   // short, such as "lr=0.1, seed 3"
  std::string group;   // runs of the same group make one band; if "", the run is its own group
  std::string status;  // "complete", "stopped" or "diverged"
  std::string weights_hash;
  std::vector<ReportEpoch> epochs;
  std::vector<std::string> parameters;  // those with norms
  ConfusionTable confusion;
  std::vector<WorstPicture> worst;  // the largest loss first
  WeightPictures weights;
  std::vector<LayerTime> time;
  std::vector<std::pair<std::string, std::string>> environment;  // key, value
  std::string config;                                            // the resolved YAML
};

// A metric that a notebook printed.
struct PrintedPoint {
  std::string metric;  // "test_accuracy": drawn over the curve of that name, if there is one
  std::optional<int64_t> epoch;
  double value = 0;
  std::string text;  // as it was printed
  // The interval in which one more run of ours is expected: both or none.
  std::optional<double> low;
  std::optional<double> high;
};

struct Report {
  std::string title;
  std::string description;
  std::string source;
  std::string verdict;
  std::string version;  // of nabla
  std::vector<ReportRun> runs;
  std::vector<PrintedPoint> printed;
};

// The page. Any text may hold any bytes: nothing of it is read as HTML or as a program. Tables are
// part of the HTML; curves, pictures and sorting need JavaScript. Groups are ordered by the means
// of their last test accuracy, or test loss, or training loss, best first.
std::string RenderReport(const Report& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_REPORT_H_
