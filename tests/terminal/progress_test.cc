#include "framework/terminal/progress.h"

#include <gtest/gtest.h>

#include <chrono>

namespace nabla {
namespace {

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

const Time kStart = Time(std::chrono::hours(1));

TEST(ProgressTest, ABarShowsWhatItKnows) {
  EXPECT_EQ(BarText({"epoch 3/10", 0.5, "loss 0.3", 12.0}, 100),
            "epoch 3/10 [===============               ]  50 %  loss 0.3  12 s left");
  EXPECT_EQ(BarText({"all", 0, "", std::nullopt}, 100),
            "all [                              ]   0 %");
  EXPECT_EQ(BarText({"all", 1, "", 0.0}, 100),
            "all [==============================] 100 %  0 s left");
  // 100 % is only the end.
  EXPECT_EQ(BarText({"all", 0.9999, "", std::nullopt}, 100),
            "all [============================= ]  99 %");
}

TEST(ProgressTest, ABarFitsTheTerminal) {
  const Bar bar{"epoch 3/10", 0.5, "loss 0.3  accuracy 0.912", 12.0};
  for (size_t columns = 1; columns < 120; ++columns) {
    EXPECT_LE(BarText(bar, columns).size(), columns);
  }
  EXPECT_EQ(BarText(bar, 66), "epoch 3/10 [=====     ]  50 %  loss 0.3  accuracy 0.912  12 s left");
  EXPECT_EQ(BarText(bar, 40), "epoch 3/10 [==   ]  50 %  loss 0.3  accu");
}

TEST(ProgressTest, AnEpochFitsAUsualTerminal) {
  const EpochMetrics epoch{.epoch = 7,
                           .train_loss = 0.312345,
                           .train_accuracy = 0.9,
                           .test_loss = 12.3456,
                           .test_accuracy = 0.75,
                           .samples_per_second = 1486395};
  const std::string whole =
      "epoch   7/100  loss 0.312345  train accuracy 0.9000  test loss 12.3456  test accuracy "
      "0.7500  1486395 samples/s";
  EXPECT_EQ(EpochText(epoch, 100, whole.size()), whole);
  EXPECT_EQ(EpochText(epoch, 100, 79),
            "epoch   7/100  loss 0.312345  train acc 0.9000  test loss 12.3456  test acc 0.7500");
}

TEST(ProgressTest, AnEpochShowsEveryMetric) {
  const EpochMetrics epoch{.epoch = 1,
                           .train_loss = 2,
                           .test_loss = 3,
                           .train_metrics = {{"mae", 1.5}},
                           .test_metrics = {{"mae", 44.123456}, {"top5_accuracy", 0.5}}};
  EXPECT_EQ(
      EpochText(epoch, 1, 80),
      "epoch 1/1  loss 2  train mae 1.5  test loss 3  test mae 44.12  test top5_accuracy 0.5");
}

TEST(ProgressTest, Durations) {
  EXPECT_EQ(DurationText(0), "0 s");
  EXPECT_EQ(DurationText(0.2), "1 s");
  EXPECT_EQ(DurationText(59.5), "1:00 min");
  EXPECT_EQ(DurationText(200), "3:20 min");
  EXPECT_EQ(DurationText(3725), "1:02:05 h");
  EXPECT_EQ(DurationText(-1), "0 s");
}

TEST(ProgressTest, CountsHaveThreeDigits) {
  EXPECT_EQ(CountText(7), "7");
  EXPECT_EQ(CountText(812.3), "812");
  EXPECT_EQ(CountText(999.6), "1.00k");
  EXPECT_EQ(CountText(81234), "81.2k");
  EXPECT_EQ(CountText(99960), "100k");
  EXPECT_EQ(CountText(1486395), "1.49M");
  EXPECT_EQ(CountText(2.5e12), "2500G");
}

TEST(ProgressTest, Bytes) {
  EXPECT_EQ(BytesText(4200000, 9912422), "4.2 of 9.9 MB");
  EXPECT_EQ(BytesText(4200000, 0), "4.2 MB");
}

TEST(ProgressTest, TheTimeLeftFollowsFromTheTimeTaken) {
  TimeLeft left;
  EXPECT_FALSE(left.At(0.2, kStart));
  EXPECT_FALSE(left.At(0.2, kStart + milliseconds(100)));
  // A fifth took two seconds, three fifths are left; what was done before does not count.
  EXPECT_NEAR(*left.At(0.4, kStart + milliseconds(2000)), 6, 1e-9);
  EXPECT_NEAR(*left.At(1, kStart + milliseconds(8000)), 0, 1e-9);
  // Something else begins.
  EXPECT_FALSE(left.At(0.1, kStart + milliseconds(9000)));
  EXPECT_NEAR(*left.At(0.6, kStart + milliseconds(10000)), 0.8, 1e-9);
}

TEST(ProgressTest, TheMeterAveragesTheEpochSoFar) {
  EpochMeter meter;
  meter.Begin(kStart);
  meter.Add({.loss = 9, .rows = 1, .weight = 1, .right = 0});
  meter.Begin(kStart);
  meter.Add({.loss = 1, .rows = 100, .weight = 100, .right = 50});
  meter.Add({.loss = 0.5, .rows = 60, .weight = 0.25, .right = 46});
  EXPECT_EQ(meter.Text(true, kStart + milliseconds(500)),
            "loss 0.75  accuracy 0.600  320 samples/s");
  // A batch whose rows all weigh 0 has no loss.
  meter.Add({.loss = 0, .rows = 40, .weight = 0, .right = 24});
  EXPECT_EQ(meter.Text(true, kStart + milliseconds(500)),
            "loss 0.75  accuracy 0.600  400 samples/s");
  EXPECT_EQ(meter.Text(false, kStart + milliseconds(500)), "loss 0.75  400 samples/s");
}

}  // namespace
}  // namespace nabla
