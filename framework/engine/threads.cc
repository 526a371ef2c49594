#include "framework/engine/threads.h"

#include <sched.h>
#include <sys/mman.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <exception>
#include <fstream>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "framework/kernels/processor.h"

#ifdef __SANITIZE_THREAD__
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);

// Hides races inside the library itself.
extern "C" const char* __tsan_default_suppressions() { return "called_from_lib:libtbb.so.12\n"; }
#endif

namespace nabla {
namespace {

// Tells ThreadSanitizer about the order that oneTBB guarantees, since Debian's library is built
// without it: a task begins after it was handed over, and the wait returns after it has ended.
// Static, because a task must not touch anything else before that order is known.
class TaskOrder {
 public:
#ifdef __SANITIZE_THREAD__
  static void HandOver() { __tsan_release(&begin_); }
  static void Begin() { __tsan_acquire(&begin_); }
  static void End() { __tsan_release(&end_); }
  static void Waited() { __tsan_acquire(&end_); }

 private:
  inline static char begin_ = 0;
  inline static char end_ = 0;
#else
  static void HandOver() {}
  static void Begin() {}
  static void End() {}
  static void Waited() {}
#endif
};

// oneTBB 2022 waits for itself for ever where it finds no memory for an arena. Throws bad_alloc
// before that: with this much, its allocator gets the regions that it wants.
void NeedMemoryOfArena() {
  constexpr size_t kBytes = size_t{8} << 20;
  void* const region =
      mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) throw std::bad_alloc();
  munmap(region, kBytes);
}

// Pauses before a worker sleeps, about 50 us: longer than the serial part between two phases, so
// that a worker need not be woken for each phase.
constexpr int kSpins = 2000;

// How many threads, up to `wanted`, the system starts for this process now. Tries it, since limits
// on threads, process identifiers and memory all count.
size_t StartableThreads(size_t wanted) {
  std::atomic<bool> end{false};
  std::vector<std::thread> probes;
  try {
    while (probes.size() < wanted) probes.emplace_back([&end] { end.wait(false); });
  } catch (const std::exception&) {
    // std::system_error for threads, std::bad_alloc for memory.
  }
  end = true;
  end.notify_all();
  for (std::thread& probe : probes) probe.join();
  return probes.size();
}

// The workers that oneTBB can have, at most `wanted`. It keeps those that it has started until the
// process ends, but aborts or hangs where it cannot start one, so it is asked for no others.
size_t AllowedHelpers(size_t wanted) {
  static std::mutex mutex;
  static size_t started = 0;
  const std::lock_guard lock(mutex);
  if (wanted > started) started += StartableThreads(wanted - started);
  return std::min(wanted, started);
}

size_t AffinityCores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return std::thread::hardware_concurrency();
  return static_cast<size_t>(CPU_COUNT(&set));
}

// CPU seconds per second that the cgroup allows, or a huge number without a limit.
double QuotaCores() {
  constexpr double kNone = 1e9;
  std::ifstream v2("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (v2 >> quota >> period) {
    return quota == "max" || period <= 0 ? kNone : std::atof(quota.c_str()) / period;
  }
  std::ifstream v1_quota("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream v1_period("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  double allowed = -1;
  if (v1_quota >> allowed && v1_period >> period && allowed > 0 && period > 0) {
    return allowed / period;
  }
  return kNone;
}

}  // namespace

size_t UsableCores() {
  const double quota = std::max(1.0, std::floor(QuotaCores() + 0.5));
  return std::max<size_t>(1, std::min(AffinityCores(), static_cast<size_t>(std::min(quota, 1e6))));
}

std::string CoreSet() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return "";
  std::string text;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) text += (text.empty() ? "" : " ") + std::to_string(core);
  }
  return text;
}

FlushDenormals::FlushDenormals() : saved_(FloatControl()) {
  SetFloatControl(WithoutDenormals(saved_));
}

FlushDenormals::~FlushDenormals() { SetFloatControl(saved_); }

// Helpers are TBB tasks that live as long as the pool; a pool beside it gets none. The leader never
// waits for a helper to start, only for items that were begun, so it does not matter how many tasks
// TBB really runs.
class Threads::Pool {
 public:
  explicit Pool(size_t count)
      : shares_(count),
        // With more workers than cores, spinning would take a core from a worker that has items.
        spins_(count <= UsableCores() ? kSpins : 0),
        allowed_(tbb::global_control::max_allowed_parallelism,
                 std::max(count, tbb::global_control::active_value(
                                     tbb::global_control::max_allowed_parallelism))),
        arena_(static_cast<int>(count)) {
    NeedMemoryOfArena();
    TaskOrder::HandOver();
    arena_.execute([this] {
      for (size_t worker = 1; worker < shares_.size(); ++worker) {
        // The library's header writes the captures after HandOver, which would be reported.
        helpers_.run([ this, worker ]() __attribute__((no_sanitize_thread)) {
          TaskOrder::Begin();
          Help(worker);
          TaskOrder::End();
        });
      }
    });
  }

