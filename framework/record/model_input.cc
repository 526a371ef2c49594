#include "framework/record/model_input.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "framework/base/error.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// The memory that Samples points into.
struct Owned {
  RawRows rows;
  std::vector<int32_t> labels;
  std::vector<double> values;
};

// Turns pixels into numbers and normalises them.
void Normalise(const Normalization& n, RawRows* rows) {
  if (rows->numbers.empty()) rows->numbers.assign(rows->pixels.begin(), rows->pixels.end());
  rows->pixels.clear();
  for (double& x : rows->numbers) x = (x / n.scale - n.mean) / n.std;
}

}  // namespace

ModelInput InputOf(const Samples& samples) {
  return {.shape = samples.shape,
          .pixels = !samples.pixels.empty(),
          .normalization = samples.normalization,
          .moments = {},
          .classes = samples.classes,
          .values = samples.values_per_row};
}

std::string PrintInput(const ModelInput& input) {
  const Normalization& n = input.normalization;
  const Json json = {{"shape", input.shape.dims},
                     {"pixels", input.pixels},
                     {"scale", n.scale},
                     {"mean", n.mean},
                     {"std", n.std},
                     {"sparse", input.sparse},
                     {"classes", input.classes},
                     {"values", input.values}};
  return json.dump();
}

ModelInput ParseInput(const std::string& json, const std::string& file) {
  try {
    const Json in = Json::parse(json);
    ModelInput input;
    input.shape.dims = in.at("shape").get<std::vector<size_t>>();
    input.pixels = in.at("pixels");
    input.normalization = {in.at("scale"), in.at("mean"), in.at("std")};
    input.sparse = in.at("sparse");
    input.classes = in.at("classes");
    input.values = in.at("values");
    return input;
  } catch (const std::exception& e) {
    throw InputError(
        std::vector<Problem>{{{file}, std::string("its input cannot be read: ") + e.what()}});
  }
}

Samples MakeSamples(const ModelInput& input, RawRows rows) {
  if (!input.pixels || rows.pixels.empty()) Normalise(input.normalization, &rows);
  auto owned = std::make_shared<Owned>(Owned{std::move(rows), {}, {}});
  const size_t count = owned->rows.count;
  owned->labels.resize(input.classes > 0 ? count : 0);
  owned->values.resize(count * input.values);
  Samples samples{.count = count,
                  .shape = input.shape,
                  .pixels = owned->rows.pixels,
                  .numbers = owned->rows.numbers,
                  .normalization = input.normalization,
                  .classes = input.classes,
                  .labels = owned->labels,
                  .values_per_row = input.values,
                  .values = owned->values,
                  .keep_alive = owned};
  if (!input.moments.mean.empty()) return Standardise(input.moments, samples);
  if (input.sparse && !samples.pixels.empty()) {
    samples.sparse =
        std::make_shared<SparseBytes>(MakeSparse(samples.pixels, count, input.shape.size()));
  }
  return samples;
}

}  // namespace nabla
