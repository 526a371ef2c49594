// Streams of random numbers. All kinds share one interface: our own, PyTorch's and NumPy's two.
#ifndef NABLA_FRAMEWORK_BASE_GENERATOR_H_
#define NABLA_FRAMEWORK_BASE_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace nabla {

enum class RngKind : uint8_t {
  kNabla = 0,         // counter-based Philox4x32-10 (nabla_generator.h)
  kTorch = 1,         // the bits of PyTorch's CPU generator (torch_generator.h)
  kNumpy = 2,         // the bits of NumPy's legacy RandomState (numpy_generator.h)
  kNumpyDefault = 3,  // the bits of NumPy's default_rng (numpy_generator.h)
};

// How the samples of an epoch are ordered.
enum class OrderKind : uint8_t {
  kPermutation,  // Permutation() of the generator itself
  kDataLoader,   // as torch.utils.data.DataLoader does; other kinds use the permutation
  kShuffle,  // the order of the epoch before, permuted: shuffle() of one list, epoch after epoch
  kChoice,   // each batch is Choose() out of all rows
  kReplacement,  // each row is Below(all rows)
};

// One stream of random numbers, determined by kind, seed and the calls made so far. Spans are
// filled from front to back. Two threads must not use it at once.
class Generator {
 public:
  virtual ~Generator() = default;

  // Gaussian with the given mean and standard deviation.
  virtual void Normal(std::span<float> out, double mean, double std) = 0;
  virtual void Normal(std::span<double> out, double mean, double std) = 0;

  // From low (included) to high (excluded, unless rounding of low + u * (high - low) reaches it).
  virtual void Uniform(std::span<float> out, double low, double high) = 0;
  virtual void Uniform(std::span<double> out, double low, double high) = 0;

  // Fills out with a random order of 0 .. out.size() - 1.
  virtual void Permutation(std::span<uint32_t> out) = 0;

  // The order of the next epoch.
  virtual void EpochOrder(std::span<uint32_t> out, OrderKind) { Permutation(out); }

  // The next 64 random bits.
  virtual uint64_t Bits() = 0;

  // An integer from 0 to bound - 1; bound is at least 1.
  virtual uint64_t Below(uint64_t bound) = 0;

  // Everything needed to continue exactly here. The size depends on the kind only; the first byte
  // is the kind.
  virtual std::vector<uint8_t> State() const = 0;

  // Continues from where State() was taken. Throws InputError for a state of another kind, of the
  // wrong size or with impossible contents; the generator is then unchanged.
  virtual void SetState(std::span<const uint8_t> state) = 0;

 protected:
  // Throws InputError unless state has this many bytes and begins with kind.
  static void CheckState(std::span<const uint8_t> state, RngKind kind, size_t bytes);
};

// A generator at the start of its stream. kTorch uses the low 32 bits of the seed, as PyTorch does;
// kNumpy throws InputError for a seed of more than 32 bits, as NumPy does.
std::unique_ptr<Generator> MakeGenerator(RngKind kind, uint64_t seed);

// Fills out with different integers below n, out.size() <= n: the first of a permutation or, for
// kNumpyDefault, default_rng().choice(n, out.size(), replace=False).
void Choose(Generator& generator, size_t n, std::span<uint32_t> out);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_GENERATOR_H_
