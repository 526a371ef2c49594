#include "framework/data/data_remarks.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace nabla {
namespace {

using Lines = std::vector<std::string>;

Samples Labelled(std::vector<int32_t> labels, size_t classes) {
  auto owned = std::make_shared<std::vector<int32_t>>(std::move(labels));
  return {.count = owned->size(), .classes = classes, .labels = *owned, .keep_alive = owned};
}

TEST(DataRemarksTest, MissingClassesAreNamed) {
  const DataSplits all{"", Labelled({0, 1, 2}, 3), Labelled({2, 1, 0, 0}, 3)};
  EXPECT_EQ(MissingClasses(all, true), Lines());
  const DataSplits some{"", Labelled({0, 0, 2}, 3), Labelled({1}, 3)};
  EXPECT_EQ(MissingClasses(some, true), (Lines{"warning: no row to train on has the class 1",
                                               "warning: no row to test on has the classes 0, 2"}));
  EXPECT_EQ(MissingClasses(some, false), Lines{"warning: no row to train on has the class 1"});
  const DataSplits none{"", Labelled({0}, 100), Labelled({}, 100)};
  EXPECT_EQ(
      MissingClasses(none, true),
      Lines{"warning: no row to train on has the classes 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 89 "
            "more"});
}

TEST(DataRemarksTest, ConstantInputsAreNamed) {
  const double never = std::numeric_limits<double>::infinity();
  EXPECT_EQ(ConstantInputs({{1, 2}, {3, 4}}, {}), Lines());
  EXPECT_EQ(
      ConstantInputs({{1, 2, 3}, {3, never, never}}, {"a", "b", "c"}),
      Lines{"warning: standardise: inputs that never change in the training rows become 0: the "
            "inputs b, c"});
  EXPECT_EQ(
      ConstantInputs({{1, 2}, {3, never}}, {}),
      Lines{"warning: standardise: inputs that never change in the training rows become 0: the "
            "input 1 (counted from 0)"});
}

TEST(DataRemarksTest, NumbersThatFloat32DoesNotTellApartAreNamed) {
  // The times of a week, in seconds since 1970; days; a year; nothing.
  const auto owned = std::make_shared<std::vector<double>>();
  for (int r = 0; r < 100; ++r) {
    owned->insert(owned->end(), {1.7e9 + 100 * r, 19675.0 + r, 1.7e9 + 3e5 * r, 5e9});
  }
  DataSplits data;
  data.train = {.count = 100,
                .shape = {{4}},
                .numbers = *owned,
                .values_per_row = 4,
                .values = *owned,
                .keep_alive = owned};
  const std::string target =
      "warning: float32 rounds the target 0 (counted from 0), differences of which are below the 7 "
      "digits that it holds: metrics and predictions are not exact; take dtype: float64, or "
      "smaller numbers";
  EXPECT_EQ(RoundedByFloat32(data, false), Lines{target});
  data.columns = {"a", "b", "c", "d"};
  const std::string input =
      "warning: float32 rounds the input a, differences of which are below the 7 digits that it "
      "holds: take standardise: true, dtype: float64, or smaller numbers";
  EXPECT_EQ(RoundedByFloat32(data, true), (Lines{target, input}));
  data.train.values_per_row = 0;
  data.train.values = {};
  data.train.normalization.mean = 1.7e9;  // subtracted before anything is rounded
  EXPECT_EQ(RoundedByFloat32(data, true), Lines());
}

TEST(DataRemarksTest, InputsThatNeverChangeAreNamed) {
  const auto owned = std::make_shared<std::vector<double>>(
      std::vector<double>{1, 5, 0, 0, 2, 5, 0, 1, 3, 5, 0, 0});
  DataSplits data;
  data.train = {.count = 3, .shape = {{4}}, .numbers = *owned, .keep_alive = owned};
  EXPECT_EQ(UnchangingInputs(data),
            Lines{"warning: the inputs 1, 2 (counted from 0) never change in the training rows: "
                  "nothing is learned from them"});
  // A category that no training row has is told of elsewhere.
  data.columns = {"a", "b", "c=x", "c=y"};
  data.coding = {{.name = "a"}, {.name = "b"}, {.name = "c", .categories = {"x", "y"}}};
  EXPECT_EQ(UnchangingInputs(data),
            Lines{"warning: the input b never changes in the training rows: nothing is learned "
                  "from it"});
  data.train.shape = {{1, 2, 2}};
  EXPECT_EQ(UnchangingInputs(data), Lines());
}

}  // namespace
}  // namespace nabla
