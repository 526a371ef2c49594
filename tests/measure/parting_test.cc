#include "framework/measure/parting.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cmath>

#include "framework/base/signals.h"
#include "framework/measure/rows_difference.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

AnySpec Spec(const std::string& more, const std::string& net = kToyNet) {
  std::string yaml = "name: toy\ndataset: synthetic_digits\n" + net;
  return ParseAnyExperiment(ParseYaml(yaml + "train: {batch_size: 20, epochs: 3}\n" + more, "toy"),
                            ToyRegistry());
}

DataSplits Data() { return {"toy", ToySamples(100, 20, 10), ToySamples(30, 20, 10)}; }

// Two experiments on the same rows, replayed together.
struct Both {
  Both(const AnySpec& one, const AnySpec& other, int64_t epochs = 3)
      : a(MakeReplay(one, ToyRegistry(), data, threads, epochs)),
        b(MakeReplay(other, ToyRegistry(), data, threads, epochs)) {}

  Lockstep Run(int64_t most = 1000) {
    return ReplayTogether(*a, *b, [most](int64_t steps) { return steps < most; });
  }

  const DataSplits data = Data();
  Threads threads{2};
  std::unique_ptr<Replay> a;
  std::unique_ptr<Replay> b;
};

// With a setting in place of another.
AnySpec Changed(const std::string& from, const std::string& to) {
  std::string net = kToyNet;
  net.replace(net.find(from), from.size(), to);
  return Spec("", net);
}

TEST(Replay, HasTheBitsOfARunThatIsNotStopped) {
  for (const std::string more : {"", "dtype: float64\n", "early_stop: {patience: 1}\n",
                                 "evaluate: {every: 2}\nschedule: cosine\n"}) {
    const AnySpec spec = Spec(more, more.empty() ? kDeepToyNet : kToyNet);
    DataSplits data = Data();
    if (more.empty()) data = {"toy", ToyImages(), ToyImages()};
    Threads threads(2);
    std::visit(
        [&]<typename T>(const ExperimentSpec<T>& typed) {
          Experiment<T> whole(typed, ToyRegistry(), data, threads);
          ASSERT_TRUE(whole.trainer().Run({}));
          const auto replay = MakeReplay(spec, ToyRegistry(), data, threads, 3);
          int64_t steps = 0;
          while (replay->Step()) ++steps;
          EXPECT_TRUE(replay->ended());
          if (typed.early_stop) return;  // the trainer alone knows nothing of it
          EXPECT_EQ(steps, whole.trainer().steps());
          EXPECT_EQ(replay->WeightsHash(), whole.network().Hash());
          ASSERT_EQ(replay->history().size(), 3u);
          EXPECT_FALSE(CompareRecord(whole.trainer().history(), replay->history()));
        },
        spec);
  }
}

TEST(Replay, EndsWhereItIsTold) {
  const DataSplits data = Data();
  Threads threads(1);
  const auto replay = MakeReplay(Spec(""), ToyRegistry(), data, threads, 2);
  int64_t steps = 0;
  for (; replay->Step(); ++steps) {
    EXPECT_EQ(replay->at().step, steps + 1);
    EXPECT_EQ(replay->at().epoch, steps / 5 + 1);
    EXPECT_EQ(replay->at().batch, static_cast<size_t>(steps % 5 + 1));
    EXPECT_EQ(replay->at().rows.size(), 20u);
  }
  EXPECT_EQ(steps, 10);
  EXPECT_EQ(replay->history().size(), 2u);
  EXPECT_FALSE(replay->Step());
}

TEST(Parting, OfTheSameRunsIsNone) {
  Both same(Spec(""), Spec(""));
  const Lockstep together = same.Run();
  EXPECT_FALSE(together.parting);
  EXPECT_TRUE(together.ended);
  EXPECT_EQ(together.steps, 15);
  EXPECT_EQ(together.loss_step, 0);
  Both limited(Spec(""), Spec(""));
  const Lockstep first = limited.Run(4);
  EXPECT_EQ(first.steps, 4);
  EXPECT_FALSE(first.ended);
}

