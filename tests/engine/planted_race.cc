// A program with a data race in a phase, which ThreadSanitizer must find: otherwise its silence
// about the rest means nothing.
#include <cstdio>

#include "framework/engine/threads.h"

int main() {
  nabla::Threads threads(2);
  int sum = 0;
  // Long enough for the other worker to come.
  for (int phase = 0; phase < 3000; ++phase) {
    threads.Run(100, [&](size_t item, size_t) { sum += static_cast<int>(item); });
  }
  std::printf("%d\n", sum);
  return 0;
}
