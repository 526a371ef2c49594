// list, describe, check, schema, new-plugin and libraries of plugins, as a user runs them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

std::string File(const std::string& path) {
  return std::string(std::getenv("TEST_SRCDIR")) + "/nabla/" + path;
}

std::string Library(const std::string& name) {
  return File("tests/plugin/libraries/" + name + ".so");
}

constexpr const char* kKinds[] = {"dataset",     "layer",     "activation", "loss",
                                  "initializer", "optimizer", "schedule",   "metric"};

TEST(PluginCommands, ListShowsNameOriginAndDoc) {
  const Outcome all = Program().Run({"list"});
  EXPECT_EQ(all.code, 0) << all.err;
  for (const char* kind : kKinds) EXPECT_TRUE(Contains(all.out, std::string(kind) + "/")) << kind;
  const Outcome some = Program().Run({"list", "activation", "--plugin", Library("good")});
  EXPECT_EQ(some.code, 0) << some.err;
  EXPECT_TRUE(Contains(some.out, "activation/relu ")) << some.out;
  EXPECT_TRUE(Contains(some.out, Library("good") + "  The square of its input.\n")) << some.out;
  EXPECT_FALSE(Contains(some.out, "layer/")) << some.out;
  const Outcome unknown = Program().Run({"list", "activatoin"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(Contains(
      unknown.err, "error: unknown kind of plugin \"activatoin\"; did you mean \"activation\"?"))
      << unknown.err;
}

TEST(PluginCommands, MistypedCommandsGetTheNearest) {
  const Outcome wrong = Program().Run({"lst", "activation"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(Contains(wrong.err, "did you mean \"list\"?")) << wrong.err;
}

TEST(PluginCommands, DescribeShowsFormulaParametersAndAnExample) {
  const Outcome full = Program().Run({"describe", "layer/conv2d"});
  EXPECT_EQ(full.code, 0) << full.err;
  for (const char* part :
       {"layer/conv2d (built in)\n", "\nFormula\n  y[o, p] = ",
        "\n  channels: integer, 1 <= x <= 65536, required\n      number of output channels O",
        "\n  bias: bool, default true\n", "\nExample\n  model:\n    - {name: conv2d"}) {
    EXPECT_TRUE(Contains(full.out, part)) << part << "\n" << full.out;
  }
  EXPECT_EQ(Program().Run({"describe", "conv2d"}).out, full.out);
  EXPECT_TRUE(Contains(Program().Run({"describe", "relu"}).out, "\nNo parameters.\n"));
  const Outcome square = Program().Run({"describe", "square", "--plugin", Library("good")});
  EXPECT_TRUE(Contains(square.out, "y = x^2")) << square.out << square.err;
}

TEST(PluginCommands, DescribeNamesTheNearest) {
  EXPECT_TRUE(Contains(Program().Run({"describe", "layer/conv2"}).err,
                       "error: unknown layer \"conv2\"; did you mean \"conv2d\"?"));
  EXPECT_TRUE(Contains(Program().Run({"describe", "layr/conv2d"}).err,
                       "error: unknown kind of plugin \"layr\"; did you mean \"layer\"?"));
  EXPECT_TRUE(Contains(Program().Run({"describe", "conv2"}).err,
                       "error: unknown plugin \"conv2\"; did you mean \"conv2d\"?"));
  const Outcome several = Program().Run({"describe", "constant"});
  EXPECT_EQ(several.code, 2);
  EXPECT_EQ(several.err,
            "error: \"constant\" is the name of several plugins: initializer/constant, "
            "schedule/constant\n");
}

TEST(PluginCommands, CheckReports) {
  const Outcome one = Program().Run({"check", "activation/relu"});
  EXPECT_EQ(one.code, 0) << one.out << one.err;
  EXPECT_TRUE(Contains(one.out, "ok     activation/relu: ")) << one.out;
  EXPECT_TRUE(Contains(one.out, "1 plugin, 0 failed\n")) << one.out;
  // Without a name the libraries' own plugins are checked.
  const Outcome good = Program().Run({"check", "--plugin", Library("good")});
  EXPECT_EQ(good.code, 0) << good.out << good.err;
  EXPECT_TRUE(Contains(good.out, "2 plugins, 0 failed\n")) << good.out;
  const Outcome wrong = Program().Run({"check", "--plugin", Library("wrong_slope")});
  EXPECT_EQ(wrong.code, 1) << wrong.out << wrong.err;
  EXPECT_TRUE(Contains(wrong.out, "FAILED activation/wrong_slope: ")) << wrong.out;
  EXPECT_TRUE(Contains(wrong.out, "finite differences: gives ")) << wrong.out;
  EXPECT_TRUE(Contains(wrong.out, "1 plugin, 1 failed\n")) << wrong.out;
  EXPECT_EQ(Program().Run({"check", "loss/l3"}).code, 2);
}

TEST(PluginCommands, SchemaKnowsLoadedPlugins) {
  EXPECT_TRUE(Contains(Program().Run({"schema"}).out, "\"activation.relu\""));
  const Outcome loaded = Program().Run({"schema", "--plugin", Library("good")});
  EXPECT_TRUE(Contains(loaded.out, "\"activation.square\"")) << loaded.err;
}

TEST(PluginCommands, ExperimentsTrainWithALibrary) {
  Program program;
  std::string text = kSmallExperiment;
  text.replace(text.find("- relu"), 6, "- square");
  program.Write("flag.yaml", text);
  program.Write("key.yaml", text + "plugins: [../good.so]\nschedule: log_rate\n");
  const std::string library = Library("good");
  program.Write("sub/empty", "");
  std::ofstream(program.Path("good.so"), std::ios::binary)
      << std::ifstream(library, std::ios::binary).rdbuf();

  const Outcome flag = program.Run({"flag.yaml", "--plugin", library, "--out", "a"});
  EXPECT_EQ(flag.code, 0) << flag.err;
  // The run folder's own configuration repeats the run.
  EXPECT_EQ(program.Run({"a/config.yaml", "--out", "b"}).code, 0);

  // Relative to the folder that the user called from.
  program.environment["BUILD_WORKING_DIRECTORY"] = program.Path("sub");
  const Outcome key = program.Run({"../key.yaml", "--out", "c"});
  EXPECT_EQ(key.code, 0) << key.err;
  EXPECT_EQ(program.Run({"../key.yaml", "--plugin", "../good.so", "--out", "d"}).code, 0);
}

TEST(PluginCommands, NamesThePlaceOfABadLibrary) {
  Program program;
  program.Write("bad.yaml", std::string(kSmallExperiment) + "plugins: [absent.so]\n");
  const Outcome bad = program.Run({"bad.yaml", "--plugin", Library("throwing")});
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.err,
            "bad.yaml:10:11: error: cannot load plugins from absent.so: there is no such file\n");
  EXPECT_FALSE(program.Has("runs"));
  program.Write("good.yaml", kSmallExperiment);
  EXPECT_EQ(program.Run({"good.yaml", "--plugin", Library("throwing")}).err,
            "--plugin: error: cannot load plugins from " + Library("throwing") +
                ": its entry failed: out of luck\n");
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The templates are built as they stand (//framework/plugin/templates).
TEST(NewPlugin, WritesWhatIsBuiltAndChecked) {
  Program program;
  program.environment["BUILD_WORKSPACE_DIRECTORY"] = program.folder();
  for (const std::string kind : kKinds) {
    const Outcome made = program.Run({"new-plugin", kind, "my_own2"});
    EXPECT_EQ(made.code, 0) << made.err;
    const std::string path = "plugins/" + kind + "/my_own2.cc";
    EXPECT_TRUE(Contains(made.out, "wrote " + program.Path(path) + "\n")) << made.out;
    EXPECT_TRUE(Contains(made.out, "-- check " + kind + "/my_own2\n")) << made.out;
    const std::string text = ReadAll(File("framework/plugin/templates/" + kind + ".cc"));
    EXPECT_EQ(program.Read(path),
              Replaced(Replaced(text, "my_plugin", "my_own2"), "MyPlugin", "MyOwn2"));
  }
  const Outcome templates =
      program.Run({"check", "--plugin", File("framework/plugin/templates/templates.so")});
  EXPECT_EQ(templates.code, 0) << templates.out << templates.err;
  EXPECT_TRUE(Contains(templates.out, "8 plugins, 0 failed\n")) << templates.out;
}

TEST(NewPlugin, RefusesToOverwriteAndBadNames) {
  Program program;
  program.environment["BUILD_WORKSPACE_DIRECTORY"] = program.folder();
  program.Write("plugins/loss/mine.cc", "precious\n");
  const Outcome again = program.Run({"new-plugin", "loss", "mine"});
  EXPECT_EQ(again.code, 2);
  EXPECT_EQ(again.err, "error: " + program.Path("plugins/loss/mine.cc") + " already exists\n");
  EXPECT_EQ(program.Read("plugins/loss/mine.cc"), "precious\n");
  EXPECT_TRUE(Contains(program.Run({"new-plugin", "los", "mine"}).err, "did you mean \"loss\"?"));
  for (const char* name : {"My", "2x", "a-b", "../x", ""}) {
    EXPECT_EQ(program.Run({"new-plugin", "loss", name}).code, 2) << name;
  }
  program.environment.clear();
  EXPECT_TRUE(Contains(program.Run({"new-plugin", "loss", "x"}).err, "bazel run"));
}

TEST(NewPlugin, WritesAWorkspaceOfTheUsersOwn) {
  Program program;
  program.environment["BUILD_WORKSPACE_DIRECTORY"] = "/src/nabla";
  const Outcome made = program.Run({"new-plugin", "activation", "my_swish", "--out", "own"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_TRUE(Contains(program.Read("own/my_swish.cc"), "NABLA_PLUGIN_END(MySwish)"));
  EXPECT_TRUE(Contains(program.Read("own/BUILD"), "nabla_plugin("));
  EXPECT_TRUE(Contains(program.Read("own/WORKSPACE"), "NABLA = \"/src/nabla\"\n"));
  EXPECT_TRUE(Contains(program.Read("own/.bazelrc"), "import /src/nabla/.bazelrc\n"));
  EXPECT_TRUE(Contains(program.Read("own/.bazelrc"), "try-import /src/nabla/.bazelrc.machine\n"));
  // A second one leaves what there is alone.
  program.Write("own/BUILD", "# mine\n");
  EXPECT_EQ(program.Run({"new-plugin", "layer", "my_layer", "--out", "own"}).code, 0);
  EXPECT_EQ(program.Read("own/BUILD"), "# mine\n");
}

}  // namespace
}  // namespace nabla
