#include "framework/facts/drawn_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// A key of ours, and theirs by name and by position.
struct Key {
  const char* ours;
  const char* theirs;
  int position;
};

constexpr Key kMoons[] = {{"points", "n_samples", 0}, {"noise", "noise", 99}};
constexpr Key kCircles[] = {
    {"points", "n_samples", 0}, {"noise", "noise", 99}, {"factor", "factor", 99}};
constexpr Key kBlobs[] = {{"points", "n_samples", 0},
                          {"features", "n_features", 1},
                          {"classes", "centers", 2},
                          {"std", "cluster_std", 3}};
constexpr Key kSpirals[] = {{"points", "samples", 0}, {"classes", "classes", 1}};

Value Given(const TracedDataset& data, const char* name, int position) {
  auto found = data.keywords.find(name);
  if (found == data.keywords.end()) found = data.keywords.find(fmt::format("#{}", position));
  return found == data.keywords.end() ? Value() : found->second;
}

void Add(const char* key, const Value& v, CellPlace otherwise, CodeFacts* facts) {
  if (!v.IsKnown()) return;
  Fact fact{NumberText(v.number), v.place.line > 0 ? v.place : otherwise};
  AddDoubt(v.doubt, &fact);
  facts->dataset_keys.push_back({key, fact});
}

template <size_t N>
void AddAll(const Key (&keys)[N], const TracedDataset& data, CodeFacts* facts) {
  for (const Key& key : keys) {
    Add(key.ours, Given(data, key.theirs, key.position), data.place, facts);
  }
}

// The last seed of NumPy before an event.
const TracedSeed* SeedBefore(const CodeTrace& trace, int order) {
  const TracedSeed* last = nullptr;
  for (const TracedSeed& s : trace.seeds) {
    if (s.generator == "numpy" && s.order < order && s.value.IsKnown()) last = &s;
  }
  return last;
}

// random_state, or the seed that NumPy had by then.
void AddSeed(const CodeTrace& trace, const Value& given, int order, CellPlace place,
             CodeFacts* facts) {
  if (given.IsKnown()) return Add("seed", given, place, facts);
  const TracedSeed* seed = SeedBefore(trace, order);
  facts->dataset_keys.push_back(
      {"seed", seed != nullptr ? Fact{NumberText(seed->value.number), seed->place}
                               : Fact{"0", place, true, "the notebook sets none for the data"}});
}

// [[0, 1], [2, 3]]: blobs around these points.
void AddCenters(const Value& centers, CellPlace place, CodeFacts* facts) {
  const bool listed = centers.Is(ValueKind::kSequence) ||
                      (centers.Is(ValueKind::kArray) && centers.object->literal);
  if (!listed || centers.object->items.size() > 100) return;
  std::string all;
  for (const Value& row : centers.object->items) {
    if (!row.Is(ValueKind::kSequence)) return;
    std::string point;
    for (const Value& n : row.object->items) {
      if (!n.IsKnown() || point.size() > 1000) return;
      point += (point.empty() ? "" : ", ") + NumberText(n.number);
    }
    all += fmt::format("{}[{}]", all.empty() ? "" : ", ", point);
  }
  facts->dataset_keys.push_back({"centers", {"[" + all + "]", place}});
}

// linspace(k s, (k + 1) s, n) for k = 0, 1, ...: the angles of arms that follow each other.
struct Arms {
  double sweep = 0;
  int arms = 0;
  Value points;
  bool radii = false;  // linspace(0, 1, n) too
  const TracedCall* first = nullptr;
};

Arms ArmsOf(const CodeTrace& trace) {
  Arms found;
  for (const TracedCall& call : trace.calls) {
    if (!call.path.ends_with(".linspace") || call.arguments.size() < 3) continue;
    const Value &from = call.arguments[0], &to = call.arguments[1], &count = call.arguments[2];
    if (!from.IsKnown() || !to.IsKnown() || !count.IsKnown()) continue;
    const double width = to.number - from.number;
    if (from.number == 0 && width == 1) {
      found.radii = true;
    } else if (found.arms == 0 ? from.number == 0 && width > 1
                               : std::abs(from.number - found.arms * found.sweep) < 1e-9) {
      if (found.first == nullptr) found.first = &call;
      found.sweep = width;
      found.points = count;
      ++found.arms;
    }
  }
  return found;
}

// What sine was taken of, times this; 1 if nothing is known.
double FactorOfSine(const CodeTrace& trace, int order, double noise) {
  for (const TracedCall& call : trace.calls) {
    const bool sine = call.path.ends_with(".sin") && call.order > order && !call.arguments.empty();
    if (!sine || !call.arguments[0].Is(ValueKind::kArray)) continue;
    for (const Value& f : call.arguments[0].object->factors) {
      if (f.IsKnown() && f.number != 1 && f.number != noise) return f.number;
    }
  }
  return 1;
}

