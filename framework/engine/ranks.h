// The processes that work together, each with its own index.
#ifndef NABLA_FRAMEWORK_ENGINE_RANKS_H_
#define NABLA_FRAMEWORK_ENGINE_RANKS_H_

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace nabla {

// Every rank makes the same calls in the same order; a call returns when every rank that it waits
// for has made it. One thread at a time.
class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual size_t index() const = 0;  // of this process, from 0
  virtual size_t count() const = 0;
  virtual std::string host() const = 0;  // that this process runs on

  // Sends `mine` to the rank `partner` and receives as many bytes into `theirs`; the partner must
  // call Swap with this rank's index.
  virtual void Swap(size_t partner, std::span<const std::byte> mine,
                    std::span<std::byte> theirs) = 0;
  // Returns on every rank what each rank passed, by index.
  virtual std::vector<std::string> Gather(const std::string& mine) = 0;
  // Ends the processes of all ranks, whatever they are doing, with this exit code.
  [[noreturn]] virtual void Abort(int exit_code) = 0;

  // Returns on every rank what the first rank passed.
  std::string FromFirst(const std::string& mine);
  // "rank 2 of 4 on node7"
  std::string Name() const;
};

// Something failed on a rank, and every rank knows it: all throw this, with the same text.
class RanksFailed : public std::runtime_error {
 public:
  // what() is the text for the user.
  RanksFailed(const std::string& text, bool bad_input)
      : std::runtime_error(text), bad_input_(bad_input) {}
  bool bad_input() const { return bad_input_; }

 private:
  bool bad_input_;
};

// Calls `action`, which must not use `ranks`, on every rank. If it throws on any rank, every rank
// throws RanksFailed: with the error itself if it is the same on all ranks, else with the names and
// errors of the ranks that failed. Without ranks (null) this only calls `action`.
void Together(Ranks* ranks, const std::function<void()>& action);

// A fact that must be the same on all ranks.
struct SharedFact {
  std::string name;  // "the configuration"
  std::string value;
};

// Throws RanksFailed, which names each fact that differs from the first rank's, and the rank. Every
// rank passes the same names in the same order.
void CheckAlike(Ranks& ranks, const std::vector<SharedFact>& facts);

// numbers[i] = the sum of all ranks' numbers[i], and the same for metrics, added in a balanced
// binary tree over the ranks, which fixes the bits: ((0 + 1) + (2 + 3)) + ... . The number of ranks
// is a power of two. Every rank gets every sum (recursive doubling: Thakur, Rabenseifner, Gropp
// 2005, section 4.4).
template <typename T>
class RankSum {
 public:
  RankSum(Ranks& ranks, size_t numbers, size_t metrics);

  // Fill these before Run; they hold the sums after it.
  std::span<T> numbers() { return {reinterpret_cast<T*>(mine_.data() + metric_bytes_), numbers_}; }
  std::span<double> metrics() { return {reinterpret_cast<double*>(mine_.data()), metrics_}; }

  void Run();

 private:
  Ranks& ranks_;
  const size_t numbers_;
  const size_t metrics_;
  const size_t metric_bytes_;
  std::vector<std::byte> mine_;  // operator new aligns it for both types; metrics come first
  std::vector<std::byte> theirs_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_RANKS_H_
