// The same rows give the same weights, however files store them, or an error.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "framework/base/philox.h"
#include "tests/data/samples.h"
#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

constexpr size_t kHeight = 5;
constexpr size_t kWidth = 20;
constexpr size_t kInputs = kHeight * kWidth;
constexpr size_t kClasses = 10;
constexpr size_t kTrain = 200;
constexpr size_t kTest = 60;

using Line = std::vector<std::string>;  // the label, then the inputs

// Three quarters of the inputs are 0.
std::vector<Line> Rows(uint64_t seed, size_t count) {
  std::vector<Line> rows;
  for (size_t r = 0; r < count; ++r) {
    Line row = {std::to_string(r % kClasses)};
    for (size_t i = 0; i < kInputs; ++i) {
      const uint64_t bits = Key(seed, {r, i});
      row.push_back(std::to_string(bits % 4 == 0 ? (bits >> 8) % 256 : 0));
    }
    rows.push_back(row);
  }
  return rows;
}

// How a table is written.
struct Form {
  std::string header;
  std::string before;
  std::string separator = ",";
  std::string end = "\n";
  std::string after;
};

std::string Written(const std::vector<Line>& rows, const Form& form = {}) {
  std::string text = form.header;
  for (const Line& row : rows) {
    text += form.before;
    for (size_t i = 0; i < row.size(); ++i) text += (i > 0 ? form.separator : "") + row[i];
    text += form.end;
  }
  return text + form.after;
}

std::string Header() {
  std::string text = "\"class\"";
  for (size_t i = 0; i < kInputs; ++i) text += ",pixel " + std::to_string(i);
  return text + "\n";
}

// Rows with every input, or with the first one alone, changed.
using Change = std::function<std::string(const std::string&)>;
std::vector<Line> Changed(std::vector<Line> rows, const Change& change) {
  for (Line& row : rows) {
    for (size_t i = 1; i < row.size(); ++i) row[i] = change(row[i]);
  }
  return rows;
}
std::vector<Line> OneChanged(std::vector<Line> rows, const Change& change) {
  rows[7][3] = change(rows[7][3]);
  return rows;
}

