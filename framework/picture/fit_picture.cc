#include "framework/picture/fit_picture.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

namespace nabla {
namespace {

constexpr double kDarkMean = 50;
constexpr double kStrokeShare = 20.0 / 28;
constexpr double kFaintest = 16;  // a picture with less contrast has no strokes
constexpr double kInk = 64;       // of 255, after stretching

// One channel, with real numbers for pixels.
struct Plane {
  size_t width = 0;
  size_t height = 0;
  std::vector<double> values;  // (height, width)
};

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

Plane ChannelOf(const Picture& picture, size_t c) {
  const size_t size = picture.width * picture.height;
  const auto first = picture.pixels.begin() + static_cast<ptrdiff_t>(c * size);
  return {picture.width, picture.height, {first, first + static_cast<ptrdiff_t>(size)}};
}

// How much of each source pixel the stretch from `from` to `to` holds, and which is the first.
struct Stretch {
  size_t first = 0;
  std::vector<double> shares;
};

std::vector<Stretch> Stretches(double from, double to, size_t count, size_t limit) {
  std::vector<Stretch> all;
  const double step = (to - from) / static_cast<double>(count);
  for (size_t i = 0; i < count; ++i) {
    const double begin = from + static_cast<double>(i) * step;
    const double end = std::min(begin + step, static_cast<double>(limit));
    Stretch stretch{.first = static_cast<size_t>(begin), .shares = {}};
    for (auto p = static_cast<double>(stretch.first); p < end; ++p) {
      stretch.shares.push_back((std::min(end, p + 1) - std::max(begin, p)) / step);
    }
    all.push_back(std::move(stretch));
  }
  return all;
}

// The mean of the area that each pixel of width x height covers.
Plane Scaled(const Plane& plane, const Box& box, size_t width, size_t height) {
  const std::vector<Stretch> columns = Stretches(box.left, box.right, width, plane.width);
  const std::vector<Stretch> rows = Stretches(box.top, box.bottom, height, plane.height);
  Plane scaled{width, height, {}};
  for (const Stretch& row : rows) {
    for (const Stretch& column : columns) {
      double sum = 0;
      for (size_t y = 0; y < row.shares.size(); ++y) {
        const double* line = plane.values.data() + (row.first + y) * plane.width + column.first;
        for (size_t x = 0; x < column.shares.size(); ++x) {
          sum += row.shares[y] * column.shares[x] * line[x];
        }
      }
      scaled.values.push_back(sum);
    }
  }
  return scaled;
}

double BorderMedian(const Plane& plane) {
  std::vector<double> border;
  for (size_t y = 0; y < plane.height; ++y) {
    const bool edge = y == 0 || y + 1 == plane.height;
    const size_t step = edge || plane.width == 1 ? 1 : plane.width - 1;
    for (size_t x = 0; x < plane.width; x += step) {
      border.push_back(plane.values[y * plane.width + x]);
    }
  }
  const auto middle = border.begin() + static_cast<ptrdiff_t>(border.size() / 2);
  std::nth_element(border.begin(), middle, border.end());
  return *middle;
}

// Light on dark, from 0 to 255. Says what was done; false where there is no contrast.
bool Stretch255(Plane* plane, bool may_invert, std::string* how) {
  double ground = BorderMedian(*plane);
  if (may_invert && ground > 127.5) {
    for (double& v : plane->values) v = 255 - v;
    ground = 255 - ground;
    *how += "inverted, ";
  }
  const double top = *std::max_element(plane->values.begin(), plane->values.end());
  if (top - ground < kFaintest) return false;
  for (double& v : plane->values) v = std::clamp((v - ground) / (top - ground) * 255, 0.0, 255.0);
  return true;
}

// Around all strokes.
Box StrokesOf(const Plane& plane) {
  const auto most = static_cast<double>(kMostPicturePixels);
  Box box{most, most, 0, 0};
  for (size_t i = 0; i < plane.values.size(); ++i) {
    if (plane.values[i] < kInk) continue;
    const auto x = static_cast<double>(i % plane.width);
    const auto y = static_cast<double>(i / plane.width);
    box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1),
           std::max(box.bottom, y + 1)};
  }
  return box;
}

// Where strokes of `size` pixels begin on a line of `side`, so that `mass` lies in the middle.
size_t Begin(size_t side, size_t size, double mass) {
  const double begin = std::round(static_cast<double>(side) / 2 - mass);
  return static_cast<size_t>(std::clamp(begin, 0.0, static_cast<double>(side - size)));
}

