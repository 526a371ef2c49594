// A notebook, JSON or text, is refused or becomes a draft that is YAML, and whose problems as an
// experiment all stand in lines with a question.
#include "framework/notebook/notebook.h"

#include "framework/import/draft.h"
#include "framework/spec/spec.h"
#include "tests/fuzz/fuzz.h"
#include "tests/plugins/builtins.h"

namespace nabla {
namespace {

constexpr size_t kMostBytes = 20000;

std::string Line(const std::string& text, int number) {
  size_t at = 0;
  for (int i = 1; i < number && at != std::string::npos; ++i) {
    at = text.find('\n', at);
    if (at != std::string::npos) ++at;
  }
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

void Try(std::span<const uint8_t> bytes, const std::string& name) {
  Notebook notebook;
  if (!Accepts([&] { notebook = ReadNotebook(Chars(bytes), name); })) return;
  const std::string yaml = DraftExperiment(notebook, name, Builtins());
  Node tree;
  Require(Accepts([&] { tree = ParseYaml(yaml, "draft"); }), "a draft is YAML");
  try {
    CheckExperiment(tree, Builtins());
  } catch (const InputError& e) {
    for (const Problem& problem : e.problems()) {
      const std::string line = Line(yaml, problem.place.line);
      Require(line.find("# ?") != std::string::npos, "a problem is where a question stands");
    }
  }
}

}  // namespace
}  // namespace nabla

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > nabla::kMostBytes) return 0;
  nabla::Try({data, size}, "fuzz.ipynb");
  nabla::Try({data, size}, "fuzz.txt");
  return 0;
}
