// Measures during training whether more threads pay. On shared machines that depends on where the
// host has put the cores and on what else runs, and it changes. It does not change any bits.
#ifndef NABLA_FRAMEWORK_ENGINE_THREAD_TUNER_H_
#define NABLA_FRAMEWORK_ENGINE_THREAD_TUNER_H_

#include <cstddef>
#include <cstdint>

namespace nabla {

// Which threads run the items of a step.
enum class ThreadMode {
  kAlone,     // the calling thread
  kMeasured,  // whichever of the two is faster, measured now and then
  kShared,    // all workers
};

// Tries steps alone and shared in turn, continues with the faster mode, and tries again after a
// while, or at once when several steps in a row take much longer than before. A trial is six blocks
// of about kBlockSeconds or one step each, three for each mode; the fastest block counts, since
// other processes can only slow a block down. All trials together cost about 1 % if one mode is
// twice as fast.
//
// The first step is shared. If it is a long one, sharing most likely pays, and a run may have few
// of them: the first trial comes after kStepsBeforeTrial steps.
class ThreadTuner {
 public:
  static constexpr double kBlockSeconds = 1e-4;  // long compared with a read of the clock
  static constexpr double kLongStep = 1e-3;      // barriers cost a hundredth of it
  static constexpr int64_t kStepsBeforeTrial = 64;

  explicit ThreadTuner(ThreadMode mode);

  // How to run the next step, and whether to time it.
  bool shared() const { return shared_; }
  bool timed() const { return trying_ || first_ || (measured_ && steps_to_trial_ % kSampled == 0); }

  // Call it after every step; `seconds` is used only if timed() was true before the step.
  void Finished(double seconds);

 private:
  static constexpr int64_t kSampled = 16;  // between trials, one step in kSampled is timed

  void BeginAfter(double seconds);
  void BeginTrial();
  void BeginBlock();
  void EndBlock();
  void EndTrial();
  void Watch(double seconds);

  const bool measured_;
  bool first_ = false;  // the next step is the first one
  bool trying_ = false;
  bool shared_ = false;  // for the next step
  bool chosen_ = false;  // shared, according to the last trial

  // Of the current trial:
  size_t block_ = 0;
  double trial_seconds_ = 0;
  int64_t trial_steps_ = 0;
  size_t warm_steps_ = 0;  // still to run without being counted
  int64_t block_steps_ = 0;
  double block_seconds_ = 0;
  double fastest_[2] = {0, 0};  // seconds a step: alone, shared

  int64_t steps_to_trial_ = 0;
  int64_t unwatched_ = 0;  // remaining steps that cannot start a new trial by being slow
  int slow_samples_ = 0;   // in a row
  double rest_ = 0;        // least seconds between two trials
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_THREAD_TUNER_H_
