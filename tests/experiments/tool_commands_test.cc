// time, find-lr, summary and --print-config as a user runs them, and what is said to mistyped
// words.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// Instrumented steps are so long that other work on the machine gets between them.
#ifdef NABLA_SANITIZED
constexpr double kMostUnexplained = 3;
#else
constexpr double kMostUnexplained = 0.5;
#endif

TEST(ToolCommands, TimeSaysWhereTheTimeGoes) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome table = program.Run({"time", "my.yaml", "--threads", "2"});
  EXPECT_EQ(table.code, 0) << table.err;
  for (const char* part :
       {"small: synthetic_digits, 20 steps per epoch, 100 rows per step", "0 linear", "1 relu",
        "2 linear", "evaluation", "the rows account for ", "1 thread : ", "2 threads: "}) {
    EXPECT_TRUE(Contains(table.out, part)) << part << "\n" << table.out;
  }
  EXPECT_FALSE(program.Has("runs"));
  const Outcome json = program.Run({"time", "my.yaml", "--json", "dtype=float64", "--threads=1"});
  EXPECT_EQ(json.code, 0) << json.err;
  const Json parsed = Json::parse(json.out);
  EXPECT_EQ(parsed["dtype"], "float64");
  EXPECT_EQ(parsed["step_seconds_by_threads"].size(), 1u);
  EXPECT_NEAR(parsed["explained"].get<double>(), 1, kMostUnexplained);
}

TEST(ToolCommands, FindLrPrintsWhatToCopyAndKeepsNothing) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Words words = {"find-lr", "my.yaml", "--to", "100", "--steps", "60"};
  const Outcome first = program.Run(words);
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(Contains(first.out, "\n  optimizer.lr=")) << first.out;
  EXPECT_TRUE(Contains(first.out, "log10 lr")) << first.out;
  EXPECT_FALSE(program.Has("runs"));
  Words more = words;
  more.insert(more.end(), {"--out", "found", "--threads", "1"});
  const Outcome second = program.Run(more);
  EXPECT_EQ(second.out.substr(0, first.out.size() - 1), first.out.substr(0, first.out.size() - 1));
  const std::string csv = program.Read("found/find_lr.csv");
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "step,lr,loss,smoothed");
  EXPECT_TRUE(Contains(csv, "\n1,1e-06,")) << csv;
}

TEST(ToolCommands, FindLrRefusesARangeThatFalls) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome wrong = program.Run({"find-lr", "my.yaml", "--from", "1", "--to", "0.1"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.err, "error: --from must be less than --to\n");
  EXPECT_EQ(program.Run({"find-lr", "my.yaml", "--from", "-1"}).code, 2);
}

// Neither NaN nor an infinity is within a range, whatever it is compared with.
TEST(ToolCommands, OptionsTakeFiniteNumbers) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  for (const Words& words : {Words{"find-lr", "small.yaml", "--from", "nan"},
                             Words{"find-lr", "small.yaml", "--to", "inf"},
                             Words{"find-lr", "small.yaml", "--from", "-1"},
                             Words{"compare", "small.yaml", "lr=0.1,0.2", "--difference", "nan"},
                             Words{"compare", "small.yaml", "lr=0.1,0.2", "--difference", "0"}}) {
    const Outcome refused = program.Run(words);
    EXPECT_EQ(refused.code, 2) << words.back();
    EXPECT_TRUE(Contains(refused.err, words[words.size() - 2] + ": " + words.back() +
                                          " is not a positive finite number"))
        << refused.err;
  }
}

