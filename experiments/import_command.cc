#include "experiments/import_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>

#include "experiments/output_file.h"
#include "framework/base/error.h"
#include "framework/data/disk.h"
#include "framework/data/files.h"
#include "framework/import/draft.h"
#include "framework/notebook/notebook.h"
#include "framework/spec/spec.h"
#include "framework/terminal/output.h"
#include "framework/training/run_options.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr const char* kImportFooter =
    R"(The notebook is read and never run. In the file that import writes, a comment after each value
gives the cell and line that it comes from. "# ?" marks what was guessed or not found: check these
first.

Examples:
  nabla import net.ipynb                   # shows the file
  nabla import net.ipynb --out net.yaml    # writes it
  nabla net.yaml --print-config            # lists what is still unanswered
  nabla reproduce net.yaml)";

// What keeps the draft from being an experiment; each problem stands in a line with "# ?".
std::string ProblemsOf(const std::string& yaml, const std::string& name, const Program& program) {
  try {
    CheckExperiment(ParseYaml(yaml, name), program.registry);
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

Notebook ReadNotebookFile(const ImportArguments& a, const Program& program) {
  const Files files({.working_directory = program.working_directory});
  const Bytes bytes = files.Read(a.file, kMostNotebookBytes);
  return ReadNotebook({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, a.file);
}

int Import(const ImportArguments& a, const Program& program) {
  const fs::path out = fs::path(program.working_directory) / a.out;
  if (!a.out.empty()) CheckOutputFile({.option = "--out", .path = out, .what = "a draft"});
  const std::string yaml = DraftExperiment(ReadNotebookFile(a, program), a.file, program.registry);
  if (a.out.empty()) {
    Print(yaml);
    return kGood;
  }
  WriteText(out.string(), yaml);
  Print(fmt::format("wrote {}\n", a.out));
  const std::string problems = ProblemsOf(yaml, a.out, program);
  if (!problems.empty())
    Print(fmt::format("Answer these \"# ?\" before you run it:\n{}\n", problems));
  return kGood;
}

}  // namespace

void DeclareImportCommand(CLI::App& app, ImportArguments* a) {
  CLI::App& command =
      *app.add_subcommand("import", "write the experiment file that a notebook describes");
  command.add_option("notebook", a->file, "an .ipynb, a .py, or the text of a notebook")
      ->required();
  command.add_option("--out", a->out, "the file to write (default: the standard output)")
      ->check(NoDash());
  command.footer(kImportFooter);
}

std::optional<int> RunImportCommand(const CLI::App& app, const ImportArguments& a,
                                    const Program& program) {
  if (!app.got_subcommand("import")) return std::nullopt;
  return Import(a, program);
}

}  // namespace nabla
