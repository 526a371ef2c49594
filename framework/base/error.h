// Errors for users: where, what, and the nearest right thing; all problems of an input at once.
#ifndef NABLA_FRAMEWORK_BASE_ERROR_H_
#define NABLA_FRAMEWORK_BASE_ERROR_H_

#include <stdexcept>
#include <string>
#include <vector>

namespace nabla {

// Where something was written. line and column count from 1; 0 means unknown.
struct Place {
  std::string origin;  // a file's path as the user knows it, or "command line"
  int line = 0;
  int column = 0;

  // "file:3:7", "file" or "" as far as known.
  std::string ToString() const;
};

struct Problem {
  Place place;
  std::string message;

  // "file:3:7: error: message".
  std::string ToString() const;
};

// Bad input: exit code 2. what() is one line a problem.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems);
  explicit InputError(const std::string& message);  // without a place

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

// Something failed that the input cannot be blamed for (disk, network, memory): exit code 1.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Collects problems so that a user sees all of them in one go.
class Problems {
 public:
  void Add(Place place, std::string message);
  bool empty() const { return list_.empty(); }
  size_t size() const { return list_.size(); }
  const std::vector<Problem>& list() const { return list_; }

  // Throws InputError with all problems, ordered by place, if there are any.
  void ThrowIfAny() const;

 private:
  std::vector<Problem> list_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_ERROR_H_
