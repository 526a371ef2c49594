// What a search for hidden state has found, for people and for programs.
#ifndef NABLA_EXPERIMENTS_INVESTIGATION_TEXT_H_
#define NABLA_EXPERIMENTS_INVESTIGATION_TEXT_H_

#include <string>

#include "experiments/hypothesis_search.h"

namespace nabla {

// The answer in a few lines, and a table of the best hypotheses.
std::string InvestigationText(const SearchResult& result, const HypothesisRuns& runs);

// All of it, every hypothesis included.
std::string InvestigationJson(const SearchResult& result, const HypothesisRuns& runs);

// The same as a page.
std::string InvestigationHtml(const SearchResult& result, const HypothesisRuns& runs);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_INVESTIGATION_TEXT_H_
