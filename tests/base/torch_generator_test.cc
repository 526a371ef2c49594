#include "framework/base/torch_generator.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/base/digest.h"

namespace nabla {
namespace {

enum Call { kNormal, kUniform, kPermutation, kEpoch };
enum Type { kFloat, kDouble, kInteger };

constexpr int64_t kCarriesOn = -1;  // with the generator of the row before

// What PyTorch 1.13.0 (CPU, AVX2) gave; integers are int64 there. The digest is over all n values,
// a and b are mean and std or low and high.
struct Known {
  const char* name;
  int64_t seed;
  Call call;
  Type type;
  size_t n;
  double a, b;
  std::vector<double> first, last;
  std::vector<uint32_t> first_bits;
  double sum;
  const char* sha256;
};

// clang-format off
const std::vector<Known>& KnownAnswers() {
  static const std::vector<Known> kKnown = {
    {"seed0_1_randn_784x100", 0, kNormal, kFloat, 78400, 0, 1,
     {-1.12583983, -1.1523602, -0.250578582, -0.433878809}, {0.759800553, -0.123074867},
     {0xbf901b85, 0xbf93808a}, -167.82109824070903,
     "bea1beac083c670ae287134d21e39a1542ce06f1cdf353e24b15f7d6b6acbfd8"},
    {"seed0_2_randn_100x10", kCarriesOn, kNormal, kFloat, 1000, 0, 1,
     {0.0934275165, -1.02437508, 0.66007632, -0.793372095}, {-1.03348923, 0.525851607},
     {0x3dbf56ed, 0xbf831eb9}, -23.959411837044172,
     "bfb28d240454de5f04ab260f82cf64f67e0672603e4a3aee6e9256bd3b1f8966"},
    {"seed0_3_randperm_60000", kCarriesOn, kPermutation, kInteger, 60000, 0, 0,
     {40528, 58955, 47878, 17070}, {26134, 24453},
     {}, 1799970000,
     "0d2cdf2ea7df155d54154ebae178038555bfd6255d8623ec6400e14eb3a42358"},
    {"seed0_4_randperm_60000", kCarriesOn, kPermutation, kInteger, 60000, 0, 0,
     {27444, 44866, 12923, 26828}, {25581, 22349},
     {}, 1799970000,
     "7b01f157511b781e88223d44260a64c5ee0d8ab9399d44276873099b77ca1090"},
    {"seed42_1_rand_17", 42, kUniform, kFloat, 17, 0, 1,
     {0.882269263, 0.915003955, 0.38286376, 0.959305644}, {0.429404497, 0.885442913},
     {0x3f61dc66, 0x3f6a3db3}, 11.276196300983429,
     "03a6f50ac41709e7f643471de4ed70fdaf268adf66bdcf138c90c3ec06842357"},
    {"seed42_2_randn_5", kCarriesOn, kNormal, kFloat, 5, 0, 1,
     {-0.167134255, -0.10789635, -1.42853367, -0.280972958}, {-0.280972958, 0.748928428},
     {0xbe2b253e, 0xbddcf8c3}, -1.23560880869627,
     "a5e0321dd161c4af486230652527dfae774a44794ac91d2eb8fe6eb8eee2b47c"},
    {"seed42_3_randn_37", kCarriesOn, kNormal, kFloat, 37, 0, 1,
     {0.0915456563, -2.31692266, -0.216804728, -1.38467371}, {2.81402707, 0.359787345},
     {0x3dbb7c4a, 0xc0144876}, -4.969060078263283,
     "0b7bfb4b252840bfe17eba7e020877084c3dbf58078b2652cfc31d35144641c6"},
    {"seed42_4_randperm_10", kCarriesOn, kPermutation, kInteger, 10, 0, 0,
     {6, 4, 8, 5}, {0, 7},
     {}, 45,
     "3f10f3bd3b03461a88ab3307419b080db6b199fcdf0a1ebb6cc9331415225844"},
    {"seed42_5_randn_3", kCarriesOn, kNormal, kFloat, 3, 0, 1,
     {1.11642253, 1.58152938, -0.198126525}, {1.58152938, -0.198126525},
     {0x3f8ee6ef, 0x3fca6f8e}, 2.4998253881931305,
     "c5f83f64207396f3901384a273376041779679574db77da50ebb6c668096c62b"},
    {"seed42_fresh_rand_17", 42, kUniform, kFloat, 17, 0, 1,
     {0.882269263, 0.915003955, 0.38286376, 0.959305644}, {0.429404497, 0.885442913},
     {0x3f61dc66, 0x3f6a3db3}, 11.276196300983429,
     "03a6f50ac41709e7f643471de4ed70fdaf268adf66bdcf138c90c3ec06842357"},
    {"seed42_fresh_randn_5", 42, kNormal, kFloat, 5, 0, 1,
     {0.336690366, 0.128809407, 0.234462366, 0.23033303}, {0.23033303, -1.12285638},
     {0x3eac62ae, 0x3e03e69d}, -0.19256120920181274,
     "af33577995d9ae23a3bed3a80bfb2c79db2803eb7e55c090eca9e39fafc79a60"},
    {"seed42_fresh_randn_37", 42, kNormal, kFloat, 37, 0, 1,
     {1.92691529, 1.48728406, 0.900717199, -2.10552096}, {2.26671791, 1.17895091},
     {0x3ff6a529, 0x3fbe5f53}, 3.3561775237321854,
     "4644c870b0c1031c7e2fbe8d5ff083e57e7f240166460c618f10f662b990a85b"},
    {"seed42_fresh_randperm_10", 42, kPermutation, kInteger, 10, 0, 0,
     {2, 6, 1, 8}, {3, 7},
     {}, 45,
     "fd6484606b698821d3cb41481c8658938c5df28b4df65a624686fb697f37c1ad"},
    {"seed42_fresh_randn_16", 42, kNormal, kFloat, 16, 0, 1,
     {1.92691529, 1.48728406, 0.900717199, -2.10552096}, {-0.768838882, 0.76244539},
     {0x3ff6a529, 0x3fbe5f53}, -2.1876682862639427,
     "fc34b516db1204ac5504e9a714274f1068e6342fdddd0b2cde67221932271d34"},
    {"seed42_f64_1_rand_5", 42, kUniform, kDouble, 5, 0, 1,
     {0.05815448596142969, 0.06291016742457756, 0.12358607277440903, 0.05258016436107704},
     {0.05258016436107704, 0.5261718968547618},
     {}, 0.8234027873762552,
     "a0b98c56dcc0e4d3c06ef9782f32da9f7f84f3ead9d1f42c0f357a5a8ae72f99"},
    {"seed42_f64_2_randn_20", kCarriesOn, kNormal, kDouble, 20, 0, 1,
     {0.7817673742546976, -1.7903080050220619, -1.748402801489203, 0.3553169097050972},
     {0.30085844543180795, -0.28692658848988356},
     {}, -5.4481021450075895,
     "d23f7ab8422fc7e4b46506ce37c5ce03d3dd68da7d82d0a40754ec5dfdccdf5e"},
    {"seed42_f64_3_randn_3", kCarriesOn, kNormal, kDouble, 3, 0, 1,
     {0.7595556750384621, 0.7343315668212029, -0.6708039888147163},
     {0.7343315668212029, -0.6708039888147163},
     {}, 0.8230832530449488,
     "83ac7bdd2de7625178df4dbe361d16fe7a2778fd06d4f30563d7e6ead39d5007"},
    {"seed3_1_xavier_normal_784x64", 3, kNormal, kFloat, 50176,
     0, std::sqrt(2.0 / (784 + 64)),
     {-0.00372217596, 0.0174773913, -0.0379780941, 0.00347369374}, {-0.0135666123, -0.0441886485},
     {0xbb73efc0, 0x3c8f2cbf}, 25.115292422448647,
     "5a9094c2908a0225a367ec91b0edccf75cacbad8d04e1d5c9c51952af34f9866"},
    {"seed3_2_xavier_normal_64x64", kCarriesOn, kNormal, kFloat, 4096,
     0, std::sqrt(2.0 / (64 + 64)),
     {0.0391449705, 0.116640911, -0.122375436, -0.191947296}, {-0.0501412153, 0.121742219},
     {0x3d20567a, 0x3deee16e}, 6.630687300310456,
     "8a48fa15a300e6fc5216d4383b122e5733e483a5754394f0dc78bd3e65c7ca11"},
    {"seed3_3_xavier_normal_64x64", kCarriesOn, kNormal, kFloat, 4096,
     0, std::sqrt(2.0 / (64 + 64)),
     {-0.162553087, -0.158965826, -0.0406098366, -0.110001042}, {-0.044757843, -0.0645110682},
     {0xbe267451, 0xbe22c7f0}, 7.881122862261691,
     "6013e3508e795be973999c43919a1d8cbbf80c0a5c64ed6c4b5b76bb3c5f5921"},
    {"seed3_4_xavier_normal_64x64", kCarriesOn, kNormal, kFloat, 4096,
     0, std::sqrt(2.0 / (64 + 64)),
     {0.103532515, -0.136529252, 0.118908018, -0.167723686}, {-0.0326252952, 0.0683701858},
     {0x3dd408db, 0xbe0bce53}, 8.47686800359952,
     "b4eb59a27b87a1d53a319834e221668b41998490be96d6e20f1ddeec9206992a"},
    {"seed3_5_xavier_normal_64x64", kCarriesOn, kNormal, kFloat, 4096,
     0, std::sqrt(2.0 / (64 + 64)),
     {-0.00943010114, 0.134166539, -0.0070812013, 0.117394827}, {-0.104198933, -0.042070251},
     {0xbc1a80b6, 0x3e0962f4}, 5.532259946965496,
     "33d823dd8f236dbb5704ed28b51a43bbaf6c3d9aa3e65180a4ee853c6170f19f"},
    {"seed3_6_xavier_normal_64x10", kCarriesOn, kNormal, kFloat, 640,
     0, std::sqrt(2.0 / (64 + 10)),
     {0.280689359, -0.00752565917, 0.206943765, -0.0544681698}, {0.156377763, -0.284862667},
     {0x3e8fb684, 0xbbf699ce}, 0.972641969769029,
     "c1c64a0010605515ee7b83a6827bcf2df47bf445693e57d354f181b5c4b7a351"},
    {"seed7_kaiming_uniform_a_sqrt5_10x784", 7, kUniform, kFloat, 7840,
     -std::sqrt(3.0) * (std::sqrt(2.0 / 6) / 28), std::sqrt(3.0) * (std::sqrt(2.0 / 6) / 28),
     {0.00249446719, -0.02151406, 0.0113722645, 0.011206449}, {-0.0173805021, 0.0355118364},
     {0x3b237a37, 0xbcb03e41}, -0.9789498204934262,
     "74d5741e9a915162fac4dd7c4d54a1eb8f3375a0c4d6bb5a577d0fe5cb14101b"},
    {"seed1_1_linear_784_10_weight_10x784", 1, kUniform, kFloat, 7840,
     -1 / 28.0, 1 / 28.0,
     {0.0184022579, -0.01576351, -0.00692362478, 0.0167631768}, {0.0037327453, -0.0249260031},
     {0x3c96c055, 0xbc81227a}, -1.0806661854899176,
     "13a36144f22b3e3c5dfbb2fd1c292d304eabfcdf9202513eba2b5c5376798670"},
    {"seed1_2_linear_784_10_bias_10", kCarriesOn, kUniform, kFloat, 10,
     -1 / 28.0, 1 / 28.0,
     {0.030644631, 0.00146861165, 0.0276823789, 0.0178143606}, {-0.024599174, 0.0138703249},
     {0x3cfb0a73, 0x3ac07e6e}, 0.07650498172733933,
     "82aec045770ea07a26841e1236bede2fc8ee91d68c07a49a108dfde6bebb6eec"},
    {"seed9_uniform_-0.25_0.75_20", 9, kUniform, kFloat, 20, -0.25, 0.75,
     {0.405784488, 0.0520226955, 0.229896426, 0.527373612}, {0.197652519, 0.381555617},
     {0x3ecfc2fc, 0x3d5515c0}, 5.8775030970573425,
     "5cddb8e5209562805b765a50c2df0fff257daa60dafa5e73bc1fbfeb47b35b6f"},
    {"seed9_normal_mean2_std0.5_20", kCarriesOn, kNormal, kFloat, 20, 2, 0.5,
     {2.75793982, 1.23695731, 1.22953451, 1.60419571}, {2.15268946, 2.90816474},
     {0x40308216, 0x3f9e549e}, 35.72663128376007,
     "16f4d67db15add921bdcee84a06a8297ce1507df8e7cd6aab393ebab4646d8ed"},
    {"seed5_dataloader_shuffle_50_epoch1", 5, kEpoch, kInteger, 50, 0, 0,
     {28, 34, 48, 49}, {12, 10},
     {}, 1225,
     "9ab781aa2fc444d97a26026c506c188c378c97161c559bf617c56ce9716391a8"},
    {"seed5_dataloader_shuffle_50_epoch2", kCarriesOn, kEpoch, kInteger, 50, 0, 0,
     {25, 17, 0, 46}, {32, 26},
     {}, 1225,
     "98495ed4e4db192e54105a7c2de76dec2892088efc1dbed8287c19a8bac03d67"},
  };
  return kKnown;
}
// clang-format on

template <typename T>
void Check(const Known& known, const std::vector<T>& values) {
  SCOPED_TRACE(known.name);
  for (size_t i = 0; i < known.first.size(); ++i) {
    EXPECT_EQ(values[i], static_cast<T>(known.first[i])) << i;
  }
  for (size_t i = 0; i < known.last.size(); ++i) {
    EXPECT_EQ(values[values.size() - known.last.size() + i], static_cast<T>(known.last[i])) << i;
  }
  if constexpr (std::is_same_v<T, float>) {
    for (size_t i = 0; i < known.first_bits.size(); ++i) {
      EXPECT_EQ(std::bit_cast<uint32_t>(values[i]), known.first_bits[i]) << i;
    }
  }
  EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), known.sum, 1e-9);
  EXPECT_EQ(Digest(values), known.sha256);
}

