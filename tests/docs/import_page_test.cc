// The file that docs/import.md shows is what the tutorial's notebook gives.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "framework/import/draft.h"
#include "framework/notebook/notebook.h"
#include "plugins/builtin.h"
#include "tests/docs/pages.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

Json Cell(const std::string& source, const std::string& printed) {
  Json outputs = Json::array();
  if (!printed.empty()) outputs.push_back({{"output_type", "stream"}, {"text", printed}});
  return {{"cell_type", "code"}, {"source", source}, {"outputs", outputs}};
}

TEST(ImportPage, ShowsTheDraftOfTheTutorial) {
  const std::string page = ReadPage(Sources() / "docs/import.md");
  const std::string tutorial = Part(ReadPage(Sources() / "docs/tutorial.md"), "## By hand");
  const size_t begin = tutorial.find("epoch 1: loss");
  const std::string printed = tutorial.substr(begin, tutorial.find("```", begin) - begin);
  const Json notebook = {{"cells", Json::array({Cell(Blocks(page, "python").at(0), ""),
                                                Cell(Blocks(tutorial, "python").at(0), printed)})}};
  Registry registry;
  RegisterBuiltins(registry);
  const std::string name = "my_notebook.ipynb";
  EXPECT_EQ(DraftExperiment(ReadNotebook(notebook.dump(), name), name, registry),
            Blocks(page, "yaml").at(0));
}

}  // namespace
}  // namespace nabla
