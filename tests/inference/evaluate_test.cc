// `run evaluate`: the metrics of a trained model on any rows.
#include "framework/inference/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "framework/formats/npz.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kCases = "tests/inference/sklearn_evaluate.txt";

class EvaluateTest : public testing::Test {
 protected:
  Json Evaluate(const Words& words) {
    Words all = {"evaluate"};
    all.insert(all.end(), words.begin(), words.end());
    all.push_back("--json");
    const Outcome outcome = program_.Run(all);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.code == 0 ? Json::parse(outcome.out) : Json();
  }
  std::string Refusal(const Words& words) {
    Words all = {"evaluate"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = program_.Run(all);
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    return outcome.err;
  }
  Json LastEpoch(const std::string& folder) {
    std::istringstream lines(program_.Read(folder + "/metrics.jsonl"));
    std::string last;
    for (std::string line; std::getline(lines, line);) last = line;
    return Json::parse(last);
  }
  void WriteBytes(const std::string& name, const std::vector<uint8_t>& bytes) {
    program_.Write(name, {bytes.begin(), bytes.end()});
  }

  Program program_;
};

// Parts of a case of tests/inference/sklearn_evaluate.py.
struct Case {
  std::string experiment;
  std::string train;
  std::string rows;
  std::vector<std::string> expected;
};

std::vector<Case> ReadCases() {
  std::vector<Case> cases;
  std::ifstream file(kCases);
  std::string* part = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("case ")) {
      part = &cases.emplace_back().experiment;
    } else if (line == "train" || line == "rows") {
      part = line == "train" ? &cases.back().train : &cases.back().rows;
    } else if (line == "expect") {
      part = nullptr;
    } else if (part != nullptr) {
      *part += line + "\n";
    } else {
      cases.back().expected.push_back(line);
    }
  }
  return cases;
}

void ExpectMetric(const std::string& line, const Json& json) {
  std::istringstream words(line);
  std::string name;
  words >> name;
  if (name == "confusion") {
    for (const Json& row : json["matrices"]["confusion_matrix"]["values"]) {
      for (const Json& count : row) {
        double expected = -1;
        words >> expected;
        EXPECT_EQ(count, expected) << line;
      }
    }
    return;
  }
  double expected = 0;
  words >> expected;
  const Json& found = name == "loss" ? json["loss"] : json["metrics"][name];
  ASSERT_TRUE(found.is_number()) << name;
  EXPECT_NEAR(found, expected, 1e-11 * std::abs(expected)) << line;
}

TEST_F(EvaluateTest, HasTheMetricsOfScikitLearn) {
  const std::vector<Case> cases = ReadCases();
  ASSERT_EQ(cases.size(), 4u);
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::string folder = "o" + std::to_string(i);
    program_.Write("train.csv", cases[i].train);
    program_.Write("net.yaml", cases[i].experiment);
    ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", folder}).code, 0);
    program_.Write("new.csv", cases[i].rows);
    const Json json = Evaluate({folder, "new.csv"});
    EXPECT_EQ(json["rows"], 25);
    ASSERT_GE(cases[i].expected.size(), 2u);
    for (const std::string& line : cases[i].expected) ExpectMetric(line, json);
    EXPECT_FALSE(json["metrics"].contains("top5_accuracy")) << "of three classes";
  }
}

