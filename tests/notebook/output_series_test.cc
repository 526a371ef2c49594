#include "framework/notebook/output_series.h"

#include <gtest/gtest.h>

#include "framework/notebook/printed_text.h"

namespace nabla {
namespace {

Notebook Printing(const std::string& output) {
  Notebook notebook;
  notebook.cells.push_back({1, 7, true, "cm = confusion(x)", {output}});
  return notebook;
}

std::vector<PrintedSeries> Series(const std::string& output) {
  return ReadPrintedMetrics(Printing(output)).series;
}

using Texts = std::vector<std::string>;
using Steps = std::vector<int64_t>;

TEST(OutputSeries, FilesThatAreUnpackedAreNoHeading) {
  const auto series = Series("Extracting digits/train-images.gz\naccuracy 0.9411\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].label.split, MetricSplit::kUnknown);
}

TEST(OutputSeries, AnAnnouncedNumberOfEpochsIsNoStep) {
  const auto series =
      Series("Training for 3000 epochs:\nIteration 1000: error 0.5\nIteration 2000: error 0.25\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].steps, (Steps{1000, 2000}));
  EXPECT_FALSE(series[0].batches);
}

TEST(OutputSeries, PercentagesMoveThePointAndKeepEveryDigit) {
  EXPECT_EQ(ShiftedPercent("92.13"), "0.9213");
  EXPECT_EQ(ShiftedPercent("9.5"), "0.095");
  EXPECT_EQ(ShiftedPercent("100.00"), "1.0000");
  EXPECT_EQ(ShiftedPercent("90"), "0.90");
  EXPECT_EQ(ShiftedPercent("0.5"), "0.005");
}

TEST(OutputSeries, AccuraciesAboveOneArePercentagesWithoutASign) {
  const auto series = Series("Epoch 1 acc 9.80\nEpoch 2 acc 91.25\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"0.0980", "0.9125"}));
}

TEST(OutputSeries, DecimalCommasArePoints) {
  const auto series = Series("Epoche 1 Verlust 1,25\nEpoche 2 Verlust 0,75\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"1.25", "0.75"}));
  // Points elsewhere: the comma divides two numbers, or thousands.
  EXPECT_EQ(Series("Epoch 1 loss 0.5 of 60,000 rows\n")[0].values, (Texts{"0.5"}));
}

TEST(OutputSeries, DeviationsMakeMeans) {
  EXPECT_TRUE(Series("Epoch 1 acc 0.91 +/- 0.02\n")[0].spread);
  EXPECT_FALSE(Series("Epoch 1 acc 0.91\n")[0].spread);
}

TEST(OutputSeries, CountsBecomeFractions) {
  const auto series = Series("Epoch 0: 9129 / 10000\nEpoch 1: 9295 / 10000\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"0.9129", "0.9295"}));
  EXPECT_EQ(Series("Accuracy: 112/150\n")[0].values, (Texts{"0.74667"}));
}

TEST(OutputSeries, MetricsBelowTheirStep) {
  const auto series = Series(
      "Iteration:  0\n[6 9 3 ... 1 4 3] [5 5 8 ... 2 2 2]\nAccuracy:  0.103\nIteration:  50\n"
      "[0 9 3 ... 0 2 3] [5 5 8 ... 2 2 2]\nAccuracy:  0.379\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].steps, (Steps{0, 50}));
  EXPECT_EQ(series[0].values, (Texts{"0.103", "0.379"}));
}

TEST(OutputSeries, AHeadEndsWithItsStep) {
  std::string printed;
  for (const char* epoch : {"1", "2", "3"}) {
    printed += "Epoch " + std::string(epoch) + "\nloss: 0.9 [0/60000]\nloss: 0.8 [6400/60000]\n" +
               "Test Error:\n Accuracy: 51.0%, Avg loss: 0." + epoch + "\n";
  }
  const auto series = Series(printed);
  ASSERT_EQ(series.size(), 3u);
  EXPECT_TRUE(series[0].batches);
  EXPECT_EQ(series[2].label, (MetricLabel{MetricKind::kLoss, MetricSplit::kTest}));
  EXPECT_EQ(series[2].values, (Texts{"0.1", "0.2", "0.3"}));
}

TEST(OutputSeries, WhatWasTestedBeforeTheFirstEpochIsNotOfIt) {
  std::string printed = "Test: loss 2.3, accuracy 9.80%\n";
  for (const char* epoch : {"1", "2", "3"}) {
    printed += "epoch " + std::string(epoch) + " step 0 loss 0.9\nepoch " + epoch +
               " step 1 loss 0.8\nTest: loss 0." + epoch + ", accuracy 91.25%\n";
  }
  const auto series = Series(printed);
  ASSERT_EQ(series.size(), 5u);
  EXPECT_EQ(series[0].values, (Texts{"0.1", "0.2", "0.3"}));
  EXPECT_EQ(series[0].steps, (Steps{1, 2, 3}));
  EXPECT_FALSE(series[0].before);
  EXPECT_TRUE(series[2].batches);
  EXPECT_TRUE(series[3].before);
  EXPECT_EQ(series[3].values, (Texts{"2.3"}));
  EXPECT_EQ(series[4].values, (Texts{"0.0980"}));
}

TEST(OutputSeries, ValuesAboveTheirStep) {
  const auto series = Series(
      "loss 0.5\nfinished epoch 1\nloss 0.4\nfinished epoch 2\nloss 0.3\nfinished epoch 3\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].steps, (Steps{1, 2, 3}));
  EXPECT_EQ(series[0].values, (Texts{"0.5", "0.4", "0.3"}));
}

TEST(OutputSeries, IterationsBetweenEpochsAreOfBatches) {
  const auto series = Series(
      "(Iteration 1 / 20) loss: 2.3\n(Epoch 0 / 2) val_acc: 0.1\n(Iteration 11 / 20) loss: 1.9\n"
      "(Epoch 1 / 2) val_acc: 0.3\n(Epoch 2 / 2) val_acc: 0.4\n");
  ASSERT_EQ(series.size(), 3u);
  EXPECT_TRUE(series[0].batches);
  EXPECT_EQ(series[1].steps, (Steps{0, 1, 2}));
  EXPECT_TRUE(series[2].batches);
}

TEST(OutputSeries, AnErrorInPercentIsNoLoss) {
  const auto series = Series("epoch 1 train_err: 49.0%\nepoch 2 train_err: 35.0%\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].label.kind, MetricKind::kOther);
}

TEST(OutputSeries, AStepThatGoesBackBeginsAnotherPass) {
  const auto series = Series("epoch 1 loss 0.5\nepoch 2 loss 0.4\nepoch 1 loss 0.6\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_NE(series[0].list, series[1].list);
}

TEST(OutputSeries, WhatIsPrintedOnceAfterManyStepsIsFinal) {
  const auto series =
      Series("epoch 1 loss 0.5\nepoch 2 loss 0.4\nepoch 3 loss 0.3\nTest accuracy: 0.9\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_TRUE(series[1].after);
  EXPECT_TRUE(series[1].steps.empty());
}

TEST(OutputSeries, BatchesAreNotEpochs) {
  const auto series = Series("[1, 100] loss: 2.1\n[1, 200] loss: 1.9\n[2, 100] loss: 1.5\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_TRUE(series[0].batches);
}

TEST(OutputSeries, BatchesLeaveTheEpochsBesideThem) {
  const auto series = Series(
      "epoch 1 batch 0 loss 2.1\nepoch 1 batch 9 loss 1.9\nepoch 1 loss 1.7\n"
      "epoch 2 batch 0 loss 1.5\nepoch 2 batch 9 loss 1.4\nepoch 2 loss 1.2\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_TRUE(series[0].batches);
  EXPECT_FALSE(series[1].batches);
  EXPECT_EQ(series[1].values, (Texts{"1.7", "1.2"}));
}

TEST(OutputSeries, SeveralValuesBelowMostStepsAreOfBatches) {
  const auto series = Series(
      "epoch 1 acc 0.7\ntrain loss 2.1\ntrain loss 1.9\nepoch 2 acc 0.8\ntrain loss 1.5\n"
      "train loss 1.4\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_FALSE(series[0].batches);
  EXPECT_TRUE(series[1].batches);
}

TEST(OutputSeries, BarsLeaveTheLinesBelowThem) {
  const auto series = Series(
      "Epoch 1: 100%|###| 9/9 [00:01<00:00, loss=0.4]\nEpoch 1: loss 0.5\n"
      "Epoch 2: 100%|###| 9/9 [00:01<00:00, loss=0.2]\nEpoch 2: loss 0.3\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_TRUE(series[0].bar);
  EXPECT_EQ(series[1].values, (Texts{"0.5", "0.3"}));
}

TEST(OutputSeries, EpochsThatARemarkCountsAreNoSteps) {
  const auto series = Series(
      "Epoch 4: loss 0.5\nTime taken for 1 epoch 3.5 sec\nNo improvement for 2 epochs\n"
      "Epoch 5: loss 0.4\nRestoring weights from the end of the best epoch: 3.\n"
      "The best epoch: 3 of 9\nEpoch 6: loss 0.3\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].steps, (Steps{4, 5, 6}));
}

TEST(OutputSeries, AStepBetweenMarks) {
  const auto series = Series(
      "===== 1 =====\ntrain loss 0.5\n===== 2 =====\ntrain loss 0.4\n===== 3 =====\n"
      "train loss 0.3\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_TRUE(series[0].ruled);
  EXPECT_EQ(series[0].steps, (Steps{1, 2, 3}));
}

TEST(OutputSeries, ALabelTwiceInALineIsNoOtherPass) {
  const auto series = Series("epoch 1 acc 0.7 acc 0.6\nepoch 2 acc 0.8 acc 0.7\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].list, series[1].list);
  EXPECT_EQ(series[1].values, (Texts{"0.6", "0.7"}));
}

TEST(OutputSeries, ProgressBarsLeaveWhatTheyShowLast) {
  const PrintedText text =
      ReadPrintedText("\r 1/9 loss: 2.0\r 9/9 loss: 0.5\n\x1b[31mred\x1b[0m\n");
  EXPECT_EQ(text.lines, (Texts{" 9/9 loss: 0.5", "red"}));
}

TEST(OutputSeries, WarningsBetweenAreNothing) {
  const auto series = Series(
      "epoch 1 loss 0.5\nx.py:12: RuntimeWarning: overflow, cost 3 in exp\nepoch 2 loss 0.4\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"0.5", "0.4"}));
}

TEST(OutputSeries, RemarksOnAModelThatIsSavedAreNothing) {
  const auto series = Series(
      "Epoch: 7 \tTraining Loss: 0.11 \tValidation Loss: 0.07\n"
      "Validation loss decreased (0.09 --> 0.07).  Saving model ...\n"
      "Epoch: 8 \tTraining Loss: 0.10 \tValidation Loss: 0.08\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[1].values, (Texts{"0.07", "0.08"}));
}

TEST(OutputSeries, ARemarkBehindAMetricLeavesIt) {
  const auto series = Series(
      "epoch 1, loss: 0.5 <-- improved\nepoch 2, loss: 0.6\nepoch 3, loss: 0.4 (saved)\n"
      "Epoch 00003: loss improved from 0.5 to 0.4, saving model\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"0.5", "0.6", "0.4"}));
}

TEST(OutputSeries, CountsWithoutATotalAreNoAccuracy) {
  const auto series = Series("Epoch: 10/50, correct: 32\nEpoch: 20/50, correct: 45\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].label.kind, MetricKind::kOther);
}

TEST(OutputSeries, TablesOfPandas) {
  const auto series = Series(
      "   epoch  train_loss  test_acc\n0      1        0.41     0.915\n1      2        0.23     "
      "0.940\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].steps, (Steps{1, 2}));
  EXPECT_EQ(series[1].values, (Texts{"0.915", "0.940"}));
}

TEST(OutputSeries, ReportsOnOneEpochAreNothing) {
  const auto series = Series(
      "epoch 1 loss 0.5\nCheckpoint saved at epoch 1: loss 0.5\nepoch 2 loss 0.4\n"
      "epoch 3 loss 0.6\nEarly stopping at epoch 3 with loss 0.6\n"
      "Loaded the best model of epoch 2 (loss 0.4)\nbest epoch 2 acc 0.9\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"0.5", "0.4", "0.6"}));
}

TEST(OutputSeries, HeadsWithSlashes) {
  const auto series = Series(
      "epoch  main/loss  validation/main/loss  validation/main/accuracy\n1  0.5  0.6  0.8\n"
      "2  0.4  0.5  0.9\n");
  ASSERT_EQ(series.size(), 3u);
  EXPECT_EQ(series[1].label, (MetricLabel{MetricKind::kLoss, MetricSplit::kTest}));
  EXPECT_EQ(series[2].values, (Texts{"0.8", "0.9"}));
}

TEST(OutputSeries, AValuePrintedTwiceIsOne) {
  const auto series = Series("313/313 [====] - loss: 0.4796\nLoss: 0.479648\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values, (Texts{"0.479648"}));
}

TEST(OutputSeries, ListsOfADict) {
  const auto series = Series("{'loss': [0.5,\n  0.4, 0.3], 'val_loss': [0.6, 0.5, 0.45]}\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_TRUE(series[0].array);
  EXPECT_EQ(series[0].values, (Texts{"0.5", "0.4", "0.3"}));
  EXPECT_EQ(series[1].label.split, MetricSplit::kTest);
}

TEST(OutputSeries, AListBelowItsHeading) {
  const auto series = Series("test accuracy of each epoch:\n[0.5  0.6\n 0.75]\n[1.5 2.5 3.5]\n");
  ASSERT_EQ(series.size(), 2u);
  EXPECT_TRUE(series[0].array);
  EXPECT_EQ(series[0].label, (MetricLabel{MetricKind::kAccuracy, MetricSplit::kTest}));
  EXPECT_EQ(series[0].values, (Texts{"0.5", "0.6", "0.75"}));
  EXPECT_EQ(series[1].label, MetricLabel());
}

TEST(OutputSeries, LongOutputsAreReadInPart) {
  std::string output;
  for (int i = 0; i < 300000; ++i) output += "epoch " + std::to_string(i) + " loss 0.5\n";
  const auto series = Series(output);
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].values.size(), 200000u);
}

TEST(OutputSeries, ConfusionMatricesAreSquaresOfCounts) {
  const auto metrics = ReadPrintedMetrics(Printing("[[50  0  1]\n [ 2 40  3]\n [ 0  0 54]]\n"));
  ASSERT_EQ(metrics.matrices.size(), 1u);
  EXPECT_EQ(metrics.matrices[0].rows[1], (Texts{"2", "40", "3"}));
  EXPECT_TRUE(ReadPrintedMetrics(Printing("[[1 2 3]\n [4 5 6]]\n")).matrices.empty());
  EXPECT_TRUE(ReadPrintedMetrics(Printing("[[0.1 0.2]\n [0.3 0.4]]\n")).matrices.empty());
}

TEST(OutputSeries, ManyBracketsTakeNoTime) {
  EXPECT_TRUE(Series(std::string(1 << 20, '[')).empty());
  EXPECT_TRUE(Series(std::string(1 << 20, ':') + "loss").empty());
}

}  // namespace
}  // namespace nabla