template <typename T>
void RunReal(const Known& known, TorchGenerator& generator) {
  std::vector<T> values(known.n);
  if (known.call == kNormal) {
    generator.Normal(std::span(values), known.a, known.b);
  } else {
    generator.Uniform(std::span(values), known.a, known.b);
  }
  Check(known, values);
}

void RunOrder(const Known& known, TorchGenerator& generator) {
  std::vector<uint32_t> order(known.n);
  generator.EpochOrder(order,
                       known.call == kEpoch ? OrderKind::kDataLoader : OrderKind::kPermutation);
  Check(known, std::vector<int64_t>(order.begin(), order.end()));
}

TEST(TorchGeneratorTest, GivesTheBitsOfPyTorch) {
  TorchGenerator generator(0);
  for (const Known& known : KnownAnswers()) {
    if (known.seed != kCarriesOn) generator = TorchGenerator(known.seed);
    if (known.type == kFloat) RunReal<float>(known, generator);
    if (known.type == kDouble) RunReal<double>(known, generator);
    if (known.type == kInteger) RunOrder(known, generator);
  }
}

// The outputs of the engine: the first four and number 10000.
TEST(TorchGeneratorTest, BitsAreTwoOutputsOfTheEngineHighHalfFirst) {
  struct {
    uint32_t seed;
    uint64_t first[4], last;
  } const known[] = {
      {0, {2357136044, 2546248239, 3071714933, 3626093760}, 1543171712},
      {1, {1791095845, 4282876139, 3093770124, 4005303368}, 1237896635},
      {5, {953453411, 236996814, 3739766767, 3570525885}, 2416762068},
      {42, {1608637542, 3421126067, 4083286876, 787846414}, 1399405940},
      {5489, {3499211612, 581869302, 3890346734, 3586334585}, 4123659995},
  };
  for (const auto& row : known) {
    TorchGenerator generator(row.seed);
    EXPECT_EQ(generator.Bits(), row.first[0] << 32 | row.first[1]);
    EXPECT_EQ(generator.Bits(), row.first[2] << 32 | row.first[3]);
    for (int i = 2; i < 4999; ++i) generator.Bits();
    EXPECT_EQ(generator.Bits() & 0xFFFFFFFF, row.last);
  }
}