// One output of two classes has the metrics that fit it, as where they are listed.
TEST_F(EvaluateTest, OfASingleOutputShowsWhatRanksAndWhatIsProbable) {
  std::string rows = "x,y,kind\n";
  for (int r = 0; r < 60; ++r) {
    rows += std::to_string(r % 9) + "," + std::to_string(r % 7) +
            (r % 9 + r % 5 > 6 ? ",up\n" : ",down\n");
  }
  program_.Write("a.csv", rows);
  const std::string net =
      "name: net\ndataset: {name: csv, train: a.csv, target: kind}\nstandardise: true\n"
      "optimizer: {name: adam, lr: 0.1}\ntrain: {epochs: 3}\n";
  program_.Write("logit.yaml",
                 net + "model: [{name: linear, units: 1}]\nloss: bce_with_logits\nmetrics: []\n");
  program_.Write("p.yaml", net +
                               "model: [{name: linear, units: 1}, sigmoid]\nloss: bce\n"
                               "metrics: []\n");
  program_.Write("listed.yaml", net +
                                    "model: [{name: linear, units: 1}]\nloss: bce_with_logits\n"
                                    "metrics: [roc_auc, brier, calibration_error]\n");
  for (const char* name : {"logit", "p", "listed"}) {
    ASSERT_EQ(program_.Run({std::string(name) + ".yaml", "--quiet", "--out", name}).code, 0);
  }
  const Json listed = Evaluate({"listed", "a.csv"})["metrics"];
  for (const char* name : {"logit", "p"}) {
    const Json metrics = Evaluate({name, "a.csv"})["metrics"];
    for (const char* metric : {"roc_auc", "average_precision", "brier", "calibration_error"}) {
      ASSERT_TRUE(metrics.contains(metric)) << name << metrics;
      EXPECT_NEAR(metrics[metric], listed[metric], 1e-5) << name << metric;
    }
  }
  program_.Write("top.yaml", net +
                                 "model: [{name: linear, units: 1}]\nloss: bce_with_logits\n"
                                 "metrics: [roc_auc, {name: top_k, k: 1}]\n");
  const Outcome top = program_.Run({"top.yaml"});
  EXPECT_EQ(top.code, 2);
  EXPECT_TRUE(Contains(top.err, "the metric \"top_k\" needs an output for each of the 2 classes"))
      << top.err;
}

std::string Prices(int count) {
  std::string rows = "size,city,price\n";
  for (int r = 0; r < count; ++r) {
    rows += (r % 7 == 3 ? "" : std::to_string(r % 11)) + "," + (r % 3 == 0 ? "Rome" : "Oslo") +
            "," + std::to_string(100 + 13 * (r % 11) - r % 4) + ".5\n";
  }
  return rows;
}

// Words, missing values, a standardised input and target, batch statistics, penalties.
TEST_F(EvaluateTest, OfTheTestRowsHasTheBitsOfTraining) {
  program_.Write("a.csv", Prices(30));
  program_.Write("b.csv", Prices(14));
  for (const std::string dtype : {"float32", "float64"}) {
    program_.Write("net.yaml",
                   "name: net\ndtype: " + dtype +
                       "\ndataset: {name: csv, train: a.csv, test: b.csv, target: price, "
                       "missing: mean}\nstandardise: true\nstandardise_targets: true\n"
                       "model: [{name: linear, units: 8}, batch_norm, tanh, "
                       "{name: linear, units: 1}]\nloss: huber\nmetrics: [mae]\n"
                       "penalties: [{l2: 0.01, shown: both}]\n"
                       "optimizer: {name: adam, lr: 0.01}\ntrain: {epochs: 3, batch_size: 6}\n");
    ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", dtype}).code, 0);
    const Json json = Evaluate({dtype, "b.csv"});
    const Json last = LastEpoch(dtype);
    EXPECT_EQ(json["loss"], last["test_loss"]);
    EXPECT_EQ(json["metrics"]["mae"], last["test_mae"]);
    EXPECT_TRUE(json["metrics"].contains("rmse"));
    EXPECT_FALSE(json["metrics"].contains("accuracy"));
  }
}

