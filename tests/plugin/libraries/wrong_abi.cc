// Says that another compiler built it: nothing of it must run.
#include <cstdlib>

#include "framework/plugin/abi.h"
#include "tests/plugin/libraries/traces.h"

namespace {

const nabla::Trace kTrace;

}  // namespace

NABLA_PLUGIN_NOTE("nabla plugins 0, some compiler");
extern "C" void nabla_plugin_entry() { std::abort(); }
