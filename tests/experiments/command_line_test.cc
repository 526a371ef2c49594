#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

TEST(CommandLine, HelpIsShortAndNamesEveryCommand) {
  for (const char* flag : {"--help", "-h"}) {
    const Outcome help = Program().Run({flag});
    EXPECT_EQ(help.code, 0);
    EXPECT_LE(std::count(help.out.begin(), help.out.end(), '\n'), 50) << help.out;
    for (const char* part : {"  run ",
                             "  sweep ",
                             "  reproduce ",
                             "  report ",
                             "  runs ",
                             "  diff ",
                             "  rerun ",
                             "  list ",
                             "  why ",
                             "  describe ",
                             "  check ",
                             "  schema ",
                             "  new-plugin ",
                             "  export ",
                             "  predict ",
                             "  import ",
                             "  time ",
                             "  find-lr ",
                             "  completion ",
                             "  compare ",
                             "mnist_3layer.yaml",
                             "Exit codes: 0 success"}) {
      EXPECT_TRUE(Contains(help.out, part)) << part << "\n" << help.out;
    }
  }
}

TEST(CommandLine, HelpOfACommandNamesEveryFlag) {
  for (const Words& words : {Words{"run", "--help"}, Words{"mnist_3layer.yaml", "--help"}}) {
    const Outcome help = Program().Run(words);
    EXPECT_EQ(help.code, 0);
    EXPECT_EQ(help.err, "");
    for (const char* flag : {"--threads", "--seed", "--data", "--out", "--offline", "--quiet",
                             "key=value", "mnist_3layer.yaml", "Exit codes: 0 success"}) {
      EXPECT_TRUE(Contains(help.out, flag)) << flag << "\n" << help.out;
    }
  }
}

// CLI11 2.4 takes `plugin` and `--plugin` of one command for the same.
TEST(CommandLine, NoArgumentHasTheNameOfAFlagOfItsCommand) {
  for (const char* command :
       {"run",      "sweep",   "reproduce", "investigate", "import",     "compare",
        "why",      "report",  "runs",      "diff",        "rerun",      "evaluate",
        "export",   "predict", "watch",     "summary",     "list",       "time",
        "describe", "check",   "schema",    "find-lr",     "new-plugin", "completion"}) {
    const Outcome help = Program().Run({command, "--help"});
    ASSERT_EQ(help.code, 0) << command;
    std::istringstream lines(help.out);
    std::string line;
    while (std::getline(lines, line) && line != "Positionals:") {
    }
    while (std::getline(lines, line) && !line.empty()) {
      const std::string name = line.substr(2, line.find(' ', 2) - 2);
      EXPECT_FALSE(!name.empty() && Contains(help.out, "--" + name + " "))
          << command << " " << name;
    }
  }
}

TEST(CommandLine, WithoutArgumentsTellsWhatThereIs) {
  const Outcome nothing = Program().Run({});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_EQ(nothing.out, "");
  EXPECT_TRUE(Contains(nothing.err, "error: expected an experiment file or a command"));
  EXPECT_TRUE(Contains(nothing.err, "mnist_3layer.yaml"));
  EXPECT_TRUE(Contains(nothing.err, "--help"));
}