// The same pictures in every format, with sparse rows as in training.
TEST_F(EvaluateTest, ReadsEveryFormat) {
  program_.Write("net.yaml", kSmallExperiment);
  ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
  constexpr size_t kRows = 5;
  constexpr size_t kPixels = 784;
  std::vector<uint8_t> pixels(kRows * kPixels);
  std::vector<uint8_t> labels;
  std::string csv;
  for (size_t r = 0; r < kRows; ++r) {
    labels.push_back(static_cast<uint8_t>(2 * r));
    csv += std::to_string(2 * r);
    for (size_t i = 0; i < kPixels; ++i) {
      pixels[r * kPixels + i] = static_cast<uint8_t>((i * (r + 3)) % 5 == 0 ? (i * 7) % 256 : 0);
      csv += "," + std::to_string(pixels[r * kPixels + i]);
    }
    csv += "\n";
  }
  std::vector<uint8_t> idx = {0, 0, 8, 3, 0, 0, 0, kRows, 0, 0, 0, 28, 0, 0, 0, 28};
  idx.insert(idx.end(), pixels.begin(), pixels.end());
  std::vector<uint8_t> idx_labels = {0, 0, 8, 1, 0, 0, 0, kRows};
  idx_labels.insert(idx_labels.end(), labels.begin(), labels.end());
  const NamedTensor x{"x_test", ElementType::kU8, {kRows, 28, 28}, pixels};
  const NamedTensor y{"y_test", ElementType::kU8, {kRows}, labels};
  program_.Write("rows.csv", csv);
  WriteBytes("pictures", idx);
  WriteBytes("labels", idx_labels);
  WriteBytes("t10k-images-idx3-ubyte", idx);
  WriteBytes("t10k-labels-idx1-ubyte", idx_labels);
  WriteBytes("rows.npz", WriteNpz({x, y}));
  const Json first = Evaluate({"o", "rows.csv"});
  EXPECT_EQ(first["rows"], kRows);
  EXPECT_TRUE(first["metrics"].contains("top5_accuracy"));
  for (const Words& words : {Words{"o", "pictures", "--labels", "labels"},
                             Words{"o", "t10k-images-idx3-ubyte"}, Words{"o", "rows.npz"}}) {
    const Json json = Evaluate(words);
    EXPECT_EQ(json["loss"], first["loss"]) << words.back();
    EXPECT_EQ(json["metrics"], first["metrics"]) << words.back();
    EXPECT_EQ(json["matrices"], first["matrices"]) << words.back();
  }
  EXPECT_TRUE(Contains(Refusal({"o", "pictures"}), "pictures: error: it holds no classes: name"));
  WriteBytes("few.npz", WriteNpz({x}));
  EXPECT_TRUE(Contains(Refusal({"o", "few.npz"}), "it has none of the arrays y_test, "));
  const NamedTensor wrong{"y", ElementType::kU8, {kRows}, {0, 1, 2, 3, 10}};
  WriteBytes("wrong.npz", WriteNpz({x, wrong}));
  EXPECT_TRUE(Contains(Refusal({"o", "wrong.npz"}), "is 10: expected a class from 0 to 9"));
  // Predictions take the same arrays.
  const Outcome of_csv = program_.Run({"predict", "o", "pictures"});
  EXPECT_EQ(program_.Run({"predict", "o", "rows.npz"}).out, of_csv.out);
}

// One row that is no bytes makes numbers of a whole file. Its other rows stay what they are beside
// bytes alone: sparse, as in training.
TEST_F(EvaluateTest, OfBytesAmongNumbersHasTheBitsOfTraining) {
  constexpr size_t kWidth = 40;
  std::string bytes;
  for (size_t r = 0; r < 60; ++r) {
    bytes += std::to_string(r % 3);
    for (size_t i = 0; i < kWidth; ++i) {
      bytes += "," + std::to_string((i * (r + 3)) % 7 == 0 ? (i * 37 + r * r) % 256 : 0);
    }
    bytes += "\n";
  }
  std::string other = "0";
  for (size_t i = 0; i < kWidth; ++i) other += "," + std::to_string(i) + ".5";
  program_.Write("a.csv", bytes);
  program_.Write("first.csv", other + "\n" + bytes);
  program_.Write("last.csv", bytes + other + "\n");
  program_.Write("other.csv", other + "\n");
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, test: a.csv, target: 0, scale: 255,"
                 " mean: 0.31, std: 0.77}\n"
                 "model: [{name: linear, units: 64}, relu, {name: linear, units: 3}]\n"
                 "loss: cross_entropy\noptimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 2}\n");
  ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
  EXPECT_EQ(Evaluate({"o", "a.csv"})["loss"], LastEpoch("o")["test_loss"]);
  // The mean of 61 losses, of which one is that of the other row.
  const double alone = Evaluate({"o", "other.csv"})["loss"];
  const double all = Evaluate({"o", "a.csv"})["loss"];
  EXPECT_NEAR(Evaluate({"o", "last.csv"})["loss"], (60 * all + alone) / 61, 1e-12);
  const auto cut = [](const std::string& text) {  // without the target
    std::istringstream lines(text);
    std::string inputs;
    for (std::string line; std::getline(lines, line);) inputs += line.substr(2) + "\n";
    return inputs;
  };
  const auto predict = [&](const std::string& text) {
    program_.Write("x.csv", cut(text));
    Json rows = Json::parse(program_.Run({"predict", "o", "x.csv", "--json"}).out);
    for (Json& row : rows) row.erase("row");
    return rows;
  };
  const Json of_bytes = predict(bytes);
  const Json of_other = predict(other + "\n");
  Json first = predict(other + "\n" + bytes);
  ASSERT_EQ(first.size(), 61u);
  EXPECT_EQ(first[0], of_other[0]);
  for (size_t r = 0; r < 60; ++r) EXPECT_EQ(first[r + 1], of_bytes[r]) << r;
  const Json last = predict(bytes + other + "\n");
  for (size_t r = 0; r < 60; ++r) EXPECT_EQ(last[r], of_bytes[r]) << r;
}

