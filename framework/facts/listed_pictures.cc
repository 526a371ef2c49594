#include "framework/facts/listed_pictures.h"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

constexpr std::string_view kConvolutions[] = {"Conv2D", "Convolution2D", "Conv2d"};
constexpr std::string_view kMaxima[] = {"MaxPooling2D", "MaxPool2D", "MaxPool2d", "max_pool2d"};
constexpr std::string_view kMeans[] = {"AveragePooling2D", "AvgPool2D", "AvgPool2d", "avg_pool2d"};
constexpr std::string_view kWhole[] = {"GlobalAveragePooling2D", "GlobalAvgPool2D",
                                       "AdaptiveAvgPool2d", "adaptive_avg_pool2d"};

template <size_t N>
bool Has(const std::string_view (&names)[N], const std::string& name) {
  for (const std::string_view each : names) {
    if (name == each) return true;
  }
  return false;
}

// The argument under one of the keywords, else the one at the position.
Value Given(const TracedCall& call, std::initializer_list<const char*> keywords, size_t position) {
  for (const char* each : keywords) {
    const auto found = call.keywords.find(each);
    if (found != call.keywords.end()) return found->second;
  }
  return position < call.arguments.size() ? call.arguments[position] : Value();
}

bool IsCount(const Value& v) {
  return v.IsKnown() && v.number >= 1 && v.number == std::floor(v.number);
}

// Vertical and horizontal; empty if the program does not say them.
std::vector<double> SizesOf(const Value& v) {
  if (IsCount(v)) return {v.number, v.number};
  if (!v.Is(ValueKind::kSequence) || v.object->items.size() != 2) return {};
  const auto& items = v.object->items;
  if (!IsCount(items[0]) || !IsCount(items[1])) return {};
  return {items[0].number, items[1].number};
}

std::string SizesText(const std::vector<double>& sizes) {
  if (sizes.size() != 2) return "\"?\"";
  if (sizes[0] == sizes[1]) return NumberText(sizes[0]);
  return fmt::format("[{}, {}]", NumberText(sizes[0]), NumberText(sizes[1]));
}

// What the layers share: kernel or window, steps, padding.
struct Windows {
  std::vector<double> size, step;
  bool steps_said = false;
  Value padding;
  bool torch = false;
};

// torch spells its names with a small d.
bool IsTorch(const std::string& name) { return name.ends_with("2d"); }

// A number of zeros or cells on all sides.
void AddNumberedPadding(const Windows& windows, std::string* text, Fact* fact) {
  const Value& given = windows.padding;
  const bool none = given.Is(ValueKind::kUnknown) || (given.IsKnown() && given.number == 0);
  if (none) return;
  std::vector<double> sizes = SizesOf(given);
  if (sizes.empty() && given.Is(ValueKind::kSequence) && given.object->items.size() == 2) {
    for (const Value& each : given.object->items) {
      if (each.IsKnown() && each.number >= 0) sizes.push_back(each.number);
    }
  }
  *text += ", padding: " + SizesText(sizes);
  fact->guessed = fact->guessed || sizes.size() != 2;
}

// Padding that keeps the size of the picture; it is even on all sides only for odd windows.
void AddPadding(const Windows& windows, std::string* text, Fact* fact) {
  if (windows.torch && !windows.padding.Is(ValueKind::kString)) {
    return AddNumberedPadding(windows, text, fact);
  }
  if (!windows.padding.Is(ValueKind::kString) || LowerCase(windows.padding.text) != "same") return;
  const std::vector<double>&size = windows.size, &step = windows.step;
  if (size.size() != 2) return;
  const bool whole = size[0] == 1 && size[1] == 1;
  if (whole) return;
  const bool even = std::fmod(size[0], 2) == 0 || std::fmod(size[1], 2) == 0;
  const bool steps = step.size() == 2 && (step[0] > 1 || step[1] > 1);
  // Where windows do not overlap, pictures of a size that they divide need none.
  if (even && steps && step == size) {
    fact->guessed = true;
    fact->why = "\"same\" pads where the windows do not divide the picture";
    return;
  }
  const std::vector<double> padding = {std::floor((size[0] - 1) / 2),
                                       std::floor((size[1] - 1) / 2)};
  if (padding[0] > 0 || padding[1] > 0) *text += ", padding: " + SizesText(padding);
  if (even || steps) {
    fact->guessed = true;
    fact->why = "padding: \"same\" pads unevenly there";
  }
}

Windows TorchWindows(const TracedCall& call, bool convolution) {
  Windows w;
  const size_t at = convolution ? 2 : 0;
  w.torch = true;
  w.size = SizesOf(Given(call, {"kernel_size"}, at));
  const Value steps = Given(call, {"stride"}, at + 1);
  w.steps_said = !steps.Is(ValueKind::kUnknown) && !steps.Is(ValueKind::kNone);
  w.step = w.steps_said ? SizesOf(steps) : convolution ? std::vector<double>{1, 1} : w.size;
  w.padding = Given(call, {"padding"}, at + 2);
  return w;
}

