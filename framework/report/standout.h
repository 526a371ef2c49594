// What stands out in a run, and what to try about it.
#ifndef NABLA_FRAMEWORK_REPORT_STANDOUT_H_
#define NABLA_FRAMEWORK_REPORT_STANDOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"

namespace nabla {

struct ReportRun;

// What came of an attempt: runs as they are and runs with it, of the same seeds.
struct Tried {
  int64_t epochs = 0;       // of the runs as they are
  int64_t epochs_with = 0;  // of the others; more or fewer only if the attempt says so
  int64_t seeds = 0;
  int64_t better = 0;  // seeds for which the attempt gave the better value
  int64_t worse = 0;
  std::string metric;            // "test_accuracy", after these epochs
  std::optional<double> before;  // means over the seeds; nothing: one of them diverged
  std::optional<double> after;

  bool Helped() const { return seeds > 0 && better == seeds; }
};

struct Standout {
  std::string text;      // a sentence or two
  std::string attempt;   // "optimizer.lr=0.001", to be typed as it is; "" if nothing is known
  bool serious = false;  // the run is of little use as it is
  std::optional<Tried> tried = std::nullopt;
};

// "Confirmed: with 3 seeds and 5 epochs, test accuracy 97.2 % instead of 11.3 %."
std::string TriedText(const Tried& tried);

// Judges a run by its metrics, its test rows and its layers, whichever it has; `config` is its
// resolved configuration. Serious ones come first. Each rule leaves room for chance, so that a run
// that went well has none. C is the number of classes, L_e the training loss of epoch e of n:
//   diverged        the loss or a weight is no longer finite
//   rose            L_n > 1.1 L_1; or, where the first batch has 8 rows or more, L_n > 3 times its
//                   loss, or, of cross entropy, > 1.5 times it and log C; or, not serious, of 5
//                   epochs or more, L_n - min L > 0.3 (L_1 - min L) and L_n > 1.5 min L
//   large start     the cross entropy of the first batch (of the first epoch, where a batch has
//                   less than 8 rows) > 2.5 log C; serious if L_n > log C still
//   one class       all of 10 test rows or more are predicted as one class, though 5 are of others
//   one value       the outputs' standard deviation over 10 rows or more is < 1 % of the targets'
//   dead units      half of an activation's units or more have one value in all of 50 rows or more;
//                   serious: nine in ten
//   no better       than to name the commonest class always, though 10 rows are of others
//   missing classes are never predicted, though 5 test rows or more are of them
//   by heart        the training accuracy is half of the way from the share of the commonest class
//                   to 1 or more, and above that of the other rows by 0.1 and by three (pooled)
//                   standard errors, with 20 rows of either or more; serious: 0.2
//   past its best   the loss of 20 other rows or more was lowest before 0.7 n, and is now 1.25
//   times that, while
//                   L fell on; serious: twice
//   still falling   the last fifth of the epochs brought 5 % of the whole fall of L or more, and
//                   that of the other rows fell too; serious: 10 % of 10 epochs or more
std::vector<Standout> FindStandouts(const ReportRun& run, const Node& config);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_STANDOUT_H_
