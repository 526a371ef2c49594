#include "framework/data/glyphs.h"

namespace nabla {
namespace {

using P = GlyphPoint;
constexpr StrokeJoint kCorner = StrokeJoint::kCorner;
constexpr StrokeJoint kStart = StrokeJoint::kStart;

constexpr P kZeroA[] = {{58, 4, kStart}, {22, 8},  {3, 48},  {18, 92},
                        {50, 97},        {73, 58}, {62, 12}, {40, 2}};
constexpr P kZeroB[] = {{38, 0, kStart}, {10, 18}, {3, 58}, {22, 97},
                        {50, 90},        {60, 45}, {46, 6}, {28, 4}};
constexpr P kZeroC[] = {{52, 8, kStart}, {20, 12}, {3, 52},  {20, 93},
                        {54, 88},        {70, 46}, {56, 10}, {42, 0}};
constexpr Glyph kZeros[] = {kZeroA, kZeroB, kZeroC};

constexpr P kOneA[] = {{30, 0, kStart}, {30, 33}, {30, 67}, {30, 100}};
constexpr P kOneB[] = {{34, 0, kStart}, {30, 35}, {30, 70}, {34, 100}};
constexpr P kOneC[] = {{10, 25, kStart}, {35, 0, kCorner}, {35, 33}, {35, 67}, {35, 100}};
constexpr P kOneD[] = {{12, 22, kStart}, {36, 0, kCorner}, {36, 50}, {36, 98},
                       {8, 100, kStart}, {36, 98},         {66, 99}};
constexpr Glyph kOnes[] = {kOneA, kOneA, kOneB, kOneB, kOneC, kOneD};

constexpr P kTwoA[] = {{5, 25, kStart}, {22, 4},          {50, 2},  {64, 22}, {54, 48},
                       {28, 75},        {4, 97, kCorner}, {35, 97}, {72, 95}};
constexpr P kTwoB[] = {{8, 22, kStart}, {26, 3}, {52, 4},  {62, 26}, {50, 55}, {26, 84},
                       {8, 94},         {4, 82}, {20, 78}, {42, 90}, {72, 98}};
constexpr P kTwoC[] = {{6, 12, kStart}, {34, 2},          {60, 10}, {58, 36},
                       {34, 64},        {6, 96, kCorner}, {38, 94}, {70, 98}};
constexpr Glyph kTwos[] = {kTwoA, kTwoB, kTwoC};

constexpr P kThreeA[] = {{6, 14, kStart}, {28, 0},  {54, 8},  {56, 30}, {26, 46, kCorner},
                         {54, 52},        {66, 74}, {46, 97}, {18, 98}, {2, 84}};
constexpr P kThreeB[] = {{6, 4, kStart},    {34, 3},  {62, 3, kCorner},
                         {30, 40, kCorner}, {56, 50}, {64, 74},
                         {44, 97},          {18, 98}, {2, 86}};
constexpr P kThreeC[] = {{10, 12, kStart}, {36, 0},  {58, 14}, {48, 36},  {24, 46},
                         {30, 50},         {58, 56}, {62, 82}, {36, 100}, {4, 90}};
constexpr Glyph kThrees[] = {kThreeA, kThreeB, kThreeC};

constexpr P kFourA[] = {{14, 2, kStart}, {8, 30},  {4, 56, kCorner}, {36, 56}, {74, 52},
                        {58, 4, kStart}, {56, 36}, {55, 68},         {54, 100}};
constexpr P kFourB[] = {{56, 0, kStart}, {28, 30}, {2, 64, kCorner}, {36, 64}, {76, 62},
                        {56, 0, kStart}, {55, 33}, {54, 67},         {54, 100}};
constexpr P kFourC[] = {{12, 4, kStart}, {6, 38},  {18, 54}, {44, 50}, {60, 30},
                        {62, 4, kStart}, {60, 36}, {57, 68}, {54, 100}};
constexpr Glyph kFours[] = {kFourA, kFourB, kFourC};

constexpr P kFiveA[] = {{66, 3, kStart},   {38, 3},  {16, 4, kCorner},
                        {12, 40, kCorner}, {38, 36}, {62, 52},
                        {62, 80},          {36, 98}, {4, 90}};
constexpr P kFiveB[] = {{18, 6, kStart}, {10, 42, kCorner}, {36, 38},        {60, 56}, {58, 84},
                        {30, 99},        {2, 90},           {18, 5, kStart}, {44, 4},  {72, 0}};
constexpr P kFiveC[] = {{64, 4, kStart}, {34, 4},  {14, 20}, {20, 42},
                        {48, 54},        {60, 74}, {46, 96}, {8, 94}};
constexpr Glyph kFives[] = {kFiveA, kFiveB, kFiveC};

constexpr P kSixA[] = {{52, 0, kStart}, {26, 22}, {8, 52},  {6, 82}, {28, 99},
                       {54, 90},        {58, 66}, {36, 54}, {12, 70}};
constexpr P kSixB[] = {{36, 0, kStart}, {14, 30}, {4, 66},  {18, 96}, {46, 96},
                       {58, 74},        {42, 56}, {18, 62}, {8, 80}};
constexpr P kSixC[] = {{62, 8, kStart}, {40, 2},  {16, 24}, {4, 60},  {14, 92},
                       {42, 99},        {62, 80}, {54, 60}, {30, 56}, {8, 74}};
constexpr Glyph kSixes[] = {kSixA, kSixB, kSixC};

constexpr P kSevenA[] = {{4, 6, kStart}, {34, 5}, {66, 4, kCorner}, {48, 40}, {30, 100}};
constexpr P kSevenB[] = {{4, 6, kStart}, {34, 5},          {66, 4, kCorner}, {48, 40},
                         {30, 100},      {24, 52, kStart}, {42, 50},         {62, 49}};
constexpr P kSevenC[] = {{6, 18, kStart},  {8, 5, kCorner}, {38, 6},
                         {66, 5, kCorner}, {46, 45},        {34, 100}};
constexpr P kSevenD[] = {{4, 14, kStart}, {26, 4},  {52, 4},  {64, 14},
                         {52, 46},        {40, 74}, {36, 100}};
constexpr Glyph kSevens[] = {kSevenA, kSevenB, kSevenC, kSevenD};

constexpr P kEightA[] = {{58, 16, kStart}, {38, 1},  {14, 10},  {14, 32}, {36, 47},
                         {60, 66},         {58, 90}, {32, 100}, {8, 88},  {10, 66},
                         {34, 48},         {56, 30}, {58, 12}};
constexpr P kEightB[] = {{34, 2, kStart}, {12, 12}, {14, 36},         {34, 46}, {54, 34},
                         {54, 12},        {34, 2},  {34, 46, kStart}, {8, 62},  {8, 88},
                         {34, 100},       {62, 88}, {60, 62},         {34, 46}};
constexpr P kEightC[] = {{62, 6, kStart}, {40, 2},  {20, 14}, {24, 36}, {44, 52}, {54, 76},
                         {38, 98},        {14, 92}, {12, 72}, {34, 50}, {56, 26}, {60, 6}};
constexpr Glyph kEights[] = {kEightA, kEightB, kEightC};

constexpr P kNineA[] = {{58, 14, kStart}, {34, 1},           {8, 16},  {8, 42},  {32, 52},
                        {54, 34},         {60, 10, kCorner}, {58, 50}, {52, 100}};
constexpr P kNineB[] = {{58, 16, kStart},  {36, 1},  {10, 16}, {10, 40}, {34, 50}, {56, 34},
                        {60, 12, kCorner}, {62, 48}, {54, 84}, {34, 99}, {10, 92}};
constexpr P kNineC[] = {{52, 10, kStart}, {28, 4},           {8, 26},  {18, 48},
                        {42, 40},         {54, 12, kCorner}, {46, 52}, {34, 100}};
constexpr Glyph kNines[] = {kNineA, kNineB, kNineC};

constexpr std::span<const Glyph> kDigits[] = {kZeros, kOnes,  kTwos,   kThrees, kFours,
                                              kFives, kSixes, kSevens, kEights, kNines};

}  // namespace

std::span<const Glyph> Glyphs(int digit) { return kDigits[digit]; }

}  // namespace nabla
