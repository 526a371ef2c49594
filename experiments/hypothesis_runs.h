// The runs that hypotheses on an experiment are judged by.
#ifndef NABLA_EXPERIMENTS_HYPOTHESIS_RUNS_H_
#define NABLA_EXPERIMENTS_HYPOTHESIS_RUNS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/search/hypotheses.h"
#include "framework/terminal/console.h"
#include "framework/training/run_options.h"
#include "framework/training/side_by_side.h"
#include "framework/verdict/reproduction.h"

namespace nabla {

using Clock = std::chrono::steady_clock;

inline Clock::duration Seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// A hypothesis that can be trained.
struct Candidate {
  Hypothesis hypothesis;
  AnySpec spec;         // the user's experiment with what the hypothesis says
  size_t training = 0;  // whose runs serve it

  const std::vector<Reference>& references() const { return HeadOf(spec).reference; }
};

// Runs are kept in memory. Hypotheses that train alike share them, and a run that was too short is
// made again.
class HypothesisRuns {
 public:
  // `tree` is the user's experiment; the first candidate is what it says as it is written. All
  // arguments must outlive it. Throws what parsing and loading throw.
  HypothesisRuns(const Node& tree, const Registry& registry, const RunOptions& options,
                 DataCache& cache, Console& console);

  // Returns false for one that says what an earlier one says, or that makes no experiment which can
  // be trained and compared.
  bool Add(const Hypothesis& hypothesis);

  const std::vector<Candidate>& candidates() const { return candidates_; }
  const PreparedData& data() const { return *trainings_[0].data; }
  // Whether there are figures whose digits are said to follow from seed and generator.
  bool HasExact() const;
  // The epochs that values were printed for, ascending; 0 alone if there are none.
  const std::vector<int64_t>& printed_epochs() const { return printed_epochs_; }

  // For each printed value, in the order of Values, the rows that an accuracy is a share of; 0 for
  // other metrics.
  std::vector<double> RowsOfShares(int64_t last) const;

  // Epochs of training that a hypothesis adds, in epochs of the file as it is: those that train
  // alike share theirs.
  std::vector<double> Shares(const std::vector<size_t>& chosen, int64_t last) const;
  // Seconds of one thread that Train would take.
  double Cost(const std::vector<size_t>& chosen, size_t runs, int64_t last) const;
  // Those of one run of the file as it is.
  double CostOfOne(int64_t last) const;
  // Makes the runs of those chosen that are missing, up to the printed epoch `last`. At the
  // deadline, or after a signal, the runs that have not ended are given up.
  void Train(const std::vector<size_t>& chosen, size_t runs, int64_t last,
             Clock::time_point deadline);

  // Frees the runs of all others but the first if they take much memory.
  void KeepOnly(const std::vector<size_t>& chosen);

  // What was printed up to epoch `last`, beside the values of the first `runs` runs; empty if there
  // are none. An accuracy is known to one row at best. The values of all candidates are in the same
  // order.
  std::vector<ReferenceMetric> Values(size_t candidate, size_t runs, int64_t last) const;
  // All that was printed, judged by the first `runs` runs, exact lists as if they were not.
  std::vector<JudgedList> Verdicts(size_t candidate, size_t runs) const;

  // Whether the run of the candidate's own seed has the digits of all exact lists up to epoch
  // `last`; false if it has not been made.
  bool DigitsAgree(size_t candidate, int64_t last) const;

  double seconds() const { return seconds_; }  // of training, all runs together
  size_t runs() const { return runs_; }

 private:
  struct Made {
    RunMetrics metrics;
    int64_t epochs = 0;
  };
  struct Training {
    AnySpec spec;
    size_t rows = 0;                     // to train on
    const PreparedData* data = nullptr;  // null where it takes much memory: loaded when it is used
    std::vector<Made> runs;              // by seed
    double seconds = 0;                  // of the runs that have ended
    double epochs = 0;                   // in these runs
  };

  struct Wanted {
    size_t training;
    size_t run;
    int64_t epochs;
  };

  // With rows like these.
  bool CanTrain(const Candidate& candidate, const Node& tree, const PreparedData& data) const;
  // `data` is null where it is loaded when it is used.
  size_t TrainingFor(const Candidate& candidate, const PreparedData* data, size_t rows);
  // Makes runs on the same rows.
  void TrainOn(std::span<const Wanted> wanted, Clock::time_point deadline);
  // Whether a value of the reference, by its index there, was printed up to `last`.
  bool Includes(size_t reference, size_t index, int64_t last) const;
  int64_t EpochsUpTo(const Candidate& candidate, int64_t last) const;
  // How many epochs each training needs for those chosen.
  std::map<size_t, int64_t> EpochsOfTrainings(const std::vector<size_t>& chosen,
                                              int64_t last) const;
  double RowsOf(MetricName metric) const;  // of the file as it is
  double SecondsPerEpoch(const Training& training) const;
  std::vector<const RunMetrics*> MadeRuns(size_t candidate, size_t runs, int64_t last) const;
  const Node& tree_;
  const Registry& registry_;
  const RunOptions& options_;
  DataCache& cache_;
  Console& console_;
  std::vector<Candidate> candidates_;
  std::vector<Training> trainings_;
  std::map<std::string, size_t> by_text_;  // trainings
  std::set<std::string> known_;            // hypotheses
  std::map<std::string, size_t>
      large_;  // data like the file's that is not kept: its rows to train on
  std::vector<int64_t> printed_epochs_;
  double overhead_ = 1;  // all seconds of one of training
  double seconds_ = 0;
  size_t runs_ = 0;
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_HYPOTHESIS_RUNS_H_
