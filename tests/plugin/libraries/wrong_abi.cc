// Says that another compiler built it, and must not be entered.
#include <cstdlib>

extern "C" const char nabla_plugin_abi[];
extern "C" const char nabla_plugin_abi[] = "nabla plugins 0, some compiler";
extern "C" void nabla_plugin_entry() { std::abort(); }
