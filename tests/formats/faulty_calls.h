// Disks that fail.
#ifndef NABLA_TESTS_FORMATS_FAULTY_CALLS_H_
#define NABLA_TESTS_FORMATS_FAULTY_CALLS_H_

#include <cstddef>
#include <string>

#include "framework/formats/atomic_file.h"

namespace nabla {

// Real calls, of which one fails, once. Writes take 1000 bytes at most.
class Faults {
 public:
  // The call number `failing`, counted from 1, of the kind "open", "write", "fsync" or "rename", or
  // of all of them if it is "". `error` is its errno; for a write 0 says that nothing was written.
  Faults(const std::string& kind, int failing, int error);
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;

  bool failed() const { return seen_ >= failing_; }

  FileCalls calls;

 private:
  bool Fails(const std::string& kind);

  std::string kind_;
  int failing_;
  int error_;
  int seen_ = 0;
};

// Real calls on a disk that takes so many bytes more.
FileCalls FullAfter(size_t bytes);

}  // namespace nabla

#endif  // NABLA_TESTS_FORMATS_FAULTY_CALLS_H_
