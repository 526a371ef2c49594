#include "framework/plugin/abi.h"

NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);
