// Ranks that are threads of one process, for tests of what processes do together.
#ifndef NABLA_TESTS_ENGINE_THREAD_RANKS_H_
#define NABLA_TESTS_ENGINE_THREAD_RANKS_H_

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "framework/engine/ranks.h"

namespace nabla {

class ThreadRanks : public Ranks {
 public:
  // What all of them see.
  struct Board {
    explicit Board(size_t count)
        : sent(count), texts(count), barrier(static_cast<std::ptrdiff_t>(count)) {}
    std::vector<std::span<const std::byte>> sent;
    std::vector<std::string> texts;
    std::barrier<> barrier;
  };

  ThreadRanks(Board& board, size_t index) : board_(board), index_(index) {}

  size_t index() const override { return index_; }
  size_t count() const override { return board_.sent.size(); }
  std::string host() const override { return "host" + std::to_string(index_); }

  // As all ranks swap at the same time, one barrier serves all pairs.
  void Swap(size_t partner, std::span<const std::byte> mine, std::span<std::byte> theirs) override {
    board_.sent[index_] = mine;
    board_.barrier.arrive_and_wait();
    const std::span<const std::byte> other = board_.sent[partner];
    if (other.size() != theirs.size()) std::abort();
    std::copy(other.begin(), other.end(), theirs.begin());
    board_.barrier.arrive_and_wait();
  }

  std::vector<std::string> Gather(const std::string& mine) override {
    board_.texts[index_] = mine;
    board_.barrier.arrive_and_wait();
    std::vector<std::string> all = board_.texts;
    board_.barrier.arrive_and_wait();
    return all;
  }

  [[noreturn]] void Abort(int exit_code) override { std::exit(exit_code); }

 private:
  Board& board_;
  const size_t index_;
};

// body(rank) on `count` ranks at once; what one of them throws is thrown here.
template <typename F>
void OnRanks(size_t count, F body) {
  ThreadRanks::Board board(count);
  std::vector<std::exception_ptr> errors(count);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      ThreadRanks ranks(board, i);
      try {
        body(ranks);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace nabla

#endif  // NABLA_TESTS_ENGINE_THREAD_RANKS_H_
