// Successive halving: which settings of a sweep train how long.
#ifndef NABLA_FRAMEWORK_SEARCH_HALVING_H_
#define NABLA_FRAMEWORK_SEARCH_HALVING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/spec/search_sections.h"

namespace nabla {

// Trains `settings` settings on until `epochs` epochs are done.
struct Rung {
  size_t settings = 0;
  double epochs = 0;
};

// The rungs for n settings that train for E epochs, with f = section.factor: 1 + floor(log_f n)
// rungs, as in scikit-learn's HalvingGridSearchCV, which leave at most f settings to the last one.
// Rung k = 0, 1, ... ends after e f^k epochs and leaves ceil(m / f) of its m settings; the last one
// ends after E, and those that would end later than E are left out. e is section.epochs, or else
// what divides E evenly: E / f^floor(log_f n). Throws InputError placed at `place`, the section, if
// n < f or e >= E.
std::vector<Rung> Rungs(size_t settings, int64_t epochs, const HalvingSection& section,
                        const Place& place);

// "10 settings until epoch 0.5, 4 until 1.5, 2 until 5".
std::string RungsText(const std::vector<Rung>& rungs);

// The share of the epochs of all settings that the rungs train.
double ShareOf(const std::vector<Rung>& rungs);

// The positions of the `count` lowest costs, in ascending order of positions; of equal costs the
// first ones. Costs that are not finite are left out, so that there may be fewer.
std::vector<size_t> Lowest(const std::vector<double>& costs, size_t count);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SEARCH_HALVING_H_
