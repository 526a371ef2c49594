// Registers nothing.
#include "framework/plugin/abi.h"

NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);
extern "C" void nabla_plugin_entry() {}
