// What `why` has found, for people and for programs.
#ifndef NABLA_EXPERIMENTS_WHY_TEXT_H_
#define NABLA_EXPERIMENTS_WHY_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/measure/parting.h"
#include "framework/measure/rows_difference.h"
#include "framework/measure/turned_keys.h"
#include "framework/spec/config_edits.h"

namespace nabla {

// What the folder of one of the two runs says, and what is true now.
struct WhyRecord {
  std::string folder;
  std::string
      status;  // "complete", "stopped", "diverged"; "cut off" if it did not say how it ended
  int64_t epochs = 0;                // that it recorded
  std::vector<std::string> changed;  // its inputs that are others now: "the training rows"
  size_t compared = 0;               // epochs of the replay whose metrics were compared
  std::optional<RecordDifference> difference;
  std::string hash_then;  // where the last weights are others now; "" = are not
  std::string hash_now;
  std::vector<std::string> elsewhere;  // "cpu was X, is Y", for a record that the replay misses
  std::string failure;                 // why its replay diverged; "" = did not

  bool IsMissed() const { return difference || !hash_then.empty(); }
};

struct WhyResult {
  WhyRecord a;
  WhyRecord b;
  std::vector<ConfigEdit> edits;
  size_t train_rows = 0;  // of a
  size_t validation_rows = 0;
  size_t test_rows = 0;
  std::vector<RowsDifference> rows;
  int64_t epochs = 0;  // that the replay was to have
  Lockstep together;
  std::string limit;  // what ended the replay before that: "--steps"; "" = nothing

  std::string no_keys;  // why no key was turned; "" = they were
  MetricGap gap;
  std::vector<TurnedKey> keys;
};

// The configurations, the data, and where the replays part.
std::string PartingText(const WhyResult& result);
// What each key makes of the gap.
std::string KeysText(const WhyResult& result);

std::string WhyJson(const WhyResult& result);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_WHY_TEXT_H_
