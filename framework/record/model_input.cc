#include "framework/record/model_input.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/utf8.h"
#include "framework/data/missing.h"
#include "framework/engine/rows.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostTargets = size_t{1} << 24;  // classes, or values of a row

// What models of earlier versions were standardised from: numbers that had been normalised.
void Normalise(const Normalization& n, RawRows* rows) {
  if (rows->numbers.empty()) rows->numbers.assign(rows->pixels.begin(), rows->pixels.end());
  rows->pixels.clear();
  for (double& x : rows->numbers) x = (x / n.scale - n.mean) / n.std;
}

// As framework/data/standardise.cc does, if the targets are standardised.
void StandardiseTargets(const TargetMeaning& meaning, std::vector<double>* values) {
  const size_t width = meaning.mean.size();
  for (size_t i = 0; i < values->size() && width > 0; ++i) {
    (*values)[i] = ((*values)[i] - meaning.mean[i % width]) / meaning.std[i % width];
  }
}

// The rows as bytes. Training folded those that it held as numbers, too; what is no byte becomes 0,
// and Evaluation takes its row from the numbers.
std::vector<uint8_t> BytesOf(const Samples& samples) {
  if (!samples.pixels.empty()) return {samples.pixels.begin(), samples.pixels.end()};
  std::vector<uint8_t> bytes;
  bytes.reserve(samples.numbers.size());
  for (const double x : samples.numbers) bytes.push_back(IsByte(x) ? static_cast<uint8_t>(x) : 0);
  return bytes;
}

// No size that a file says is used before it is known to be one.
size_t Size(const Json& json, const char* what, size_t most) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > most) {
    throw InputError(std::string(what) + " must be a whole number of at most " +
                     std::to_string(most));
  }
  return json.get<size_t>();
}

Shape ShapeFrom(const Json& json) {
  constexpr size_t kMostDimensions = 8;
  constexpr size_t kMostNumbers = size_t{1} << 30;  // of a row
  if (!json.is_array() || json.empty() || json.size() > kMostDimensions) {
    throw InputError("its shape is none");
  }
  Shape shape;
  size_t most = kMostNumbers;
  for (const Json& dim : json) {
    shape.dims.push_back(Size(dim, "a size of its shape", most));
    if (shape.dims.back() == 0) throw InputError("its shape has a size 0");
    most /= shape.dims.back();
  }
  return shape;
}

Normalization NormalizationFrom(const Json& json) {
  const Normalization n{json.at("scale"), json.at("mean"), json.at("std")};
  const bool divides = n.scale != 0 && n.std != 0;
  if (!divides || !std::isfinite(n.scale) || !std::isfinite(n.mean) || !std::isfinite(n.std)) {
    throw InputError("its scale, mean and std make no numbers");
  }
  return n;
}

constexpr std::pair<MissingValues, const char*> kMissingNames[] = {
    {MissingValues::kMean, "mean"},
    {MissingValues::kMedian, "median"},
    {MissingValues::kDrop, "drop"}};

RowScale RowScaleFrom(const std::string& said) {
  for (const auto& [scale, name] : EnumNames<RowScale>::kNames) {
    if (said == name) return scale;
  }
  throw InputError("its scale_rows is unknown");
}

std::string NameOf(RowScale scale) {
  return EnumNames<RowScale>::kNames[static_cast<size_t>(scale)].second;
}

void AddMeaning(const TargetMeaning& meaning, Json* json) {
  if (!meaning.classes.empty()) (*json)["class_names"] = meaning.classes;
  if (!meaning.values.empty()) (*json)["value_names"] = meaning.values;
  if (meaning.labels) (*json)["labels"] = true;
  if (meaning.inputs) (*json)["autoencoder"] = true;
  if (!meaning.mean.empty()) (*json)["target_mean"] = meaning.mean;
  if (!meaning.std.empty()) (*json)["target_std"] = meaning.std;
}

void AddCoding(const ModelInput& input, Json* json) {
  for (const InputColumn& column : input.coding) {
    Json coded = {{"name", column.name}};
    if (!column.categories.empty()) coded["categories"] = column.categories;
    if (column.marked) coded["marked"] = true;
    (*json)["columns"].push_back(coded);
  }
  for (const auto& [missing, name] : kMissingNames) {
    if (input.missing == missing) (*json)["missing"] = name;
  }
  if (!input.fill.empty()) (*json)["fill"] = input.fill;
}

// Names that a file says are shown: none may speak to a terminal.
std::vector<std::string> NamesFrom(const Json& json, const char* key, size_t wanted) {
  std::vector<std::string> names;
  if (!json.contains(key)) return names;
  for (const Json& name : json.at(key)) names.push_back(Escaped(name.get<std::string>()));
  if (names.size() != wanted) throw InputError(std::string("its ") + key + " are not one for each");
  return names;
}

std::vector<double> NumbersFrom(const Json& json, const char* key, size_t wanted) {
  std::vector<double> numbers;
  if (!json.contains(key)) return numbers;
  for (const Json& number : json.at(key)) numbers.push_back(number);
  const bool finite = std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); });
  if (numbers.size() == wanted && finite) return numbers;
  throw InputError(std::string("its ") + key + " is not a number for each");
}