TEST_F(EvaluateTest, TargetsThatTheModelDoesNotKnowAreRefused) {
  program_.Write("a.csv", "size,kind\n1,small\n9,tall\n2,small\n8,tall\n1.5,small\n7,tall\n");
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, target: kind}\n"
                 "model: [{name: linear, units: 2}]\nloss: cross_entropy\n"
                 "optimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 2}\n");
  ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
  program_.Write("b.csv", "size,kind\n1,smal\n");
  EXPECT_TRUE(Contains(Refusal({"o", "b.csv"}),
                       "b.csv:2:3: error: \"smal\" is no class of the "
                       "model; did you mean \"small\"?"));
  program_.Write("b.csv", "size,sort\n1,small\n");
  EXPECT_TRUE(Contains(Refusal({"o", "b.csv"}), "there is no column \"kind\""));
  EXPECT_EQ(Evaluate({"o", "b.csv", "--target", "sort"})["rows"], 1);
  EXPECT_TRUE(Contains(Refusal({"o", "b.csv", "--target", "size"}), "is an input, no target"));
  EXPECT_TRUE(Contains(Refusal({"o", "b.csv", "--target", "sort", "--target", "size"}),
                       "the column \"size\" is an input, no target"));
  program_.Write("b.csv", "size,kind\n1,0\n9,1\n8,5\n");
  EXPECT_TRUE(Contains(Refusal({"o", "b.csv"}), "row 2, counted from 0, has the class 5"));
  program_.Write("b.csv", "size,kind\n1,0\n9,1\n1,0\n9,1\n");  // classes by their numbers
  const Json numbered = Evaluate({"o", "b.csv"});
  program_.Write("b.csv", "small,1\ntall,9\nsmall,1\ntall,9\n");  // no header
  EXPECT_EQ(Evaluate({"o", "b.csv", "--target", "0"})["loss"], numbered["loss"]);
}

