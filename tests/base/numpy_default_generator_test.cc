// numpy.random.default_rng, with the answers that numpy_default_vectors.py prints (NumPy 1.24.2).
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/numpy_generator.h"
#include "tests/base/digest.h"

namespace nabla {
namespace {

std::vector<double> Normals(Generator& generator, size_t n, double mean = 0, double std = 1) {
  std::vector<double> values(n);
  generator.Normal(std::span(values), mean, std);
  return values;
}

std::vector<double> Uniforms(Generator& generator, size_t n, double low = 0, double high = 1) {
  std::vector<double> values(n);
  generator.Uniform(std::span(values), low, high);
  return values;
}

std::vector<int64_t> Order(Generator& generator, size_t n) {
  std::vector<uint32_t> order(n);
  generator.Permutation(order);
  return {order.begin(), order.end()};
}

std::vector<uint64_t> Integers(Generator& generator, size_t n, uint64_t bound) {
  std::vector<uint64_t> values(n);
  for (uint64_t& value : values) value = generator.Below(bound);
  return values;
}

TEST(NumpyDefaultGeneratorTest, SeedsLikeSeedSequence) {
  for (const auto& [seed, first, second] :
       {std::tuple{uint64_t{0}, 11749869230777074271u, 4976686463289251617u},
        {uint64_t{42}, 14276969152011380360u, 8095878257575067585u},
        {uint64_t{4294967295}, 4647538520743280031u, 4041050679407036418u},
        {uint64_t{1099511627783}, 15307346044642009514u, 4709548916763817589u}}) {
    NumpyDefaultGenerator generator(seed);
    EXPECT_EQ(generator.Bits(), first) << seed;
    EXPECT_EQ(generator.Bits(), second) << seed;
  }
}

// A million normals reach every strip and the tail.
TEST(NumpyDefaultGeneratorTest, EveryCallContinuesTheStream) {
  NumpyDefaultGenerator rng(1);
  EXPECT_EQ(Normals(rng, 3),
            (std::vector<double>{0.345584192064786, 0.8216181435011584, 0.33043707618338714}));
  EXPECT_EQ(Digest(Normals(rng, 1000000)),
            "5d91d942b46a5a064dd9334dff9c07643b38dcfed68fa84442ded21e20639713");
  EXPECT_EQ(Normals(rng, 2, 2, 0.5), (std::vector<double>{2.3838821850065712, 3.0650366088369494}));
  EXPECT_EQ(Uniforms(rng, 2), (std::vector<double>{0.9271218310267411, 0.7167799683233024}));
  EXPECT_EQ(Uniforms(rng, 2, -1, 3), (std::vector<double>{2.35794003878198, 0.23549040936992505}));
  EXPECT_EQ(Order(rng, 7), (std::vector<int64_t>{2, 3, 6, 5, 4, 0, 1}));
  EXPECT_EQ(Uniforms(rng, 1), (std::vector<double>{0.895703516909994}));
  EXPECT_EQ(Digest(Order(rng, 70000)),
            "aaf63d4df7487192cf4d167665ad6cd4b2c05323f24aa79b640caa119014d436");
  EXPECT_EQ(Order(rng, 6), (std::vector<int64_t>{5, 3, 0, 2, 1, 4}));
  EXPECT_EQ(Integers(rng, 8, 10), (std::vector<uint64_t>{6, 0, 8, 1, 1, 5, 8, 5}));
  EXPECT_EQ(Integers(rng, 3, 3000000000),
            (std::vector<uint64_t>{2070809310, 1120273785, 1526168496}));
  EXPECT_EQ(Integers(rng, 2, uint64_t{1} << 32), (std::vector<uint64_t>{2786899634, 52899155}));
  EXPECT_EQ(Integers(rng, 2, uint64_t{1} << 40),
            (std::vector<uint64_t>{190211535049, 161151767020}));
  EXPECT_EQ(Integers(rng, 8, 5), (std::vector<uint64_t>{3, 1, 0, 2, 0, 3, 2, 1}));
}

TEST(NumpyDefaultGeneratorTest, FloatsAreRoundedDoubles) {
  NumpyDefaultGenerator a(5), b(5);
  std::vector<float> floats(40);
  a.Normal(std::span(floats).first(20), 1, 2);
  a.Uniform(std::span(floats).last(20), -1, 1);
  std::vector<double> doubles = Normals(b, 20, 1, 2);
  for (const double value : Uniforms(b, 20, -1, 1)) doubles.push_back(value);
  for (size_t i = 0; i < 40; ++i) EXPECT_EQ(floats[i], static_cast<float>(doubles[i]));
}

// After an odd number of 32-bit draws, half of 64 bits is kept.
TEST(NumpyDefaultGeneratorTest, AStateContinuesTheStream) {
  const auto generator = MakeGenerator(RngKind::kNumpyDefault, 9);
  generator->Below(10);
  const std::vector<uint8_t> state = generator->State();
  const auto expected = Integers(*generator, 5, 100);
  NumpyDefaultGenerator other(1);
  other.SetState(state);
  EXPECT_EQ(Integers(other, 5, 100), expected);
  EXPECT_EQ(generator->State(), other.State());
}

TEST(NumpyDefaultGeneratorTest, ADamagedStateIsRefusedAndChangesNothing) {
  NumpyDefaultGenerator generator(9);
  const std::vector<uint8_t> state = generator.State();
  for (const auto& [byte, value] : {std::pair{0, 2}, {17, state[17] ^ 1}, {33, 2}}) {
    std::vector<uint8_t> damaged = state;
    damaged[byte] = static_cast<uint8_t>(value);
    EXPECT_THROW(generator.SetState(damaged), InputError) << byte;
  }
  EXPECT_THROW(generator.SetState(std::span(state).first(30)), InputError);
  EXPECT_EQ(generator.State(), state);
}

}  // namespace
}  // namespace nabla
