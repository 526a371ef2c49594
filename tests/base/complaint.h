// How bad input is refused.
#ifndef NABLA_TESTS_BASE_COMPLAINT_H_
#define NABLA_TESTS_BASE_COMPLAINT_H_

#include <string>

#include "framework/base/error.h"

namespace nabla {

// The message of the InputError that `call` throws, or "accepted".
template <typename F>
std::string ComplaintOf(F call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

}  // namespace nabla

#endif  // NABLA_TESTS_BASE_COMPLAINT_H_
