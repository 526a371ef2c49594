// Puts the metrics of printed lines together to series.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_SERIES_BUILDER_H_
#define NABLA_FRAMEWORK_NOTEBOOK_SERIES_BUILDER_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/notebook/output_series.h"
#include "framework/notebook/printed_line.h"

namespace nabla {

// One for each cell. A step that is not larger than the one before begins a new pass.
class SeriesBuilder {
 public:
  // The first pass has the number `list`.
  SeriesBuilder(const NotebookCell& cell, int list);

  void AddLine(const PrintedLine& line, const PrintedText& text);

  // The series, and the number that the next cell's first pass has.
  std::vector<PrintedSeries> Finish(int* next_list);

 private:
  struct Growing {
    PrintedSeries series;
    std::vector<std::string> totals;  // of each value
    std::vector<bool> percent;
    bool own_steps = false;        // some line had step and metric
    bool repeated = false;         // several values in one step
    std::vector<int64_t> crowded;  // steps below which more values stood than the one kept
    size_t steps_before = 0;       // of its pass, when its last value was printed
  };

  bool IsOfReport(const PrintedLine& line);
  bool IsOfDataTable(const PrintedLine& line);
  bool AddTableRow(const PrintedLine& line);
  void TakeStep(const PrintedLine& line);
  bool LineIsOfSetting(const PrintedLine& line);
  Growing Begun(const PrintedLine& line, const PrintedMetric& metric, size_t number);
  Growing& GrowingOf(const PrintedLine& line, const PrintedMetric& metric, size_t number);
  void AddMetric(const PrintedLine& line, const PrintedMetric& metric, size_t number);
  void AddArray(const PrintedMetric& metric, const PrintedArray& array, bool joined = false);
  bool HasStep(const PrintedSeries& series) const;
  void BeginList();
  bool AddPairs(const PrintedMetric& metric, const PrintedArray& array);
  void MarkBatches();
  static void MergeTwice(Growing* growing);
  void Join(const std::vector<Growing*>& parts);
  void Align(Growing* growing);
  PrintedSeries Ended(Growing* growing) const;

  const NotebookCell& cell_;
  int list_;
  std::optional<PrintedStep> step_;
  std::map<int, std::vector<int64_t>> taken_;  // the steps of each pass
  std::vector<std::string> step_words_;        // of the line with the step
  size_t step_numbers_ = 0;
  size_t lone_numbers_ = 0;  // lines of one number below the step at hand
  bool ruled_ = false;       // the step at hand stood alone between marks
  bool own_ = false;         // the line at hand has its step
  bool batch_ = false;       // and is about a batch
  bool within_ = false;      // and has the number of an iteration within an epoch
  std::vector<std::string> columns_;
  size_t data_columns_ = 0;  // heads of a table of something else
  bool of_setting_ = false;  // a line named a rate or the like, and no step followed
  bool report_ = false;      // within scikit-learn's classification report
  std::vector<std::vector<std::string>> joined_;  // lines of numbers alone
  size_t lists_without_words_ = 0;
  std::vector<std::string> above_;               // words of the line before, if it had no numbers
  MetricSplit heading_ = MetricSplit::kUnknown;  // "On the test set:" on a line of its own
  std::vector<Growing> all_;
  std::set<std::string> line_keys_;      // of the line at hand
  std::optional<bool> line_of_setting_;  // whether its numbers are of a setting, once asked
  std::map<std::string, size_t> open_;   // of this pass: label -> index in all_
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_SERIES_BUILDER_H_
