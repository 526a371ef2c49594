#include "framework/base/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nabla {
namespace {

using Names = std::vector<std::string>;

// Keys and plugins of the kind that a user mistypes.
const Names& Keys() {
  static const Names kKeys = {"name",       "seed",      "dtype",   "dataset",  "model",
                              "loss",       "optimizer", "train",   "evaluate", "reference",
                              "batch_size", "epochs",    "shuffle", "lr",       "momentum",
                              "nesterov",   "units",     "bias",    "weight",   "scale",
                              "split",      "epsilon",   "beta1",   "beta2",    "weight_decay",
                              "schedule",   "rng",       "order",   "metrics",  "threads"};
  return kKeys;
}

TEST(NearestTest, EditDistance) {
  EXPECT_EQ(EditDistance("", ""), 0);
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("dense", "dense"), 0);
  EXPECT_EQ(EditDistance("desne", "dense"), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  EXPECT_EQ(EditDistance("ca", "abc"), 3);
  EXPECT_EQ(EditDistance("abcd", "acbd"), 1);
  EXPECT_EQ(EditDistance("sunday", "saturday"), 3);
}

TEST(NearestTest, FindsTheMistypedName) {
  const Names layers = {"linear", "dense", "conv2d", "dropout", "relu"};
  EXPECT_EQ(Nearest("desne", layers), "dense");
  EXPECT_EQ(Nearest("dropuot", layers), "dropout");
  EXPECT_EQ(Nearest("liner", layers), "linear");
  EXPECT_EQ(Nearest("con2d", layers), "conv2d");
}

TEST(NearestTest, CaseAndHyphensCountLeast) {
  EXPECT_EQ(Nearest("RELU", {"gelu", "relu"}), "relu");
  EXPECT_EQ(Nearest("ReLU", {"relu", "Relu"}), "Relu");
  EXPECT_EQ(Nearest("Cross-Entropy", {"entropy", "cross_entropy"}), "cross_entropy");
}

TEST(NearestTest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(Nearest("transformer", {"linear", "relu"}), "");
  EXPECT_EQ(Nearest("xy", {"lr"}), "");
  EXPECT_EQ(Nearest("", {"lr"}), "");
  EXPECT_EQ(Nearest("lr", {}), "");
  // Three edits: too many for a short name, few enough for a long one.
  EXPECT_EQ(Nearest("abcxyz", {"abcdef"}), "");
  EXPECT_EQ(Nearest("cross_entrxyz", {"cross_entropy"}), "cross_entropy");
}

TEST(NearestTest, PrefersTheSameBeginning) {
  EXPECT_EQ(Nearest("beta", {"zeta1", "beta1"}), "beta1");
  EXPECT_EQ(Nearest("beta", {"beta1", "beta2"}), "beta1");
}

TEST(NearestTest, Suggest) {
  EXPECT_EQ(Suggest("desne", {"dense", "relu"}), "; did you mean \"dense\"? known: dense, relu");
  EXPECT_EQ(Suggest("transformer", {"dense", "relu"}), "; known: dense, relu");
  EXPECT_EQ(Suggest("dense", {}), "");
}

TEST(NearestTest, SuggestsAFewOfManyNames) {
  Names many;
  for (int i = 0; i < 4000; ++i) many.push_back("word" + std::to_string(i));
  EXPECT_EQ(Suggest("wrod3999", many),
            "; did you mean \"word3999\"? known: word0, word1, word2, word3, word4, word5, word6, "
            "word7, word8, word9, word10, word11, word12, word13, word14, word15, word16, word17, "
            "word18, word19 and 3980 more");
  many.resize(100);
  EXPECT_TRUE(Suggest("wrod99", many).ends_with(", word98, word99"));
  EXPECT_LT(Suggest("x", Names(30, std::string(1000, 'y'))).size(), 3100u);
  EXPECT_EQ(Suggest("x", {std::string(5000, 'y')}), "; known: " + std::string(5000, 'y'));
}

// Every name with one letter replaced, left out, put in, or swapped with its neighbour.
Names Mutations(const std::string& name) {
  Names mutations;
  for (size_t i = 0; i <= name.size(); ++i) {
    for (const char c : std::string("aeimqtxz_1")) {
      mutations.push_back(name.substr(0, i) + c + name.substr(i));
      if (i < name.size()) mutations.push_back(name.substr(0, i) + c + name.substr(i + 1));
    }
    if (i < name.size()) mutations.push_back(name.substr(0, i) + name.substr(i + 1));
    if (i + 1 < name.size()) {
      mutations.push_back(name.substr(0, i) + name[i + 1] + name[i] + name.substr(i + 2));
    }
  }
  return mutations;
}

TEST(NearestTest, FindsNearlyAllNamesWithOneWrongLetter) {
  int right = 0, all = 0;
  for (const std::string& key : Keys()) {
    for (const std::string& mutation : Mutations(key)) {
      if (mutation == key) continue;
      ++all;
      right += Nearest(mutation, Keys()) == key;
    }
  }
  EXPECT_GE(right, 0.98 * all) << right << " of " << all;
}

}  // namespace
}  // namespace nabla
