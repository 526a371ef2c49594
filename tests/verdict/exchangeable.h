// Curves that are exchangeable, of the kinds that training gives.
#ifndef NABLA_TESTS_VERDICT_EXCHANGEABLE_H_
#define NABLA_TESTS_VERDICT_EXCHANGEABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "framework/base/generator.h"
#include "framework/verdict/conformal.h"

namespace nabla {

enum class Kind {
  kNormal,          // independent figures
  kAutoregressive,  // correlation 0.9 between neighbours
  kLognormal,
  kStudent,    // t with 3 degrees of freedom
  kSpiky,      // 3 % of all figures are far too large
  kBadStarts,  // 5 % of all curves are far too large throughout
};

inline constexpr Kind kAllKinds[] = {Kind::kNormal,  Kind::kAutoregressive, Kind::kLognormal,
                                     Kind::kStudent, Kind::kSpiky,          Kind::kBadStarts};

class Exchangeable {
 public:
  Exchangeable(Kind kind, uint64_t seed);

  std::vector<double> Next(size_t figures);

  // The p of one more curve among `runs`, all rounded to `rounding`.
  ConformalP NextP(size_t runs, size_t figures, double rounding);

 private:
  double Normal();
  bool Chance(double share);

  Kind kind_;
  std::unique_ptr<Generator> generator_;
};

// The p of a notebook's curve among `runs`.
ConformalP PAmong(const std::vector<std::vector<double>>& runs, const std::vector<double>& notebook,
                  double rounding);

}  // namespace nabla

#endif  // NABLA_TESTS_VERDICT_EXCHANGEABLE_H_
