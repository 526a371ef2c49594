// What a plugin's source is compiled behind where no build rule says what it is: with the flags of
// `pkg-config --cflags nabla`, which include this file first. The source becomes a library of one
// plugin; its entry and its ABI note are those of framework/plugin/entry.cc.
#ifndef NABLA_PACKAGING_PLUGIN_LIBRARY_H_
#define NABLA_PACKAGING_PLUGIN_LIBRARY_H_

// The file on the command line.
#define NABLA_PLUGIN_SOURCE __BASE_FILE__
#define NABLA_PLUGIN_ENTRY EnterLibrary
#define NABLA_PLUGIN_ENTRIES(call) call(EnterLibrary)
#include "framework/plugin/entry.cc"

#endif  // NABLA_PACKAGING_PLUGIN_LIBRARY_H_
