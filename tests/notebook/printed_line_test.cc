// Lines in the ways in which programs print their steps and metrics.
#include "framework/notebook/printed_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace nabla {
namespace {

// "3/10 train loss=0.5 test acc=92.1%", "*" for a batch.
std::string Read(const std::string& text) {
  const PrintedLine line = ReadPrintedLine(text);
  std::string all = line.step ? std::to_string(line.step->number) : "-";
  if (line.step && line.step->total) all += fmt::format("/{}", *line.step->total);
  if (line.batch) all += "*";
  static constexpr const char* kKinds[] = {"?", "loss", "acc", "other"};
  static constexpr const char* kSplits[] = {"", "train ", "test "};
  for (const PrintedMetric& metric : line.metrics) {
    all += fmt::format(" {}{}={}{}{}", kSplits[static_cast<int>(metric.label.split)],
                       kKinds[static_cast<int>(metric.label.kind)], metric.text,
                       metric.total.empty() ? "" : "/" + metric.total, metric.percent ? "%" : "");
  }
  return all;
}

TEST(PrintedLine, StepAndMetricsOnOneLine) {
  EXPECT_EQ(Read("Epoch 3/10, Loss: 0.1234, Acc: 92.13%"), "3/10 loss=0.1234 acc=92.13%");
  EXPECT_EQ(Read("epoch = 5 cost = 0.123456789"), "5 loss=0.123456789");
  EXPECT_EQ(Read("Epoch: 001/030 | Train ACC: 91.23 | Valid ACC: 90.12"),
            "1/30 train acc=91.23 test acc=90.12");
  EXPECT_EQ(Read("epoch:3 Training Loss:0.53  Validation Loss:0.60"),
            "3 train loss=0.53 test loss=0.60");
  EXPECT_EQ(Read(">epoch=0, lrate=0.500, error=6.350"), "0 other=0.500 loss=6.350");
  EXPECT_EQ(Read("Epoch #3: loss=3e-05"), "3 loss=3e-05");
  EXPECT_EQ(Read("{'epoch': 1, 'loss': 0.5, 'val_acc': 0.9}"), "1 loss=0.5 test acc=0.9");
  EXPECT_EQ(Read("Epoch 1 of 5: train_loss=0.3"), "1/5 train loss=0.3");
}

TEST(PrintedLine, WhatStandsDirectlyBehindAMetricIsAboutIt) {
  EXPECT_EQ(Read("epoch 2: loss 0.31 (avg 0.42), acc 0.9"), "2 loss=0.42 acc=0.9");
  EXPECT_EQ(Read("epoch 2: loss 0.31 (mean loss: 0.42)"), "2 loss=0.42");
  EXPECT_EQ(Read("epoch 2: loss 0.31 (best 0.29)"), "2 loss=0.31 other=0.29");
  EXPECT_EQ(Read("Epoch 2: train 0.31/91.5% test 0.42/88.0%"),
            "2 train loss=0.31 train acc=91.5% test loss=0.42 test acc=88.0%");
  EXPECT_EQ(Read("Test accuracy: 98% (9818/10000)"), "- test acc=9818/10000");
  EXPECT_EQ(Read("epoch 1: test acc 0.98 (9818/10000)"), "1 test acc=0.98");
  EXPECT_EQ(Read("Accuracy: 9612.0/10000 (96%)"), "- acc=9612/10000");
  EXPECT_EQ(Read("epoch 2: loss 0.5 (train) 0.6 (val)"), "2 train loss=0.5 test loss=0.6");
}

TEST(PrintedLine, ABareNumberBehindASplit) {
  EXPECT_EQ(Read("Epoch 2 Train 0.5 0.81 Test 0.6 0.79"),
            "2 train ?=0.5 train ?=0.81 test ?=0.6 test ?=0.79");
}

TEST(PrintedLine, DeviationsAreNoMetrics) {
  EXPECT_EQ(Read("epoch 1: loss 0.5 +- 0.02, test acc 0.93 (+/- 0.01)"),
            "1 loss=0.5 test acc=0.93");
  EXPECT_EQ(Read("epoch 1: loss 0.5 ± 0.02 acc 0.9"), "1 loss=0.5 acc=0.9");
}

TEST(PrintedLine, ALabelOfTwoPartsHasTheSplitOfEach) {
  EXPECT_EQ(Read("Epoch 1: Train loss 0.5, acc 0.8 | Val loss 0.4, acc 0.9"),
            "1 train loss=0.5 train acc=0.8 test loss=0.4 test acc=0.9");
}

TEST(PrintedLine, SignsOfNumbers) {
  EXPECT_EQ(Read("epoch 3 loss -0.25"), "3 loss=-0.25");
  EXPECT_EQ(Read("epoch 3 - loss: -12.5"), "3 loss=-12.5");
  EXPECT_EQ(Read("epoch-3 loss-0.25"), "3 loss=0.25");
}

TEST(PrintedLine, NumbersThatSayWhichIsMeant) {
  EXPECT_EQ(Read("mean accuracy over 5 runs: 0.953"), "- other=0.953");
  EXPECT_EQ(Read("Accuracy (3 seeds): 0.91"), "- other=0.91");
  EXPECT_EQ(Read("test accuracy (k=5) 0.91"), "- test acc=0.91");
  EXPECT_EQ(Read("Top-5 accuracy: 0.97"), "- other=0.97");
  EXPECT_EQ(Read("Accuracy@1: 0.91"), "- acc=0.91");
  EXPECT_EQ(Read("Accuracy of model 2: 0.91"), "- other=0.91");
  EXPECT_EQ(Read("Accuracy at 200: 0.91"), "200 acc=0.91");
  EXPECT_EQ(Read("Accuracy after 50 epochs: 0.91"), "50 acc=0.91");
}

TEST(PrintedLine, CountersOfBatches) {
  EXPECT_EQ(Read("0 100 1.98"), "0* ?=1.98");
  EXPECT_EQ(Read("Train Epoch: 2 [(38.31%)]  Loss: 1.3"), "2* train loss=1.3");
  EXPECT_EQ(Read("Epoch: 2 [==========] 100%  loss: 0.4"), "2 loss=0.4");
}

TEST(PrintedLine, WordsOfManyLanguages) {
  EXPECT_EQ(Read("Vòng lặp 2: Mất mát = 0.5, Độ chính xác = 0.8"), "2 loss=0.5 acc=0.8");
  EXPECT_EQ(Read("Епоха 2: Втрати 0.5, Точність 0.8"), "2 loss=0.5 acc=0.8");
  EXPECT_EQ(Read("Epocha 2: ZTRÁTA 0.5, Přesnost 0.8"), "2 loss=0.5 acc=0.8");
  EXPECT_EQ(Read("Epoche 2: Validierungsverlust 0.5, Trainingsgenauigkeit 0.8"),
            "2 test loss=0.5 train acc=0.8");
  EXPECT_EQ(Read("epoch 2: trainloss 0.5, testacc 0.8"), "2 train loss=0.5 test acc=0.8");
  EXPECT_EQ(Read("Εποχή 2: Απώλεια 0.5"), "2 loss=0.5");
  EXPECT_EQ(Read("Epoch 2: MAE Train Loss 0.5, val MAE 0.4"), "2 train loss=0.5 test other=0.4");
}

TEST(PrintedLine, TheSplitThatBeginsALineGoesForAllOfIt) {
  EXPECT_EQ(Read("train Loss: 0.51 Acc: 0.86"), "- train loss=0.51 train acc=0.86");
  EXPECT_EQ(Read("val Loss: 0.33 Acc: 0.91"), "- test loss=0.33 test acc=0.91");
  EXPECT_EQ(Read("loss: 0.33 val acc: 0.91"), "- loss=0.33 test acc=0.91");
}

TEST(PrintedLine, NamesOfSettingsWithinALabel) {
  EXPECT_EQ(Read("LR accuracy: 0.94"), "- acc=0.94");
  EXPECT_EQ(Read("accuracy for alpha 0.1"), "- other=0.1");
  EXPECT_EQ(Read("error in estimating b: 0.0003"), "- other=0.0003");
}

TEST(PrintedLine, ArraysOfTwoNumbersAreNoMetric) {
  EXPECT_EQ(Read("error: tensor([ 0.0003, -0.0004], grad_fn=<SubBackward0>)"), "-");
  EXPECT_EQ(Read("error: tensor([0.0003], grad_fn=<SubBackward0>)"), "- loss=0.0003");
}

TEST(PrintedLine, CountersOfRowsAndBareSteps) {
  EXPECT_EQ(Read("Epoch 1, sample 300/60000, loss 0.4"), "1* loss=0.4");
  EXPECT_EQ(Read("   1000/   3000: 0.7312"), "1000/3000 ?=0.7312");
}

TEST(PrintedLine, WhatABarCountsTo) {
  const PrintedLine line =
      ReadPrintedLine("Epoch 1: 100%|#####| 938/938 [00:03<00:00, 300.0it/s, loss=0.412]");
  EXPECT_TRUE(line.bar);
  EXPECT_EQ(line.bar_total, 938);
  EXPECT_FALSE(ReadPrintedLine("Epoch 1: loss 0.5").bar);
}

TEST(PrintedLine, LabelBeforeOrBehindTheStep) {
  EXPECT_EQ(Read("Cost after iteration 100: 0.5"), "100 loss=0.5");
  EXPECT_EQ(Read("Cost at iteration 1,000 is 0.25"), "1000 loss=0.25");
  EXPECT_EQ(Read("Loss (epoch 12): 0.44"), "12 loss=0.44");
  EXPECT_EQ(Read("MSE after 100 epochs: 0.0123"), "100 loss=0.0123");
  EXPECT_EQ(Read("0.43 cost after 200 iterations"), "200 loss=0.43");
}

TEST(PrintedLine, WordsWithoutSpaces) {
  EXPECT_EQ(Read("第3轮 训练损失: 0.53 测试准确率: 0.91"), "3 train loss=0.53 test acc=0.91");
  EXPECT_EQ(Read("第3轮训练损失: 0.53"), "3 train loss=0.53");
  EXPECT_EQ(Read("エポック2 損失=0.4"), "2 loss=0.4");
}

TEST(PrintedLine, DatesAndOrdinals) {
  EXPECT_EQ(Read("2021-03-04 12:00:59,123 - INFO - epoch 3 loss: 0.5"), "3 loss=0.5");
  EXPECT_EQ(Read("2021/03/04 12:00 loss: 0.5"), "- loss=0.5");
  EXPECT_EQ(Read("epoch 4th: mse 0.5"), "4 loss=0.5");
}

TEST(PrintedLine, HeadsWithinBraces) {
  EXPECT_EQ(Read("{'epoch': 0, 'train': {'loss': 0.5, 'acc': 0.9}, 'test': {'loss': 0.6}}"),
            "0 train loss=0.5 train acc=0.9 test loss=0.6");
}

TEST(PrintedLine, WhatIsNoMetric) {
  EXPECT_EQ(Read("Epoch 1/5 - 20% complete - cost: 0.5"), "1/5 loss=0.5");
  EXPECT_EQ(Read("Epoch 2 Time 0.12 (0.13) Loss 0.5 (0.6)"), "2 other=0.12 loss=0.5");
  EXPECT_EQ(Read("loss: 0.99  [ 6400/60000]"), "-* loss=0.99");
  EXPECT_EQ(Read("3/10: loss 0.5"), "3/10 loss=0.5");
  EXPECT_EQ(Read("100/3000, error=0.25"), "100/3000 loss=0.25");
  EXPECT_EQ(Read("time step: 100  MSE: 0.5"), "100 loss=0.5");
  EXPECT_EQ(Read("54000/54000 - 2s - loss: 0.5"), "- loss=0.5");
}

TEST(PrintedLine, NumbersWithoutNames) {
  EXPECT_EQ(Read("100 0.693"), "100 ?=0.693");
  EXPECT_EQ(Read("(0, 0.6931)"), "0 ?=0.6931");
  EXPECT_EQ(Read("[10] loss 0.5"), "10 loss=0.5");
  EXPECT_EQ(Read("[1/3] time: 4.2s - loss: 0.5377"), "1/3 loss=0.5377");
  EXPECT_EQ(Read("step 100: 0.5"), "100 ?=0.5");
}

TEST(PrintedLine, CountsOfRightRows) {
  EXPECT_EQ(Read("Epoch 0: 9129 / 10000"), "0 ?=9129/10000");
  EXPECT_EQ(Read("Accuracy on training data: 48000 / 50000"), "- train acc=48000/50000");
  EXPECT_EQ(Read("Test set: Average loss: 0.0456, Accuracy: 9857/10000 (99%)"),
            "- test loss=0.0456 test acc=9857/10000");
  EXPECT_EQ(Read("Accuracy of the network on the 10000 test images: 97 %"), "- test acc=97%");
}

TEST(PrintedLine, BatchesWithinAnEpoch) {
  EXPECT_EQ(Read("Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.3"), "1* train loss=2.3");
  EXPECT_EQ(Read("[1,  2000] loss: 2.173"), "1* loss=2.173");
  EXPECT_EQ(Read("Epoch [1/5], Step [100/600], Loss: 0.4"), "1/5* loss=0.4");
  EXPECT_EQ(Read("Epoch: 001/030 | Batch 000/468 | Cost: 2.3"), "1/30* loss=2.3");
}

TEST(PrintedLine, TimesAndBarsAreNoMetrics) {
  EXPECT_EQ(Read("469/469 [====] - 3s 4ms/step - loss: 0.61 - accuracy: 0.78 - val_loss: 0.45"),
            "- loss=0.61 acc=0.78 test loss=0.45");
  EXPECT_EQ(Read("Epoch 5/10 - 12s - loss: 0.23"), "5/10 loss=0.23");
  EXPECT_EQ(Read("100%|##########| 4/4 [00:03<00:00,  1.24it/s]"), "-");
  EXPECT_EQ(Read("Epoch 2: 100%|###| 938/938 [00:05<00:00, 180.2it/s, loss=0.31]"), "2 loss=0.31");
}

TEST(PrintedLine, WhatABarLeftOfALongerOneIsCutOff) {
  EXPECT_EQ(Read("600/600 [===] - 1s - loss: 0.41 - acc: 0.9870s - loss: 0.4158 - ac"),
            "- loss=0.41 acc=0.9870");
  EXPECT_EQ(Read("training time: 0.98s - loss: 0.1"), "- loss=0.1");
}

TEST(PrintedLine, AMetricWithoutASpaceBeforeItsValue) {
  EXPECT_EQ(Read("test_accuracy0.9803"), "- test acc=0.9803");
  EXPECT_EQ(Read("Epoch 4 loss0.25"), "4 loss=0.25");
}

TEST(PrintedLine, CommasBetweenThousands) {
  EXPECT_EQ(Read("epoch 2 loss: 1,903.25"), "2 loss=1903.25");
  EXPECT_EQ(Read("Epoch 3, cost = 1,204,511"), "3 loss=1204511");
}

TEST(PrintedLine, AListInFrontOfAStep) { EXPECT_EQ(Read("[4, 16, 3] 20 0.9135"), "20 ?=0.9135"); }

TEST(PrintedLine, APercentageBeforeALineIsNoBar) {
  EXPECT_EQ(Read("Epoch 3 | train acc 91.2% | val acc 90.1%"), "3 train acc=91.2% test acc=90.1%");
}

TEST(PrintedLine, OneHeadForSeveralMetrics) {
  EXPECT_EQ(Read("Train: loss 0.5 acc 0.9 | Val: loss 0.6 acc 0.8"),
            "- train loss=0.5 train acc=0.9 test loss=0.6 test acc=0.8");
  EXPECT_EQ(Read("Loss: train 0.5, test 0.6"), "- train loss=0.5 test loss=0.6");
  EXPECT_EQ(Read("train acc, test acc | 0.1, 0.2"), "- train acc=0.1 test acc=0.2");
}

TEST(PrintedLine, OtherLanguages) {
  EXPECT_EQ(Read("Época 1000 - error: 0.2"), "1000 loss=0.2");
  EXPECT_EQ(Read("第 10 轮, 损失: 0.532"), "10 loss=0.532");
  EXPECT_EQ(Read("Itération 500 : erreur = 0.25"), "500 loss=0.25");
  EXPECT_EQ(Read("Эпоха 3, точность: 0.91"), "3 acc=0.91");
}

}  // namespace
}  // namespace nabla
