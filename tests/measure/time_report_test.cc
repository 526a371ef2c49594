#include "framework/measure/time_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "framework/measure/time.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

// Instrumented steps are so long that other work on the machine gets between them.
#ifdef NABLA_SANITIZED
constexpr double kMostExplained = 8;
#else
constexpr double kMostExplained = 2;
#endif

TimeReport Sample() {
  TimeReport report{.name = "sample",
                    .dataset = "digits",
                    .dtype = "float32",
                    .simd = "avx2",
                    .batch_rows = 100,
                    .steps_per_epoch = 10,
                    .peak = 100,
                    .step_seconds = 0.0033,
                    .evaluation_seconds = 0.003,
                    .by_threads = {0.0033, 0.00165}};
  report.rows = {{"", "gather", 0.001, 0, 0, 1e6},
                 {"0 linear", "forward", 0.001, 4e8, 8e7, 5e6},
                 {"1 linear", "update", 0.001, 0, 0, 2e6}};
  return report;
}

TEST(TimeReportTest, SharesAddUpTo100) {
  for (const double seconds : {0.001, 0.00137, 1e-6, 0.5}) {
    TimeReport report = Sample();
    report.rows[1].seconds = seconds;
    const std::string table = TimeTable(report);
    const std::regex share("([0-9]+\\.[0-9]) %");
    double sum = 0;
    const std::string rows = table.substr(0, table.find("The step itself"));
    for (std::sregex_iterator i(rows.begin(), rows.end(), share), end; i != end; ++i) {
      sum += std::stod((*i)[1]);
    }
    EXPECT_NEAR(sum, 100, 1e-9) << table;
  }
}

TEST(TimeReportTest, TheTableSaysItAll) {
  const std::string table = TimeTable(Sample());
  for (const char* part :
       {"sample: digits, 10 steps per epoch, 100 rows per step, float32, avx2; peak 100 GFLOP/s "
        "per core\n",
        "0 linear        forward      1.00000  30.3 %   400.0      80.0    80 %    5.000\n",
        "1 linear        update       1.00000  30.3 %",
        "                evaluation             9.1 %\n", "the rows account for 90.9 %",
        "2 threads: 1.65000 ms per step, 2.00 times as fast as one\n"}) {
    EXPECT_NE(table.find(part), std::string::npos) << part << "\n" << table;
  }
}

TEST(TimeReportTest, JsonHasTheSameNumbers) {
  const auto json = nlohmann::json::parse(TimeJson(Sample()));
  EXPECT_EQ(json["rows"].size(), 3u);
  EXPECT_DOUBLE_EQ(json["rows"][1]["gflops"], 400);
  EXPECT_DOUBLE_EQ(json["rows"][1]["effective_gflops"], 80);
  EXPECT_DOUBLE_EQ(json["rows"][1]["of_peak"], 0.8);
  EXPECT_FALSE(json["rows"][0].contains("gflops"));
  EXPECT_DOUBLE_EQ(json["epoch_seconds"], 0.033);
  double shares = json["evaluation_seconds"].get<double>() / json["epoch_seconds"].get<double>();
  for (const auto& row : json["rows"]) shares += row["share"].get<double>();
  EXPECT_NEAR(shares, 1, 1e-12);
}

// 100 rows of 784 inputs through 64 outputs are 100 x 784 x 64 multiply-adds.
TEST(MeasureTimesTest, CountsWhatTheLayersDo) {
  const auto spec = ParseExperiment<float>(
      ParseYaml("name: toy\n"
                "dataset: synthetic_digits\n"
                "model: [{name: linear, units: 64}, relu, {name: linear, units: 10}]\n"
                "loss: cross_entropy\n"
                "optimizer: adam\n"
                "train: {batch_size: 100}\n",
                "toy"),
      ToyRegistry());
  const DataSplits data =
      PrepareData(spec, {"toy", ToySamples(1000, 784, 10), ToySamples(100, 784, 10)});
  const TimeReport report = MeasureTimes<float>(spec, ToyRegistry(), data, 2);
  EXPECT_EQ(report.steps_per_epoch, 10u);
  EXPECT_EQ(report.by_threads.size(), 2u);
  EXPECT_GT(report.evaluation_seconds, 0);
  EXPECT_GT(report.Explained(), 0.5);
  EXPECT_LT(report.Explained(), kMostExplained);
  std::vector<std::string> phases;
  for (const TimeRow& row : report.rows) {
    phases.push_back(row.layer + "/" + row.phase);
    EXPECT_GT(row.seconds, 0);
    if (phases.back() == "0 linear/forward" || phases.back() == "0 linear/gradient") {
      EXPECT_EQ(row.flops, 2.0 * 100 * 784 * 64);
      // A quarter of the toy's pixels is not zero.
      EXPECT_NEAR(row.effective_flops / row.flops, 0.25, 0.01);
    }
    if (phases.back() == "2 linear/backward") {
      EXPECT_EQ(row.flops, 2.0 * 100 * 64 * 10);
    }
    if (phases.back() == "2 linear/update") {
      EXPECT_EQ(row.bytes, 7 * 4 * (64 * 10 + 10));
    }
  }
  EXPECT_EQ(phases, (std::vector<std::string>{
                        "/gather", "0 linear/forward", "1 relu/forward", "2 linear/forward",
                        "/loss", "2 linear/backward", "1 relu/backward", "2 linear/gradient",
                        "2 linear/update", "0 linear/gradient", "0 linear/update"}));
}

}  // namespace
}  // namespace nabla
