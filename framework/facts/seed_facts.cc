#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

constexpr double kMostDraws = 1 << 26;  // numbers in a call, as skip_draws allows
constexpr size_t kMostSkipped = 40;

// An entry of skip_draws; "" if it cannot be said.
std::string SkippedDraw(const TracedDraw& draw) {
  static constexpr std::pair<const char*, const char*> kKinds[] = {
      {"randn", "normal"},        {"standard_normal", "normal"},  {"normal", "normal"},
      {"rand", "uniform"},        {"random", "uniform"},          {"random_sample", "uniform"},
      {"uniform", "uniform"},     {"permutation", "permutation"}, {"shuffle", "permutation"},
      {"randperm", "permutation"}};
  const double count = draw.count.number;
  if (!draw.count.IsKnown() || count < 1 || count > kMostDraws || count != std::floor(count) ||
      draw.loops > 0) {
    return "";
  }
  for (const auto& [theirs, ours] : kKinds) {
    if (draw.what == theirs) {
      return std::string("{draw: ") + ours + ", count: " + NumberText(count) + "}";
    }
  }
  return "";
}

// Draws that follow each other from one place become one entry, with `times`.
void AddSkipped(Fact draw, std::vector<Fact>* all) {
  const std::string start = draw.text.substr(0, draw.text.size() - 1);
  const bool same = !all->empty() && all->back().place.line == draw.place.line &&
                    all->back().place.cell == draw.place.cell &&
                    all->back().text.starts_with(start);
  if (!same) return all->push_back(std::move(draw));
  std::string& text = all->back().text;
  constexpr std::string_view kTimes = ", times: ";
  const size_t at = text.find(kTimes);
  const int times = at == std::string::npos ? 1 : std::stoi(text.substr(at + kTimes.size()));
  text = fmt::format("{}{}{}}}", start, kTimes, times + 1);
}

// scikit-learn's points, by NumPy's own generator.
bool IsDrawn(const TracedDataset& data) {
  const auto state = data.keywords.find("random_state");
  const bool seeded = state != data.keywords.end() && state->second.IsKnown();
  return !seeded && (data.name == "moons" || data.name == "circles" || data.name == "blobs");
}

struct Weights {
  std::string generator;
  int order = 0;  // of the first layer
  CellPlace place;
};

Weights WeightsOf(const CodeTrace& trace, const std::vector<size_t>& chain) {
  if (chain.empty()) return {};
  const TracedLayer& first = trace.layers[chain.front()];
  return {first.weight_filling.generator, first.order, first.place};
}

bool IsKeras(const CodeTrace& trace) {
  return std::any_of(trace.calls.begin(), trace.calls.end(), [](const TracedCall& c) {
    return Contains(c.path, "keras") || Contains(c.path, "tensorflow");
  });
}

void ReadType(const CodeTrace& trace, const std::string& generator, CodeFacts* facts) {
  // Tensors have 32 bits, whatever drew their first values.
  const bool tensors = std::any_of(trace.calls.begin(), trace.calls.end(), [](const TracedCall& c) {
    return c.path.starts_with("torch.");
  });
  const bool single = generator == "torch" || generator == "tensorflow" ||
                      (tensors && FindCall(trace, {".backward"}) != nullptr);
  const bool keras = generator.empty() && IsKeras(trace);
  const bool open = generator.empty() && !keras && !single;
  facts->dtype = {single || keras ? "float32" : "float64", {}, open, open ? "or float32" : ""};
}

// The last seed of the weights' generator before they were drawn.
const TracedSeed* SeedOf(const CodeTrace& trace, const Weights& weights) {
  const TracedSeed* seed = nullptr;
  for (const TracedSeed& s : trace.seeds) {
    const bool same = weights.generator.empty() || s.generator == weights.generator;
    if (same && (weights.order == 0 || s.order < weights.order)) seed = &s;
  }
  return seed;
}

// What else the generator gave after its seed and before the weights. Once one draw cannot be
// said, all are only told of.
void ReadSkipped(const CodeTrace& trace, const std::vector<size_t>& chain, const Weights& weights,
                 const TracedSeed& seed, CodeFacts* facts) {
  std::vector<Fact> skipped, told;
  bool possible = facts->rng.found();
  for (const TracedDataset& data : trace.datasets) {
    const bool draws = data.order > seed.order && data.order < weights.order && IsDrawn(data) &&
                       weights.generator == "numpy";
    if (!draws) continue;
    possible = false;
    told.push_back({"the data are drawn before the weights, after the seed", data.place});
  }
  for (const TracedDraw& draw : trace.draws) {
    if (draw.generator != weights.generator || draw.order < seed.order) continue;
    const bool of_layer = std::any_of(chain.begin(), chain.end(), [&](size_t i) {
      const CellPlace& p = trace.layers[i].place;
      return p.cell == draw.place.cell && p.line == draw.place.line;
    });
    if (of_layer || draw.order > weights.order || told.size() > kMostSkipped) break;
    const std::string text = SkippedDraw(draw);
    if (!text.empty() && possible) AddSkipped({text, draw.place}, &skipped);
    possible = possible && !text.empty() && skipped.size() < kMostSkipped;
    const Fact fact{draw.what + " draws before the weights, after the seed", draw.place};
    const bool again = !told.empty() && told.back().text == fact.text &&
                       told.back().place.cell == fact.place.cell &&
                       told.back().place.line == fact.place.line;
    if (!again) told.push_back(fact);
  }
  if (possible) {
    facts->skip_draws = std::move(skipped);
  } else {
    facts->inexpressible.insert(facts->inexpressible.end(), told.begin(), told.end());
  }
}

}  // namespace

void ReadSeedFacts(const CodeTrace& trace, CodeFacts* facts) {
  const std::vector<size_t> chain = TrainedLayers(trace);
  const Weights weights = WeightsOf(trace, chain);
  ReadType(trace, weights.generator, facts);
  const std::string rng =
      weights.generator == "numpy_generator" ? "numpy_default_rng" : weights.generator;
  const bool ours = rng == "numpy" || rng == "torch" || rng == "numpy_default_rng";
  const TracedSeed* seed = SeedOf(trace, weights);
  if (ours) facts->rng = {rng, weights.place, false, ""};
  if (seed != nullptr && seed->value.IsKnown()) {
    facts->seed = {NumberText(seed->value.number), seed->place, !ours,
                   ours ? "" : "of " + seed->generator};
  } else if (!facts->seed.found()) {
    facts->seed = {"0", {}, false, "the notebook sets none for the weights"};
  }
  if (seed != nullptr && ours) ReadSkipped(trace, chain, weights, *seed, facts);
}

}  // namespace nabla
