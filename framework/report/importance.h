// Which key of a sweep a metric depends on.
//
// The runs are ranked by the metric; runs without a finite value share the last rank. The share of
// a key is the correlation ratio of the ranks: their sum of squares between the values of the key,
// over the whole (H / (N - 1), where H is Kruskal and Wallis's statistic, Use of ranks in
// one-criterion variance analysis, 1952). Where every combination of values was tried equally
// often, that is the key's main effect of the functional ANOVA (Hutter, Hoos and Leyton-Brown, An
// efficient approach for assessing hyperparameter importance, 2014), and keys, combinations and
// seeds add up to the whole. Else it is its estimate from given data (Plischke, Borgonovo and
// Smith, Global sensitivity measures from given data, 2013), for which the values of a number are
// put into classes of neighbours.
#ifndef NABLA_FRAMEWORK_REPORT_IMPORTANCE_H_
#define NABLA_FRAMEWORK_REPORT_IMPORTANCE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nabla {

// A run that counts.
struct RankedRun {
  std::vector<std::string> settings;  // one for each key; "" where the run has no such key
  double cost = 0;                    // smaller is better; infinite: worst
};

struct KeyImportance {
  std::string key;
  double share = 0;   // of the whole, from 0 to 1
  double chance = 0;  // of 20 keys without any effect, 19 have a smaller share
  bool beyond_chance() const { return share > chance; }
};

struct Importance {
  std::vector<KeyImportance> keys;  // the largest share first
  size_t runs = 0;
  size_t settings = 0;
  std::optional<double> combinations;  // where every combination was tried equally often
  std::optional<double> seeds;         // between runs of one setting, where there are several
};

// Nothing where there is nothing to tell: if all ranks are the same, with fewer than four settings
// of several keys, and with a single run for each value of a single key.
std::optional<Importance> FindImportance(const std::vector<std::string>& keys,
                                         const std::vector<RankedRun>& runs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_IMPORTANCE_H_
