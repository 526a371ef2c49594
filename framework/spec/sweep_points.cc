#include "framework/spec/sweep_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

#include "framework/base/generator.h"
#include "framework/config/fields.h"
#include "framework/config/override.h"
#include "framework/config/short_text.h"
#include "framework/spec/field_at.h"
#include "framework/spec/number_range.h"
#include "framework/spec/short_key.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

// One key of the grid.
struct Axis {
  std::vector<std::string> paths;
  const Node* values;
};

// The whole keys that a key of the sweep names.
std::vector<std::string> WholePathsOf(const Node::Entry& entry, const Node& tree,
                                      const Registry& registry) {
  std::vector<std::string> paths = PathsOf(entry);
  for (std::string& path : paths) {
    path = WholeKey(path, tree, registry, entry.place);
    const std::string section = path.substr(0, path.find('.'));
    if (section != "sweep" && section != "reproduce" && section != "investigate") continue;
    throw InputError(std::vector<Problem>{
        {entry.place, fmt::format("\"{}\" cannot be swept: it changes no training", path)}});
  }
  return paths;
}

std::vector<Axis> GridOf(const SweepSection& sweep, const Node& tree, const Registry& registry) {
  Problems problems;
  std::vector<Axis> axes;
  for (const Node::Entry& entry : sweep.grid.entries) {
    if (!entry.value.IsList() || entry.value.items.empty()) {
      problems.Add(entry.value.place,
                   "expected a list of values to try, found " + entry.value.Describe());
    }
    axes.push_back({WholePathsOf(entry, tree, registry), &entry.value});
  }
  problems.ThrowIfAny();
  return axes;
}

// One key of the random part: a range, or a list to choose from.
struct Drawn {
  std::vector<std::string> paths;
  const Node* values = nullptr;  // a list
  NumberRange range;
  bool whole = false;
  Place place;
};

bool IsInteger(const Node& tree, const std::string& path, const Registry& registry) {
  const Field* field = FieldAt(tree, path, registry);
  return field != nullptr && field->Type() == "integer";
}

bool IsWhole(const Node& number) {
  return number.text.find_first_not_of("+-0123456789") == std::string::npos;
}

// drawn->whole says whether the key takes whole numbers only.
void ParseRange(const Node& node, Drawn* drawn, Problems& problems) {
  const size_t before = problems.size();
  TableOf<NumberRange>().Parse(&drawn->range, node, {problems});
  if (problems.size() > before) return;
  NumberRange& range = drawn->range;
  if (range.to < range.from) return problems.Add(node.place, "from is larger than to");
  if (range.scale == RangeScale::kLog && range.from <= 0) {
    problems.Add(node.place, "a log scale needs numbers above 0");
  }
  if (drawn->whole) {
    range.from = std::ceil(range.from);
    range.to = std::floor(range.to);
    if (range.to < range.from) problems.Add(node.place, "no whole number is between from and to");
  }
  drawn->whole = drawn->whole || (IsWhole(*node.Find("from")) && IsWhole(*node.Find("to")));
}

std::vector<Drawn> RandomOf(const SweepSection& sweep, const Node& tree, const Registry& registry) {
  Problems problems;
  std::vector<Drawn> all;
  for (const Node::Entry& entry : sweep.random.entries) {
    Drawn& drawn = all.emplace_back();
    drawn.paths = WholePathsOf(entry, tree, registry);
    drawn.place = entry.value.place;
    if (entry.value.IsList() && !entry.value.items.empty()) {
      drawn.values = &entry.value;
    } else if (entry.value.IsMap()) {
      drawn.whole =
          std::any_of(drawn.paths.begin(), drawn.paths.end(),
                      [&](const std::string& path) { return IsInteger(tree, path, registry); });
      ParseRange(entry.value, &drawn, problems);
    } else {
      problems.Add(entry.value.place, "expected {from: a, to: b} or a list to choose from, found " +
                                          entry.value.Describe());
    }
  }
  problems.ThrowIfAny();
  return all;
}

Node Draw(const Drawn& drawn, Generator& generator) {
  if (drawn.values != nullptr) {
    return drawn.values->items[generator.Below(drawn.values->items.size())];
  }
  const NumberRange& range = drawn.range;
  double u = 0;
  generator.Uniform(std::span<double>(&u, 1), 0, 1);
  const double value = NumberAt(u, range, drawn.whole ? range.to + 1 : range.to);
  const double whole = std::min(std::floor(value), range.to);
  return Node::Scalar(drawn.whole ? fmt::format("{:.0f}", whole) : TextIn(range, value),
                      drawn.place);
}

