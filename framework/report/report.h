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
#include "framework/report/standout.h"
#include "framework/search/ranking_metric.h"

namespace nabla {

// The page omits what is empty in all runs.

// Accuracies are fractions. A value that is not finite makes a gap in its curve.
struct ReportEpoch {
  int64_t epoch = 0;
  std::vector<std::pair<std::string, double>> metrics;  // by name: "train_loss", "test_r2"
  std::optional<double> learning_rate;
  std::optional<double> seconds;  // of training in this epoch
  std::optional<double> samples_per_second;
  std::vector<double> weight_norms;    // one per entry of ReportRun::parameters, or none
  std::vector<double> gradient_norms;  // likewise
};

// The metrics at a point where runs were compared before some of them went on.
struct ReportPause {
  double epochs = 0;
  std::vector<std::pair<std::string, double>> metrics;
};

struct ReportRun {
  std::string name;       // where it comes from, such as its folder
  std::string label;      // short, such as "lr=0.1, seed 3"
  std::string group;      // runs of a group share one band; "" = a group of its own
  std::string status;     // "complete", "stopped", "diverged", or where a halving left or paused it
  std::string cut_short;  // before its last epoch: "early_stop after epoch 11 of 200: why"
  bool left_behind = false;  // by a halving: its last metrics are not those of a whole training
  std::string weights_hash;
  std::vector<ReportEpoch> epochs;
  std::vector<std::string> parameters;  // the ones with norms
  Inspection look;
  std::vector<Standout> standouts;                               // serious ones first
  std::vector<std::pair<std::string, std::string>> environment;  // key, value
  std::string config;                                            // the resolved YAML
  int64_t seed = 0;
  std::string part;  // which of several parts of the rows it was tested on, such as "fold 2"
  std::vector<std::optional<std::string>> settings;  // one for each of Report::keys
  std::optional<double> ended;                       // seconds since 1970
  std::vector<ReportPause> pauses;                   // of a halving
};

// How sure a verdict is that the notebook did what the file says.
enum class Tone { kNone, kGood, kDoubtful, kBad };

// A deliberate mistake, and how often the printed values would have exposed it, from 0 to 1.
struct ExposedMistake {
  std::string name;
  double share = 0;
};

// What our runs say of the values that one run of the notebook printed.
struct ReportVerdict {
  std::string list;  // "" if it shows only one run
  std::string text;
  Tone tone = Tone::kNone;
  std::vector<ExposedMistake> power;  // empty if it was not measured
};

// A metric that a notebook printed.
struct PrintedPoint {
  std::string list;    // as in ReportVerdict
  std::string metric;  // such as "test_accuracy": drawn over the curve of that name
  std::optional<int64_t> epoch;
  double value = 0;
  std::string text;  // as it was printed
  // The interval in which one more of our runs is expected: both ends or neither.
  std::optional<double> low;
  std::optional<double> high;
};

struct Report {
  std::string title;
  std::string description;
  std::string source;
  std::string version;  // of nabla
  std::vector<ReportRun> runs;
  std::vector<PrintedPoint> printed;
  std::vector<ReportVerdict> verdicts;
  std::vector<std::string> smaller_is_better;  // metrics besides losses, such as "mae"
  std::vector<std::string> keys;               // in which the runs differ, such as "optimizer.lr"
  UnitKeys units;                              // of their losses
};

// The page. Texts may hold any bytes: they are escaped and never run as HTML or JavaScript. Tables
// are part of the HTML; curves, pictures and sorting need JavaScript. Groups are ordered by the
// means of what ChooseRankingMetric says, best first; groups that a halving left behind come last.
std::string RenderReport(const Report& report);

// The same page for a server (PageServer) that keeps it up to date: it asks that server, and nobody
// else, for newer ones.
std::string RenderLiveReport(const Report& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_REPORT_H_
