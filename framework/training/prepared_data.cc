#include "framework/training/prepared_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "framework/config/located.h"
#include "framework/data/data_remarks.h"
#include "framework/data/missing.h"
#include "framework/data/standardise.h"
#include "framework/data/uniform.h"
#include "framework/engine/rows.h"

namespace nabla {
namespace {

// Above this share of non-zero pixels the dense kernels are faster (bench/kernels.cc measures it).
constexpr double kSparseDensity = 0.35;

bool MostlyZero(std::span<const uint8_t> bytes) {
  const auto zeros = std::count(bytes.begin(), bytes.end(), 0);
  return static_cast<double>(zeros) >= (1 - kSparseDensity) * static_cast<double>(bytes.size());
}

// The rows as bytes, in `owned` where they are held as numbers; none if they are no bytes.
std::span<const uint8_t> BytesOf(const Samples& samples, std::vector<uint8_t>* owned) {
  if (!samples.pixels.empty() || !std::ranges::all_of(samples.numbers, IsByte)) {
    return samples.pixels;
  }
  owned->assign(samples.numbers.begin(), samples.numbers.end());
  return *owned;
}

// Data that is mostly zero gets sparse rows beside its own: the training rows decide for all
// splits, not the user. Test rows that are no bytes stay dense, and then the weights are what they
// are beside any other test rows.
void Sparsify(DataSplits* data) {
  const size_t width = data->train.shape.size();
  if (width > SparseBytes::kMostColumns) return;
  for (Samples* samples : {&data->train, &data->test, &data->validation}) {
    if (samples == &data->validation && samples->count == 0) continue;
    std::vector<uint8_t> owned;
    const std::span<const uint8_t> bytes = BytesOf(*samples, &owned);
    if (samples == &data->train && (bytes.empty() || !MostlyZero(bytes))) return;
    if (bytes.size() != samples->count * width) continue;
    samples->sparse = std::make_shared<SparseBytes>(MakeSparse(bytes, samples->count, width));
  }
}

void Append(std::vector<std::string> more, std::vector<std::string>* remarks) {
  remarks->insert(remarks->end(), more.begin(), more.end());
}

// Whether the test rows are evaluated.
bool IsTested(const ExperimentHead& spec) {
  const EvaluateSplit split = spec.evaluate.split;
  return split != EvaluateSplit::kNone && split != EvaluateSplit::kTrain;
}

// Of rows as they were loaded.
void AddTestRemark(const ExperimentHead& spec, DataSplits* data) {
  const bool replaced =
      (spec.split.Divides() && !spec.split.merge) || spec.split.tested == TestedPart::kValidation;
  if (!IsTested(spec) || replaced || !SameRows(data->train, data->test)) return;
  data->remarks.emplace_back(
      "warning: the test rows are the training rows: their metrics say nothing about other rows");
}

// Throws InputError if no input but 0 stays a number.
void CheckReach(Dtype dtype, const Normalization& n) {
  const double one = std::abs((1 / n.scale - n.mean) / n.std);
  const double most = dtype == Dtype::kFloat32 ? std::numeric_limits<float>::max()
                                               : std::numeric_limits<double>::max();
  if (one <= most) return;
  throw InputError(
      fmt::format("scale {}, mean {} and std {} turn an input of 1 into one that is "
                  "too large for a number",
                  n.scale, n.mean, n.std));
}

bool HasMoments(const ExperimentHead& spec) { return spec.standardise || spec.min_max; }

std::vector<double> RangeIn(const ExperimentHead& spec) {
  return spec.min_max.value_or(std::vector<double>());
}

// Of all rows to train and test on.
InputMoments MomentsOfAll(const ExperimentHead& spec, const DataSplits& data,
                          const std::vector<double>& fill) {
  const Samples train = ScaleRows(spec.scale_rows, Filled(data.train, fill));
  const Samples test = ScaleRows(spec.scale_rows, Filled(data.test, fill));
  return spec.min_max ? MomentsOfRange(*spec.min_max, train, test) : MomentsOf(train, test);
}

// As spec.scale_rows, standardise and min_max say.
void ScaleInputs(const ExperimentHead& spec, PreparedData* data) {
  if (spec.scale_rows != RowScale::kNone) {
    data->input.normalization = {};
    data->input.scale_rows = spec.scale_rows;
    for (Samples* samples : {&data->train, &data->test, &data->validation}) {
      if (samples->count > 0) *samples = ScaleRows(spec.scale_rows, *samples);
    }
  }
  if (!HasMoments(spec)) return;
  data->input.normalization = {};
  DataSplits& rows = *data;
  rows = Standardise(std::move(rows), &data->input.moments, spec.standardise_by, RangeIn(spec));
  Append(ConstantInputs(data->input.moments, data->columns), &data->remarks);
}

// How standardised inputs, as targets, are given the units of the data set again.
TargetMeaning MeaningOfInputs(const PreparedData& data, MomentsBy by) {
  TargetMeaning meaning{.values = data.columns, .inputs = true};
  const InputMoments& moments = data.input.moments;
  const bool by_row = data.input.scale_rows != RowScale::kNone;
  if (moments.mean.empty() || by == MomentsBy::kEachSplit || by_row) return meaning;
  meaning.mean = moments.mean;
  for (const double std : moments.std) meaning.std.push_back(std::isinf(std) ? 0 : std);
  return meaning;
}

// The inputs, as the run gets them, become the targets.
void AimAtInputs(const ExperimentHead& spec, PreparedData* data) {
  const auto meaning =
      std::make_shared<const TargetMeaning>(MeaningOfInputs(*data, spec.standardise_by));
  for (Samples* samples : {&data->train, &data->test, &data->validation}) {
    if (samples == &data->validation && samples->count == 0) continue;
    *samples = AimedAtInputs(spec.dtype, *samples);
    samples->meaning = meaning;
  }
  data->input.classes = 0;
  data->input.meaning = *meaning;
  data->input.values = data->train.values_per_row;
}

bool AreInputs(const Samples& samples) {
  return samples.meaning != nullptr && samples.meaning->inputs;
}

}  // namespace

Samples AimedAtInputs(Dtype dtype, Samples samples) {
  using Both = std::pair<std::shared_ptr<const void>, std::vector<double>>;
  const auto owned = std::make_shared<const Both>(
      samples.keep_alive,
      dtype == Dtype::kFloat32 ? InputsAs<float>(samples) : InputsAs<double>(samples));
  samples.labels = {};
  samples.classes = 0;
  samples.values = owned->second;
  samples.values_per_row = samples.shape.size();
  samples.meaning = nullptr;
  samples.keep_alive = owned;
  return samples;
}

PreparedData PrepareData(const ExperimentHead& spec, DataSplits loaded) {
  At(spec.dataset.config.place, [&] {
    loaded = Uniform(std::move(loaded));
    CheckReach(spec.dtype, loaded.train.normalization);
  });
  AddTestRemark(spec, &loaded);
  const bool validates = spec.evaluate.split == EvaluateSplit::kValidation;
  DataSplits divided = Split(spec.split, std::move(loaded), validates);
  PreparedData data{Subset(spec.subset, divided), {}};
  At(spec.dataset.config.place, [&] {
    CheckWeights(data.train.weights, "the rows to train on");
    CheckWeights(data.validation.weights, "the rows to validate");
    CheckWeights(data.test.weights, "the rows to test on");
  });
  std::vector<double> fill;
  At(spec.dataset.config.place, [&] { fill = FillsOf(data.train, data.missing, data.columns); });
  InputMoments all_rows;
  if (HasMoments(spec) && spec.standardise_by == MomentsBy::kAllRows) {
    At(spec.dataset.config.place, [&] { all_rows = MomentsOfAll(spec, divided, fill); });
  }
  data.train = Filled(data.train, fill);
  data.test = Filled(data.test, fill);
  if (data.validation.count > 0) data.validation = Filled(data.validation, fill);
  Append(MissingClasses(data, IsTested(spec)), &data.remarks);
  Append(UnseenCategories(data), &data.remarks);
  const std::string source = PluginName(spec.dataset.config);
  const bool table = source == "csv" || source == "numpy";
  if (table && !spec.standardise) Append(UnchangingInputs(data), &data.remarks);
  if (spec.dtype == Dtype::kFloat32) {
    const bool as_they_are = !HasMoments(spec) && spec.scale_rows == RowScale::kNone;
    Append(RoundedByFloat32(data, as_they_are), &data.remarks);
  }
  if (spec.standardise_targets) {
    DataSplits& rows = data;
    At(spec.dataset.config.place, [&] { rows = StandardiseTargets(std::move(rows)); });
  }
  data.input = InputOf(data);
  data.input.fill = fill;
  data.input.moments = std::move(all_rows);
  At(spec.dataset.config.place, [&] { ScaleInputs(spec, &data); });
  if (spec.float32_inputs && spec.dtype == Dtype::kFloat64) {
    data.input.float32 = true;
    data.train = HoldInputsAs<float>(data.train);
    data.test = HoldInputsAs<float>(data.test);
    if (data.validation.count > 0) data.validation = HoldInputsAs<float>(data.validation);
  }
  if (spec.targets == TargetKind::kInputs || AreInputs(data.train)) AimAtInputs(spec, &data);
  if (!HasMoments(spec) && !data.input.float32 && spec.scale_rows == RowScale::kNone) {
    Sparsify(&data);
  }
  // Predictions must have the bits of an evaluation.
  const bool validated = data.validation.count == 0 || data.validation.sparse != nullptr;
  data.input.sparse = data.train.sparse != nullptr && data.test.sparse != nullptr && validated;
  return data;
}

Node DataConfig(const ExperimentHead& spec) {
  Node node = Node::Map();
  node.Set("dataset", spec.dataset.config);
  node.Set("split", FieldType<SplitSettings>::Print(spec.split));
  node.Set("validates", FieldType<bool>::Print(spec.evaluate.split == EvaluateSplit::kValidation));
  node.Set("subset", FieldType<SubsetSettings>::Print(spec.subset));
  node.Set("standardise", FieldType<bool>::Print(spec.standardise));
  node.Set("standardise_by", FieldType<MomentsBy>::Print(spec.standardise_by));
  node.Set("min_max", FieldType<std::optional<std::vector<double>>>::Print(spec.min_max));
  node.Set("scale_rows", FieldType<RowScale>::Print(spec.scale_rows));
  node.Set("standardise_targets", FieldType<bool>::Print(spec.standardise_targets));
  node.Set("float32_inputs", FieldType<bool>::Print(spec.float32_inputs));
  node.Set("targets", FieldType<TargetKind>::Print(spec.targets));
  node.Set("dtype", FieldType<Dtype>::Print(spec.dtype));
  return node;
}

bool IsOfData(std::string_view key) {
  static constexpr std::string_view kKeys[] = {
      "dataset",    "split",          "subset",  "standardise",         "standardise_by", "min_max",
      "scale_rows", "float32_inputs", "targets", "standardise_targets", "dtype"};
  return key == "evaluate.split" || std::ranges::count(kKeys, key.substr(0, key.find('.'))) > 0;
}

}  // namespace nabla
