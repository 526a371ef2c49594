#include "framework/data/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include "framework/base/philox.h"
#include "framework/data/glyphs.h"

namespace nabla {
namespace {

constexpr size_t kSide = 28;
constexpr size_t kPixels = kSide * kSide;

// Streams of random bits.
constexpr uint64_t kLabels = 0;
constexpr uint64_t kStrokes = 1;
constexpr uint64_t kGrain = 2;

// The larger side of a digit as in MNIST, pixels.
constexpr float kBox = 20.0f;
constexpr int kPiecesPerSpan = 4;
constexpr size_t kMaxPieces = kPiecesPerSpan * kMaxGlyphPoints;

struct Point {
  float x;
  float y;
};

// A straight piece of a stroke; `thin` = 1 / width^2 relative to the digit's own width.
struct Piece {
  Point from;
  Point to;
  float thin;
};

// A fixed number of random words, taken in order.
class Draws {
 public:
  Draws(uint64_t key, size_t index) { FillKeyedWords(key, index * words_.size(), words_); }

  uint32_t Word() { return words_[used_++]; }
  // In [0, 1).
  float Uniform() { return static_cast<float>(Word() >> 8) * 0x1p-24f; }
  float Between(float low, float high) { return low + (high - low) * Uniform(); }
  // Mean 0, standard deviation 1, never beyond 3.5: the sum of the four bytes of a word.
  float Bell() {
    const uint32_t word = Word();
    const uint32_t sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24);
    return (static_cast<float>(sum) - 510.0f) * (1.0f / 147.8f);
  }

