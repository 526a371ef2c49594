// Signals that ask the process to stop or to write a checkpoint.
#ifndef NABLA_FRAMEWORK_BASE_SIGNALS_H_
#define NABLA_FRAMEWORK_BASE_SIGNALS_H_

namespace nabla {

// From now on, the first SIGINT or SIGTERM is only remembered, so that the current step can finish;
// the second ends the process at once. SIGHUP is remembered.
void CatchSignals();

// The first SIGINT or SIGTERM received, or 0.
int CaughtSignal();

// Whether SIGHUP, a request for a checkpoint, arrived since this thread last asked. Counted per
// thread, so that each of several parallel runs sees it.
bool TakeHangup();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_SIGNALS_H_
