// What a library of plugins and the program that loads it must agree on before either uses a C++
// object of the other.
#ifndef NABLA_FRAMEWORK_PLUGIN_ABI_H_
#define NABLA_FRAMEWORK_PLUGIN_ABI_H_

// Defines _GLIBCXX_USE_CXX11_ABI.
#include <cstddef>
#include <cstdint>

// Increase it with every change to what a plugin sees: framework/plugin/plugin.h and what it
// includes.
#define NABLA_PLUGIN_INTERFACE 8

#define NABLA_TEXT_OF(value) #value
#define NABLA_TEXT(macro) NABLA_TEXT_OF(macro)
#ifdef __clang__
#define NABLA_COMPILER "clang " __clang_version__
#else
#define NABLA_COMPILER "g++ " __VERSION__
#endif

// Interface, compiler and version, C++ ABI of compiler and standard library, number types.
#define NABLA_PLUGIN_ABI \
  "nabla plugins " NABLA_TEXT(NABLA_PLUGIN_INTERFACE) ", " NABLA_COMPILER                     \
  ", C++ ABI " NABLA_TEXT(__GXX_ABI_VERSION) "/" NABLA_TEXT(_GLIBCXX_USE_CXX11_ABI) ", float" \
  NABLA_TEXT(__SIZEOF_FLOAT__) " double" NABLA_TEXT(__SIZEOF_DOUBLE__)

// The text is in a note of the ELF file, which can be read before the library is loaded and its
// static constructors run.
#define NABLA_NOTE_OWNER "nabla"
#define NABLA_NOTE_TYPE 1

namespace nabla {

// An Elf64_Nhdr, the owner padded to 4 bytes, the text.
template <size_t size>
struct AbiNote {
  uint32_t owner_size = sizeof(NABLA_NOTE_OWNER);
  uint32_t text_size = size;
  uint32_t type = NABLA_NOTE_TYPE;
  char owner[(sizeof(NABLA_NOTE_OWNER) + 3) / 4 * 4] = NABLA_NOTE_OWNER;
  char text[size];
};

}  // namespace nabla

// Once in each library: NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);
#define NABLA_PLUGIN_NOTE(abi)                                             \
  __attribute__((section(".note.nabla"), used,                             \
                 aligned(4))) static constexpr nabla::AbiNote<sizeof(abi)> \
      kNablaAbiNote {                                                      \
    .text = abi                                                            \
  }

// The function that a library exports:
//   extern "C" void nabla_plugin_entry(nabla::Registry&, const char* origin, bool avx512);
#define NABLA_ENTRY_SYMBOL "nabla_plugin_entry"

#endif  // NABLA_FRAMEWORK_PLUGIN_ABI_H_
