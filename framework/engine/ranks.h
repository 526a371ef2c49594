// The processes that do one thing together, each with a number of its own.
#ifndef NABLA_FRAMEWORK_ENGINE_RANKS_H_
#define NABLA_FRAMEWORK_ENGINE_RANKS_H_

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace nabla {

// Every rank calls the same of these in the same order; a call returns when all it waits for have
// called it. One thread at a time.
class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual size_t index() const = 0;  // of this process, from 0
  virtual size_t count() const = 0;
  virtual std::string host() const = 0;  // that this process runs on

  // Sends `mine` to the rank `partner` and receives as much into `theirs`; the partner's call names
  // this rank.
  virtual void Swap(size_t partner, std::span<const std::byte> mine,
                    std::span<std::byte> theirs) = 0;
  // What each rank gave, by rank, on every rank.
  virtual std::vector<std::string> Gather(const std::string& mine) = 0;
  // Ends the processes of all ranks, whatever they are doing, with this exit code.
  [[noreturn]] virtual void Abort(int exit_code) = 0;

  // What the first rank gives.
  std::string FromFirst(const std::string& mine);
  // "rank 2 of 4 on node7"
  std::string Name() const;
};

// Something failed on a rank, and every rank knows: each throws this, with the same text.
class RanksFailed : public std::runtime_error {
 public:
  // what() is as a user is to see it.
  RanksFailed(const std::string& text, bool bad_input)
      : std::runtime_error(text), bad_input_(bad_input) {}
  bool bad_input() const { return bad_input_; }

 private:
  bool bad_input_;
};

// Calls `action` on every rank; it calls nothing of `ranks`. If it throws anywhere, every rank
// throws RanksFailed: with the text as it is where all failed alike, else with the names of the
// ranks that did. Just the action where there are none.
void Together(Ranks* ranks, const std::function<void()>& action);

// A fact that must be the same on all ranks.
struct SharedFact {
  std::string name;  // "the configuration"
  std::string value;
};

// Throws RanksFailed that names each fact that differs from the first rank's, and where. Every rank
// gives the same names in the same order.
void CheckAlike(Ranks& ranks, const std::vector<SharedFact>& facts);

// numbers[i] = the sum of all ranks' numbers[i], and the same of metrics, with the bits of a
// balanced binary tree over the ranks: ((0 + 1) + (2 + 3)) + ... . The number of ranks is a power
// of two. Every rank gets every sum (recursive doubling: Thakur, Rabenseifner, Gropp 2005, section
// 4.4).
template <typename T>
class RankSum {
 public:
  RankSum(Ranks& ranks, size_t numbers, size_t metrics);

  // To be filled before Run, to be read behind it.
  std::span<T> numbers() { return {reinterpret_cast<T*>(mine_.data() + metric_bytes_), numbers_}; }
  std::span<double> metrics() { return {reinterpret_cast<double*>(mine_.data()), metrics_}; }

  void Run();

 private:
  Ranks& ranks_;
  const size_t numbers_;
  const size_t metrics_;
  const size_t metric_bytes_;
  std::vector<std::byte> mine_;  // aligned as operator new does
  std::vector<std::byte> theirs_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_RANKS_H_
