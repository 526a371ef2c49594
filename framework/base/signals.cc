#include "framework/base/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <utility>

namespace nabla {
namespace {

std::atomic<int> caught{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not take locks");

void Handle(int signal) {
  if (caught.exchange(signal) != 0) _exit(128 + signal);
}

std::atomic<int> hangups{0};

void HandleHangup(int) { hangups.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

void CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = Handle;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = HandleHangup;
  sigaction(SIGHUP, &action, nullptr);
}

int CaughtSignal() { return caught.load(); }

bool TakeHangup() {
  thread_local int heard = 0;
  const int now = hangups.load(std::memory_order_relaxed);
  return std::exchange(heard, now) != now;
}

}  // namespace nabla