std::string Number(size_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

// Images and labels as IDX files.
void WriteIdx(const Program& program, const std::string& set, const std::vector<Line>& rows) {
  std::string images =
      std::string("\0\0\x08\x03", 4) + Number(rows.size()) + Number(kHeight) + Number(kWidth);
  std::string labels = std::string("\0\0\x08\x01", 4) + Number(rows.size());
  for (const Line& row : rows) {
    labels += static_cast<char>(std::stoi(row[0]));
    for (size_t i = 1; i < row.size(); ++i) images += static_cast<char>(std::stoi(row[i]));
  }
  program.Write("idx/kmnist/" + set + "-images-idx3-ubyte", images);
  program.Write("idx/kmnist/" + set + "-labels-idx1-ubyte", labels);
}

// Settings that take different ways through the data path.
const char* const kSettings[] = {
    "",
    "mean: 0.1, std: 0.3",
    "mean: 0.1, std: 0.3; standardise=true",
    "; split={merge: true, test_fraction: 0.25}",
    "; subset={train: 150, test: 40, seed: 1}; dtype=float64",
    "mean: 0.1, std: 0.3; dtype=float64",
    "mean: 0.2; augment.noise=0.1",
};

class StoredRowsTest : public testing::TestWithParam<const char*> {
 protected:
  StoredRowsTest() {
    program_.Write("net.yaml",
                   "name: net\ndataset: xor\n"
                   "model: [{name: linear, units: 64}, relu, {name: linear, units: 10}]\n"
                   "loss: cross_entropy\noptimizer: {name: adam, lr: 0.01}\n"
                   "train: {batch_size: 32, epochs: 2}\n");
  }

  // What the weights are, or "error" where that is said with exit code 2.
  std::string Weights(const std::string& dataset) {
    Words words = {"net.yaml", "--out", "o" + std::to_string(++runs_), "--quiet", "--offline",
                   "--data",   "idx"};
    std::string setting = GetParam();
    size_t end = setting.find("; ");
    const std::string fields = setting.substr(0, end);
    words.push_back("dataset={" + dataset + ", scale: 255" + (fields.empty() ? "" : ", " + fields) +
                    "}");
    while (end != std::string::npos) {
      const size_t begin = end + 2;
      end = setting.find("; ", begin);
      words.push_back(setting.substr(begin, end == std::string::npos ? end : end - begin));
    }
    const Outcome run = program_.Run(words);
    said_ = run.err;
    if (run.code == 2) return "error";
    EXPECT_EQ(run.code, 0) << run.err;
    if (run.code != 0) return "failed";
    return WeightsHash(program_, words[2]);
  }

  std::string WeightsOfCsv(const std::string& train, const std::string& test,
                           const std::string& more = "") {
    program_.Write("train.csv", train);
    program_.Write("test.csv", test);
    return Weights("name: csv, train: train.csv, test: test.csv, shape: [1, 5, 20]" + more);
  }

  Program program_;
  std::string said_;
  const std::vector<Line> train_ = Rows(1, kTrain);
  const std::vector<Line> test_ = Rows(2, kTest);

 private:
  int runs_ = 0;
};

TEST_P(StoredRowsTest, AnyFormOfEitherFileGivesTheSameWeights) {
  const std::string known = WeightsOfCsv(Written(train_), Written(test_));
  ASSERT_EQ(known.size(), 32u) << said_;
  WriteIdx(program_, "train", train_);
  WriteIdx(program_, "t10k", test_);
  EXPECT_EQ(Weights("name: kmnist"), known);
  const Change decimals = [](const std::string& x) { return x + ".0"; };
  const Change power = [](const std::string& x) { return x + "e0"; };
  const Change plus = [](const std::string& x) { return "+" + x; };
  const Change minus = [](const std::string& x) { return x == "0" ? "-0.0" : x; };
  const Change blank = [](const std::string& x) { return " " + x + "\t"; };
  const Change quote = [](const std::string& x) { return "\"" + x + "\""; };
  using Writer = std::function<std::string(const std::vector<Line>&)>;
  const std::vector<Writer> writers = {
      [](const auto& rows) { return Written(rows); },
      [](const auto& rows) { return Written(rows, {.header = Header()}); },
      [](const auto& rows) { return Written(rows, {.end = "\r\n"}); },
      [](const auto& rows) { return Written(rows, {.end = " \n", .after = "\n \n\n"}); },
      [](const auto& rows) { return Written(rows, {.before = " ", .separator = " , "}); },
      [](const auto& rows) { return "\xEF\xBB\xBF" + Written(rows); },
      [](const auto& rows) { return "\xEF\xBB\xBF" + Written(rows, {.header = Header()}); },
      [](const auto& rows) { return Gzip(Written(rows)); },
      [](const auto& rows) { return Gzip(Written(rows, {.header = "\r\n" + Header()})); },
      [](const auto& rows) { return Written(rows, {.separator = ";"}); },
      [](const auto& rows) { return Written(rows, {.separator = "\t"}); },
      [&](const auto& rows) { return Written(OneChanged(rows, quote)); },
      [&](const auto& rows) { return Written(Changed(rows, quote), {.header = Header()}); },
      [&](const auto& rows) { return Written(Changed(rows, decimals)); },
      [&](const auto& rows) { return Written(OneChanged(rows, decimals)); },
      [&](const auto& rows) { return Written(OneChanged(rows, power)); },
      [&](const auto& rows) { return Written(Changed(rows, plus)); },
      [&](const auto& rows) { return Written(Changed(rows, minus)); },
      [&](const auto& rows) { return Written(Changed(rows, blank), {.header = Header()}); }};
  for (size_t i = 0; i < writers.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(WeightsOfCsv(writers[i](train_), writers[writers.size() - 1 - i](test_)), known)
        << said_;
  }
}

// A test row that is no pixel changes how all are held, and not what the training rows give.
TEST_P(StoredRowsTest, OtherTestRowsLeaveTheWeightsAsTheyAre) {
  const std::string known = WeightsOfCsv(Written(train_), Written(test_));
  const bool merged = Contains(GetParam(), "merge");
  for (const char* other : {"0.5", "300", "-1", "1e9"}) {
    const auto change = [&](const std::string&) { return std::string(other); };
    const std::string found = WeightsOfCsv(Written(train_), Written(OneChanged(test_, change)));
    EXPECT_EQ(found == known, !merged) << other;
    EXPECT_EQ(found.size(), 32u) << said_;
    // Merged or not, the way round does not crash.
    EXPECT_EQ(WeightsOfCsv(Written(OneChanged(train_, change)), Written(test_)).size(), 32u);
  }
}

class BrokenRowsTest : public StoredRowsTest {};

TEST_P(BrokenRowsTest, WhatCannotBeReadIsAnError) {
  const std::string sound = Written(train_);
  const std::vector<std::string> broken = {Written(OneChanged(train_, [](auto) { return ""; })),
                                           Written(OneChanged(train_, [](auto) { return "nan"; })),
                                           Written(OneChanged(train_, [](auto) { return "1,2"; })),
                                           Written(train_, {.end = "\r"}),
                                           Written(train_, {.end = ",\n"}),
                                           Header() + Header() + sound,
                                           Gzip(sound).substr(0, 100),
                                           ""};
  for (size_t i = 0; i < broken.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(WeightsOfCsv(broken[i], Written(test_)), "error");
    EXPECT_TRUE(Contains(said_, "train.csv")) << said_;
    EXPECT_EQ(WeightsOfCsv(Written(test_), broken[i]), "error");
    EXPECT_TRUE(Contains(said_, "test.csv")) << said_;
  }
}

TEST_P(StoredRowsTest, WhereTheLabelStandsDoesNotMatter) {
  const auto last = [](std::vector<Line> rows) {
    for (Line& row : rows) std::rotate(row.begin(), row.begin() + 1, row.end());
    return rows;
  };
  EXPECT_EQ(WeightsOfCsv(Written(last(train_)), Written(last(test_)), ", label_column: -1"),
            WeightsOfCsv(Written(train_), Written(test_)));
}

INSTANTIATE_TEST_SUITE_P(Settings, StoredRowsTest, testing::ValuesIn(kSettings));
INSTANTIATE_TEST_SUITE_P(NoSetting, BrokenRowsTest, testing::Values(""));

}  // namespace
}  // namespace nabla
