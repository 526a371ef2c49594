#include "experiments/notebook_commands.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include "framework/experiment/run_options.h"
#include "framework/experiment/spec.h"
#include "framework/formats/atomic_file.h"
#include "framework/notebook/draft.h"
#include "framework/notebook/notebook.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path, const std::string& name) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    throw InputError(std::vector<Problem>{{{name}, "no such file"}});
  }
  if (fs::file_size(path, error) > kMostNotebookBytes) {
    throw InputError(std::vector<Problem>{{{name}, "larger than 256 MiB"}});
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw RunError(name + ": cannot be read");
  return bytes;
}

// What is wrong with the draft as an experiment; each problem is at a "# ?".
std::string ProblemsOf(const std::string& yaml, const std::string& name, const Program& program) {
  try {
    CheckExperiment(ParseYaml(yaml, name), program.registry);
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

int Import(const NotebookArguments& a, const Program& program) {
  const fs::path folder = program.working_directory;
  const fs::path out = folder / a.out;
  std::error_code error;
  if (!a.out.empty() && fs::exists(fs::symlink_status(out, error))) {
    throw InputError(std::vector<Problem>{{{a.out}, "exists already, and is not overwritten"}});
  }
  const Notebook notebook = ReadNotebook(ReadFile(folder / a.file, a.file), a.file);
  const std::string yaml = DraftExperiment(notebook, a.file, program.registry);
  if (a.out.empty()) {
    fmt::print("{}", yaml);
    return kGood;
  }
  WriteFileAtomically(out, std::span(reinterpret_cast<const uint8_t*>(yaml.data()), yaml.size()));
  fmt::print("written: {}\n", a.out);
  const std::string problems = ProblemsOf(yaml, a.out, program);
  if (!problems.empty()) fmt::print("to be answered first, at \"# ?\":\n{}\n", problems);
  return kGood;
}

}  // namespace

void DeclareNotebookCommands(CLI::App& app, NotebookArguments* a) {
  CLI::App& import = *app.add_subcommand(
      "import", "write an experiment file from a notebook, which is read and never run");
  import.add_option("notebook", a->file, "an .ipynb, a .py, or the text of a notebook")->required();
  import.add_option("--out", a->out, "the file to write (default: the standard output)");
}

std::optional<int> RunNotebookCommand(const CLI::App& app, const NotebookArguments& a,
                                      const Program& program) {
  if (!app.got_subcommand("import")) return std::nullopt;
  return Import(a, program);
}

}  // namespace nabla