// Sets every path, and adds the value to the label, after the first path if `named`.
void Set(const std::vector<std::string>& paths, const Node& value, bool named, SweepPoint* point) {
  for (const std::string& path : paths) SetAtPath(point->tree, path, value);
  point->settings.emplace_back(paths.front(), value);
  point->label += (point->label.empty() ? "" : ", ") +
                  (named ? paths.front() + "=" + ShortText(value) : ShortText(value));
}

// Limits the settings: each has a tree of its own, so that a few long lists could fill the memory.
void CheckCount(size_t settings, size_t more, const Place& place) {
  constexpr size_t kMost = 10000;
  if (settings <= kMost / std::max<size_t>(more, 1)) return;
  throw InputError({{place, fmt::format("more than {} settings", kMost)}});
}

std::vector<SweepPoint> GridPoints(const SweepSection& sweep, const Node& base, bool named,
                                   const Registry& registry) {
  const std::vector<Axis> axes = GridOf(sweep, base, registry);
  size_t count = 1;
  for (const Axis& axis : axes) {
    CheckCount(count, axis.values->items.size(), axis.values->place);
    count *= axis.values->items.size();
  }
  std::vector<SweepPoint> points = {{"", base}};
  for (const Axis& axis : axes) {
    std::vector<SweepPoint> longer;
    for (const SweepPoint& point : points) {
      for (const Node& value : axis.values->items) {
        Set(axis.paths, value, named, &longer.emplace_back(point));
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::vector<SweepPoint> RandomPoints(const SweepSection& sweep, uint64_t seed,
                                     const std::vector<SweepPoint>& grid, bool named,
                                     const Registry& registry) {
  const std::vector<Drawn> keys = RandomOf(sweep, grid.front().tree, registry);
  if (keys.empty()) return grid;
  CheckCount(grid.size(), static_cast<size_t>(sweep.samples), sweep.random.place);
  std::vector<SweepPoint> points;
  for (const SweepPoint& point : grid) {
    // The same draws for every combination of the grid, so that the combinations can be compared.
    const auto generator = MakeGenerator(RngKind::kNabla, seed);
    for (int64_t i = 0; i < sweep.samples; ++i) {
      SweepPoint& next = points.emplace_back(point);
      for (const Drawn& key : keys) Set(key.paths, Draw(key, *generator), named, &next);
    }
  }
  return points;
}

// Draws that give a setting again would train it again, and rank it again. All combinations of the
// grid have the same draws, and stay equally many.
std::vector<SweepPoint> WithoutRepeats(std::vector<SweepPoint> points, size_t draws,
                                       const Registry& registry) {
  std::set<std::string> known;
  std::vector<bool> repeats(draws);
  for (size_t i = 0; i < draws; ++i) {
    const Node config = ResolvedConfig(ParseAnyExperiment(points[i].tree, registry));
    repeats[i] = !known.insert(PrintYaml(config)).second;
  }
  std::vector<SweepPoint> kept;
  for (size_t i = 0; i < points.size(); ++i) {
    if (!repeats[i % draws]) kept.push_back(std::move(points[i]));
  }
  return kept;
}

// A key that replaces all that an earlier one has set would leave it without any effect.
void CheckNoneIsReplaced(const SweepSection& sweep, const Node& base, const Node& in_grid,
                         const Registry& registry) {
  struct Swept {
    std::vector<std::string> paths;
    Place place;
  };
  std::vector<Swept> all;
  for (const Node::Entry& entry : sweep.grid.entries) {
    all.push_back({WholePathsOf(entry, base, registry), entry.place});
  }
  for (const Node::Entry& entry : sweep.random.entries) {
    all.push_back({WholePathsOf(entry, in_grid, registry), entry.place});
  }
  Problems problems;
  const auto compare = [&](const std::string& before, const std::string& now, const Place& place) {
    if (before == now) problems.Add(place, fmt::format("\"{}\" is swept twice", now));
    if (!before.starts_with(now + ".")) return;
    problems.Add(place, fmt::format("\"{0}\" replaces what \"{1}\" has set before it; write "
                                    "\"{1}\" behind it, or its values into those of \"{0}\"",
                                    now, before));
  };
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      for (const std::string& now : all[i].paths) {
        for (const std::string& before : all[k].paths) compare(before, now, all[i].place);
      }
    }
  }
  problems.ThrowIfAny();
}

// A value that is written twice, or in two ways, would be trained twice and compared with itself.
// `points` follow the grid, each of its combinations with equally many draws.
void CheckNoneIsListedTwice(const SweepSection& sweep, const std::vector<SweepPoint>& points,
                            const Registry& registry) {
  Problems problems;
  size_t stride = points.size();  // from a value of a key to the next one
  for (const Node::Entry& entry : sweep.grid.entries) {
    stride /= entry.value.items.size();
    std::map<std::string, size_t> known;
    for (size_t i = 0; i < entry.value.items.size(); ++i) {
      const Node config = ResolvedConfig(ParseAnyExperiment(points[i * stride].tree, registry));
      const auto [first, is_new] = known.emplace(PrintYaml(config), i);
      if (is_new) continue;
      const Node& value = entry.value.items[i];
      const std::string text = ShortText(value);
      const std::string before = ShortText(entry.value.items[first->second]);
      problems.Add(
          value.place,
          (text == before ? fmt::format("\"{}\" lists {} twice", entry.key, text)
                          : fmt::format("\"{}\" lists {}, which is {}", entry.key, text, before)) +
              "; more runs of a setting are `seeds: N`");
    }
  }
  problems.ThrowIfAny();
}

// The folds of a sweep are those of every run: others would be replaced.
void CheckFolds(int64_t folds, const std::vector<SweepPoint>& points) {
  for (const SweepPoint& point : points) {
    const Node* split = point.tree.Find("split");
    for (const char* key : {"folds", "fold", "test_fraction", "train_fraction"}) {
      const Node* other = split == nullptr ? nullptr : split->Find(key);
      if (other == nullptr || other->IsNull()) continue;
      if (std::strtod(other->text.c_str(), nullptr) == 0) continue;
      throw InputError({Problem{
          other->place,
          fmt::format("sweep.folds is {} and gives every run its folds: leave out split.{}, or "
                      "sweep.folds",
                      folds, key)}});
    }
  }
}

// Whether there is a comma outside all brackets and quotes.
bool HasListComma(const std::string& text) {
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> PathsOf(const Node::Entry& entry) {
  const std::string& key = entry.key;
  std::vector<std::string> paths;
  size_t begin = 0;
  while (begin <= key.size()) {
    const size_t end = std::min(key.find(',', begin), key.size());
    const size_t first = key.find_first_not_of(' ', begin);
    const size_t last = key.find_last_not_of(' ', end - 1);
    if (first < end) paths.push_back(key.substr(first, last - first + 1));
    begin = end + 1;
  }
  if (!paths.empty()) return paths;
  throw InputError(std::vector<Problem>{
      {entry.place, "expected a key, as optimizer.lr, found \"" + key + "\""}});
}

std::vector<SweepPoint> SweepPoints(const Node& tree, const Registry& registry, size_t* repeats) {
  SweepSection sweep;
  Problems problems;
  if (const Node* node = tree.Find("sweep"); node != nullptr && !node->IsNull()) {
    TableOf<SweepSection>().Parse(&sweep, *node, {problems});
  }
  problems.ThrowIfAny();
  Node base = tree;
  std::erase_if(base.entries, [](const Node::Entry& entry) { return entry.key == "sweep"; });
  const bool named = sweep.grid.entries.size() + sweep.random.entries.size() > 1;
  const Node* seed = tree.Find("seed");
  const uint64_t draws = seed == nullptr ? 0 : std::strtoull(seed->text.c_str(), nullptr, 10);
  const std::vector<SweepPoint> grid = GridPoints(sweep, base, named, registry);
  std::vector<SweepPoint> points = RandomPoints(sweep, draws, grid, named, registry);
  CheckNoneIsReplaced(sweep, base, grid.front().tree, registry);
  for (const SweepPoint& point : points) CheckExperiment(point.tree, registry);
  const size_t drawn = points.size();
  points = WithoutRepeats(std::move(points), drawn / grid.size(), registry);
  if (repeats != nullptr) *repeats = drawn - points.size();
  CheckNoneIsListedTwice(sweep, points, registry);
  if (sweep.folds > 0) CheckFolds(sweep.folds, points);
  return points;
}

bool AddToGrid(Node& tree, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos) return false;
  const std::string key = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  for (const char* text : {"name", "description", "source", "notes"}) {
    if (key == text) return false;
  }
  if (!HasListComma(value)) return false;
  const std::string origin = "command line: " + assignment;
  Node list = ParseYamlValue("[" + value + "]", origin);
  Node* sweep = tree.Find("sweep");
  if (sweep == nullptr || !sweep->IsMap()) {
    tree.Set("sweep", Node::Map({origin}));
    sweep = tree.Find("sweep");
  }
  const Node* grid = sweep->Find("grid");
  if (grid == nullptr || grid->IsNull()) sweep->Set("grid", Node::Map({origin}));
  sweep->Find("grid")->Set(key, std::move(list), {origin});
  return true;
}

}  // namespace nabla
