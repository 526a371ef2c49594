// Data sets that a program draws: scikit-learn's, and those of teaching texts by their formulas.
#ifndef NABLA_FRAMEWORK_FACTS_DRAWN_DATA_H_
#define NABLA_FRAMEWORK_FACTS_DRAWN_DATA_H_

#include "framework/facts/facts.h"

namespace nabla {

// The keys of moons, circles, blobs, and the like, for the data set that `facts` names.
void AddDrawnKeys(const CodeTrace& trace, const TracedDataset& data, CodeFacts* facts);

// Spirals and flowers that the program draws by itself in the usual way. False if it draws none.
bool ReadDrawnPoints(const CodeTrace& trace, CodeFacts* facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_DRAWN_DATA_H_