// Dilation, groups and a missing bias, or a size of pooling that is rounded up.
void AddTorchKeys(const TracedCall& call, bool convolution, std::string* text, Fact* fact) {
  const Value ceil = KeywordArgument(call, {"ceil_mode"});
  if (!convolution && ceil.IsKnown() && ceil.number != 0) {
    fact->guessed = true;
    fact->why = "ceil_mode, which nabla has not";
  }
  if (!convolution) return;
  const Value bias = Given(call, {"bias"}, 7);
  for (const auto& [key, position] : {std::pair{"dilation", 5}, std::pair{"groups", 6}}) {
    const Value v = Given(call, {key}, static_cast<size_t>(position));
    const bool usual = v.Is(ValueKind::kUnknown) || (v.IsKnown() && v.number == 1);
    if (!usual) {
      *text += std::string(", ") + key + ": " + SizesText(SizesOf(v));
    }
  }
  if (bias.IsKnown() && bias.number == 0) *text += ", bias: false";
}

Windows ConvolutionWindows(const TracedCall& call) {
  Windows w;
  const Value rows = Given(call, {"nb_row"}, 1), columns = Given(call, {"nb_col"}, 2);
  // Convolution2D(32, 3, 3) of old
  const bool old = LastPart(call.path) == "Convolution2D" && IsCount(rows) && IsCount(columns);
  if (old) {
    w.size = {rows.number, columns.number};
  } else {
    w.size = SizesOf(Given(call, {"kernel_size"}, 1));
  }
  const Value steps = Given(call, {"strides", "subsample"}, old ? 99 : 2);
  w.steps_said = !steps.Is(ValueKind::kUnknown) && !steps.Is(ValueKind::kNone);
  w.step = w.steps_said ? SizesOf(steps) : std::vector<double>{1, 1};
  w.padding = Given(call, {"padding", "border_mode"}, old ? 99 : 3);
  return w;
}

Windows PoolingWindows(const TracedCall& call) {
  Windows w;
  const Value size = Given(call, {"pool_size"}, 0), steps = Given(call, {"strides"}, 1);
  w.size =
      size.Is(ValueKind::kUnknown) && call.arguments.empty() && !call.keywords.contains("pool_size")
          ? std::vector<double>{2, 2}
          : SizesOf(size);
  w.steps_said = !steps.Is(ValueKind::kUnknown) && !steps.Is(ValueKind::kNone);
  w.step = w.steps_said ? SizesOf(steps) : w.size;
  w.padding = Given(call, {"padding", "border_mode"}, 2);
  return w;
}

}  // namespace

bool IsPictureLayer(const std::string& name) {
  return Has(kConvolutions, name) || Has(kMaxima, name) || Has(kMeans, name) || Has(kWhole, name);
}

Fact PictureLayer(const TracedCall& call, const std::string& weight) {
  const std::string name = LastPart(call.path);
  const bool torch = IsTorch(name), convolution = Has(kConvolutions, name);
  Fact fact;
  fact.place = call.place;
  if (Has(kWhole, name)) {
    fact.text = "global_avg_pool2d";
    const std::vector<double> size =
        torch ? SizesOf(Given(call, {"output_size"}, 0)) : std::vector<double>{1, 1};
    fact.guessed = size != std::vector<double>{1, 1};
    if (fact.guessed) fact.why = "an output of another size than 1, which nabla has not";
    return fact;
  }
  const Windows w = torch         ? TorchWindows(call, convolution)
                    : convolution ? ConvolutionWindows(call)
                                  : PoolingWindows(call);
  std::string text = Has(kMaxima, name) ? "{name: max_pool2d" : "{name: avg_pool2d";
  if (convolution) {
    const Value channels =
        torch ? Given(call, {"out_channels"}, 1) : Given(call, {"filters", "nb_filter"}, 0);
    text = "{name: conv2d, channels: " +
           (IsCount(channels) ? NumberText(channels.number) : std::string("\"?\""));
  }
  text += ", kernel_size: " + SizesText(w.size);
  const bool usual = convolution ? w.step == std::vector<double>{1, 1} : w.step == w.size;
  if (w.steps_said && !usual) text += ", stride: " + SizesText(w.step);
  AddPadding(w, &text, &fact);
  if (torch) AddTorchKeys(call, convolution, &text, &fact);
  if (!torch && Has(kMeans, name) && Contains(text, "padding"))
    text += ", count_include_pad: false";
  if (convolution && !weight.empty()) text += ", weight: " + weight;
  if (convolution && !torch) text += ", bias_init: zeros";
  fact.text = text + "}";
  if (Contains(fact.text, "\"?\"")) {
    fact.guessed = true;
    fact.why = Contains(weight, "?") ? "weight: an initializer that nabla does not have"
                                     : "the program computes it";
  }
  return fact;
}

}  // namespace nabla
