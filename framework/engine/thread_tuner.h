// Whether a second thread pays, found out while training: on shared machines that depends on where
// the host has put the cores and on who else runs, and it changes. Bits do not depend on it.
#ifndef NABLA_FRAMEWORK_ENGINE_THREAD_TUNER_H_
#define NABLA_FRAMEWORK_ENGINE_THREAD_TUNER_H_

#include <cstddef>
#include <cstdint>

namespace nabla {

// Who runs the items of a step.
enum class ThreadMode {
  kAlone,     // the calling thread
  kMeasured,  // whichever is faster, tried out now and then
  kShared,    // all workers
};

// Tries steps alone and shared in turn, goes on with the faster way, and tries again after a while,
// or at once when some steps in a row take much longer than before. A trial is six blocks of about
// kBlockSeconds, three of each way, of which the fastest counts; all trials together cost about one
// part in a hundred where one way is twice as fast as the other.
class ThreadTuner {
 public:
  static constexpr double kBlockSeconds = 1e-4;

  explicit ThreadTuner(ThreadMode mode);

  // How the next step is to be run, and whether its time is asked for.
  bool shared() const { return shared_; }
  bool timed() const { return trying_ || (measured_ && steps_to_trial_ % kSampled == 0); }

  // After every step; `seconds` counts only where timed() was true before it.
  void Finished(double seconds);

 private:
  static constexpr int64_t kSampled = 16;  // between trials one step of so many is timed

  void BeginTrial();
  void BeginBlock();
  void EndBlock();
  void EndTrial();
  void Watch(double seconds);

  const bool measured_;
  bool trying_ = false;
  bool shared_ = false;  // of the next step
  bool chosen_ = false;  // what the last trial found: shared

  // Of the trial under way:
  size_t block_ = 0;
  double trial_seconds_ = 0;
  int64_t trial_steps_ = 0;
  size_t warm_steps_ = 0;  // still to run uncounted: caches and sleepers come to the new way
  int64_t block_steps_ = 0;
  double block_seconds_ = 0;
  double fastest_[2] = {0, 0};  // seconds a step: alone, shared

  int64_t steps_to_trial_ = 0;
  int64_t unwatched_ = 0;  // steps after a trial that cannot bring the next one
  int slow_samples_ = 0;   // in a row
  double rest_ = 0;        // least seconds between two trials
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_THREAD_TUNER_H_
