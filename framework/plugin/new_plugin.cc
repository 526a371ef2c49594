#include "framework/plugin/new_plugin.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>

#include "framework/base/error.h"
#include "framework/base/nearest.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::string>& Templates() {
  static const std::map<std::string, std::string> templates = {
#include "framework/plugin/templates/templates.inc"
  };
  return templates;
}

constexpr const char* kBuild =
    R"(# Every source file here is a plugin: my_swish.cc gives my_swish.so.
load("@nabla//plugins:plugins.bzl", "nabla_plugin")

[
    nabla_plugin(
        name = source[:-len(".cc")],
        srcs = [source],
    )
    for source in glob(["*.cc"])
]
)";

// NABLA_FOLDER is replaced by the path of nabla's sources.
constexpr const char* kWorkspace = R"(workspace(name = "my_plugins")

# Where nabla's sources are on this machine.
NABLA = "NABLA_FOLDER"

local_repository(
    name = "nabla",
    path = NABLA,
)

load("@nabla//third_party:repositories.bzl", "nabla_repositories")

# The libraries that nabla's headers include.
nabla_repositories(NABLA)
)";

constexpr const char* kBazelrc =
    "# The flags that nabla is built with; a plugin library needs the same.\n"
    "import NABLA_FOLDER/.bazelrc\n"
    "try-import NABLA_FOLDER/.bazelrc.machine\n";

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// "my_swish" as a class is MySwish.
std::string ClassName(const std::string& name) {
  std::string text;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') text += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '_';
  }
  return text;
}

void Check(const NewPlugin& plugin) {
  std::vector<std::string> kinds;
  for (const auto& [kind, text] : Templates()) kinds.push_back(kind);
  if (!Templates().contains(plugin.kind)) {
    throw InputError("unknown kind of plugin \"" + plugin.kind + "\"" +
                     Suggest(plugin.kind, kinds));
  }
  const std::string& name = plugin.name;
  if (name.empty() || name[0] < 'a' || name[0] > 'z' ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
    throw InputError(
        "a plugin's name begins with a letter and consists of a-z, 0-9 and _, found '" + name +
        "'");
  }
}

void Write(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw RunError("cannot write " + path.string());
}

}  // namespace

std::string NewPluginSource(const std::string& kind, const std::string& name) {
  // The literal begins with the line break after its quote.
  const std::string text = Templates().at(kind).substr(1);
  return Replaced(Replaced(text, "my_plugin", name), "MyPlugin", ClassName(name));
}

std::vector<std::string> WriteNewPlugin(const NewPlugin& plugin) {
  Check(plugin);
  const fs::path folder = plugin.out.empty() ? fs::path(plugin.workspace) / "plugins" / plugin.kind
                                             : fs::path(plugin.out);
  const fs::path source = folder / (plugin.name + ".cc");
  std::error_code error;
  if (fs::exists(source, error)) throw InputError(source.string() + " already exists");
  fs::create_directories(folder, error);
  if (error) throw RunError("cannot create " + folder.string() + ": " + error.message());
  Write(source, NewPluginSource(plugin.kind, plugin.name));
  std::vector<std::string> written = {source.string()};
  if (plugin.out.empty() || plugin.workspace.empty()) return written;
  for (const auto& [name, text] :
       {std::pair("BUILD", kBuild), {"WORKSPACE", kWorkspace}, {".bazelrc", kBazelrc}}) {
    const fs::path path = folder / name;
    if (fs::exists(path, error)) continue;
    Write(path, Replaced(text, "NABLA_FOLDER", plugin.workspace));
    written.push_back(path.string());
  }
  return written;
}

}  // namespace nabla
