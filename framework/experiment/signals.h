// Being asked to stop.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_SIGNALS_H_
#define NABLA_FRAMEWORK_EXPERIMENT_SIGNALS_H_

namespace nabla {

// SIGINT and SIGTERM: the first one is remembered, so that the step can be finished; the second
// one ends the process at once.
void CatchSignals();

// The signal that came, or 0.
int CaughtSignal();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_SIGNALS_H_
