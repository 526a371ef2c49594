#include "experiments/search_result.h"

#include <tuple>

namespace nabla {

void Sort(const HypothesisRuns& runs, const PairChoice& pairs, SearchResult* result) {
  const auto agrees = [&](const Standing& s) {
    return result->digits &&
           std::ranges::find(result->digits->agree, s.candidate) != result->digits->agree.end();
  };
  // Of two values, both of which may be odd, the nearness counts more.
  std::ranges::stable_sort(result->others, {}, [&](const Standing& s) {
    const Hypothesis& own = runs.candidates()[s.candidate].hypothesis;
    const bool fits = s.stands();
    const bool pair = own.changes > 1;
    return std::tuple(!agrees(s), !fits, fits ? own.changes : 0, fits && !s.says_more(),
                      fits && !pair ? own.rarity : 0, !s.judged(),
                      fits ? 0.0 : -static_cast<double>(s.runs),
                      s.misfit.loss + (pair ? pairs.RarityOf(s.candidate) : 0));
  });
}

}  // namespace nabla
