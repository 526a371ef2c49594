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
  EXPECT_EQ(ConstantInputs({{1, 2, 3}, {3, never, never}}, {"a", "b", "c"}),
            Lines{"warning: standardise: what never changes in the training rows becomes 0: the "
                  "inputs b, c"});
  EXPECT_EQ(ConstantInputs({{1, 2}, {3, never}}, {}),
            Lines{"warning: standardise: what never changes in the training rows becomes 0: the "
                  "input 1 (counted from 0)"});
}

}  // namespace
}  // namespace nabla
