// One printed line: its step and its metrics.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_PRINTED_LINE_H_
#define NABLA_FRAMEWORK_NOTEBOOK_PRINTED_LINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/notebook/metric_words.h"
#include "framework/notebook/printed_text.h"

namespace nabla {

struct PrintedMetric {
  std::string text;  // the number as printed
  bool percent = false;
  std::string total;  // of "9129 / 10000"; "" if there is none
  MetricLabel label;
  std::string words;    // the label as printed, in lower case
  size_t index = 0;     // which of the line's numbers it is, from 0
  size_t totals = 0;    // and how many totals, such as the 10 of "3/10", stand before it
  int array = -1;       // index into PrintedText::arrays instead of text
  bool spread = false;  // its deviation stands behind it
};

struct PrintedStep {
  int64_t number = 0;
  int rank = 0;                  // 2 epochs, 1 iterations, 0 a bare number in front
  std::optional<int64_t> total;  // of "3/10"
  bool counted = false;          // "3 epochs", not "epoch 3"
};

struct PrintedLine {
  std::optional<PrintedStep> step;
  bool batch = false;   // of a batch within an epoch, by a second counter
  bool table = false;   // a row of one
  bool ruled = false;   // nothing but its step between marks: "===== 3 ====="
  bool object = false;  // "<Result run=5>"
  bool bar = false;     // a progress bar's last state
  std::optional<int64_t> bar_total;
  std::vector<PrintedMetric> metrics;
  std::vector<std::string> words;    // all of them, in lower case
  std::vector<std::string> columns;  // if it has no numbers: its words by column
  size_t numbers = 0;                // all of them, steps and others too, but for totals
  size_t totals = 0;
  bool only_numbers = false;       // nothing else but marks
  std::vector<std::string> cells;  // the numbers of such a line, times too
};

PrintedLine ReadPrintedLine(std::string_view line);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_PRINTED_LINE_H_