// w' = w - lr g with the same w and g: the steps are to each other as the rates.
TEST(Parting, OfAnotherRateIsTheFirstUpdate) {
  const auto weight = [](const Replay& replay, size_t row, size_t column) -> double {
    return std::get<Matrix<const float>>(replay.tensors()[0].value)(row, column);
  };
  Both rates(Spec(""), Changed("lr: 0.3", "lr: 0.6"));
  std::vector<double> before;
  for (size_t r = 0; r < 20; ++r) {
    for (size_t c = 0; c < 50; ++c) before.push_back(weight(*rates.a, r, c));
  }
  const Lockstep together = rates.Run();
  ASSERT_TRUE(together.parting);
  const Parting& parting = *together.parting;
  EXPECT_EQ(parting.step, 1);
  EXPECT_EQ(parting.rows, "");
  EXPECT_EQ(parting.loss_a, parting.loss_b);
  ASSERT_EQ(parting.tensors.tensors.size(), 5u);
  const TensorDifference& first = parting.tensors.tensors[0];
  EXPECT_EQ(first.name, "model.0.weight");
  EXPECT_EQ(first.layer, "linear");
  EXPECT_EQ(first.size, 1000u);
  EXPECT_EQ(first.a, weight(*rates.a, first.row, first.column));
  EXPECT_EQ(first.b, weight(*rates.b, first.row, first.column));
  const double w = before[first.row * 50 + first.column];
  EXPECT_NEAR((first.b - w) / (first.a - w), 2, 1e-3);
  // No other number of this tensor is farther apart, and exactly these are apart.
  size_t apart = 0;
  double relative = 0;
  for (size_t r = 0; r < 20; ++r) {
    for (size_t c = 0; c < 50; ++c) {
      const double x = weight(*rates.a, r, c);
      const double y = weight(*rates.b, r, c);
      EXPECT_LE(std::abs(x - y), std::abs(first.a - first.b));
      apart += x != y ? 1 : 0;
      if (x != y)
        relative = std::max(relative, std::abs(x - y) / std::max(std::abs(x), std::abs(y)));
    }
  }
  EXPECT_EQ(first.differing, apart);
  EXPECT_EQ(first.relative, relative);
}

// The first update is the same but for its rounding: with momentum it is a fused multiplication.
TEST(Parting, OfMomentumIsTheSecondUpdate) {
  Both momentum(Spec(""), Changed("lr: 0.3", "lr: 0.3, momentum: 0.9"));
  const Lockstep together = momentum.Run();
  ASSERT_TRUE(together.parting);
  EXPECT_EQ(together.steps, 0);
  EXPECT_EQ(together.parting->step, 1);
  EXPECT_TRUE(together.parting->OnlyRounding());
  ASSERT_TRUE(together.beyond);
  EXPECT_EQ(together.taken, 2);
  EXPECT_EQ(together.beyond->step, 2);
  EXPECT_FALSE(together.beyond->OnlyRounding());
  EXPECT_NEAR(together.beyond->loss_a, together.beyond->loss_b, 1e-6);
  EXPECT_EQ(together.beyond->tensors.tensors[0].name, "model.0.weight");
}

TEST(Parting, OfFirstWeightsIsBeforeTheFirstStep) {
  Both weights(Spec(""), Changed("he_normal", "xavier_normal"));
  const Lockstep together = weights.Run();
  ASSERT_TRUE(together.parting);
  EXPECT_EQ(together.parting->step, 0);
  ASSERT_FALSE(together.parting->tensors.tensors.empty());
  const TensorDifference& first = together.parting->tensors.tensors[0];
  EXPECT_EQ(first.name, "model.2.weight");
  // Both scale the same normal draws: sqrt(2 / 50) and sqrt(2 / (50 + 20)).
  EXPECT_NEAR(first.a / first.b, std::sqrt(70.0 / 50), 1e-5);
}

TEST(Parting, OfShapesSaysWhich) {
  Both shapes(Spec(""), Changed("units: 20", "units: 30"));
  const Lockstep together = shapes.Run();
  ASSERT_TRUE(together.parting);
  EXPECT_EQ(together.parting->tensors.shapes,
            "model.2.weight (linear), 50 x 20 in a, model.2.weight (linear), 50 x 30 in b");
  Both layers(Spec(""), Changed("bias: false, ", ""));
  EXPECT_EQ(layers.Run().parting->tensors.shapes,
            "model.4.weight (linear), 20 x 10 in a, model.2.bias (linear), 1 x 20 in b");
}

