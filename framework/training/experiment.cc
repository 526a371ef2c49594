#include "framework/training/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <string_view>

#include "framework/config/located.h"
#include "framework/record/monitored_metric.h"
#include "framework/spec/metric_results.h"
#include "framework/training/ids.h"
#include "framework/training/layer_updates.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

// What a metric says of itself, with its name: in a list, or on the command line, "this metric" may
// be any.
std::string Naming(const std::string& metric, const std::string& message) {
  constexpr std::string_view kThis = "this metric";
  const bool says_this = message.starts_with(kThis);
  return fmt::format("the metric \"{}\"{}", metric,
                     says_this ? message.substr(kThis.size()) : ": " + message);
}

// The synthetic data set with the normalisation of the one that it replaces.
Node SyntheticConfig(const Node& config) {
  Node node = Node::Map(config.place);
  node.Set("name", Node::Scalar(kSyntheticDigits));
  for (const char* key : {"scale", "mean", "std"}) {
    if (const Node* value = config.Find(key)) node.Set(key, *value);
  }
  return node;
}

std::string Banner(const std::string& why) {
  const std::string bar(78, '!');
  return bar + "\n! WARNING: " + why +
         "\n! This run continues with synthetic_digits, which nabla draws itself.\n"
         "! Its metrics say nothing about the real data set.\n" +
         bar;
}

template <typename T>
std::shared_ptr<const Metric<T>> Accuracy(const Registry& registry) {
  Problems problems;
  const MadePlugin made =
      registry.Maker<T>()->Make(Metric<T>::kKind, Node::Scalar("accuracy"), problems);
  problems.ThrowIfAny();
  return std::static_pointer_cast<const Metric<T>>(made.object);
}

template <typename T>
std::vector<std::shared_ptr<const Metric<T>>> MetricsOf(const ExperimentSpec<T>& spec,
                                                        const Registry& registry, size_t classes) {
  std::vector<std::shared_ptr<const Metric<T>>> metrics;
  if (classes > 0) metrics.push_back(Accuracy<T>(registry));
  for (const auto& metric : *spec.metrics) {
    if (PluginName(metric.config) != "accuracy") metrics.push_back(metric.object);
  }
  return metrics;
}

// Every rank has equally many shards, and their sums are added in pairs: hence powers of two.
void CheckShards(const TrainSection& train, const Ranks* ranks) {
  const auto shards = static_cast<size_t>(train.gradient_shards);
  if (!std::has_single_bit(shards)) {
    throw InputError(
        fmt::format("train.gradient_shards is {}, which is not a power of two; the nearest are "
                    "{} and {}",
                    shards, std::bit_floor(shards), std::bit_ceil(shards)));
  }
  if (train.dump_steps && shards > 1) {
    throw InputError("train.dump_steps shows whole batches: it needs train.gradient_shards=1");
  }
  const size_t count = ranks != nullptr ? ranks->count() : 1;
  if (count > shards || !std::has_single_bit(count)) {
    throw InputError(fmt::format(
        "train.gradient_shards is {}, which {} ranks cannot share equally: the number of ranks "
        "must be a power of two and at most that",
        shards, count));
  }
}

template <typename T>
RateReduction ReductionOf(const ExperimentSpec<T>& spec) {
  if (!spec.reduce_on_plateau) return {};
  const PlateauSection& rule = *spec.reduce_on_plateau;
  return {
      .count =
          [rule, metric = Monitored(rule.metric, spec)](const std::vector<EpochMetrics>& history) {
            return CountReductions(rule, metric, history);
          },
      .factor = rule.factor,
      .least = rule.min_lr};
}

template <typename T>
TrainSettings SettingsOf(const ExperimentSpec<T>& spec, const DataSplits& data, Ranks* ranks) {
  const EvaluateSplit split = spec.evaluate.split;
  return {.batch_size = std::min(static_cast<size_t>(spec.train.batch_size), data.train.count),
          .epochs = static_cast<size_t>(spec.train.epochs),
          .shuffle = spec.train.shuffle,
          .drop_last = spec.train.drop_last,
          .rows_per_epoch = static_cast<size_t>(spec.train.rows_per_epoch),
          .order = spec.train.order,
          .seed = static_cast<uint64_t>(spec.seed),
          .clipping = {.value = spec.train.clip_value, .norm = spec.train.clip_norm},
          .augmentation = spec.augment,
          .sharding = {.count = static_cast<size_t>(spec.train.gradient_shards), .ranks = ranks},
          .train_loss = spec.evaluate.train_loss,
          .evaluate_train = split == EvaluateSplit::kTrain || split == EvaluateSplit::kBoth,
          .evaluate_validation = split == EvaluateSplit::kValidation,
          .evaluate_test = split != EvaluateSplit::kNone && split != EvaluateSplit::kTrain,
          .test_at_end = split == EvaluateSplit::kValidation,
          .evaluate_every = static_cast<size_t>(spec.evaluate.every),
          .norms = spec.train.norms,
          .reduction = ReductionOf(spec)};
}

