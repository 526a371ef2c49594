// What a library of plugins and the program that loads it must agree on before either touches a C++
// object of the other.
#ifndef NABLA_FRAMEWORK_PLUGIN_ABI_H_
#define NABLA_FRAMEWORK_PLUGIN_ABI_H_

// Defines _GLIBCXX_USE_CXX11_ABI.
#include <cstddef>

// Counts up with every change of what a plugin sees: framework/plugin/plugin.h and what it
// includes.
#define NABLA_PLUGIN_INTERFACE 1

#define NABLA_TEXT_OF(value) #value
#define NABLA_TEXT(macro) NABLA_TEXT_OF(macro)
#ifdef __clang__
#define NABLA_COMPILER "clang " __clang_version__
#else
#define NABLA_COMPILER "g++ " __VERSION__
#endif

// Interface, compiler with its version, C++ ABI of compiler and standard library, number types.
#define NABLA_PLUGIN_ABI \
  "nabla plugins " NABLA_TEXT(NABLA_PLUGIN_INTERFACE) ", " NABLA_COMPILER                     \
  ", C++ ABI " NABLA_TEXT(__GXX_ABI_VERSION) "/" NABLA_TEXT(_GLIBCXX_USE_CXX11_ABI) ", float" \
  NABLA_TEXT(__SIZEOF_FLOAT__) " double" NABLA_TEXT(__SIZEOF_DOUBLE__)

// The names that a library exports:
//   extern "C" const char nabla_plugin_abi[] = NABLA_PLUGIN_ABI;
//   extern "C" void nabla_plugin_entry(nabla::Registry&, const char* origin, bool avx512);
#define NABLA_ABI_SYMBOL "nabla_plugin_abi"
#define NABLA_ENTRY_SYMBOL "nabla_plugin_entry"

#endif  // NABLA_FRAMEWORK_PLUGIN_ABI_H_