TEST(TorchGeneratorTest, OnlyTheLow32BitsOfTheSeedCount) {
  EXPECT_EQ(TorchGenerator(7).Bits(), TorchGenerator(uint64_t{3} << 32 | 7).Bits());
}

// PyTorch without AVX2 uses the C library's functions: last bits differ, nothing else.
TEST(TorchGeneratorTest, IsNearThePathWithoutAvx2) {
  const float scalar[] = {-1.12583983f, -1.1523602f,  -0.250578582f, -0.433878839f, 0.848710358f,
                          0.692009211f, -0.31601277f, -2.11521959f,  0.322274923f,  -1.26333475f};
  std::vector<float> values(784 * 100);
  TorchGenerator(0).Normal(std::span(values), 0, 1);
  for (size_t i = 0; i < std::size(scalar); ++i) EXPECT_NEAR(values[i], scalar[i], 4e-6);
  EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), -167.82247888570964,
              4e-6 * 78400);
}

// The kept normal value outlives calls of other kinds.
TEST(TorchGeneratorTest, FewNormalsKeepTheSecondOfAPair) {
  TorchGenerator split(11), whole(11);
  std::vector<double> three(3), one(1), four(4);
  whole.Normal(std::span(four), 0, 1);
  split.Normal(std::span(three), 0, 1);
  std::vector<uint32_t> order(100);
  split.Permutation(order);
  split.Normal(std::span(one), 0, 1);
  EXPECT_EQ(one[0], four[3]);
}

TEST(TorchGeneratorTest, BelowIsTheRemainder) {
  TorchGenerator generator(0);
  EXPECT_EQ(generator.Below(1000), 2357136044u % 1000);
  EXPECT_EQ(generator.Below(uint64_t{1} << 40),
            (uint64_t{2546248239} << 32 | 3071714933) % (uint64_t{1} << 40));
}

TEST(TorchGeneratorTest, EmptySpansDrawNothing) {
  TorchGenerator generator(0);
  generator.Normal(std::span<float>(), 0, 1);
  generator.Uniform(std::span<double>(), 0, 1);
  generator.Permutation({});
  EXPECT_EQ(generator.Below(UINT32_MAX), 2357136044u);
}

}  // namespace
}  // namespace nabla
