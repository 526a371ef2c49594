// Signals that ask the process to stop or to write a checkpoint.
#ifndef NABLA_FRAMEWORK_BASE_SIGNALS_H_
#define NABLA_FRAMEWORK_BASE_SIGNALS_H_

namespace nabla {

// From now on, SIGINT and SIGTERM end the process at once, except while a run is under way (below);
// a second one always does. SIGHUP is remembered.
void CatchSignals();

// Exists while a run is trained by code that asks for CaughtSignal between steps: the signal is
// only remembered, so that the step can finish and the run can be saved. After the end of the last
// such run, 2 s are left to sum up what was done; then the process ends.
class RunUnderWay {
 public:
  RunUnderWay();
  ~RunUnderWay();
  RunUnderWay(const RunUnderWay&) = delete;
  RunUnderWay& operator=(const RunUnderWay&) = delete;
};

// The first SIGINT or SIGTERM received, or 0.
int CaughtSignal();

// Whether SIGHUP, a request for a checkpoint, arrived since this thread last asked. Counted per
// thread, so that each of several parallel runs sees it.
bool TakeHangup();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_SIGNALS_H_
