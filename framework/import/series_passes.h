// What the printed series of a notebook say of each other.
#ifndef NABLA_FRAMEWORK_IMPORT_SERIES_PASSES_H_
#define NABLA_FRAMEWORK_IMPORT_SERIES_PASSES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "framework/notebook/output_series.h"

namespace nabla {

// Counts the passes of each cell, and what is in each.
class SeriesPasses {
 public:
  explicit SeriesPasses(const std::vector<PrintedSeries>& all);

  // ", pass 2" where the cell has several; else "".
  std::string Name(const PrintedSeries& s) const;

  // The list of the first training, perhaps without printed steps: what was printed before is of no
  // epoch.
  int first() const { return first_; }

  // Most steps of a series, and its cell.
  size_t longest() const { return longest_; }
  int longest_cell() const { return longest_cell_; }

  // Cells with steps.
  size_t trainings() const { return trainings_.size(); }

  // Whether some label is of rows to test.
  bool tests() const { return tests_; }

  // Whether its list has such a metric of the rows to test, printed once at the end or with steps.
  bool Tests(const PrintedSeries& s, MetricKind kind, bool after) const;

  // Whether its list has the same metric of rows to test, by a word that does not mean validation.
  bool HasTestsBeside(const PrintedSeries& s) const;

  // Values printed once, with its label: those of single classes are many.
  int Singles(const PrintedSeries& s) const;

  // Series of its kind in its list.
  int Kinds(const PrintedSeries& s) const;

  // Whether a list ends with an accuracy, printed once.
  bool EndsWithAccuracy(int list) const { return accuracy_after_.contains(list); }

  // Whether lines of their own, not progress bars, have the steps of such a metric.
  bool HasSteps(int cell, MetricKind kind) const { return stepped_.contains({cell, kind}); }

  // Whether its steps are those of another series of its list and a step 0 before them.
  bool StartsBeforeOthers(const PrintedSeries& s) const;

  // The first step of the series before, whose steps end where those of this one go on.
  std::optional<int64_t> FirstOfContinued(const PrintedSeries& s) const;

  // Whether the last training up to a cell is not the one in `main_cell`; 0 if that is not known.
  bool OfAnother(int cell, int main_cell) const;

 private:
  // What tells the steps of a series: list, rank, first, last and number.
  using Course = std::tuple<int, int, int64_t, int64_t, size_t>;
  using Part = std::tuple<int, MetricKind, MetricSplit>;
  static Part PartOf(const PrintedSeries& s) { return {s.list, s.label.kind, s.label.split}; }

  bool tests_ = false;
  int first_ = 0;
  size_t longest_ = 0;
  int longest_cell_ = 0;
  std::map<int, int> pass_;    // list -> its number within the cell
  std::map<int, int> passes_;  // cell -> how many
  std::map<Part, int> singles_;
  std::map<std::pair<int, MetricKind>, int> kinds_;
  std::set<int> trainings_;  // cells with steps
  std::set<std::pair<int, MetricKind>> stepped_;
  std::set<std::tuple<int, MetricKind, bool>> tested_;
  std::set<std::tuple<int, MetricKind, bool>> tested_apart_;  // by such a word
  std::set<int> accuracy_after_;
  std::set<Course> courses_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_SERIES_PASSES_H_
