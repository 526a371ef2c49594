// A table as people have it goes through training, the run folder, predictions and exports under
// the names of its columns and classes.
#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/formats/npy.h"
#include "framework/formats/npz.h"
#include "tests/data/samples.h"
#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// Two inputs, one of them words, and a class that follows from both.
std::string Rows(int count, const std::string& separator = ",") {
  const char* cities[] = {"Oslo", "Rome", "Bern"};
  std::string text = "id" + separator + "size" + separator + "city" + separator + "kind\n";
  for (int r = 0; r < count; ++r) {
    const bool tall = r % 5 > 1;
    text += std::to_string(r) + separator + (tall ? "2" : "1") + (separator == ";" ? "," : ".") +
            std::to_string(r % 4) + separator + cities[r % 3] + separator +
            (r % 3 == 0 ? "north"
             : tall     ? "tall"
                        : "small") +
            "\n";
  }
  return text;
}

class TableTest : public testing::Test {
 protected:
  Outcome Train(const std::string& dataset, const Words& more = {}) {
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: csv, " + dataset +
                       "}\nmodel: [{name: linear, units: 16}, tanh, {name: linear, "
                       "units: 3}]\nloss: cross_entropy\nstandardise: true\n"
                       "optimizer: {name: adam, lr: 0.05}\nmetrics: [confusion_matrix]\n"
                       "train: {epochs: 20, batch_size: 8}\n");
    Words words = {"net.yaml", "--out", "o" + std::to_string(++runs_)};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }
  std::string Hash(int run) const { return WeightsHash(program_, "o" + std::to_string(run)); }

  Program program_;
  int runs_ = 0;
};

constexpr const char* kSettings = "target: kind, ignore: id";

TEST_F(TableTest, NamesGoThroughEverything) {
  program_.Write("a.csv", Rows(60));
  program_.Write("b.csv", Rows(30));
  const Outcome run = Train("train: a.csv, test: b.csv, " + std::string(kSettings));
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.err, "a.csv: note: classification of \"kind\": north, small, tall\n"));
  EXPECT_TRUE(program_.Read("o1/confusion_matrix.csv")
                  .starts_with("confusion_matrix,north,small,tall\nnorth,"));
  EXPECT_TRUE(Contains(program_.Read("o1/inspection.json"), "\"north\""));
  EXPECT_TRUE(Contains(program_.Read("o1/report.html"), "north"));
  // The columns may stand in any order, with others between them, and need no target.
  program_.Write("new.csv", "city,colour,size\nRome,red,2.1\nOslo,blue,1.1\n");
  const Outcome lines = program_.Run({"predict", "o1", "new.csv"});
  EXPECT_TRUE(Contains(lines.out, "0: class tall, probabilities")) << lines.out << lines.err;
  EXPECT_TRUE(Contains(lines.out, "1: class north, probabilities")) << lines.out;
  program_.Write("one.csv", "2.1,Rome\n");
  const Outcome table = program_.Run({"predict", "o1", "one.csv"});
  EXPECT_TRUE(table.out.starts_with("class  probability\n tall  ")) << table.out << table.err;
  for (const std::string format : {"onnx", "c", "safetensors"}) {
    ASSERT_EQ(program_.Run({"export", "o1", "--format", format, "--out", "m." + format}).code, 0);
    EXPECT_TRUE(Contains(program_.Read("m." + format), "north")) << format;
    EXPECT_TRUE(Contains(program_.Read("m." + format), "Oslo")) << format;
  }
  EXPECT_EQ(program_.Run({"predict", "m.safetensors", "one.csv"}).out, table.out);
}

TEST_F(TableTest, PredictSaysWhatAModelDoesNotKnow) {
  program_.Write("a.csv", Rows(60));
  ASSERT_EQ(Train("train: a.csv, " + std::string(kSettings), {"split.test_fraction=0.2"}).code, 0);
  const auto complaint = [&](const std::string& rows) {
    program_.Write("new.csv", rows);
    const Outcome outcome = program_.Run({"predict", "o1", "new.csv"});
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    return outcome.err;
  };
  EXPECT_TRUE(Contains(complaint("size,city\n1,Rom\n"),
                       "new.csv:2:3: error: the column \"city\" has \"Rom\", which no training row "
                       "has; did you mean \"Rome\"?"));
  EXPECT_EQ(complaint("size,town\n1,Rome\n2,Oslo\n3,Bern\n4,Bern\n5,Bern,6\n").substr(0, 10),
            "new.csv:6:");
  EXPECT_EQ(complaint("size,city\n,Rome\n1,Oslo\n"),
            "new.csv:2:1: error: a value is missing, found \"\"; the model was trained on rows "
            "without missing values\n");
  EXPECT_TRUE(Contains(complaint("size,town,x\n1,Rome,3\n"),
                       "there is no column \"city\", which the model has"));
}