// The metrics would be of another target than the one that was asked for.
TEST_F(EvaluateTest, TargetsThatAreNotLookedForAreRefused) {
  program_.Write("a.csv", "0,1\n1,9\n0,2\n1,8\n");
  program_.Write(
      "net.yaml",
      "name: net\ndataset: {name: csv, train: a.csv}\nmodel: [{name: linear, units: 2}]\n"
      "optimizer: sgd\ntrain: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
  const double numbers[] = {1, 9};
  const NamedTensor x = PackTensor<double>("x", {2, 1}, {numbers, 2, 1, 1});
  const int64_t classes[] = {0, 1};
  const NamedTensor y = PackTensor<int64_t>("y", {2}, {classes, 1, 2, 2});
  WriteBytes("d.npz", WriteNpz({x, y}));
  EXPECT_EQ(Evaluate({"o", "d.npz"})["rows"], 2);
  EXPECT_TRUE(Contains(Refusal({"o", "d.npz", "--target", "0"}),
                       "d.npz: error: --target names columns of CSV files, and this is none"));
  EXPECT_TRUE(Contains(Refusal({"o", "a.csv", "--labels", "d.npz"}),
                       "a.csv: error: --labels is for images and .npy files"));
  EXPECT_EQ(
      program_
          .Run({"net.yaml", "dataset.target=input", "model.0.units=2", "--quiet", "--out", "auto"})
          .code,
      0);
  EXPECT_EQ(Evaluate({"auto", "a.csv"})["rows"], 4);
  EXPECT_TRUE(Contains(Refusal({"auto", "a.csv", "--target", "0"}), "leave out --target"));
}

TEST_F(EvaluateTest, AMatrixThatIsLeftOutIsMissed) {
  program_.Write("a.csv", "0,1\n1,9\n0,2\n1,8\n");
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, classes: 2001}\n"
                 "model: [{name: linear, units: 2001}]\noptimizer: sgd\ntrain: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
  const Outcome many = program_.Run({"evaluate", "o", "a.csv"});
  EXPECT_EQ(many.code, 0) << many.err;
  EXPECT_FALSE(Contains(many.out, "confusion_matrix"));
  EXPECT_TRUE(Contains(many.err, "note: no confusion matrix is shown of more than 2000 classes"));
}

TEST_F(EvaluateTest, TextShowsEveryMetricAndMatrix) {
  program_.Write("a.csv", "1,small\n9,tall\n2,small\n8,tall\n");
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, target: 1}\n"
                 "model: [{name: linear, units: 2, weight: {name: explicit, values: [[-1, 1]]},"
                 " bias_init: {name: explicit, values: [[5, -5]]}}]\nloss: cross_entropy\n"
                 "optimizer: {name: sgd, lr: 0}\ntrain: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
  program_.Write("b.csv", "1,small\n9,tall\n8,small\n");
  const Outcome text = program_.Run({"evaluate", "o", "b.csv"});
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* part : {"3 rows of b.csv\nloss", "\naccuracy           0.666667\n",
                           "\nconfusion_matrix\n        small    tall\nsmall       1       1\n"
                           "tall        0       1\n"}) {
    EXPECT_TRUE(Contains(text.out, part)) << part << "\n" << text.out;
  }
}

TEST_F(EvaluateTest, AnAutoencoderNeedsNoTargets) {
  program_.Write("a.csv", "0,1.5,2.5\n1,2.5,1.5\n0,1.25,3\n1,3,1\n");
  program_.Write("b.csv", "1.5,2.5\n2.5,1.5\n1.25,3\n3,1\n");
  for (const std::string scale :
       {"", "standardise: true\n", "min_max: [-1, 1]\n",
        "standardise: true\nstandardise_by: all_rows\ndtype: float64\n"}) {
    program_.Write("net.yaml", scale +
                                   "name: net\ndataset: {name: csv, train: a.csv, test: a.csv}\n"
                                   "targets: inputs\nmetrics: [mae, rmse]\n"
                                   "model: [{name: linear, units: 1}, {name: linear, units: 2}]\n"
                                   "loss: mse\noptimizer: {name: sgd, lr: 0.1}\n"
                                   "train: {epochs: 2}\n");
    const std::string folder = "o" + std::to_string(scale.size());
    ASSERT_EQ(program_.Run({"net.yaml", "--quiet", "--out", folder}).code, 0);
    const Json json = Evaluate({folder, "b.csv"});
    const Json last = LastEpoch(folder);
    EXPECT_EQ(json["loss"], last["test_loss"]) << scale;
    EXPECT_EQ(json["metrics"]["mae"], last["test_mae"]) << scale;
    EXPECT_EQ(json["metrics"]["rmse"], last["test_rmse"]) << scale;
    EXPECT_TRUE(json["metrics"].contains("r2"));
  }
}

}  // namespace
}  // namespace nabla
