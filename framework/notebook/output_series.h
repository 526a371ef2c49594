// The series of metrics that a notebook printed, with their steps.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_OUTPUT_SERIES_H_
#define NABLA_FRAMEWORK_NOTEBOOK_OUTPUT_SERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/notebook/metric_words.h"
#include "framework/notebook/notebook.h"

namespace nabla {

// Metrics under one label, printed by one pass through the steps.
struct PrintedSeries {
  MetricLabel label;
  std::string words;                    // the label as printed, in lower case; "" if there was none
  std::vector<std::string> line_words;  // all words of its first line
  std::vector<std::string> step_words;  // of the line that had its first step
  size_t step_numbers = 0;              // numbers in that line
  size_t number = 0;                    // which unlabelled number of its line it was
  size_t line_numbers = 0;              // numbers in its first line
  size_t index = 0;                     // which of them it is, from 0
  size_t line_totals = 0;               // totals of steps and counts in that line
  size_t totals = 0;                    // those before it
  int cell = 0;
  std::optional<int> execution;
  int list = 0;                     // passes through steps, counted over the notebook from 0
  std::vector<int64_t> steps;       // as printed, ascending; empty if none were
  int rank = 0;                     // of the steps: 2 epochs, 1 iterations, 0 bare numbers
  bool ruled = false;               // these stood alone between marks: "===== 3 ====="
  std::optional<int64_t> total;     // of steps: the 10 of "3/10"
  std::vector<std::string> values;  // as printed; fractions where they were percentages or counts
  std::optional<int64_t> rows;      // of counts: the 10000 of "9129 / 10000"
  bool percent = false;             // they were percentages
  bool after = false;               // printed once, after the steps (or without any)
  bool batches = false;         // several values a step: of batches, which no reference can hold
  bool counts_batches = false;  // its lines count batches within the steps
  bool array = false;           // one printed list
  bool of_setting = false;      // its lines name a rate or another setting
  bool before = false;          // printed once, before the first step
  bool bar = false;             // behind progress bars
  bool spread = false;          // with deviations behind the values
  std::optional<int64_t> bar_total;  // what they count to
  bool joined = false;               // of numbers in a line, without brackets
  bool guessed = false;              // its label
  bool ordered = false;              // labelled by the order of its lines
  bool table = false;                // a column of a table
  bool validation = false;           // names in the program say so of its rows
  bool report = false;               // of a classification report
};

// A square of counts.
struct PrintedMatrix {
  int cell = 0;
  std::optional<int> execution;
  std::vector<std::vector<std::string>> rows;
};

struct PrintedMetrics {
  std::vector<PrintedSeries> series;
  std::vector<PrintedMatrix> matrices;
};

PrintedMetrics ReadPrintedMetrics(const Notebook& notebook);

// 92.13 % as 0.9213: the point moves two digits to the left, and every digit stays.
std::string ShiftedPercent(const std::string& text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_OUTPUT_SERIES_H_
