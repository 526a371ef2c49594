#include "framework/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/generator.h"

namespace nabla {
namespace {

// Rows that say who they are: row r of the data has pixels (r, r + 1), the label r mod 10 and the
// target r.
struct Rows {
  std::vector<uint8_t> pixels;
  std::vector<int32_t> labels;
  std::vector<double> values;
};

Samples Numbered(size_t first, size_t count) {
  auto rows = std::make_shared<Rows>();
  for (size_t r = first; r < first + count; ++r) {
    rows->pixels.push_back(static_cast<uint8_t>(r));
    rows->pixels.push_back(static_cast<uint8_t>(r + 1));
    rows->labels.push_back(static_cast<int32_t>(r % 10));
    rows->values.push_back(static_cast<double>(r));
  }
  return {.count = count,
          .shape = {{2}},
          .pixels = rows->pixels,
          .classes = 10,
          .labels = rows->labels,
          .values_per_row = 1,
          .values = rows->values,
          .keep_alive = rows};
}

DataSplits Data(size_t train, size_t test) {
  return {"numbered", Numbered(0, train), Numbered(train, test)};
}

// Which rows these are; every kind of data must tell the same.
std::vector<int> Who(const Samples& samples) {
  std::vector<int> who;
  for (size_t r = 0; r < samples.count; ++r) {
    const int row = static_cast<int>(samples.values[r]);
    EXPECT_EQ(samples.pixels[2 * r], static_cast<uint8_t>(row));
    EXPECT_EQ(samples.pixels[2 * r + 1], static_cast<uint8_t>(row + 1));
    EXPECT_EQ(samples.labels[r], row % 10);
    who.push_back(row);
  }
  return who;
}

std::vector<int> Count(int first, int count) {
  std::vector<int> numbers(count);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

TEST(SplitTest, DefaultsLeaveTheDataAsTheyAre) {
  const DataSplits data = Data(5, 3);
  const DataSplits same = Split({}, data);
  EXPECT_EQ(same.train.pixels.data(), data.train.pixels.data());
  EXPECT_EQ(Who(same.train), Count(0, 5));
  EXPECT_EQ(Who(same.test), Count(5, 3));
}

// scikit-learn's train_test_split of 70000 rows, test_size 0.2, random_state 42.
TEST(SplitTest, MergedRowsAreDividedAsScikitLearnDoes) {
  const SplitSettings settings{
      .merge = true, .test_fraction = 0.2, .permutation = SplitOrder::kNumpy, .seed = 42};
  const DataSplits data = Split(settings, Data(60000, 10000));
  const std::vector<int> test = Who(data.test);
  const std::vector<int> train = Who(data.train);
  ASSERT_EQ(test.size(), 14000u);
  ASSERT_EQ(train.size(), 56000u);
  EXPECT_EQ(std::vector<int>(test.begin(), test.begin() + 5),
            (std::vector<int>{46730, 48393, 41416, 34506, 43725}));
  EXPECT_EQ(std::vector<int>(train.begin(), train.begin() + 2), (std::vector<int>{47339, 67456}));
  EXPECT_EQ(std::vector<int>(train.end() - 2, train.end()), (std::vector<int>{860, 15795}));
}

TEST(SplitTest, WithoutMergeTheTrainingRowsAreDivided) {
  const DataSplits data =
      Split({.test_fraction = 0.25, .permutation = SplitOrder::kAsRead}, Data(10, 4));
  EXPECT_EQ(Who(data.test), Count(0, 3));  // rounded up
  EXPECT_EQ(Who(data.train), Count(3, 7));
}

TEST(SplitTest, RowsAreShuffledUnlessSomeoneSaysNo) {
  const DataSplits data = Split({.test_fraction = 0.25, .seed = 3}, Data(100, 4));
  const DataSplits by_name =
      Split({.test_fraction = 0.25, .permutation = SplitOrder::kNabla, .seed = 3}, Data(100, 4));
  EXPECT_EQ(Who(data.train), Who(by_name.train));
  EXPECT_EQ(Who(data.test), Who(by_name.test));
  EXPECT_NE(Who(data.test), Count(0, 25));
}

TEST(SplitTest, EveryRowIsKeptOnce) {
  for (const auto permutation : {SplitOrder::kNabla, SplitOrder::kTorch, SplitOrder::kNumpy}) {
    const DataSplits data =
        Split({.merge = true, .test_fraction = 0.5, .permutation = permutation}, Data(60, 40));
    std::vector<int> all = Who(data.train);
    EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
    const std::vector<int> test = Who(data.test);
    all.insert(all.end(), test.begin(), test.end());
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, Count(0, 100));
  }
}

TEST(SplitTest, APermutationAloneMixesTheTrainingRows) {
  const SplitSettings settings{.permutation = SplitOrder::kTorch, .seed = 7};
  const DataSplits data = Split(settings, Data(10, 5));
  std::vector<uint32_t> order(10);
  MakeGenerator(RngKind::kTorch, 7)->Permutation(order);
  EXPECT_EQ(Who(data.train), std::vector<int>(order.begin(), order.end()));
  EXPECT_EQ(Who(data.test), Count(10, 5));
}

TEST(SplitTest, ImpossibleSettingsAreRefused) {
  EXPECT_THROW(Split({.merge = true}, Data(10, 5)), InputError);
  EXPECT_THROW(Split({.test_fraction = 0.99}, Data(10, 5)), InputError);
}

TEST(SplitTest, FirstRowsShareTheData) {
  const Samples all = Numbered(0, 10);
  const Samples part = FirstRows(all, 4);
  EXPECT_EQ(Who(part), Count(0, 4));
  EXPECT_EQ(part.labels.data(), all.labels.data());
  EXPECT_EQ(FirstRows(all, 20).count, 10u);
}

// split_vectors.py prints scikit-learn's divisions.
TEST(SplitTest, StratifiedRowsAreDividedAsScikitLearnDoes) {
  SplitSettings settings{
      .test_fraction = 0.5, .stratify = true, .permutation = SplitOrder::kNumpy, .seed = 0};
  DataSplits data = Split(settings, Data(23, 4));
  EXPECT_EQ(Who(data.train), (std::vector<int>{12, 15, 6, 18, 20, 22, 13, 19, 7, 4, 11}));
  EXPECT_EQ(Who(data.test), (std::vector<int>{9, 5, 8, 2, 14, 3, 17, 0, 16, 21, 1, 10}));
  settings.seed = 5;
  data = Split(settings, Data(23, 4));
  EXPECT_EQ(Who(data.train), (std::vector<int>{10, 22, 18, 7, 16, 9, 21, 4, 5, 3, 20}));
  EXPECT_EQ(Who(data.test), (std::vector<int>{19, 17, 12, 2, 6, 8, 13, 14, 0, 15, 1, 11}));
}

TEST(SplitTest, ThreePartsAreTwoDivisions) {
  SplitSettings settings{.test_fraction = 0.25,
                         .stratify = true,
                         .validation_fraction = 0.4,
                         .validation_seed = 2,
                         .permutation = SplitOrder::kNumpy,
                         .seed = 1};
  const std::vector<int> train = {22, 28, 4, 17, 23, 5, 30, 36, 35, 6, 9, 0, 11, 34, 21, 3, 37, 2};
  DataSplits data = Split(settings, Data(40, 4));
  EXPECT_EQ(Who(data.train), train);
  EXPECT_EQ(Who(data.test), (std::vector<int>{8, 26, 7, 12, 29, 13, 15, 10, 14, 31}));
  settings.tested = TestedPart::kValidation;
  data = Split(settings, Data(40, 4));
  EXPECT_EQ(Who(data.train), train);
  EXPECT_EQ(Who(data.test), (std::vector<int>{25, 19, 33, 24, 39, 32, 20, 16, 1, 27, 38, 18}));
}

// The same divisions: the third part is there to validate, and by itself it has the shares of the
// classes.
TEST(SplitTest, RowsToValidateAreAThirdPart) {
  SplitSettings settings{.test_fraction = 0.25,
                         .stratify = true,
                         .validation_fraction = 0.4,
                         .validation_seed = 2,
                         .permutation = SplitOrder::kNumpy,
                         .seed = 1};
  DataSplits data = Split(settings, Data(40, 4), true);
  EXPECT_EQ(Who(data.train), Who(Split(settings, Data(40, 4)).train));
  EXPECT_EQ(Who(data.test), (std::vector<int>{8, 26, 7, 12, 29, 13, 15, 10, 14, 31}));
  EXPECT_EQ(Who(data.validation),
            (std::vector<int>{25, 19, 33, 24, 39, 32, 20, 16, 1, 27, 38, 18}));
  settings = {.validation_fraction = 0.5, .permutation = SplitOrder::kNumpy};
  data = Split(settings, Data(23, 4), true);
  EXPECT_EQ(Who(data.train), (std::vector<int>{12, 15, 6, 18, 20, 22, 13, 19, 7, 4, 11}));
  EXPECT_EQ(Who(data.validation), (std::vector<int>{9, 5, 8, 2, 14, 3, 17, 0, 16, 21, 1, 10}));
  EXPECT_EQ(Who(data.test), Count(23, 4));
  settings.stratify = false;
  EXPECT_NE(Who(Split(settings, Data(23, 4), true).train), Who(data.train));
  EXPECT_EQ(Split(settings, Data(23, 4)).validation.count, 0u);
}

TEST(SplitTest, FoldsAreScikitLearns) {
  SplitSettings settings{.folds = 3, .permutation = SplitOrder::kNumpy, .seed = 4};
  const std::vector<std::vector<int>> tested = {{3, 4, 8, 9}, {0, 1, 2, 6}, {5, 7, 10}};
  for (int64_t fold = 0; fold < 3; ++fold) {
    settings.fold = fold;
    const DataSplits data = Split(settings, Data(11, 2));
    EXPECT_EQ(Who(data.test), tested[static_cast<size_t>(fold)]);
    EXPECT_EQ(data.train.count + data.test.count, 11u);
  }
  settings.fold = 1;
  EXPECT_EQ(Who(Split(settings, Data(11, 2)).train), (std::vector<int>{3, 4, 5, 7, 8, 9, 10}));
}

TEST(SplitTest, TrainingRowsMayComeFirst) {
  SplitSettings settings{.train_fraction = 0.75, .permutation = SplitOrder::kNumpy, .seed = 6};
  DataSplits data = Split(settings, Data(10, 2));
  EXPECT_EQ(Who(data.train), (std::vector<int>{8, 1, 7, 0, 6, 5, 2}));
  EXPECT_EQ(Who(data.test), (std::vector<int>{4, 3, 9}));
  settings.permutation = SplitOrder::kAsRead;
  settings.validation_fraction = 0.5;
  settings.tested = TestedPart::kValidation;
  data = Split(settings, Data(10, 2));
  EXPECT_EQ(Who(data.train), Count(0, 3));
  EXPECT_EQ(Who(data.test), Count(3, 4));
}

TEST(SplitTest, ValidationRowsComeFromTheTrainingRowsOfADataSet) {
  const DataSplits data = Split({.validation_fraction = 0.3,
                                 .validation_seed = 6,
                                 .tested = TestedPart::kValidation,
                                 .permutation = SplitOrder::kNumpy},
                                Data(10, 2));
  EXPECT_EQ(Who(data.test), (std::vector<int>{8, 1, 7}));
  EXPECT_EQ(Who(data.train), (std::vector<int>{0, 6, 5, 2, 4, 3, 9}));
}

// Shares of classes are kept in what a fraction divides; folds are as without it.
TEST(SplitTest, FoldsMayHaveStratifiedValidation) {
  SplitSettings settings{.folds = 3, .fold = 1};
  const std::vector<int> tested = Who(Split(settings, Data(30, 2)).test);
  settings.stratify = true;
  settings.validation_fraction = 0.2;
  const DataSplits data = Split(settings, Data(30, 2), true);
  EXPECT_EQ(Who(data.test), tested);
  EXPECT_GT(data.validation.count, 0u);
  EXPECT_EQ(data.train.count + data.validation.count + data.test.count, 30u);
}

TEST(SplitTest, ATrainFractionIsStratifiedAsScikitLearnDoes) {
  SplitSettings settings{
      .train_fraction = 0.7, .stratify = true, .permutation = SplitOrder::kNumpy, .seed = 1};
  const std::vector<int> tested = {23, 37, 25, 19, 6, 15, 28, 21, 4, 30, 2, 18};
  EXPECT_EQ(Who(Split(settings, Data(40, 4)).test), tested);
  settings.validation_fraction = 0.4;
  settings.validation_seed = 2;
  const DataSplits data = Split(settings, Data(40, 4), true);
  EXPECT_EQ(Who(data.test), tested);
  EXPECT_EQ(Who(data.train),
            (std::vector<int>{17, 5, 9, 10, 31, 39, 38, 24, 13, 32, 34, 33, 12, 7, 16, 1}));
  EXPECT_EQ(Who(data.validation), (std::vector<int>{14, 22, 8, 27, 29, 20, 35, 36, 26, 0, 3, 11}));
}

TEST(SplitTest, ContradictionsAreRefused) {
  for (const auto& [settings, message] :
       {std::pair{SplitSettings{.test_fraction = 0.2, .folds = 3},
                  "split.test_fraction and split.folds exclude each other"},
        {SplitSettings{.folds = 3, .fold = 3}, "split.fold is 3 of 3 folds"},
        {SplitSettings{.folds = 1}, "there must be 2 folds or more"},
        {SplitSettings{.stratify = true}, "split.stratify needs a test_fraction"},
        {SplitSettings{.test_fraction = 0.2, .stratify = true, .permutation = SplitOrder::kAsRead},
         "split.stratify needs"},
        {SplitSettings{.tested = TestedPart::kValidation}, "split.validation_fraction is 0"},
        {SplitSettings{.train_fraction = 0.01}, "split.train_fraction leaves no rows to train on"},
        {SplitSettings{.validation_fraction = 0.999},
         "split.validation_fraction leaves no rows to train on"},
        {SplitSettings{.folds = 11}, "split.folds is 11, but there are only 10 rows"}}) {
    try {
      Split(settings, Data(10, 2));
      ADD_FAILURE() << message;
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace nabla