// The strokes in the middle of a black picture.
std::vector<uint8_t> Centred(const Plane& strokes, const TrainedPictures& trained) {
  double mass = 0;
  double across = 0;
  double down = 0;
  for (size_t i = 0; i < strokes.values.size(); ++i) {
    const double v = strokes.values[i];
    mass += v;
    across += v * (static_cast<double>(i % strokes.width) + 0.5);
    down += v * (static_cast<double>(i / strokes.width) + 0.5);
  }
  const size_t left = Begin(trained.width, strokes.width, across / mass);
  const size_t top = Begin(trained.height, strokes.height, down / mass);
  std::vector<uint8_t> pixels(trained.width * trained.height);
  for (size_t i = 0; i < strokes.values.size(); ++i) {
    const size_t at = (top + i / strokes.width) * trained.width + left + i % strokes.width;
    pixels[at] = static_cast<uint8_t>(std::lround(strokes.values[i]));
  }
  return pixels;
}

// The largest box of the model's proportions in the middle.
Box Middle(const Picture& picture, const TrainedPictures& trained) {
  const auto width = static_cast<double>(picture.width);
  const auto height = static_cast<double>(picture.height);
  const double ratio = static_cast<double>(trained.width) / static_cast<double>(trained.height);
  const double used_width = std::min(width, height * ratio);
  const double used_height = std::min(height, width / ratio);
  const double left = (width - used_width) / 2;
  const double top = (height - used_height) / 2;
  return {left, top, left + used_width, top + used_height};
}

// Nothing where there are no strokes.
std::optional<FittedPicture> FitStrokes(Plane plane, const TrainedPictures& trained,
                                        bool may_invert) {
  FittedPicture fitted;
  if (!Stretch255(&plane, may_invert, &fitted.how)) return std::nullopt;
  const Box box = StrokesOf(plane);
  const double width = box.right - box.left;
  const double height = box.bottom - box.top;
  const double side =
      std::round(kStrokeShare * static_cast<double>(std::min(trained.width, trained.height)));
  const auto sized = [&](double length) {
    return std::max<size_t>(
        1, static_cast<size_t>(std::lround(length * side / std::max(width, height))));
  };
  fitted.pixels = Centred(Scaled(plane, box, sized(width), sized(height)), trained);
  fitted.how += "cut to the strokes, scaled and centred as in MNIST";
  return fitted;
}

std::string Sizes(const Picture& picture, const TrainedPictures& trained) {
  const auto size = [](size_t width, size_t height) {
    return std::to_string(width) + " x " + std::to_string(height);
  };
  return size(picture.width, picture.height) + " pixels became " +
         size(trained.width, trained.height) + ": ";
}

}  // namespace

PictureFit FitFor(const TrainedPictures& trained) {
  if (trained.fit) return *trained.fit;
  return trained.mean < kDarkMean ? PictureFit::kStrokes : PictureFit::kMiddle;
}

FittedPicture FitPicture(const Picture& picture, const TrainedPictures& trained, bool may_invert) {
  if (picture.channels == 1 && FitFor(trained) == PictureFit::kStrokes) {
    if (auto fitted = FitStrokes(ChannelOf(picture, 0), trained, may_invert)) {
      fitted->how.insert(0, Sizes(picture, trained));
      return *fitted;
    }
  }
  FittedPicture fitted{{}, Sizes(picture, trained) + "cut to the middle and scaled"};
  for (size_t c = 0; c < picture.channels; ++c) {
    const Plane scaled =
        Scaled(ChannelOf(picture, c), Middle(picture, trained), trained.width, trained.height);
    for (const double v : scaled.values) {
      fitted.pixels.push_back(static_cast<uint8_t>(std::lround(v)));
    }
  }
  return fitted;
}

std::string TextPicture(std::span<const uint8_t> pixels, size_t width, size_t height) {
  constexpr std::string_view kShades = " .:-=+*#%@";
  std::string text;
  for (size_t y = 0; y < height; y += 2) {
    std::string line;
    for (size_t x = 0; x < width; ++x) {
      const size_t upper = pixels[y * width + x];
      const size_t lower = y + 1 < height ? pixels[(y + 1) * width + x] : upper;
      line += kShades[(upper + lower) / 2 * kShades.size() / 256];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace nabla
