// How digits are written: the pen's path for each class, in several handwritings.
#ifndef NABLA_FRAMEWORK_DATA_GLYPHS_H_
#define NABLA_FRAMEWORK_DATA_GLYPHS_H_

#include <cstddef>
#include <span>

namespace nabla {

enum class StrokeJoint {
  kSmooth,  // the pen passes through in a curve
  kCorner,  // it turns sharply
  kStart,   // the pen is put down here: a new stroke
};

// x to the right, y down, in hundredths of the digit's height.
struct GlyphPoint {
  int x;
  int y;
  StrokeJoint joint = StrokeJoint::kSmooth;
};

using Glyph = std::span<const GlyphPoint>;

// No glyph has more points.
inline constexpr size_t kMaxGlyphPoints = 16;

// The ways of writing `digit` (0 to 9), at least one.
std::span<const Glyph> Glyphs(int digit);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_GLYPHS_H_
