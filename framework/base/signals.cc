#include "framework/base/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <utility>

namespace nabla {
namespace {

std::atomic<int> caught{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not take locks");

std::atomic<int> under_way{0};
std::atomic<bool> any_yet{false};  // whether a run was ever under way

// Of what may follow the last run: tables, reports.
constexpr unsigned kSecondsToSumUp = 2;

void Handle(int signal) {
  if (caught.exchange(signal) != 0 || !any_yet) _exit(128 + signal);
  if (under_way == 0) alarm(kSecondsToSumUp);
}

void GiveUp(int) { _exit(128 + caught); }

std::atomic<int> hangups{0};

void HandleHangup(int) { hangups.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

void CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = Handle;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = GiveUp;
  sigaction(SIGALRM, &action, nullptr);
  action.sa_handler = HandleHangup;
  sigaction(SIGHUP, &action, nullptr);
}

RunUnderWay::RunUnderWay() {
  ++under_way;
  any_yet = true;
}

// A signal that comes between the two lines sets the alarm too.
RunUnderWay::~RunUnderWay() {
  if (--under_way == 0 && caught != 0) alarm(kSecondsToSumUp);
}

int CaughtSignal() { return caught.load(); }

bool TakeHangup() {
  thread_local int heard = 0;
  const int now = hangups.load(std::memory_order_relaxed);
  return std::exchange(heard, now) != now;
}

}  // namespace nabla
