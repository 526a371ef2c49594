// Which training of a notebook its settings are read of.
#ifndef NABLA_FRAMEWORK_FACTS_MAIN_TRAINING_H_
#define NABLA_FRAMEWORK_FACTS_MAIN_TRAINING_H_

#include "framework/python/trace.h"

namespace nabla {

struct MainTraining {
  int cell = 0;       // 0 if it is not known
  int trainings = 0;  // cells that printed figures of one
};

// Marks the events of the cell as those of the main training, and forgets the settings, calls,
// loops and updates of the cells behind it: they are of other trainings. Keeps them if nothing
// trains up to there, or if the cell is unknown.
void ChooseMainTraining(const MainTraining& chosen, CodeTrace* trace);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_MAIN_TRAINING_H_