 private:
  // At most 4 words for every point of a glyph and 18 for the glyph as a whole.
  std::array<uint32_t, 4 * kMaxGlyphPoints + 20> words_;
  size_t used_ = 0;
};

// Bijection of [0, 1024): four Feistel rounds on two halves of five bits, whose function is a
// shortened splitmix64 finalizer.
uint32_t Scramble(uint32_t value, uint64_t key) {
  uint32_t left = value >> 5;
  uint32_t right = value & 31;
  for (uint32_t round = 0; round < 4; ++round) {
    const uint64_t mixed = ((right << 2 | round) ^ key) * 0x9E3779B97F4A7C15u;
    left ^= static_cast<uint32_t>((mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9u >> 59);
    std::swap(left, right);
  }
  return left << 5 | right;
}

// Each thousand digits holds every class a hundred times.
uint8_t LabelOf(uint64_t key, size_t index) {
  const uint64_t block_key = KeyedBits(key, index / 1000);
  uint32_t place = static_cast<uint32_t>(index % 1000);
  // Repeating until the place is below 1000 again keeps this a bijection of [0, 1000).
  do {
    place = Scramble(place, block_key);
  } while (place >= 1000);
  return static_cast<uint8_t>(place % 10);
}

// The Catmull-Rom spline from p1 to p2 at t in [0, 1].
float Spline(float p0, float p1, float p2, float p3, float t) {
  const float a = 2.0f * p1;
  const float b = p2 - p0;
  const float c = 2.0f * p0 - 5.0f * p1 + 4.0f * p2 - p3;
  const float d = 3.0f * (p1 - p2) + p3 - p0;
  return 0.5f * (a + t * (b + t * (c + t * d)));
}

// The path of the pen in an unsteady hand: every control point moves independently.
class Pen {
 public:
  Pen(Glyph glyph, Draws& draws) : glyph_(glyph) {
    const float unsteady = draws.Between(0.02f, 0.05f);
    for (size_t i = 0; i < glyph.size(); ++i) {
      points_[i] = {static_cast<float>(glyph[i].x) * 0.01f + unsteady * draws.Bell(),
                    static_cast<float>(glyph[i].y) * 0.01f + unsteady * draws.Bell()};
    }
    Draw(draws);
  }

  std::span<Piece> pieces() { return {pieces_.data(), count_}; }

 private:
  bool Sharp(size_t i) const {
    return i >= glyph_.size() || glyph_[i].joint != StrokeJoint::kSmooth;
  }

  void Draw(Draws& draws) {
    float thin = draws.Between(0.8f, 1.3f);
    for (size_t i = 1; i < glyph_.size(); ++i) {
      if (glyph_[i].joint == StrokeJoint::kStart) continue;
      const float next_thin = draws.Between(0.8f, 1.3f);
      const Point& p1 = points_[i - 1];
      const Point& p2 = points_[i];
      const Point& p0 = Sharp(i - 1) ? p1 : points_[i - 2];
      const bool ends = i + 1 >= glyph_.size() || Sharp(i);
      const Point& p3 = ends || glyph_[i + 1].joint == StrokeJoint::kStart ? p2 : points_[i + 1];
      Point from = p1;
      for (int piece = 1; piece <= kPiecesPerSpan; ++piece) {
        const float t = static_cast<float>(piece) * (1.0f / kPiecesPerSpan);
        const Point to = {Spline(p0.x, p1.x, p2.x, p3.x, t), Spline(p0.y, p1.y, p2.y, p3.y, t)};
        pieces_[count_++] = {from, to, thin + (next_thin - thin) * t};
        from = to;
      }
      thin = next_thin;
    }
  }

  Glyph glyph_;
  std::array<Point, kMaxGlyphPoints> points_;
  std::array<Piece, kMaxPieces> pieces_;
  size_t count_ = 0;
};

// The writer's slant, turn and stretch, and a second-order bend.
class Warp {
 public:
  explicit Warp(Draws& draws) {
    slant_ = 0.15f + 0.25f * draws.Bell();
    stretch_ = draws.Between(0.7f, 1.3f);
    // A rotation without trigonometry: t = tan(angle / 2).
    const float t = 0.07f * draws.Bell();
    cosine_ = (1.0f - t * t) / (1.0f + t * t);
    sine_ = 2.0f * t / (1.0f + t * t);
    for (float& coefficient : bend_) coefficient = 0.22f * draws.Bell();
  }

  Point operator()(Point p) const {
    const float u = p.x - 0.35f;
    const float v = p.y - 0.5f;
    const float y = v + bend_[0] * u * u + bend_[1] * u * v + bend_[2] * v * v;
    const float x =
        stretch_ * u - slant_ * y + bend_[3] * u * u + bend_[4] * u * v + bend_[5] * v * v;
    return {cosine_ * x - sine_ * y, sine_ * x + cosine_ * y};
  }

 private:
  float slant_;
  float stretch_;
  float cosine_;
  float sine_;
  std::array<float, 6> bend_;
};

// Warps the pieces, scales them into the box and centres their ink, as MNIST does.
void Place(std::span<Piece> pieces, Draws& draws) {
  const Warp warp(draws);
  Point low = {1e9f, 1e9f};
  Point high = {-1e9f, -1e9f};
  Point sum = {0.0f, 0.0f};
  float length = 0.0f;
  for (Piece& piece : pieces) {
    piece.from = warp(piece.from);
    piece.to = warp(piece.to);
    for (const Point& p : {piece.from, piece.to}) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    const float dx = piece.to.x - piece.from.x;
    const float dy = piece.to.y - piece.from.y;
    const float ink = std::sqrt(dx * dx + dy * dy);
    length += ink;
    sum.x += 0.5f * ink * (piece.from.x + piece.to.x);
    sum.y += 0.5f * ink * (piece.from.y + piece.to.y);
  }
  const float side = std::max(high.x - low.x, high.y - low.y);
  // The box includes the width of the stroke.
  const float zoom = (kBox - 2.5f) * draws.Between(0.9f, 1.04f) / side;
  const float middle = 0.5f * static_cast<float>(kSide - 1);
  const float shift_x = middle + 0.9f * draws.Bell() - zoom * sum.x / length;
  const float shift_y = middle + 0.9f * draws.Bell() - zoom * sum.y / length;
  for (Piece& piece : pieces) {
    piece.from = {zoom * piece.from.x + shift_x, zoom * piece.from.y + shift_y};
    piece.to = {zoom * piece.to.x + shift_x, zoom * piece.to.y + shift_y};
  }
}

// Rows are padded so that a run of eight pixels may start anywhere.
constexpr size_t kStride = 40;
constexpr size_t kRun = 8;
using Distances = std::array<float, kSide * kStride>;

// distances = min(distances, thin * squared distance to the piece) within `reach` pixels of it.
void Approach(const Piece& piece, float reach, Distances& distances) {
  const auto clamp = [](float v) {
    return static_cast<int>(std::clamp(v, 0.0f, static_cast<float>(kSide - 1)));
  };
  const int x0 = clamp(std::min(piece.from.x, piece.to.x) - reach + 1.0f);
  const int x1 = clamp(std::max(piece.from.x, piece.to.x) + reach);
  const int y0 = clamp(std::min(piece.from.y, piece.to.y) - reach + 1.0f);
  const int y1 = clamp(std::max(piece.from.y, piece.to.y) + reach);
  const float dx = piece.to.x - piece.from.x;
  const float dy = piece.to.y - piece.from.y;
  const float inverse = 1.0f / (dx * dx + dy * dy + 1e-12f);
  for (int y = y0; y <= y1; ++y) {
    const float fy = static_cast<float>(y) - piece.from.y;
    for (int start = x0; start <= x1; start += kRun) {
      float* row = distances.data() + static_cast<size_t>(y) * kStride + start;
      const float first = static_cast<float>(start) - piece.from.x;
      for (size_t i = 0; i < kRun; ++i) {
        const float fx = first + static_cast<float>(i);
        const float along = std::min(std::max((fx * dx + fy * dy) * inverse, 0.0f), 1.0f);
        const float ex = fx - along * dx;
        const float ey = fy - along * dy;
        row[i] = std::min(row[i], piece.thin * (ex * ex + ey * ey));
      }
    }
  }
}

struct Keys {
  uint64_t labels;
  uint64_t strokes;
  uint64_t grain;
};

void DrawDigit(const Keys& keys, size_t index, int label, uint8_t* pixels) {
  Draws draws(keys.strokes, index);
  const std::span<const Glyph> hands = Glyphs(label);
  Pen pen(hands[draws.Word() % hands.size()], draws);
  Place(pen.pieces(), draws);
  // Full ink up to radius - soft from the pen's path, none from radius + soft on.
  const float radius = 1.3f + 0.24f * draws.Bell();
  const float soft = draws.Between(0.45f, 0.75f);
  const float pressure = draws.Between(245.0f, 300.0f);
  const float reach = radius + soft;
  Distances distances;
  distances.fill(1e9f);
  // Divided by the square root of the least `thin`.
  for (const Piece& piece : pen.pieces()) Approach(piece, reach * 1.12f, distances);
  std::array<uint32_t, kPixels / 4> grain_words;
  FillKeyedWords(keys.grain, index * grain_words.size(), grain_words);
  std::array<uint8_t, kPixels> grain;
  std::memcpy(grain.data(), grain_words.data(), kPixels);
  const float slope = pressure / (2.0f * soft);
  for (size_t y = 0; y < kSide; ++y) {
    const float* row = distances.data() + y * kStride;
    for (size_t x = 0; x < kSide; ++x) {
      const float ink = std::min(std::max((reach - std::sqrt(row[x])) * slope, 0.0f), pressure);
      const float grained =
          ink * (1.0f - 0.12f / 255.0f * static_cast<float>(grain[y * kSide + x]));
      pixels[y * kSide + x] = static_cast<uint8_t>(std::min(grained, 255.0f));
    }
  }
}

}  // namespace

void DrawDigits(uint64_t seed, size_t count, size_t first_index, uint8_t* pixels, uint8_t* labels) {
  const Keys keys = {Key(seed, {kLabels}), Key(seed, {kStrokes}), Key(seed, {kGrain})};
  for (size_t i = 0; i < count; ++i) {
    labels[i] = LabelOf(keys.labels, first_index + i);
    DrawDigit(keys, first_index + i, labels[i], pixels + i * kPixels);
  }
}

}  // namespace nabla
