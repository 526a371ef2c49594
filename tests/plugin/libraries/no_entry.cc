#include "framework/plugin/abi.h"

extern "C" const char nabla_plugin_abi[];
extern "C" const char nabla_plugin_abi[] = NABLA_PLUGIN_ABI;