TargetMeaning MeaningFrom(const Json& in, const ModelInput& input) {
  TargetMeaning meaning{.classes = NamesFrom(in, "class_names", input.classes),
                        .values = NamesFrom(in, "value_names", input.values),
                        .labels = in.value("labels", false),
                        .inputs = in.value("autoencoder", false),
                        .mean = NumbersFrom(in, "target_mean", input.values),
                        .std = NumbersFrom(in, "target_std", input.values)};
  if (meaning.mean.size() != meaning.std.size()) throw InputError("its targets have no scale");
  if (meaning.inputs && input.values != input.shape.size()) {
    throw InputError("its targets are not its inputs");
  }
  return meaning;
}

void ReadCoding(const Json& in, ModelInput* input) {
  const std::string missing = in.value("missing", "refuse");
  for (const auto& [value, name] : kMissingNames) {
    if (missing == name) input->missing = value;
  }
  input->fill = NumbersFrom(in, "fill", input->shape.size());
  const bool fills =
      input->missing == MissingValues::kMean || input->missing == MissingValues::kMedian;
  if (fills == input->fill.empty()) throw InputError("its missing values have no fill");
  if (!in.contains("columns")) return;
  size_t width = 0;
  for (const Json& json : in.at("columns")) {
    InputColumn& column = input->coding.emplace_back();
    column.name = Escaped(json.at("name").get<std::string>());
    if (json.contains("categories")) {
      column.categories = NamesFrom(json, "categories", json.at("categories").size());
    }
    column.marked = json.value("marked", false);
    width += column.Width();
    if (!std::ranges::is_sorted(column.categories)) throw InputError("its categories are unsorted");
  }
  if (width != input->shape.size()) throw InputError("its columns are not its inputs");
}

}  // namespace

ModelInput InputOf(const DataSplits& data) {
  const Samples& samples = data.train;
  return {.shape = samples.shape,
          .pixels = !samples.pixels.empty(),
          .normalization = samples.normalization,
          .moments = {},
          .classes = samples.classes,
          .values = samples.values_per_row,
          .meaning = samples.meaning == nullptr ? TargetMeaning{} : *samples.meaning,
          .coding = data.coding,
          .missing = data.missing,
          .trained_on = RangeOf(samples)};
}

std::string PrintInput(const ModelInput& input) {
  const Normalization& n = input.normalization;
  Json json = {{"shape", input.shape.dims},
               {"pixels", input.pixels},
               {"scale", n.scale},
               {"mean", n.mean},
               {"std", n.std},
               {"sparse", input.sparse},
               {"classes", input.classes},
               {"values", input.values}};
  if (input.float32) json["float32"] = true;
  if (input.scale_rows != RowScale::kNone) json["scale_rows"] = NameOf(input.scale_rows);
  AddMeaning(input.meaning, &json);
  AddCoding(input, &json);
  if (const auto& range = input.trained_on) {
    json["trained_on"] = {{"low", range->low}, {"high", range->high}, {"mean", range->mean}};
  }
  return json.dump();
}

ModelInput ParseInput(const std::string& json, const std::string& file) {
  try {
    const Json in = Json::parse(json);
    ModelInput input;
    input.shape = ShapeFrom(in.at("shape"));
    input.pixels = in.at("pixels");
    input.normalization = NormalizationFrom(in);
    input.sparse = in.at("sparse");
    if (input.sparse && input.shape.size() > SparseBytes::kMostColumns) {
      throw InputError("its rows are too wide for sparse ones");
    }
    input.float32 = in.value("float32", false);
    input.scale_rows = RowScaleFrom(in.value("scale_rows", "none"));
    input.classes = Size(in.at("classes"), "the number of its classes", kMostTargets);
    input.values = Size(in.at("values"), "the number of its values", kMostTargets);
    input.meaning = MeaningFrom(in, input);
    ReadCoding(in, &input);
    if (in.contains("trained_on")) {
      const Json& range = in.at("trained_on");
      input.trained_on = {range.at("low"), range.at("high"), range.at("mean")};
    }
    return input;
  } catch (const InputError& e) {
    throw InputError(std::vector<Problem>{
        {{file}, "its input cannot be read: " + e.problems().front().message}});
  } catch (const Json::exception& e) {
    throw InputError(
        std::vector<Problem>{{{file}, std::string("its input cannot be read: ") + e.what()}});
  }
}

Samples MakeSamples(const ModelInput& input, RawRows rows) {
  const bool standardised = !input.moments.mean.empty();
  if (standardised && input.normalization != Normalization{}) {
    Normalise(input.normalization, &rows);
  }
  auto owned = std::make_shared<RawRows>(std::move(rows));
  const size_t count = owned->count;
  owned->labels.resize(input.classes > 0 ? count : 0);
  StandardiseTargets(input.meaning, &owned->values);
  owned->values.resize(count * input.values);
  Samples samples{.count = count,
                  .shape = input.shape,
                  .pixels = owned->pixels,
                  .numbers = owned->numbers,
                  .normalization = input.normalization,
                  .classes = input.classes,
                  .labels = owned->labels,
                  .values_per_row = input.values,
                  .values = owned->values,
                  .weights = owned->weights,
                  .keep_alive = owned};
  samples.meaning = std::make_shared<const TargetMeaning>(input.meaning);
  samples = Filled(samples, input.fill);
  samples = ScaleRows(input.scale_rows, samples);
  if (standardised) samples = Standardise(input.moments, samples);
  if (input.float32) samples = HoldInputsAs<float>(samples);
  const bool holds_bytes = !standardised && !input.float32 && input.scale_rows == RowScale::kNone;
  if (input.sparse && holds_bytes) {
    samples.sparse =
        std::make_shared<SparseBytes>(MakeSparse(BytesOf(samples), count, input.shape.size()));
  }
  return samples;
}

}  // namespace nabla
