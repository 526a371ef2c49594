// Being asked to stop.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_SIGNALS_H_
#define NABLA_FRAMEWORK_EXPERIMENT_SIGNALS_H_

namespace nabla {

// SIGINT and SIGTERM: the first one is remembered, so that the step can be finished; the second
// one ends the process at once. SIGHUP is remembered.
void CatchSignals();

// The signal that came, or 0.
int CaughtSignal();

// Whether SIGHUP came since this was asked last: a wish for a checkpoint.
bool TakeHangup();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_SIGNALS_H_