// Whether the rows that a metric is of are evaluated after epochs.
bool IsFollowed(const std::string& name, EvaluateSplit split) {
  if (name == "train_loss" || name == "train_accuracy") return true;  // of the batches
  const EvaluateSplit rows = name.starts_with("test_")         ? EvaluateSplit::kTest
                             : name.starts_with("validation_") ? EvaluateSplit::kValidation
                                                               : EvaluateSplit::kTrain;
  return split == rows || (split == EvaluateSplit::kBoth && rows != EvaluateSplit::kValidation);
}

// A metric that is never computed would never improve and never stop a run.
void CheckMonitored(const char* key, const std::string& name, EvaluateSplit split,
                    const DataSplits& data) {
  const auto fail = [&](const std::string& why) {
    throw InputError(fmt::format("{} is {}, but {}", key, name, why));
  };
  if (name.starts_with("test_") && data.test.count == 0) fail("there are no rows to test on");
  if (!IsFollowed(name, split)) {
    fail("evaluate.split is " + FieldType<EvaluateSplit>::Print(split).text);
  }
  const bool accuracy = name.substr(name.find('_')) == "_accuracy";
  if (accuracy && data.train.classes == 0) fail("the rows have no classes");
}

}  // namespace

template <typename T>
void CheckIsFollowed(const char* key, const std::string& name, const ExperimentSpec<T>& spec,
                     const DataSplits& data) {
  if (FindResult(OfAllRows(ResultsOf(*spec.metrics)), name) == nullptr) {
    throw InputError(fmt::format("{} is {}, which none of the metrics gives", key, name));
  }
  CheckMonitored(key, name, spec.evaluate.split, data);
}

template void CheckIsFollowed(const char*, const std::string&, const ExperimentSpec<float>&,
                              const DataSplits&);
template void CheckIsFollowed(const char*, const std::string&, const ExperimentSpec<double>&,
                              const DataSplits&);

namespace {

// Of the metrics that are computed, as far as parsing could not know them.
template <typename T>
void CheckFollowed(const ExperimentSpec<T>& spec, const DataSplits& data) {
  const auto check = [&](const char* key, const std::string& name) {
    CheckIsFollowed(key, name, spec, data);
  };
  if (spec.checkpoint.best) check("checkpoint.best", *spec.checkpoint.best);
  if (spec.early_stop) check("early_stop.metric", spec.early_stop->metric);
  if (spec.reduce_on_plateau) check("reduce_on_plateau.metric", spec.reduce_on_plateau->metric);
  if (spec.evaluate.split == EvaluateSplit::kValidation && data.validation.count == 0) {
    throw InputError(
        "evaluate.split is validation, but no rows are put aside for it: split.validation_fraction "
        "is 0, or split.tested is validation");
  }
}

// The weights of a balanced loss are known by now.
template <typename T>
void CheckClassWeights(const ExperimentSpec<T>& spec, size_t classes) {
  if (!spec.class_weights) return;
  if (classes == 0) throw InputError("class_weights: the rows have no classes");
  const size_t weights = spec.class_weights->list.size();
  if (weights != classes) {
    throw InputError(fmt::format("class_weights has {} weight{}, but the rows have {} classes",
                                 weights, weights == 1 ? "" : "s", classes));
  }
  const Node* smoothing = spec.loss.config.Find("label_smoothing");
  if (smoothing == nullptr || std::stod(smoothing->text) == 0) return;
  throw InputError(
      "class_weights cannot be combined with label_smoothing, which shares a row among all "
      "classes");
}

// Layers such as batch_norm cannot learn from a single row.
template <typename T>
void CheckBatchRows(const ExperimentSpec<T>& spec, const Network<T>& network, size_t rows) {
  const TrainSection& train = spec.train;
  const size_t smallest = SmallestBatch(CutOf(train, rows));
  for (const NetworkLayer<T>& layer : network.layers()) {
    if (smallest >= layer.least_rows) continue;
    const auto& listed = spec.model[std::stoul(layer.path)];
    throw InputError(std::vector<Problem>{
        {listed.config.place,
         fmt::format("{} needs {} rows in a batch, and the smallest {} has {}: {}",
                     PluginName(listed.config), layer.least_rows,
                     train.gradient_shards > 1 ? "shard of a batch" : "batch of an epoch", smallest,
                     "choose another train.batch_size, or train.drop_last: true where the last "
                     "batch is short")}});
  }
}

}  // namespace