const TracedNoise* NoiseAfter(const CodeTrace& trace, int order, const char* how) {
  const auto found =
      std::find_if(trace.noises.begin(), trace.noises.end(), [&](const TracedNoise& n) {
        return n.order > order && n.noise.how == how && n.noise.generator == "numpy";
      });
  return found == trace.noises.end() ? nullptr : &*found;
}

void AddNumber(const char* key, double number, double usual, CellPlace place, CodeFacts* facts) {
  if (number == usual) return;
  facts->dataset_keys.push_back({key, {NumberText(number), place}});
}

// Arms along which the radius grows, or is a sine of the angle.
bool ReadArms(const CodeTrace& trace, CodeFacts* facts) {
  const Arms found = ArmsOf(trace);
  const TracedNoise* noise =
      found.first == nullptr ? nullptr : NoiseAfter(trace, found.first->order, "normal");
  if (found.arms < 2 || found.arms > 100 || noise == nullptr) return false;
  const CellPlace place = found.first->place;
  const double factor = FactorOfSine(trace, found.first->order, noise->noise.b);
  const bool flower = !found.radii && found.arms == 2;
  if (!flower && !found.radii) return false;
  facts->dataset = {flower ? "planar_flower" : "teaching_spirals", place, true,
                    "by the formula alone"};
  const double points = found.points.number * (flower ? 2 : 1);
  facts->dataset_keys.push_back({"points", {NumberText(points), place}});
  if (flower) {
    AddNumber("petals", factor, 4, place, facts);
  } else {
    facts->dataset_keys.push_back({"classes", {NumberText(found.arms), place}});
    facts->dataset_keys.push_back({"noise", {NumberText(noise->noise.b), noise->place}});
    AddNumber("sweep", found.sweep, 4, place, facts);
    AddNumber("stretch", factor, 1, place, facts);
  }
  AddSeed(trace, {}, found.first->order, place, facts);
  return true;
}

// Two spirals: angles sqrt(u) degrees pi / 180, with noise on both coordinates.
bool ReadTwoSpirals(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    if (!call.path.ends_with(".sqrt") || call.arguments.empty()) continue;
    const Value& u = call.arguments[0];
    if (!u.Is(ValueKind::kArray) || u.object->filling.how != "uniform" || u.object->shape.empty() ||
        !u.object->shape[0].IsKnown()) {
      continue;
    }
    const TracedNoise* noise = NoiseAfter(trace, call.order, "uniform");
    if (noise == nullptr) return false;
    double degrees = 180 / std::numbers::pi;
    for (const TracedCall& cosine : trace.calls) {
      const bool after = cosine.path.ends_with(".cos") && cosine.order > call.order;
      if (!after || cosine.arguments.empty() || !cosine.arguments[0].Is(ValueKind::kArray))
        continue;
      for (const Value& f : cosine.arguments[0].object->factors) degrees *= f.number;
      break;
    }
    facts->dataset = {"two_spirals", call.place, true, "by the formula alone"};
    facts->dataset_keys.push_back({"points", {NumberText(u.object->shape[0].number), call.place}});
    facts->dataset_keys.push_back({"noise", {NumberText(noise->noise.b), noise->place}});
    AddNumber("degrees", std::round(degrees * 1e6) / 1e6, 780, call.place, facts);
    AddSeed(trace, {}, call.order, call.place, facts);
    return true;
  }
  return false;
}

}  // namespace

void AddDrawnKeys(const CodeTrace& trace, const TracedDataset& data, CodeFacts* facts) {
  const std::string& name = facts->dataset.text;
  if (name == "moons") {
    AddAll(kMoons, data, facts);
  } else if (name == "circles") {
    AddAll(kCircles, data, facts);
  } else if (name == "blobs") {
    AddAll(kBlobs, data, facts);
    AddCenters(Given(data, "centers", 2), data.place, facts);
  } else if (name == "teaching_spirals") {
    AddAll(kSpirals, data, facts);
    facts->dataset_keys.push_back({"stretch", {"2.5", data.place}});
  } else if (name == "diabetes") {
    const Value scaled = Given(data, "scaled", 99);
    if (scaled.IsKnown() && scaled.number == 0) {
      facts->dataset_keys.push_back({"scaled", {"false", data.place}});
    }
    return;
  } else if (name != "planar_flower") {
    return;
  }
  if (name == "planar_flower") {
    facts->dataset_keys.push_back({"seed", {"1", data.place, true, "as the course has it"}});
    return;
  }
  const Value shuffled = Given(data, "shuffle", 99);
  if (shuffled.IsKnown() && shuffled.number == 0) {
    facts->dataset_keys.push_back({"shuffle", {"false", data.place}});
  }
  AddSeed(trace, Given(data, "random_state", 99), data.order, data.place, facts);
}

bool ReadDrawnPoints(const CodeTrace& trace, CodeFacts* facts) {
  return ReadArms(trace, facts) || ReadTwoSpirals(trace, facts);
}

}  // namespace nabla
