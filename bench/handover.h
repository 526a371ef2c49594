// How long a cache line takes from one core to another and back: what every barrier waits for, and
// every row that one thread writes and the other reads.
#ifndef NABLA_BENCH_HANDOVER_H_
#define NABLA_BENCH_HANDOVER_H_

namespace nabla {

// Registers the benchmark "handover", unless this process may use one core only.
void RegisterHandover();

}  // namespace nabla

#endif  // NABLA_BENCH_HANDOVER_H_
