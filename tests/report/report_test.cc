#include "framework/report/report.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "framework/report/overview.h"
#include "framework/report/report_parts.h"
#include "framework/report/report_text.h"
#include "tests/report/sample_report.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// What a page may weigh before there is data in it.
constexpr size_t kMostBytes = 115000;

size_t Count(const std::string& text, const std::string& what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

bool Has(const std::string& text, const std::string& what) { return Count(text, what) > 0; }

Json DataOf(const Report& report) { return Json::parse(ReportJson(report, GroupsOf(report))); }

ReportRun RunWith(const std::string& label, const std::string& group, double accuracy) {
  ReportRun run;
  run.label = label;
  run.group = group;
  run.status = "complete";
  run.epochs.resize(1);
  run.epochs[0].epoch = 4;
  run.epochs[0].metrics = {{"test_accuracy", accuracy}};
  return run;
}

TEST(ReportTest, IsSmallAndNeedsNoNetwork) {
  const std::string page = RenderReport(Report{});
  EXPECT_LT(page.size(), kMostBytes);
  EXPECT_EQ(page.find("<!doctype html>"), 0u);
  EXPECT_FALSE(Has(page, "src="));
  EXPECT_FALSE(Has(page, "https:"));
  EXPECT_FALSE(Has(page, "url("));
  EXPECT_FALSE(Has(page, "@import"));
  EXPECT_FALSE(Has(page, "{{"));
  EXPECT_TRUE(Has(page, "default-src 'none'"));
}

TEST(ReportTest, TextStaysText) {
  const std::string page = RenderReport(HostileReport());
  EXPECT_EQ(Count(page, "</script>"), 2u);
  EXPECT_EQ(Count(page, "<script"), 2u);
  EXPECT_EQ(Count(page, "</title>"), 1u);
  EXPECT_FALSE(Has(page, "<b id"));
  EXPECT_FALSE(Has(page, "<!--"));
}

TEST(ReportTest, DataReadBackIsTheText) {
  Report report;
  report.runs.push_back(RunWith("</script> <!-- \\u003c \"'\n", "", 0.5));
  EXPECT_EQ(DataOf(report)["runs"][0]["label"], report.runs[0].label);
}

TEST(ReportTest, CurvesHaveTheDigitsOfAChart) {
  Report report;
  report.runs.push_back(RunWith("a", "", 2.0 / 3));
  report.runs[0].epochs[0].metrics.emplace_back("train_loss", 1e-30 / 3);
  report.runs[0].parameters = {"weight"};
  report.runs[0].epochs[0].weight_norms = {1e5 / 3};
  const Json run = DataOf(report)["runs"][0];
  EXPECT_EQ(run["curves"]["test_accuracy"][0].dump(), "0.6666667");
  EXPECT_EQ(run["curves"]["train_loss"][0].dump(), "3.333333e-31");
  EXPECT_EQ(run["weight_norms"][0].dump(), "[33333.33]");
}

TEST(ReportTest, LeavesOutWhatHasNoData) {
  Report report;
  report.runs.push_back(RunWith("only", "", 0.5));
  const Json run = DataOf(report)["runs"][0];
  EXPECT_EQ(run.size(), 4u) << run;  // label, group, epochs, curves
  EXPECT_EQ(run["curves"].size(), 1u);
  const std::string page = RenderReport(report);
  EXPECT_TRUE(Has(page, "test accuracy"));
  EXPECT_FALSE(Has(page, "<dt>train accuracy"));
  EXPECT_FALSE(Has(page, "Source:"));
  EXPECT_FALSE(Has(page, "class=\"verdict\""));
}

TEST(ReportTest, VerdictsHaveColoursAndTheirPower) {
  Report report;
  report.verdicts = {
      {.text = "reproduced & so on", .tone = Tone::kGood, .power = {{"rate / 2", 0.25}}},
      {.list = "<second>", .text = "not reproduced", .tone = Tone::kBad}};
  const std::string page = RenderReport(report);
  EXPECT_TRUE(Has(page, "<div class=\"verdict good\">reproduced &amp; so on<details open>"));
  EXPECT_TRUE(Has(page, "rate / 2</th><td>25 %</td>"));
  EXPECT_TRUE(Has(page, "<i style=\"width: 25%\"></i>"));
  EXPECT_TRUE(Has(page, "<div class=\"verdict bad\"><b>&lt;second&gt;</b>: not reproduced</div>"));
}

TEST(ReportTest, TheOverviewLinksToEachNotebook) {
  const std::string page =
      RenderOverview({{.name = "a",
                       .source = "a.txt",
                       .link = "a/report.html",
                       .runs = 12,
                       .seconds = 3,
                       .verdicts = {{.text = "unusual draw", .tone = Tone::kDoubtful}}},
                      {.name = "b"}},
                     "0.1");
  EXPECT_TRUE(Has(page, "<h2><a href=\"a/report.html\">a</a></h2>"));
  EXPECT_TRUE(Has(page, "a.txt; 12 runs, 3 s of training"));
  EXPECT_TRUE(Has(page, "<div class=\"verdict doubtful\">unusual draw</div>"));
  EXPECT_TRUE(Has(page, "<h2>b</h2>"));
  EXPECT_FALSE(Has(page, "<script"));
}

TEST(ReportTest, WhatIsNotFiniteComesLast) {
  Report report;
  report.runs.push_back(RunWith("a", "", 0.5));
  report.runs[0].epochs[0].metrics.emplace_back("train_loss",
                                                std::numeric_limits<double>::infinity());
  report.runs.push_back(RunWith("b", "", std::nan("")));
  const Json data = DataOf(report);
  EXPECT_EQ(data["runs"][0]["curves"]["train_loss"][0], "nan");
  EXPECT_EQ(data["runs"][1]["curves"]["test_accuracy"][0], "nan");
  EXPECT_EQ(data["groups"], Json({"a", "b"}));
}

TEST(ReportTest, GroupsComeBestFirstWithMeanAndDeviation) {
  Report report;
  report.runs = {RunWith("1", "low", 0.5), RunWith("2", "high", 0.9), RunWith("3", "high", 0.8),
                 RunWith("4", "low", 0.7)};
  EXPECT_EQ(DataOf(report)["groups"], Json({"high", "low"}));
  const std::string page = RenderReport(report);
  // Standard deviations of numpy.std([0.9, 0.8], ddof=1) and numpy.std([0.5, 0.7], ddof=1).
  EXPECT_TRUE(Has(page, "85.00 % <small>± 7.07</small>"));
  EXPECT_TRUE(Has(page, "60.00 % <small>± 14.14</small>"));
  EXPECT_LT(page.find(">high<"), page.find(">low<"));
  EXPECT_TRUE(Has(page, "<table class=\"sortable\" id=\"groups\">"));
  EXPECT_TRUE(Has(page, "<table class=\"sortable\" id=\"runs\">"));
}

// Pairs of seeds, as in a sweep's table.
TEST(ReportTest, GroupsThatCannotBeToldFromTheBestAreMarked) {
  const auto report = [](double gap, int64_t seeds) {
    Report made{.title = "t", .keys = {"lr"}};
    for (int64_t seed = 0; seed < seeds; ++seed) {
      for (const char* lr : {"0.1", "0.2", "0.3"}) {
        const double noise = 0.001 * static_cast<double>((7 * seed + lr[2]) % 5);
        const double mean = lr[2] == '3' ? 0.5 : lr[2] == '2' ? 0.9 - gap : 0.9;
        made.runs.push_back({.group = lr,
                             .status = "complete",
                             .epochs = {{.epoch = 1, .metrics = {{"test_accuracy", mean + noise}}}},
                             .seed = seed,
                             .settings = {lr}});
      }
    }
    return made;
  };
  const auto marks = [](const Report& r) { return MayBeBest(r, GroupsOf(r)); };
  EXPECT_EQ(marks(report(0.1, 8)), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(marks(report(0, 8)), (std::vector<bool>{true, true, false}));
  EXPECT_TRUE(marks(report(0.1, 3)).empty());
  const std::string page = RenderReport(report(0, 8));
  EXPECT_NE(page.find("≈ cannot be told from the best by test accuracy at 95 %."), page.npos);
  EXPECT_NE(page.find("data-value=\"0.1\">0.1&nbsp;<span title="), page.npos);
  EXPECT_EQ(page.find("data-value=\"0.3\">0.3&nbsp;"), page.npos);
  const std::string text = ReportText(report(0, 8), 80);
  EXPECT_NE(text.find("  1 ≈  0.1"), text.npos) << text;
  EXPECT_NE(text.find("≈ cannot be told from the best by test_accuracy at 95 %; `compare` adds"),
            text.npos)
      << text;
  // A run that is missing, or that goes on, has no pair.
  Report other = report(0, 8);
  other.runs.back().seed = 99;
  EXPECT_TRUE(marks(other).empty());
  other.runs.back().seed = 7;
  other.runs.back().status = "running";
  EXPECT_TRUE(marks(other).empty());
  // One that diverged is the worst.
  other.runs.back().status = "diverged";
  EXPECT_EQ(marks(other), (std::vector<bool>{true, true, false}));
  // Groups that a halving left are not compared.
  for (ReportRun& run : other.runs) run.left_behind = run.group == "0.3";
  EXPECT_EQ(marks(other), (std::vector<bool>{true, true, false}));
}

TEST(ReportTest, ATerminalShowsMeansAndPlotsTheFirstGroups) {
  Report report;
  for (const double loss : {4.0, 2.0, 3.0}) {
    ReportRun run{.label = std::to_string(loss), .group = loss > 3 ? "worse" : "better"};
    for (int epoch = 1; epoch <= 2; ++epoch) {
      run.epochs.push_back(
          {.epoch = epoch, .metrics = {{"train_loss", 9 / epoch}, {"test_loss", loss / epoch}}});
    }
    report.runs.push_back(run);
  }
  const std::string text = ReportText(report);
  // Mean and numpy.std(ddof=1) of 1 and 1.5.
  EXPECT_TRUE(Has(text, "\n  1  better     2              -  1.25 ± 0.35")) << text;
  EXPECT_TRUE(Has(text, "\n  2  worse      1              -            2")) << text;
  EXPECT_TRUE(Has(text, "\ntest loss by group\n")) << text;
  EXPECT_TRUE(Has(text, "\n1.25 ┤")) << text;
  EXPECT_EQ(ReportText(Report{}).find("loss by group"), std::string::npos);
}

TEST(ReportTest, LossesOrderGroupsWithoutAccuracy) {
  Report report;
  for (const double loss : {3.0, 1.0, 2.0}) {
    ReportRun run;
    run.name = std::to_string(static_cast<int>(loss));
    run.epochs.resize(1);
    run.epochs[0].metrics = {{"test_loss", loss}};
    report.runs.push_back(run);
  }
  EXPECT_EQ(DataOf(report)["groups"], Json({"1", "2", "3"}));
}

TEST(ReportTest, EveryMetricHasATileAColumnAndACurve) {
  Report report{.smaller_is_better = {"mae"}};
  for (const double error : {3.0, 2.0}) {
    ReportRun run{.name = std::to_string(error)};
    run.epochs = {{.epoch = 1, .metrics = {{"test_mae", error}, {"test_r2", error / 4}}}};
    report.runs.push_back(run);
  }
  const std::string page = RenderReport(report);
  EXPECT_TRUE(Has(page, "data-first=\"ascending\">test mae</th>"));
  EXPECT_TRUE(Has(page, "<th scope=\"col\">test r2</th>"));
  EXPECT_TRUE(Has(ReportText(report), "  test mae  "));
  EXPECT_TRUE(Has(ReportText(report), "  test r2"));
  report.runs.pop_back();
  EXPECT_TRUE(Has(RenderReport(report), "<dt>test mae</dt><dd>3.000"));
  EXPECT_EQ(DataOf(report)["runs"][0]["curves"]["test_r2"], Json::array({0.75}));
}

// Only some runs have rows to validate.
TEST(ReportTest, GroupsAreOrderedByAMetricThatAllHave) {
  Report report;
  report.runs = {RunWith("validated", "", 0.63), RunWith("plain", "", 0.987)};
  report.runs[0].epochs[0].metrics.emplace_back("validation_accuracy", 0.6);
  EXPECT_EQ(DataOf(report)["groups"], Json({"plain", "validated"}));
  EXPECT_TRUE(Has(RenderReport(report), "Best first by test accuracy; "));
  EXPECT_TRUE(Has(ReportText(report), "\nbest first by test_accuracy\n"));
  EXPECT_EQ(Json::parse(GroupsJson(report, "f"))["ranking"]["metric"], "test_accuracy");
}

TEST(ReportTest, ImportanceLeavesOutEmptyShares) {
  Report report;
  report.keys = {"optimizer.lr", "train.batch_size"};
  for (int i = 0; i < 8; ++i) {
    ReportRun run = RunWith(std::to_string(i), "", i % 2 == 0 ? 0.25 : 0.75);
    run.status = "complete";
    run.seed = i / 4;
    run.settings = {i % 2 == 0 ? "0.1" : "0.2", i / 2 % 2 == 0 ? "16" : "32"};
    report.runs.push_back(run);
  }
  EXPECT_EQ(ImportanceText(report),
            "differences of rank by test_accuracy come from: optimizer.lr 100 %\n");
}

TEST(ReportTest, TilesNameTheBestEpoch) {
  Report report;
  report.runs.push_back(RunWith("only", "", 0.75));
  report.runs[0].epochs.push_back(report.runs[0].epochs[0]);
  report.runs[0].epochs[1].epoch = 5;
  report.runs[0].epochs[1].metrics = {{"test_accuracy", 0.5}};
  EXPECT_TRUE(
      Has(RenderReport(report), "<dd>50.00&nbsp;%<small>best 75.00&nbsp;% at epoch 4</small>"));
}

TEST(ReportTest, LongRunsShowSomeEpochsInTheirTable) {
  Report report;
  report.runs.emplace_back();
  report.runs[0].epochs.resize(1001);
  for (size_t i = 0; i < 1001; ++i) report.runs[0].epochs[i].epoch = static_cast<int64_t>(i + 1);
  const std::string page = RenderReport(report);
  EXPECT_TRUE(Has(page, "One epoch in 6"));
  EXPECT_EQ(Count(page, "<tr><th scope=\"row\">"), 168u);  // 1, 7, ..., 997 and 1001
}

// The test vectors of RFC 4648, section 10.
TEST(ReportTest, PixelsAreBase64) {
  const std::pair<std::string, std::string> kVectors[] = {
      {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, code] : kVectors) {
    Report report = Report{};
    report.runs.emplace_back();
    WorstPicture picture;
    picture.pixels.assign(text.begin(), text.end());
    report.runs[0].look.worst.push_back(picture);
    EXPECT_EQ(DataOf(report)["runs"][0]["worst"][0]["pixels"], code);
  }
}

TEST(ReportTest, WeightsAreBytesOfTheirScale) {
  Report report;
  report.runs.emplace_back();
  report.runs[0].look.weights = {"w", 3, 1, 1, {-2.0f, 1.0f, 0.0f}};
  const Json weights = DataOf(report)["runs"][0]["weights"];
  // 99 % of three sizes is the second largest: -127, 127, 0.
  EXPECT_EQ(weights["scale"], 1.0);
  EXPECT_EQ(weights["values"], "gX8A");
}

}  // namespace
}  // namespace nabla
