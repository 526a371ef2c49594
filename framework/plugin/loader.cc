#include "framework/plugin/loader.h"

#include <dlfcn.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/hash.h"
#include "framework/kernels/simd.h"
#include "framework/plugin/abi.h"
#include "framework/plugin/elf_note.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

using LibraryEntry = void (*)(Registry&, const char* origin, bool avx512);

[[noreturn]] void Refuse(const std::string& path, const std::string& why) {
  throw InputError("cannot load plugins from " + path + ": " + why);
}

std::vector<uint8_t> ReadFile(const std::string& path, const std::string& file) {
  constexpr uintmax_t kMostBytes = uintmax_t{1} << 30;
  std::error_code error;
  const uintmax_t size = fs::file_size(file, error);
  if (error) Refuse(path, "it cannot be read: " + error.message());
  if (size > kMostBytes) Refuse(path, "it is larger than 1 GiB");
  std::vector<uint8_t> content(size);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(size));
  if (!in) Refuse(path, "it cannot be read");
  return content;
}

// Reads the ABI from the file's content, because dlopen would run the library's static
// constructors.
void CheckAbi(const std::string& path, const std::vector<uint8_t>& content) {
  std::optional<std::string> note;
  try {
    note = ReadElfNote(content, NABLA_NOTE_OWNER, NABLA_NOTE_TYPE, path);
  } catch (const InputError& e) {
    Refuse(path, "it " + e.problems().front().message);
  }
  if (!note)
    Refuse(path, "it does not say which ABI it is for; build it as `nabla new-plugin` says");
  constexpr size_t kMostShown = 200;
  const std::string found = note->substr(0, std::min(note->find('\0'), kMostShown));
  if (found != NABLA_PLUGIN_ABI) {
    Refuse(path, "it was built for another ABI; expected \"" NABLA_PLUGIN_ABI "\", found \"" +
                     found + "\"");
  }
}

// The entry of a library whose ABI has been checked.
LibraryEntry Open(const std::string& path, const std::string& file) {
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) Refuse(path, std::string("it cannot be linked: ") + dlerror());
  void* entry = dlsym(library, NABLA_ENTRY_SYMBOL);
  if (entry == nullptr) {
    Refuse(path, "it has no " NABLA_ENTRY_SYMBOL "; build it as `nabla new-plugin` says");
  }
  return reinterpret_cast<LibraryEntry>(entry);
}

std::string HashOf(const std::vector<uint8_t>& content) {
  Hasher hasher;
  hasher.Add(content.data(), content.size());
  return hasher.Hex();
}

}  // namespace

void PluginLoader::Load(const std::string& path) {
  std::error_code error;
  const fs::path file = fs::canonical(fs::path(folder_) / path, error);
  if (error) Refuse(path, "there is no such file");
  if (!fs::is_regular_file(file, error)) Refuse(path, "it is not a file");
  if (loaded_.contains(file.string())) return;
  std::string hash;
  {
    const std::vector<uint8_t> content = ReadFile(path, file.string());
    CheckAbi(path, content);
    hash = HashOf(content);
  }
  const LibraryEntry entry = Open(path, file.string());

  // Registers into a copy, so that nothing remains of a library that fails halfway.
  Registry grown = registry_;
  try {
    entry(grown, path.c_str(), SimdName() == "avx512");
  } catch (const InputError& e) {
    Refuse(path, e.problems().front().message);
  } catch (const std::exception& e) {
    Refuse(path, std::string("its entry failed: ") + e.what());
  } catch (...) {
    Refuse(path, "its entry failed with an unknown exception");
  }
  if (grown.size() == registry_.size()) Refuse(path, "it registers no plugin");
  grown.AddLibrary(path, hash);
  registry_ = std::move(grown);
  loaded_.insert(file.string());
}

}  // namespace nabla