TEST(ToolCommands, SummaryShowsTheLayersOfAnExperimentAndOfItsModel) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome table = program.Run({"summary", "my.yaml", "model.0.units=64"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_TRUE(Contains(table.out, "0 linear  64              50240           50176\n"))
      << table.out;
  EXPECT_FALSE(program.Has("runs"));
  const Outcome run = program.Run({"my.yaml", "model.0.units=64", "--verbose", "--out", "o"});
  EXPECT_TRUE(Contains(run.out, table.out)) << run.out;
  EXPECT_TRUE(Contains(program.Read("o/report.html"),
                       R"("layer":"0","name":"linear","output":[64],"parameters":50240)"));
  // A trained model needs no data and no experiment file.
  program.Write("my.yaml", "gone");
  const Outcome json = program.Run({"summary", "my.yaml", "--json"});
  EXPECT_EQ(json.code, 2) << json.out;
  for (const std::string model : {"o", "o/checkpoint.safetensors"}) {
    EXPECT_EQ(program.Run({"summary", model}).out, table.out);
    const Json parsed = Json::parse(program.Run({"summary", model, "--json"}).out);
    EXPECT_EQ(parsed["layers"][0]["multiply_adds"], 50176);
  }
  EXPECT_EQ(program.Run({"summary", "o", "model.0.units=5"}).code, 2);
}

TEST(ToolCommands, SummarySaysWhereALayerDoesNotFit) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome wrong =
      program.Run({"summary", "my.yaml", "model.0={name: conv2d, channels: 2, kernel_size: 40}"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(Contains(wrong.err, "model.0=")) << wrong.err;
  EXPECT_EQ(program.Run({"summary", "my.yaml", "optimizer.lr=0.1,0.2"}).code, 2);
  const Outcome many = program.Run({"my.yaml", "--verbose", "--seeds", "2", "--out", "o"});
  EXPECT_EQ(many.code, 2);
  EXPECT_TRUE(Contains(many.err, "--verbose shows the layers of one run")) << many.err;
}

TEST(ToolCommands, PrintConfigTrainsNothingAndReadsBack) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome printed = program.Run({"my.yaml", "--print-config", "train.epochs=7"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_TRUE(Contains(printed.out,
                       "# passes over the training rows; 1 <= x <= 1000000\n"
                       "  epochs: 7\n"))
      << printed.out;
  EXPECT_FALSE(program.Has("runs"));
  program.Write("full.yaml", printed.out);
  EXPECT_EQ(program.Run({"full.yaml", "--print-config"}).out, printed.out);
  const Outcome swept = program.Run({"sweep", "my.yaml", "optimizer.lr=0.1,0.2", "--print-config"});
  EXPECT_TRUE(Contains(swept.out, "optimizer.lr: [0.1, 0.2]")) << swept.out << swept.err;
  EXPECT_EQ(program.Run({"my.yaml", "--print-config", "train.epoch=7"}).code, 2);
}

TEST(ToolCommands, MistypedWordsGetTheNearest) {
  for (const Words& words : {Words{"reprodce"}, Words{"run", "reprodce"}}) {
    const Outcome command = Program().Run(words);
    EXPECT_EQ(command.code, 2);
    EXPECT_TRUE(Contains(command.err, "; did you mean \"reproduce\"?")) << command.err;
  }
  const Outcome option = Program().Run({"mnist_3layer.yaml", "--thread", "2"});
  EXPECT_EQ(option.code, 2);
  EXPECT_TRUE(
      Contains(option.err, "error: unknown option \"--thread\"; did you mean \"--threads\"?"))
      << option.err;
  EXPECT_TRUE(Contains(Program().Run({"time", "mnist_3layer.yaml", "--jsn"}).err,
                       "did you mean \"--json\"?"));
  EXPECT_TRUE(Contains(Program().Run({"reproduce", "--seed=3"}).err, "did you mean \"--seeds\"?"));
}

// What was probably meant can be typed as it is printed.
TEST(ToolCommands, AFolderOfARunIsNoExperiment) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"my.yaml", "--quiet"}).code, 0);
  for (const char* path : {"./runs", "runs/small", "small", "small/latest"}) {
    const Outcome outcome = program.Run({path, "--resume"});
    EXPECT_EQ(outcome.code, 2) << path;
    EXPECT_TRUE(Contains(outcome.err, ", not an experiment file; to go on with it")) << outcome.err;
    const size_t at = outcome.err.find("runs/small/", outcome.err.find("go on with"));
    ASSERT_NE(at, std::string::npos) << outcome.err;
    std::istringstream words(outcome.err.substr(at, outcome.err.find(';', at) - at));
    Words typed;
    for (std::string word; words >> word;) typed.push_back(word);
    const Outcome resumed = program.Run(typed);
    EXPECT_EQ(resumed.code, 0) << outcome.err << resumed.err;
    EXPECT_TRUE(Contains(resumed.out, "nothing to do")) << resumed.out;
  }
  ASSERT_EQ(program.Run({"my.yaml", "--quiet", "--out", "my run"}).code, 0);
  const std::string blank = program.Run({"my run"}).err;
  EXPECT_TRUE(Contains(blank, "'my run'/config.yaml --resume --out 'my run'; ")) << blank;
  EXPECT_TRUE(Contains(blank, "rerun 'my run'")) << blank;
  // Also where a built-in one is near.
  for (const Words& words : {Words{"my.yaml", "model.1=my_swish"},
                             {"my.yaml", "model.1=my_relu"},
                             {"my.yaml", "optimizer=my_sgd"},
                             {"describe", "my_relu"},
                             {"check", "activation/my_relu"}}) {
    const Outcome unknown = program.Run(words);
    EXPECT_TRUE(Contains(unknown.err, "; one of a library of plugins needs --plugin FILE.so"))
        << unknown.err;
  }
  EXPECT_TRUE(Contains(program.Run({"my.yaml", "model.1=relo"}).err, "did you mean \"relu\"?"));
}

TEST(ToolCommands, NormsStandInTheMetrics) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  EXPECT_EQ(program.Run({"my.yaml", "train.norms=true", "--out", "o"}).code, 0);
  const std::string lines = program.Read("o/metrics.jsonl");
  const Json first = Json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(first["learning_rate"], 0.1);
  EXPECT_EQ(first["weight_norms"].size(), 4u);
  EXPECT_GT(first["gradient_norms"]["2.weight"].get<double>(), 0);
}

TEST(ToolCommands, TakeOneValueOfEachKey) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  for (const std::string command : {"time", "find-lr"}) {
    const Outcome run = program.Run({command, "small.yaml", "train.batch_size=10,20"});
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(Contains(run.err, "command line: train.batch_size=10,20: error: " + command +
                                      " takes one value of each key"))
        << run.err;
  }
}

}  // namespace
}  // namespace nabla
