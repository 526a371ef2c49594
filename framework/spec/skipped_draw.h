// Random numbers that a notebook draws before its weights: data, a shuffle, a cell that ran before.
#ifndef NABLA_FRAMEWORK_SPEC_SKIPPED_DRAW_H_
#define NABLA_FRAMEWORK_SPEC_SKIPPED_DRAW_H_

#include <cstdint>
#include <utility>

#include "framework/base/generator.h"
#include "framework/config/fields.h"

namespace nabla {

enum class DrawKind { kNormal, kUniform, kIntegers, kPermutation };

template <>
struct EnumNames<DrawKind> {
  static constexpr std::pair<DrawKind, const char*> kNames[] = {
      {DrawKind::kNormal, "normal"},
      {DrawKind::kUniform, "uniform"},
      {DrawKind::kIntegers, "integers"},
      {DrawKind::kPermutation, "permutation"}};
};

struct SkippedDraw {
  DrawKind draw = DrawKind::kNormal;
  int64_t count = 1;
  int64_t below = 1;
  int64_t times = 1;

  template <typename V>
  static void Fields(V& v) {
    using S = SkippedDraw;
    v("draw", &S::draw,
      {.doc = "what is drawn: randn, rand, randint, or a permutation or shuffle of count values",
       .required = true});
    v("count", &S::count,
      {.doc = "numbers in one call", .min = 1, .max = 1 << 26, .required = true});
    v("below", &S::below,
      {.doc = "for integers: they are from 0 to below - 1", .min = 1, .max = 4294967296.0});
    v("times", &S::times, {.doc = "how often it is called", .min = 1, .max = 1e6});
  }
};

// Draws and drops the numbers, of type T where the generator's numbers depend on it.
template <typename T>
void Skip(const SkippedDraw& draw, Generator& generator);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SKIPPED_DRAW_H_
