// Errors for users: the place, the problem and a suggestion; all problems of an input at once.
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

  // "file:3:7", "file:3", "file" or "", depending on what is known.
  std::string ToString() const;
};

struct Problem {
  Place place;
  std::string message;

  // "file:3:7: error: message".
  std::string ToString() const;
};

// Bad input: exit code 2. what() has one line per problem.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems);
  explicit InputError(const std::string& message);  // without a place

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

// A failure that is not the input's fault (disk, network, memory): exit code 1.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Collects problems so that a user sees all of them at once.
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
