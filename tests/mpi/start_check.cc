// Says which rank this process is. The rank that the argument names aborts with exit code 7 while
// the others wait for it.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "framework/mpi/start.h"

int main(int argc, char** argv) try {
  std::setvbuf(stdout, nullptr, _IOFBF, BUFSIZ);
  const std::unique_ptr<nabla::Ranks> ranks = nabla::StartRanks();
  std::printf("%s\n", ranks ? ranks->Name().c_str() : "alone");
  std::fflush(stdout);
  if (!ranks) return 0;
  ranks->Gather("");
  if (argc > 1 && ranks->index() == std::strtoull(argv[1], nullptr, 10)) {
    std::printf("last words\n");
    ranks->Abort(7);
  }
  ranks->Gather("");
  return 0;
} catch (const std::exception& e) {
  std::printf("error: %s\n", e.what());
  return 1;
}