TEST(Parting, OfBatchesSaysWhichRowsDiffer) {
  const AnySpec order = Spec("");
  AnySpec other = order;
  HeadOf(other).train.batch_size = 50;
  EXPECT_EQ(Both(order, other).Run().parting->rows, "20 rows in a, 50 in b");
  other = order;
  HeadOf(other).train.shuffle = false;
  const Lockstep shuffled = Both(order, other).Run();
  EXPECT_EQ(shuffled.parting->step, 1);
  EXPECT_TRUE(shuffled.parting->rows.starts_with("row 0 of the batch is training row "));
  EXPECT_TRUE(shuffled.parting->rows.ends_with(" in a, 0 in b"));
  // 100 rows are 3 batches of 30, and one of 10 that may be left out.
  other = order;
  AnySpec dropped = order;
  HeadOf(other).train.batch_size = HeadOf(dropped).train.batch_size = 30;
  HeadOf(dropped).train.drop_last = true;
  const Lockstep last = Both(other, dropped).Run();
  EXPECT_EQ(last.steps, 3);
  EXPECT_EQ(last.parting->rows, "batch 4 of epoch 1 in a, batch 1 of epoch 2 in b");
}

TEST(Parting, OfShownLossesEndsNoReplay) {
  Both losses(Spec(""), Spec("shown_loss: mse\n"));
  const Lockstep together = losses.Run();
  EXPECT_FALSE(together.parting);
  EXPECT_EQ(together.steps, 15);
  EXPECT_EQ(together.loss_step, 1);
  EXPECT_NE(together.loss_a, together.loss_b);
}

TEST(Parting, ComparesFloatsWithDoubles) {
  Both types(Spec(""), Spec("dtype: float64\n"));
  const Lockstep together = types.Run();
  ASSERT_TRUE(together.parting);
  const TensorDifference& first = together.parting->tensors.tensors.at(0);
  EXPECT_EQ(first.name, "model.0.weight");
  // Draws differ by the rounding of the largest, however small they are.
  EXPECT_GT(std::abs(first.a - first.b), 0);
  EXPECT_LT(std::abs(first.a - first.b), std::ldexp(first.largest, -21));
  EXPECT_TRUE(together.parting->OnlyRounding());
  EXPECT_GT(together.taken, 0);
}

TEST(Parting, TellsOfDivergence) {
  const AnySpec wild = Changed("lr: 0.3", "lr: 1e30");
  Both both(wild, wild);
  const Lockstep together = both.Run();
  EXPECT_FALSE(together.parting);
  EXPECT_TRUE(together.ended);
  EXPECT_TRUE(both.a->failure().starts_with("diverged: ")) << both.a->failure();
  EXPECT_EQ(both.a->failure(), both.b->failure());
}

// Toy rows with one number of one row changed.
DataSplits With(size_t row, size_t input, uint8_t value) {
  DataSplits data = Data();
  const auto owned =
      std::make_shared<std::vector<uint8_t>>(data.train.pixels.begin(), data.train.pixels.end());
  (*owned)[row * 20 + input] = value;
  data.train.pixels = *owned;
  data.train.keep_alive =
      std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(
          owned, data.train.keep_alive);
  return data;
}