  ~Pool() {
    stop_.store(true);
    Wake();
    arena_.execute([this] { helpers_.wait(); });
    TaskOrder::Waited();
  }

  void Run(size_t items, void* body, Call call) {
    const uint32_t phase = phase_.load(std::memory_order_relaxed) + 1;
    body_.store(body, std::memory_order_relaxed);
    call_.store(call, std::memory_order_relaxed);
    items_.store(items, std::memory_order_relaxed);
    done_.store(0, std::memory_order_relaxed);
    for (size_t worker = 0; worker < shares_.size(); ++worker) {
      const size_t count = Begin(worker + 1, items) - Begin(worker, items);
      shares_[worker].left.store(Pack(phase, count), std::memory_order_release);
    }
    // Sequentially consistent, as in Sleep: either this sees the sleeper or it sees the new phase.
    phase_.store(phase, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) > 0) phase_.notify_all();
    Work(0, phase);
    for (int spin = 0; done_.load(std::memory_order_acquire) != items; ++spin) {
      if (spin < spins_) {
        Pause();
      } else {
        std::this_thread::yield();
      }
    }
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  }

 private:
  // The phase (upper 32 bits) and the number of items left in one worker's share, so that one
  // compare-and-swap both claims an item and proves that its phase is still running. Counted down:
  // a finished phase then has nothing to claim, whatever the next one will consist of. 64 bytes are
  // a cache line; without the alignment, workers would slow each other down.
  struct alignas(64) Share {
    std::atomic<uint64_t> left{0};
  };

  static uint64_t Pack(uint32_t phase, size_t count) { return uint64_t{phase} << 32 | count; }

  size_t Begin(size_t worker, size_t items) const { return items * worker / shares_.size(); }

  void Work(size_t worker, uint32_t phase) {
    for (size_t k = 0; k < shares_.size(); ++k) {
      const size_t owner = (worker + k) % shares_.size();
      std::atomic<uint64_t>& left = shares_[owner].left;
      uint64_t claim = left.load(std::memory_order_acquire);
      while (claim >> 32 == phase && (claim & 0xFFFFFFFF) > 0) {
        if (!left.compare_exchange_weak(claim, claim - 1, std::memory_order_acq_rel)) continue;
        RunItem(owner, claim & 0xFFFFFFFF, worker);
        claim = left.load(std::memory_order_acquire);
      }
    }
  }

  // Runs the item of a share that was claimed when `count` were left. Reads items_ and body_ only
  // now: the phase cannot end, and the next one begin, before this item is done.
  void RunItem(size_t owner, size_t count, size_t worker) {
    const size_t item = Begin(owner + 1, items_.load(std::memory_order_relaxed)) - count;
    const Call call = call_.load(std::memory_order_relaxed);
    try {
      call(body_.load(std::memory_order_relaxed), item, worker);
    } catch (...) {
      const std::lock_guard lock(throwing_);
      thrown_ = std::current_exception();
    }
    done_.fetch_add(1, std::memory_order_acq_rel);
  }

  void Help(size_t worker) {
    const FlushDenormals flush;
    uint32_t seen = 0;
    while (!stop_.load()) {
      for (int spin = 0; phase_.load(std::memory_order_acquire) == seen && spin < spins_; ++spin) {
        Pause();
      }
      if (phase_.load(std::memory_order_acquire) == seen) Sleep(seen);
      seen = phase_.load(std::memory_order_acquire);
      if (!stop_.load()) Work(worker, seen);
    }
  }

  void Sleep(uint32_t seen) {
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    phase_.wait(seen);
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
  }

  void Wake() {
    phase_.fetch_add(1);
    phase_.notify_all();
  }

  std::vector<Share> shares_;
  const int spins_;
  tbb::global_control allowed_;
  tbb::task_arena arena_;
  tbb::task_group helpers_;

  alignas(64) std::atomic<uint32_t> phase_{0};
  std::atomic<void*> body_{nullptr};
  std::atomic<Call> call_{nullptr};
  std::atomic<size_t> items_{0};
  std::atomic<bool> stop_{false};
  std::mutex throwing_;
  std::exception_ptr thrown_;  // by an item of this phase
  alignas(64) std::atomic<size_t> done_{0};
  alignas(64) std::atomic<int> sleepers_{0};
};

Threads::Threads(size_t count)
    : wanted_(std::max<size_t>(1, count)), count_(1 + AllowedHelpers(wanted_ - 1)) {
  if (count_ > 1) pool_ = std::make_unique<Pool>(count_);
}

std::string Threads::Shortage() const {
  if (count_ == wanted_) return "";
  return "the system allows only " + std::to_string(count_) + " of " + std::to_string(wanted_) +
         " threads: slower, with the same results";
}

Threads::~Threads() = default;

void Threads::RunShared(size_t items, void* body, Call call) { pool_->Run(items, body, call); }

}  // namespace nabla
