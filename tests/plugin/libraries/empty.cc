// Registers nothing.
#include "framework/plugin/abi.h"

extern "C" const char nabla_plugin_abi[];
extern "C" const char nabla_plugin_abi[] = NABLA_PLUGIN_ABI;
extern "C" void nabla_plugin_entry() {}