template <typename T>
double ThresholdOf(const ExperimentSpec<T>& spec) {
  if (spec.metrics) {
    for (const auto& metric : *spec.metrics) {
      const Node* threshold = metric.config.Find("threshold");
      const bool set = threshold != nullptr && !threshold->IsNull();
      if (set && PluginName(metric.config) == "accuracy") return std::stod(threshold->text);
    }
  }
  return PluginName(spec.loss.config) == "bce_with_logits" ? 0 : 0.5;
}

template double ThresholdOf(const ExperimentSpec<float>&);
template double ThresholdOf(const ExperimentSpec<double>&);

PreparedData LoadData(const ExperimentHead& spec, const Registry& registry, Files& files,
                      const Warn& warn) {
  const Node& config = spec.dataset.config;
  try {
    DataSplits loaded = AtUnlessPlaced(config.place, [&] { return spec.dataset->Load(files); });
    PreparedData data = PrepareData(spec, std::move(loaded));
    for (const std::string& remark : data.remarks) warn(remark);
    return data;
  } catch (const DataUnavailable& e) {
    warn(
        Banner(fmt::format("the data set {} is not available:\n{}", PluginName(config), e.what())));
  }
  Problems problems;
  const MadePlugin made =
      registry.Maker<float>()->Make(Dataset::kKind, SyntheticConfig(config), problems);
  problems.ThrowIfAny();
  return PrepareData(spec, std::static_pointer_cast<const Dataset>(made.object)->Load(files));
}

namespace {

template <typename T>
double LossOfFirst(size_t rows, const Loss<T>& loss, const StepOptions<T>& options,
                   const Network<T>& network, const Samples& train, Threads& threads) {
  const Samples first = FirstRows(train, rows == 0 ? train.count : rows);
  const Loss<T>& shown = options.shown != nullptr ? *options.shown : loss;
  Evaluation<T> evaluation(network, shown, {}, first, threads, nullptr, options.threshold,
                           options.class_weights);
  return evaluation.Run().loss + options.penalties.Shown(false, first.count);
}

// A penalty on nothing is a mistake.
template <typename T>
void CheckPenalties(const std::vector<Penalty>& penalties, const Network<T>& network) {
  for (size_t i = 0; i < penalties.size(); ++i) {
    for (const int64_t layer : penalties[i].layers) {
      Penalty alone = penalties[i];
      alone.layers = {layer};
      const auto concerned = [&](const Parameter<T>& p) { return Concerns(alone, p); };
      if (std::ranges::any_of(network.parameters(), concerned)) continue;
      throw InputError(fmt::format(
          "penalties.{}.layers has {}, but model.{} has no parameters for it", i, layer, layer));
    }
  }
}

template <typename T>
StepOptions<T> OptionsOf(const ExperimentSpec<T>& spec, const Registry& registry,
                         Network<T>* network) {
  CheckPenalties(spec.penalties, *network);
  return {.penalties = {*network, spec.penalties},
          .shown = spec.shown_loss ? spec.shown_loss->object.get() : nullptr,
          .threshold = ThresholdOf(spec),
          .class_weights = spec.class_weights ? spec.class_weights->list : std::vector<double>{},
          .updates = MakeLayerUpdates(spec, registry, network),
          .share_bias_gradients = spec.train.share_bias_gradients};
}

}  // namespace

BatchCut CutOf(const TrainSection& train, size_t rows) {
  const auto wanted = static_cast<size_t>(train.rows_per_epoch);
  return {.epoch_rows = wanted > 0 ? std::min(wanted, rows) : rows,
          .batch_size = static_cast<size_t>(train.batch_size),
          .drop_last = train.drop_last,
          .shards = static_cast<size_t>(train.gradient_shards)};
}

