// Being asked to stop.
#ifndef NABLA_FRAMEWORK_BASE_SIGNALS_H_
#define NABLA_FRAMEWORK_BASE_SIGNALS_H_

namespace nabla {

// SIGINT and SIGTERM: the first one is remembered, so that the step can be finished; the second
// one ends the process at once. SIGHUP is remembered.
void CatchSignals();

// The signal that came, or 0.
int CaughtSignal();

// Whether SIGHUP came since this thread asked last: a wish for a checkpoint. Of runs side by side
// each hears of it.
bool TakeHangup();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_SIGNALS_H_
