// Workers that share the items of a phase, with a barrier at its end. The only use of oneTBB.
#ifndef NABLA_FRAMEWORK_ENGINE_THREADS_H_
#define NABLA_FRAMEWORK_ENGINE_THREADS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

namespace nabla {

// The number of cores that its affinity and its cgroup's quota let this process use, at least 1.
size_t UsableCores();
// The cores in its affinity mask: "0 1 5".
std::string CoreSet();

// `count` workers, of which the calling thread is worker 0. Every worker owns a contiguous share of
// the items and takes items from the other shares when its own is done, so that a late or missing
// worker delays nobody. What an item computes must not depend on the worker that runs it.
class Threads {
 public:
  // If a limit of the system allows fewer workers, there are fewer.
  explicit Threads(size_t count);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  size_t count() const { return count_; }
  // What to tell a user who asked for more threads than there are; "" if all are there.
  std::string Shortage() const;

  // Calls body(item, worker) for every item below `items` < 2^32; returns when all are done. Not
  // reentrant. If items throw, one of their exceptions is thrown again when all are done.
  template <typename F>
  void Run(size_t items, F&& body) {
    using Body = std::remove_reference_t<F>;
    if (count_ == 1 || items <= 1) {
      for (size_t i = 0; i < items; ++i) body(i, size_t{0});
      return;
    }
    RunShared(items, const_cast<void*>(static_cast<const void*>(&body)),
              [](void* f, size_t item, size_t worker) { (*static_cast<Body*>(f))(item, worker); });
  }

 private:
  using Call = void (*)(void*, size_t item, size_t worker);
  class Pool;

  void RunShared(size_t items, void* body, Call call);

  const size_t wanted_;
  const size_t count_;
  std::unique_ptr<Pool> pool_;  // only if count_ > 1
};

// While it exists, this thread treats denormal numbers as zero: they are slow, and the numeric
// contract counts them as zero on every thread.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();

 private:
  unsigned saved_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_THREADS_H_