// The same rows give the same weights, however files hold them.
TEST_F(TableTest, FormsOfFilesDoNotMatter) {
  program_.Write("a.csv", Rows(60));
  const std::string settings = kSettings;
  ASSERT_EQ(Train("train: a.csv, " + settings).code, 0);
  program_.Write("b.csv", "\xEF\xBB\xBF" + Rows(60, ";"));
  EXPECT_TRUE(Contains(Train("train: b.csv, " + settings).err,
                       "b.csv: note: ';' separate the columns, and 1,5 is one and a half"));
  program_.Write("c.csv", Gzip(Rows(60, "\t")));
  EXPECT_EQ(Train("train: c.csv, " + settings).code, 0);
  const std::string rows = Rows(60);
  const size_t half = rows.find("\n30,") + 1;
  program_.Write("d.csv", rows.substr(0, half));
  program_.Write("e.csv", rows.substr(0, rows.find('\n') + 1) + rows.substr(half));
  EXPECT_EQ(Train("train: [d.csv, e.csv], " + settings).code, 0);
  program_.Write("f.csv", rows.substr(rows.find('\n') + 1));
  EXPECT_EQ(Train("train: f.csv, target: -1, ignore: 0, header: false").code, 0);
  for (int run = 2; run <= 5; ++run) EXPECT_EQ(Hash(run), Hash(1)) << run;
}

