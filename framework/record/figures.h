// What one run gave for the figures that references name.
#ifndef NABLA_FRAMEWORK_RECORD_FIGURES_H_
#define NABLA_FRAMEWORK_RECORD_FIGURES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "framework/engine/trainer.h"
#include "framework/spec/reference.h"

namespace nabla {

struct RunFigures {
  std::vector<EpochFigures> epochs;
  std::map<int64_t, double> initial_losses;  // by the reference's rows
};

// A figure of one epoch, if it was computed.
std::optional<double> FigureOf(const EpochFigures& epoch, FigureName figure);

// One value for each printed figure, absent where the run did not get that far, did not evaluate
// it, or has a matrix of another size.
std::vector<std::optional<double>> ValuesOf(const Reference& reference, const RunFigures& run);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_FIGURES_H_