TEST(CommandLine, SuggestsTheNearestFile) {
  Program program;
  const Outcome unknown = program.Run({"mnist_3layr.yaml"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.out, "");
  EXPECT_TRUE(Contains(unknown.err, "error: no experiment file \"mnist_3layr.yaml\" in " +
                                        program.folder() +
                                        " or among the bundled ones; did you mean "
                                        "\"mnist_3layer.yaml\"? known: "))
      << unknown.err;
}

TEST(CommandLine, SuggestsFilesOfTheUsersFolder) {
  Program program;
  program.Write("cls.yaml", kSmallExperiment);
  program.Write("mine/cls2.yaml", kSmallExperiment);
  for (const auto& [wrong, meant] : {std::pair{"clss.yaml", "cls.yaml"},
                                     {"clss", "cls.yaml"},
                                     {"mine/cls3.yaml", "mine/cls2.yaml"},
                                     {"mnist_3layr", "mnist_3layer.yaml"}}) {
    const Outcome unknown = program.Run({wrong});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_TRUE(Contains(unknown.err, "; did you mean \"" + std::string(meant) + "\"? known: "))
        << unknown.err;
  }
}

TEST(CommandLine, NamesTheCallOfWhatOtherProgramsCallOtherwise) {
  Program program;
  for (const auto& [words, call] :
       {std::pair{Words{"train", "iris.yaml"}, "; to train: nabla FILE.yaml\n"},
        {{"help"}, "; for help: nabla --help"},
        {{"version"}, "; for the version: nabla --version"},
        {{"init"}, "; to begin a file: nabla iris.yaml --print-config > my.yaml"}}) {
    const Outcome outcome = program.Run(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(Contains(outcome.err, call)) << outcome.err;
  }
}

TEST(CommandLine, AKeyWithDashesIsShownWithoutThem) {
  Program program;
  for (const auto& [words, said] :
       {std::pair{Words{"iris.yaml", "--lr=0.1"}, "\"--lr\"; a key has no dashes: lr=0.1;"},
        {{"iris.yaml", "--epochs", "3"}, "\"--epochs\"; a key has no dashes: epochs=3;"},
        {{"iris.yaml", "--epochs"}, "a key has no dashes: epochs=VALUE;"},
        {{"iris.yaml", "--batch-size", "8"}, "a key has no dashes: batch_size=8;"},
        {{"iris.yaml", "--dtype=float64"}, "a key has no dashes: dtype=float64;"},
        {{"find-lr", "iris.yaml", "--epochs", "3"}, "a key has no dashes: epochs=3;"},
        {{"--verison"}, "unknown option \"--verison\"; did you mean \"--version\"?"},
        {{"iris.yaml", "--verbos"}, "did you mean \"--verbose\"?"},
        {{"predict", "o", "--epochs", "3"}, "unknown option \"--epochs\"; known: "}}) {
    const Outcome outcome = program.Run(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(Contains(outcome.err, said)) << outcome.err;
  }
}

TEST(CommandLine, SaysWhatIsRequired) {
  for (const auto& [words, said] :
       {std::pair{Words{"predict", "o"}, "error: at least one file is required; see"},
        {{"report"}, "error: at least one folder is required; see"},
        {{"import"}, "error: a notebook is required; see"},
        {{"describe"}, "error: the name of a plugin is required; see"},
        {{"export", "o"}, "error: --format is required; see"}}) {
    const Outcome outcome = Program().Run(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(Contains(outcome.err, said)) << outcome.err;
  }
}

TEST(CommandLine, RefusesUnknownAndWrongFlags) {
  for (const Words& words :
       {Words{"mnist_3layer.yaml", "--sed", "3"}, Words{"mnist_3layer.yaml", "--threads", "0"},
        Words{"mnist_3layer.yaml", "--threads", "many"}, Words{"mnist_3layer.yaml", "--out"},
        Words{"--quiet"}}) {
    Program program;
    const Outcome outcome = program.Run(words);
    EXPECT_EQ(outcome.code, 2) << words.back();
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.substr(0, 7), "error: ") << outcome.err;
    EXPECT_TRUE(Contains(outcome.err, "; see --help\n")) << outcome.err;
    EXPECT_FALSE(program.Has("runs"));
  }
}

TEST(CommandLine, FindsFilesWhereTheUserCalledFrom) {
  Program program;
  program.Write("sub/my.yaml", kSmallExperiment);
  const Outcome here = program.Run({"sub/my.yaml", "train.epochs=1"});
  EXPECT_EQ(here.code, 0) << here.err;
  EXPECT_TRUE(Contains(here.out, "experiment: " + program.Path("sub/my.yaml") + "\n")) << here.out;
  EXPECT_TRUE(program.Has("runs/small"));
  EXPECT_EQ(program.Run({program.Path("sub/my.yaml"), "--out", "a"}).code, 0);
  EXPECT_EQ(program.Run({"sub/my", "--out", "b"}).code, 0);

  // `bazel run` changes the folder and leaves the user's in a variable.
  program.environment["BUILD_WORKING_DIRECTORY"] = program.Path("sub");
  EXPECT_EQ(program.Run({"my.yaml", "--out", "c"}).code, 0);
  EXPECT_TRUE(program.Has("sub/c/summary.json"));
  EXPECT_FALSE(program.Has("c"));
  EXPECT_EQ(program.Run({"my.yaml"}).code, 0);
  EXPECT_TRUE(program.Has("sub/runs/small"));
}

TEST(CommandLine, ShowsEveryProblemAtOnceAndMakesNoRunFolder) {
  Program program;
  program.Write("bad.yaml",
                "name: a b\n"
                "datasett: mnist\n"
                "dataset: {name: mnst, scale: 0}\n"
                "model: [dens, {name: linear, units: 0, bias: maybe}]\n"
                "loss: {name: cross_entropy, epsilon: x}\n"
                "optimizer: sgd\n"
                "dtype: float16\n"
                "train: {epoch: 1, batch_size: 1.5}\n"
                "reference:\n"
                "  - {metric: train_loss, epochs: 1..3, printed: [1, 2]}\n");
  const Outcome bad =
      program.Run({"bad.yaml", "optimizer.lr=fast", "model.7.units=1", "--seed=-1"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.out, "experiment: " + program.Path("bad.yaml") + "\n");
  for (const char* part :
       {"bad.yaml:1:7: error: a name consists of letters, digits, '_', '-' and '.', found 'a b'\n",
        "bad.yaml:2:1: error: unknown key \"datasett\"; did you mean \"dataset\"?",
        "bad.yaml:3:17: error: unknown dataset \"mnst\"; did you mean \"mnist\"?",
        "bad.yaml:4:9: error: unknown layer \"dens\"",
        "bad.yaml:4:37: error: 0 is out of range: must be 1 <= x <= 1048576\n",
        "bad.yaml:4:46: error: expected true or false, found 'maybe'\n",
        "bad.yaml:5:38: error: expected a number, found 'x'\n",
        "bad.yaml:7:8: error: unknown value \"float16\"; did you mean \"float",
        "bad.yaml:8:9: error: unknown key \"epoch\"; did you mean \"epochs\"?",
        "bad.yaml:8:31: error: expected an integer, found '1.5'\n", "bad.yaml:10:5: error: ",
        "command line: model.7.units=1: error: \"7\" is not an index into a list of 2",
        "command line: optimizer.lr=fast: error: expected a number, found 'fast'\n",
        "command line: seed=-1: error: -1 is out of range"}) {
    EXPECT_TRUE(Contains(bad.err, part)) << part << "\n" << bad.err;
  }
  EXPECT_FALSE(program.Has("runs"));
}

TEST(CommandLine, NamesThePlaceOfASyntaxError) {
  Program program;
  program.Write("bad.yaml", "name: x\nmodel: [relu\n");
  const Outcome bad = program.Run({"bad.yaml"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.err, "bad.yaml:3:1: error: this is not YAML: a [ is not closed\n");
  program.Write("empty.yaml", "# nothing\n");
  EXPECT_EQ(program.Run({"empty.yaml"}).err,
            "empty.yaml:1:1: error: expected an experiment (a map of keys), found nothing\n");
}

TEST(CommandLine, NamesTheLayerWhoseShapeDoesNotFit) {
  Program program;
  std::string text = kSmallExperiment;
  text.replace(text.find("units: 10}"), 10, "units: 7} ");
  program.Write("bad.yaml", text);
  const Outcome bad = program.Run({"bad.yaml"});
  EXPECT_EQ(bad.code, 2) << bad.err;
  EXPECT_EQ(bad.err.substr(0, 21), "bad.yaml:7:7: error: ") << bad.err;
  EXPECT_TRUE(Contains(bad.err, "10")) << bad.err;
  EXPECT_TRUE(Contains(bad.err, "7")) << bad.err;
  EXPECT_FALSE(program.Has("runs"));
}

TEST(CommandLine, RefusesToFollowWhatIsNeverComputed) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome best = program.Run({"my.yaml", "checkpoint.best=test_loss", "evaluate.split=none"});
  EXPECT_EQ(best.code, 2);
  EXPECT_TRUE(Contains(best.err, "checkpoint.best is test_loss, but evaluate.split is none"))
      << best.err;
  const Outcome stop = program.Run({"my.yaml", "early_stop.patience=2", "dataset.test=0"});
  EXPECT_EQ(stop.code, 2);
  EXPECT_TRUE(Contains(stop.err, "early_stop.metric is test_loss, but there are no rows to test"))
      << stop.err;
}

TEST(CommandLine, OverridesChangeTheRun) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome run = program.Run({"my.yaml", "train.epochs=3", "model.0.units=8",
                                   "model.1=sigmoid", "loss.epsilon=1e-9", "--out", "o"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "epoch 3/3")) << run.out;
  const std::string config = program.Read("o/config.yaml");
  for (const char* part : {"epochs: 3\n", "units: 8,", "- sigmoid\n", "epsilon: 1e-09\n"}) {
    EXPECT_TRUE(Contains(config, part)) << part << "\n" << config;
  }
}

// The last name of a key is enough where it is the only one, also as other libraries call it.
TEST(CommandLine, ShortNamesStandForWholeKeys) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const auto resolved = [&](const Words& more) {
    Words words = {"my.yaml", "--print-config"};
    words.insert(words.end(), more.begin(), more.end());
    return program.Run(words);
  };
  EXPECT_EQ(resolved({"epochs=3", "batch_size=7", "learning_rate=0.5"}).out,
            resolved({"train.epochs=3", "train.batch_size=7", "optimizer.lr=0.5"}).out);
  EXPECT_EQ(resolved({"lr=0.5"}).code, 0);
  EXPECT_EQ(resolved({"every_steps=4"}).out, resolved({"checkpoint.every_steps=4"}).out);
  EXPECT_EQ(resolved({"seed=4"}).code, 0);
  const Outcome units = resolved({"hidden=4"});
  EXPECT_EQ(units.code, 2);
  EXPECT_TRUE(Contains(units.err,
                       "command line: hidden=4: error: several keys have this name; "
                       "write one of model.0.units, model.2.units"))
      << units.err;
  const Outcome unknown = resolved({"epoch=3"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(Contains(unknown.err, "unknown key \"epoch\"")) << unknown.err;
  const Outcome swept = program.Run({"my.yaml", "lr=0.1,0.2", "--out", "s", "epochs=1"});
  EXPECT_EQ(swept.code, 0) << swept.err;
  EXPECT_TRUE(Contains(swept.out, "small: 2 settings")) << swept.out;
}

TEST(CommandLine, SaysItsVersion) {
  Program program;
  const Outcome run = program.Run({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(run.out.starts_with("nabla 0.")) << run.out;
}

TEST(CommandLine, WritesToAPipeWithoutEscapeCodes) {
  Program program;
  const Outcome run = program.Run(Short("o"));
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_FALSE(Contains(run.out, "\x1b"));
  EXPECT_FALSE(Contains(run.out, "\r"));
  EXPECT_TRUE(Contains(run.out, "epoch 1/1  loss ")) << run.out;
  EXPECT_TRUE(Contains(run.out, "run folder: " + program.Path("o") + "\n")) << run.out;
}

TEST(CommandLine, QuietShowsTheFolderOnSuccess) {
  Program program;
  const Outcome run = program.Run(Short("o", {"--quiet"}));
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.out, program.Path("o") + "\n");
  EXPECT_EQ(run.err, "");
  EXPECT_TRUE(program.Has("o/summary.json"));
  EXPECT_EQ(program.Run(Short("o", {"--quiet"})).code, 2);
}

}  // namespace
}  // namespace nabla