template <typename T>
Experiment<T>::Experiment(ExperimentSpec<T> spec, const Registry& registry, const DataSplits& data,
                          Threads& threads, Ranks* ranks)
    : spec_(std::move(spec)),
      data_(data),
      threads_(threads),
      generator_(MakeGenerator(spec_.rng, static_cast<uint64_t>(spec_.seed))) {
  FitTask(data, registry, &spec_);
  CheckAugmentation(spec_.augment, data.train);
  CheckShards(spec_.train, ranks);
  if (static_cast<size_t>(spec_.train.rows_per_epoch) > data.train.count) {
    throw InputError(
        fmt::format("train.rows_per_epoch is {}, but there are only {} rows to train on",
                    spec_.train.rows_per_epoch, data.train.count));
  }
  CheckFollowed(spec_, data);
  CheckClassWeights(spec_, data.train.classes);
  for (const SkippedDraw& draw : spec_.skip_draws) Skip<T>(draw, *generator_);
  std::vector<ListedLayer<T>> layers;
  for (const auto& layer : spec_.model) layers.push_back({layer.object, layer.config.place});
  network_ = std::make_unique<Network<T>>(layers, data.train.shape, *generator_);
  if (spec_.init_from) {
    initial_weights_ = TakeInitialWeights(*spec_.init_from, network_.get());
  }
  const Shape& output = network_->output();
  At(spec_.loss.config.place,
     [&] { CheckLoss(*spec_.loss, output, data.train.classes, data.train.values_per_row); });
  if (const auto& shown = spec_.shown_loss) {
    At(shown->config.place,
       [&] { CheckLoss(**shown, output, data.train.classes, data.train.values_per_row); });
  }
  for (const auto& metric : *spec_.metrics) {
    At(metric.config.place, [&] {
      try {
        metric->Check(output, data.train.classes);
      } catch (const InputError& e) {
        throw InputError(Naming(PluginName(metric.config), e.problems().front().message));
      }
    });
  }
  CheckTargets(data, spec_);
  CheckResults(spec_, data.train.classes);
  if (network_->parameters().empty()) {
    throw InputError(std::vector<Problem>{
        {spec_.model.front().config.place, "no layer has parameters: nothing to train"}});
  }
  CheckBatchRows(spec_, *network_, data.train.count);
  const size_t ids = IdsOf(spec_, *network_);
  CheckIdsStay(ids, spec_.augment);
  At(spec_.dataset.config.place, [&] {
    CheckIds<T>(ids, data.train, "training row");
    CheckIds<T>(ids, data.validation, "validation row");
    CheckIds<T>(ids, data.test, "test row");
  });
  metrics_ = MetricsOf(spec_, registry, data.train.classes);
  options_ = OptionsOf(spec_, registry, network_.get());
  trainer_ = std::make_unique<Trainer<T>>(*network_, *spec_.loss, *spec_.optimizer, *spec_.schedule,
                                          metrics_, data, SettingsOf(spec_, data, ranks),
                                          *generator_, threads, options_);
  for (const Reference& reference : spec_.reference) {
    if (reference.metric != MetricName::kInitialLoss) continue;
    initial_losses_[reference.rows] = LossOfFirst<T>(
        static_cast<size_t>(reference.rows), *spec_.loss, options_, *network_, data.train, threads);
  }
}

template <typename T>
std::optional<EvaluationResult> Experiment<T>::Evaluate(const Samples& rows,
                                                        const std::function<bool()>& stop) {
  const Loss<T>& shown = options_.shown != nullptr ? *options_.shown : *spec_.loss;
  Evaluation<T> evaluation(*network_, shown, metrics_, rows, threads_, nullptr, options_.threshold,
                           options_.class_weights);
  std::optional<EvaluationResult> result = evaluation.RunUnless(stop);
  if (result) result->loss += options_.penalties.Shown(&rows != &data_.train, rows.count);
  return result;
}

void CheckBuilds(const AnySpec& spec, const Registry& registry, const DataSplits& data) {
  Threads alone(1);
  std::visit(
      [&]<typename T>(const ExperimentSpec<T>& typed) {
        const Experiment<T> built(typed, registry, data, alone);
      },
      spec);
}

template class Experiment<float>;
template class Experiment<double>;

}  // namespace nabla