TEST(Parting, SaysThatASignalCutAStep) {
  EXPECT_FALSE(Both(Spec(""), Spec("")).Run().cut);
  EXPECT_FALSE(Both(Spec(""), Spec("")).Run(7).cut);
  // A signal stays caught as long as the process lives.
  EXPECT_EXIT(
      {
        CatchSignals();
        const RunUnderWay under_way;
        const Both both(Spec(""), Spec(""));
        const Lockstep together = ReplayTogether(*both.a, *both.b, [](int64_t steps) {
          if (steps == 6) raise(SIGINT);
          return true;
        });
        _exit(together.cut && !together.ended ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

TEST(RowsDifference, FindsTheNumberThatDiffers) {
  const auto compare = [](const DataSplits& a, const DataSplits& b) {
    return CompareRows(a, Dtype::kFloat32, b, Dtype::kFloat32);
  };
  EXPECT_TRUE(compare(Data(), Data()).empty());
  const std::vector<RowsDifference> found = compare(With(17, 3, 0), With(17, 3, 51));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].split, "training");
  EXPECT_EQ(found[0].what, "input 3 of row 17");
  EXPECT_EQ(found[0].a, "0");
  EXPECT_EQ(found[0].b, "0.2");
  EXPECT_EQ(found[0].rows, 1u);
  // The scale of all; and the number of test rows.
  DataSplits other = Data();
  other.train.normalization.scale = 256;
  other.test = ToySamples(31, 20, 10);
  const std::vector<RowsDifference> two = compare(Data(), other);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_GT(two[0].rows, 90u);
  EXPECT_EQ(two[1].split, "test");
  EXPECT_EQ(two[1].what, "number of rows");
  EXPECT_EQ(two[1].b, "31");
  // Labels.
  other = Data();
  std::vector<int32_t> labels(other.train.labels.begin(), other.train.labels.end());
  labels[5] = (labels[5] + 1) % 10;
  other.train.labels = labels;
  EXPECT_EQ(compare(Data(), other).at(0).what, "label of row 5");
  other = Data();
  other.train.classes = 11;
  EXPECT_EQ(compare(Data(), other).at(0).a, "10 classes");
}

TEST(RowsDifference, ComparesWeightsAndTheRowsToValidate) {
  const auto compare = [](const DataSplits& a, const DataSplits& b) {
    return CompareRows(a, Dtype::kFloat32, b, Dtype::kFloat32);
  };
  std::vector<double> weights(Data().train.count, 1);
  DataSplits weighted = Data();
  weighted.train.weights = weights;
  EXPECT_TRUE(compare(Data(), weighted).empty());
  weights[7] = weights[9] = 0.5;
  const std::vector<RowsDifference> found = compare(Data(), weighted);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].split, "training");
  EXPECT_EQ(found[0].what, "weight of row 7");
  EXPECT_EQ(found[0].a, "1");
  EXPECT_EQ(found[0].b, "0.5");
  EXPECT_EQ(found[0].rows, 2u);
  DataSplits a = Data();
  DataSplits b = Data();
  a.validation = a.train;
  b.validation = With(17, 3, static_cast<uint8_t>(a.train.pixels[17 * 20 + 3] + 1)).train;
  const std::vector<RowsDifference> validated = compare(a, b);
  ASSERT_EQ(validated.size(), 1u);
  EXPECT_EQ(validated[0].split, "validation");
  EXPECT_EQ(validated[0].what, "input 3 of row 17");
}

TEST(RowsDifference, ComparesFloatsWithDoubles) {
  const std::vector<RowsDifference> found =
      CompareRows(Data(), Dtype::kFloat32, Data(), Dtype::kFloat64);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(std::stod(found[0].a), std::stod(found[0].b), 1e-7);
}

TEST(Record, ComparesWhatBothHave) {
  const auto epoch = [](double loss, std::optional<double> accuracy) {
    EpochMetrics metrics{.epoch = 1, .train_loss = loss};
    metrics.test_accuracy = accuracy;
    if (accuracy) metrics.test_metrics.emplace_back("accuracy", *accuracy);
    return metrics;
  };
  EXPECT_FALSE(CompareRecord({epoch(1, 0.5)}, {epoch(1, std::nullopt)}));
  EXPECT_FALSE(CompareRecord({epoch(NAN, 0.5)}, {epoch(INFINITY, 0.5), epoch(3, 1)}));
  const auto found = CompareRecord({epoch(1, 0.5)}, {epoch(1, 0.25)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->metric, "test_accuracy");
  EXPECT_EQ(found->recorded, 0.5);
  EXPECT_EQ(found->replayed, 0.25);
  EXPECT_EQ(CompareRecord({epoch(1, 0.5)}, {epoch(2, 0.5)})->metric, "train_loss");
}

}  // namespace
}  // namespace nabla