TEST_F(TableTest, MissingValuesBecomeWhatTheTrainingRowsSay) {
  std::string rows = Rows(60);
  rows.replace(rows.find("\n7,") + 3, 3, "?");
  program_.Write("a.csv", rows);
  const std::string settings = "train: a.csv, " + std::string(kSettings);
  EXPECT_TRUE(Contains(Train(settings).err, "a.csv:9:3: error: a value is missing, found \"?\""));
  EXPECT_EQ(Train(settings + ", missing: drop").code, 0);
  ASSERT_EQ(Train(settings + ", missing: median", {"split.test_fraction=0.25"}).code, 0);
  program_.Write("new.csv", "size,city\n,Rome\n2,Paris\n");
  const Outcome outcome = program_.Run({"predict", "o3", "new.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "1: class ")) << outcome.out;
}

// What `missing: drop` leaves out is counted in training and evaluation; a prediction names the
// row.
TEST_F(TableTest, RowsThatAreLeftOutAreNamed) {
  std::string rows = Rows(60);
  rows.replace(rows.find("\n7,") + 3, 3, "?");
  program_.Write("a.csv", rows);
  const std::string note =
      "a.csv: note: left out 1 of 60 rows, in which a value is missing (`missing: drop`)";
  const std::string settings = "train: a.csv, missing: drop, ignore: id, ";
  EXPECT_TRUE(Contains(Train(settings + "target: kind").err, note));
  Outcome outcome = program_.Run({"evaluate", "o1", "a.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.err, note)) << outcome.err;
  outcome = program_.Run({"predict", "o1", "a.csv"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err,
                       "a.csv:9:3: error: a value is missing, found \"?\"; the model was trained "
                       "with `missing: drop`"))
      << outcome.err;
  program_.Write("auto.yaml", "name: a\ndataset: {name: csv, " + settings +
                                  "target: input}\nmodel: [{name: linear, units: 7}]\n"
                                  "optimizer: sgd\ntrain: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"auto.yaml", "model.0.units=7", "--out", "auto"}).code, 0);
  outcome = program_.Run({"evaluate", "auto", "a.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("59 rows")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.err, note)) << outcome.err;
}

TEST_F(TableTest, AnAutoencoderHasTestFiles) {
  program_.Write("a.csv", "x,y,z\n1,2,0.5\n2,4,1.5\n3,6,2\n4,8,2.5\n");
  program_.Write("b.csv", "y,x,z\n3,1.5,1\n5,2.5,1.5\n");
  program_.Write("bare.csv", "1.5,3,1\n2.5,5,1.5\n");
  program_.Write("target.csv", "y,input,x,z\n3,7,1.5,1\n5,8,2.5,1.5\n");
  program_.Write("auto.yaml",
                 "name: a\ndataset: {name: csv, train: a.csv, test: b.csv, target: input}\n"
                 "model: [{name: linear, units: 3}]\nstandardise: true\noptimizer: sgd\n"
                 "train: {epochs: 1}\n");
  std::string loss;
  for (const char* test : {"b.csv", "bare.csv", "target.csv"}) {
    const std::string out = std::string("tested-") + test;
    const Outcome run =
        program_.Run({"auto.yaml", std::string("dataset.test=") + test, "--out", out, "--quiet"});
    ASSERT_EQ(run.code, 0) << run.err;
    const Json summary = Json::parse(program_.Read(out + "/summary.json"));
    if (loss.empty()) loss = summary["test_loss"].dump();
    EXPECT_EQ(summary["test_loss"].dump(), loss) << test;
    const Json evaluated = Json::parse(program_.Run({"evaluate", out, "b.csv", "--json"}).out);
    EXPECT_EQ(evaluated["loss"].dump(), loss) << test;
  }
}

TEST_F(TableTest, FoldersAndPatternsArePredicted) {
  program_.Write("t/a.csv", Rows(30));
  program_.Write("t/b.csv", Rows(20));
  ASSERT_EQ(Train("train: t, " + std::string(kSettings)).code, 0);
  const Outcome folder = program_.Run({"predict", "o1", "t", "--json"});
  EXPECT_EQ(folder.code, 0) << folder.err;
  EXPECT_EQ(Json::parse(folder.out).size(), 50u);
  EXPECT_EQ(program_.Run({"predict", "o1", "t/*.csv", "--json"}).out, folder.out);
  const Outcome none = program_.Run({"predict", "o1", "t/*.txt"});
  EXPECT_EQ(none.code, 2);
  EXPECT_TRUE(Contains(none.err, "no file matches t/*.txt")) << none.err;
  const Outcome experiment = program_.Run({"predict", "net.yaml", "t/a.csv"});
  EXPECT_EQ(experiment.code, 2);
  EXPECT_TRUE(Contains(experiment.err,
                       "net.yaml: error: it is an experiment file: name a run folder, a checkpoint "
                       "or an exported .safetensors"))
      << experiment.err;
}

TEST_F(TableTest, ColumnsThatNeverChangeAreNamed) {
  program_.Write("a.csv", "x,same,y\n1,3,a\n2,3,b\n3,3,a\n4,3,b\n");
  program_.Write("net.yaml",
                 "name: n\ndataset: {name: csv, train: a.csv, target: y}\n"
                 "model: [{name: linear, units: 2}]\noptimizer: sgd\ntrain: {epochs: 1}\n");
  const Outcome run = program_.Run({"net.yaml", "--out", "o"});
  EXPECT_TRUE(Contains(run.err, "warning: the input same never changes in the training rows"))
      << run.err;
  const std::vector<float> x = {1, 3, 2, 3, 3, 3, 4, 3};
  const std::vector<int64_t> y = {0, 1, 0, 1};
  const std::vector<uint8_t> arrays =
      WriteNpz({PackTensor<float>("x", {4, 2}, Matrix<const float>{x.data(), 4, 2, 2}),
                PackTensor<int64_t>("y", {4}, Matrix<const int64_t>{y.data(), 1, 4, 4})});
  program_.Write("a.npz", {arrays.begin(), arrays.end()});
  const Outcome same = program_.Run({"net.yaml", "dataset={name: numpy, train: a.npz}"});
  EXPECT_TRUE(Contains(same.err,
                       "warning: the input 1 (counted from 0) never changes in the training rows"))
      << same.err;
}

// Arrays of the same numbers give the same weights, and are predicted and evaluated.
TEST_F(TableTest, ArraysOfNumpyTrainToTheSameBits) {
  std::vector<float> x;
  std::vector<int64_t> y;
  std::string text = "a,b,y\n";
  for (int r = 0; r < 60; ++r) {
    x.insert(x.end(), {static_cast<float>(r % 7) / 4, static_cast<float>(r % 5)});
    y.push_back(r % 7 > 3 ? 1 : 0);
    text += std::to_string(x[x.size() - 2]) + "," + std::to_string(r % 5) + "," +
            std::to_string(y.back()) + "\n";
  }
  program_.Write("d.csv", text);
  const NamedTensor inputs =
      PackTensor<float>("x", {60, 2}, Matrix<const float>{x.data(), 60, 2, 2});
  const NamedTensor targets =
      PackTensor<int64_t>("y", {60}, Matrix<const int64_t>{y.data(), 1, 60, 60});
  const auto write = [&](const std::string& name, const std::vector<uint8_t>& bytes) {
    program_.Write(name, {bytes.begin(), bytes.end()});
  };
  write("d.npz", WriteNpz({inputs, targets}));
  write("x.npy", WriteNpy(inputs));
  write("y.npy", WriteNpy(targets));
  const std::string rest =
      "}\nmodel: [{name: linear, units: 4}, tanh, {name: linear, units: 2}]\n"
      "optimizer: {name: adam, lr: 0.05}\ntrain: {epochs: 3, batch_size: 7}\n";
  const char* forms[] = {"name: csv, train: d.csv, target: y", "name: numpy, train: d.npz",
                         "name: numpy, train: x.npy, labels: y.npy"};
  for (const char* form : forms) {
    program_.Write("net.yaml", std::string("name: n\ndataset: {") + form + rest);
    const Outcome run = program_.Run({"net.yaml", "--out", "o" + std::to_string(++runs_)});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(Hash(runs_), Hash(1)) << form;
  }
  const Outcome evaluated =
      program_.Run({"evaluate", "o2", "x.npy", "--labels", "y.npy", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  const auto loss = [](const Outcome& outcome) { return Json::parse(outcome.out).at("loss"); };
  EXPECT_EQ(loss(evaluated), loss(program_.Run({"evaluate", "o2", "d.npz", "--json"})));
  EXPECT_EQ(loss(evaluated), loss(program_.Run({"evaluate", "o1", "d.csv", "--json"})));
  EXPECT_EQ(program_.Run({"predict", "o2", "x.npy"}).out,
            program_.Run({"predict", "o2", "d.npz"}).out);
  const Outcome told = program_.Run({"net.yaml", "dataset.name=csv", "dataset.train=d.npz"});
  EXPECT_EQ(told.code, 2);
}

// The targets are 500 + 100 x: metrics, predictions and ONNX are in their units, the loss is not.
TEST_F(TableTest, StandardisedTargetsComeBackInTheirUnits) {
  std::string rows = "x,price\n";
  for (int r = 0; r < 100; ++r) {
    rows += std::to_string(r * 0.01) + "," + std::to_string(500 + r) + ".5\n";
  }
  program_.Write("a.csv", rows);
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, target: price}\n"
                 "split: {test_fraction: 0.2}\nstandardise: true\nstandardise_targets: true\n"
                 "model: [{name: linear, units: 1}]\nloss: mse\noptimizer: {name: adam, lr: 0.1}\n"
                 "metrics: [mae, r2]\ntrain: {epochs: 60, batch_size: 20}\n");
  const Outcome run = program_.Run({"net.yaml", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.err, "a.csv: note: regression of \"price\"")) << run.err;
  const Json summary = Json::parse(program_.Read("o/summary.json"));
  EXPECT_GT(summary.at("test_r2"), 0.99);
  EXPECT_LT(summary.at("test_mae"), 2);
  EXPECT_LT(summary.at("train_loss"), 0.1);
  program_.Write("new.csv", "x\n0.5\n");
  const std::string said = program_.Run({"predict", "o", "new.csv"}).out;
  ASSERT_TRUE(said.starts_with("price ")) << said;
  EXPECT_NEAR(std::stod(said.substr(6)), 550.5, 4);
  EXPECT_LE(said.size(), std::string("price 550.1234\n").size()) << said;
  EXPECT_GT(program_.Run({"predict", "o", "new.csv", "--json"}).out.size(), said.size() + 20);
  ASSERT_EQ(program_.Run({"export", "o", "--format", "onnx", "--out", "m.onnx"}).code, 0);
  EXPECT_TRUE(Contains(program_.Read("m.onnx"), "prediction"));
  EXPECT_EQ(program_.Run({"net.yaml", "--resume", "--out", "o", "train.epochs=61"}).code, 0);
}

// Each label is a probability of its own.
TEST_F(TableTest, LabelsArePredictedByName) {
  std::string rows = "x,big,odd\n";
  for (int r = 0; r < 60; ++r) {
    rows += std::to_string(r) + "," + (r > 30 ? "1," : "0,") + (r % 2 == 1 ? "1\n" : "0\n");
  }
  program_.Write("a.csv", rows);
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, target: [big, odd]}\n"
                 "standardise: true\nmodel: [{name: linear, units: 2}]\nloss: bce_with_logits\n"
                 "optimizer: {name: adam, lr: 0.1}\ntrain: {epochs: 50, batch_size: 20}\n");
  const Outcome run = program_.Run({"net.yaml", "--quiet", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  program_.Write("new.csv", "x\n60\n");
  const std::string said = program_.Run({"predict", "o", "new.csv"}).out;
  EXPECT_TRUE(said.starts_with("big 0.9") && Contains(said, ", odd 0.")) << said;
  EXPECT_EQ(said.size(), std::string("big 0.987654, odd 0.123456\n").size()) << said;
}

}  // namespace
}  // namespace nabla
