#include "framework/experiment/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace nabla {
namespace {

std::atomic<int> caught{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may use it");

void Handle(int signal) {
  if (caught.exchange(signal) != 0) _exit(128 + signal);
}

std::atomic<bool> hangup{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may use it");

void HandleHangup(int) { hangup = true; }

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

bool TakeHangup() { return hangup.load(std::memory_order_relaxed) && hangup.exchange(false); }

}  // namespace nabla
