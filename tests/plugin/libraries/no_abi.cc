// A library of something else: nothing of it must run.
#include "tests/plugin/libraries/traces.h"

namespace {

const nabla::Trace kTrace;

}  // namespace

extern "C" int square(int x) { return x * x; }
