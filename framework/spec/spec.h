// An experiment file, typed and checked.
#ifndef NABLA_FRAMEWORK_SPEC_SPEC_H_
#define NABLA_FRAMEWORK_SPEC_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framework/base/generator.h"
#include "framework/config/fields.h"
#include "framework/config/rng_kind.h"
#include "framework/data/split.h"
#include "framework/data/standardise.h"
#include "framework/data/subset.h"
#include "framework/engine/augmentation.h"
#include "framework/engine/penalties.h"
#include "framework/engine/trainer.h"
#include "framework/model/dataset.h"
#include "framework/model/layer.h"
#include "framework/model/loss.h"
#include "framework/model/metric.h"
#include "framework/model/optimizer.h"
#include "framework/model/schedule.h"
#include "framework/plugin/registry.h"
#include "framework/spec/class_weights.h"
#include "framework/spec/reference.h"
#include "framework/spec/search_sections.h"
#include "framework/spec/skipped_draw.h"
#include "framework/spec/training_sections.h"

namespace nabla {

enum class Dtype { kFloat32, kFloat64 };
enum class EvaluateSplit { kNone, kTest, kTrain, kBoth, kValidation };

template <>
struct EnumNames<Dtype> {
  static constexpr std::pair<Dtype, const char*> kNames[] = {{Dtype::kFloat32, "float32"},
                                                             {Dtype::kFloat64, "float64"}};
};

template <>
struct EnumNames<EvaluateSplit> {
  static constexpr std::pair<EvaluateSplit, const char*> kNames[] = {
      {EvaluateSplit::kNone, "none"},
      {EvaluateSplit::kTest, "test"},
      {EvaluateSplit::kTrain, "train"},
      {EvaluateSplit::kBoth, "both"},
      {EvaluateSplit::kValidation, "validation"}};
};

template <>
struct EnumNames<OrderKind> {
  static constexpr std::pair<OrderKind, const char*> kNames[] = {
      {OrderKind::kPermutation, "permutation"},
      {OrderKind::kDataLoader, "dataloader"},
      {OrderKind::kShuffle, "shuffle"},
      {OrderKind::kChoice, "choice"},
      {OrderKind::kReplacement, "replacement"}};
};

template <>
struct EnumNames<TrainLoss> {
  static constexpr std::pair<TrainLoss, const char*> kNames[] = {
      {TrainLoss::kBatches, "batches"}, {TrainLoss::kRows, "rows"}, {TrainLoss::kAfter, "after"}};
};

// What a row's targets are.
enum class TargetKind { kLabels, kInputs };

template <>
struct EnumNames<TargetKind> {
  static constexpr std::pair<TargetKind, const char*> kNames[] = {{TargetKind::kLabels, "labels"},
                                                                  {TargetKind::kInputs, "inputs"}};
};

struct TrainSection {
  int64_t batch_size = 32;
  int64_t epochs = 10;
  std::optional<double> max_time;
  bool shuffle = true;
  bool drop_last = false;
  int64_t rows_per_epoch = 0;
  int64_t gradient_shards = 1;
  OrderKind order = OrderKind::kPermutation;
  bool share_bias_gradients = false;
  double clip_value = 0;
  double clip_norm = 0;
  bool norms = false;
  bool dump_steps = false;

  template <typename V>
  static void Fields(V& v) {
    v("batch_size", &TrainSection::batch_size,
      {.doc = "rows per step, B; all rows if there are fewer", .unit = "rows", .min = 1});
    v("epochs", &TrainSection::epochs,
      {.doc = "passes over the training rows", .min = 1, .max = 1e6});
    v("max_time", &TrainSection::max_time,
      {.doc =
           "how long a call of the program may train a run: it stops after the epoch in which this "
           "is exceeded, and --resume goes on for as long again",
       .unit = "seconds",
       .min = 0});
    v("shuffle", &TrainSection::shuffle, {.doc = "a new random order every epoch"});
    v("drop_last", &TrainSection::drop_last,
      {.doc = "skip the last batch if it is smaller than the others"});
    v("rows_per_epoch", &TrainSection::rows_per_epoch,
      {.doc = "rows to train on in each epoch, drawn again every epoch; 0 for all",
       .unit = "rows",
       .min = 0});
    v("gradient_shards", &TrainSection::gradient_shards,
      {.doc =
           "number of parts of a batch that processes under mpirun share, a power of two; results "
           "depend on this number, not on the number of processes",
       .min = 1,
       .max = 65536,
       .renamed_from = "shards"});
    v("order", &TrainSection::order,
      {.doc = "how the order is drawn: a new permutation; PyTorch's dataloader; shuffle: the last "
              "order once more; choice: each batch out of all rows; replacement: each row out of "
              "all"});
    v("share_bias_gradients", &TrainSection::share_bias_gradients,
      {.doc = "give every bias the sum of the gradients of all biases of its layer, as some "
              "notebooks do (np.sum without an axis)"});
    v("clip_value", &TrainSection::clip_value,
      {.doc = "largest absolute value of an element of a gradient; 0 for no limit", .min = 0});
    v("clip_norm", &TrainSection::clip_norm,
      {.doc = "largest norm of all gradients together; 0 for no limit", .min = 0});
    v("norms", &TrainSection::norms,
      {.doc = "record the gradient and weight norm of each parameter after every epoch"});
    v("dump_steps", &TrainSection::dump_steps,
      {.doc = "print every output, gradient and weight of every step (tiny nets)",
       .renamed_from = "trace"});
  }
};

struct EvaluateSection {
  EvaluateSplit split = EvaluateSplit::kTest;
  int64_t every = 1;
  TrainLoss train_loss = TrainLoss::kBatches;

  template <typename V>
  static void Fields(V& v) {
    v("split", &EvaluateSection::split,
      {.doc = "the rows to evaluate after an epoch; validation, the default if "
              "split.validation_fraction puts rows aside, means those rows, and the test rows only "
              "at the end"});
    v("every", &EvaluateSection::every,
      {.doc = "epochs between evaluations; the last epoch is always evaluated",
       .unit = "epochs",
       .min = 1});
    v("train_loss", &EvaluateSection::train_loss,
      {.doc = "train_loss and train_accuracy: means over batches before their updates, the same "
              "weighted by rows, or of all training rows after the epoch"});
  }
};

struct CheckpointSection {
  int64_t every_steps = 0;
  int64_t every_epochs = 0;
  std::optional<std::string> best;

  template <typename V>
  static void Fields(V& v) {
    v("every_steps", &CheckpointSection::every_steps,
      {.doc = "steps between writes of checkpoint.safetensors; 0 to write it only at the end",
       .unit = "steps",
       .min = 0});
    v("every_epochs", &CheckpointSection::every_epochs,
      {.doc = "epochs between writes of checkpoint.safetensors; 0 to write it only at the end",
       .unit = "epochs",
       .min = 0});
    v("best", &CheckpointSection::best,
      {.doc = "write best.safetensors whenever this metric reaches a new best: train_, "
              "validation_ or test_ before loss, accuracy or any other result of the metrics"});
  }
};

struct EarlyStopSection {
  std::string metric = "test_loss";
  int64_t patience = 5;
  double min_change = 0;

  template <typename V>
  static void Fields(V& v) {
    v("metric", &EarlyStopSection::metric,
      {.doc = "the metric that must improve, as in checkpoint.best; validation_loss is the default "
              "where evaluate.split is validation",
       .renamed_from = "figure"});
    v("patience", &EarlyStopSection::patience,
      {.doc = "evaluated epochs without improvement after which training stops",
       .unit = "epochs",
       .min = 1});
    v("min_change", &EarlyStopSection::min_change,
      {.doc = "the smallest change that counts as an improvement", .min = 0});
  }
};

// What `run reproduce` needs to know beyond the metrics.
struct ReproduceSection {
  int64_t seeds = 199;  // fewer runs can give no p of 0.005
  double budget = 60;
  std::optional<bool> power;

  template <typename V>
  static void Fields(V& v) {
    v("seeds", &ReproduceSection::seeds,
      {.doc = "the most runs to compare the printed metrics with", .min = 1, .max = 10000});
    v("budget", &ReproduceSection::budget,
      {.doc = "how long these runs may train; what others of the same call do not need is added",
       .unit = "seconds",
       .min = 0,
       .max = 1e7});
    v("power", &ReproduceSection::power,
      {.doc = "also train deliberate mistakes, and say which of them the printed metrics would "
              "expose; if left out, only where that takes at most half a minute"});
  }
};

// The keys that do not depend on the number type.
struct ExperimentHead {
  std::string name;
  std::string description;
  std::string source;
  std::string notes;
  int64_t seed = 0;
  Dtype dtype = Dtype::kFloat32;
  RngKind rng = RngKind::kNabla;
  std::vector<SkippedDraw> skip_draws;
  std::vector<std::string> plugins;
  Plug<Dataset> dataset;
  SplitSettings split;
  SubsetSettings subset;
  bool standardise = false;
  MomentsBy standardise_by = MomentsBy::kTrain;
  std::optional<std::vector<double>> min_max;  // {low, high}
  RowScale scale_rows = RowScale::kNone;
  bool standardise_targets = false;
  bool float32_inputs = false;
  TargetKind targets = TargetKind::kLabels;
  Augmentation augment;
  TrainSection train;
  EvaluateSection evaluate;
  std::optional<std::string> init_from;
  std::optional<ClassWeights> class_weights;
  std::vector<Penalty> penalties;
  std::vector<LayerUpdate> layer_updates;
  std::vector<Reference> reference;
  ReproduceSection reproduce;
  std::optional<InvestigateSection> investigate;
  CheckpointSection checkpoint;
  std::optional<EarlyStopSection> early_stop;
  std::optional<PlateauSection> reduce_on_plateau;
  std::optional<SweepSection> sweep;
};

template <typename T>
struct ExperimentSpec : ExperimentHead {
  std::vector<Plug<Layer<T>>> model;
  Plug<Loss<T>> loss;
  std::optional<Plug<Loss<T>>> shown_loss;
  Plug<Optimizer<T>> optimizer;
  Plug<Schedule> schedule{"constant"};
  std::optional<std::vector<Plug<Metric<T>>>> metrics;

  template <typename V>
  static void Fields(V& v) {
    using S = ExperimentSpec;
    v("name", &S::name, {.doc = "names the run folder", .required = true});
    v("description", &S::description, {.doc = "what the experiment is, in a sentence"});
    v("source", &S::source, {.doc = "the notebook that it reproduces"});
    v("notes", &S::notes, {.doc = "what is known about the source beyond its text"});
    v("seed", &S::seed, {.doc = "determines every random number", .min = 0, .max = 4294967295.0});
    v("dtype", &S::dtype, {.doc = "the number type of all computations"});
    v("rng", &S::rng,
      {.doc = "which random numbers to draw: nabla's own, PyTorch's, or NumPy's of either kind"});
    v("skip_draws", &S::skip_draws,
      {.doc = "random numbers that the source draws before its first weight, in this order"});
    v("plugins", &S::plugins,
      {.doc = "libraries of plugins (.so), relative to the folder that nabla is called from"});
    v("dataset", &S::dataset, {.doc = "where the rows come from", .required = true});
    v("split", &S::split, {.doc = "which rows train and which test"});
    v("subset", &S::subset, {.doc = "how many of those rows are used"});
    v("standardise", &S::standardise,
      {.doc = "make every input's mean 0 and standard deviation 1 over the training rows"});
    v("standardise_by", &S::standardise_by,
      {.doc =
           "with standardise or min_max, the rows that count: those to train on, each split's own, "
           "or all rows to train and test on before subset takes some"});
    v("min_max", &S::min_max,
      {.doc =
           "instead of standardise, the range to scale every input to, such as [0, 1] or [-1, 1]: "
           "its least value over the training rows becomes the first number, its largest the "
           "second"});
    v("scale_rows", &S::scale_rows,
      {.doc = "scale each row by its own numbers, before standardise or min_max: to mean 0 and "
              "standard deviation 1, to a largest absolute value of 1, to the range 0 to 1, or to "
              "the norm 1"});
    v("standardise_targets", &S::standardise_targets,
      {.doc = "make the target values' mean 0 and standard deviation 1 too; the loss is of these, "
              "but metrics and predictions are in the units of the data set"});
    v("float32_inputs", &S::float32_inputs,
      {.doc =
           "with float64, round the inputs to float32 first, as NumPy does with float32 pixels"});
    v("targets", &S::targets,
      {.doc = "what the outputs are compared with: inputs makes an autoencoder, as does target: "
              "input in the data set"});
    v("augment", &S::augment, {.doc = "random changes to training rows, new ones every epoch"});
    v("model", &S::model, {.doc = "layers, first to last", .required = true});
    v("init_from", &S::init_from,
      {.doc =
           "a run folder, a checkpoint or an exported .safetensors, relative to the folder that "
           "nabla is called from: the first weights are its parameters of the same name and shape "
           "instead of those drawn"});
    v("loss", &S::loss,
      {.doc = "the function that training minimises; if left out, one that fits the targets and "
              "the last layer",
       .left_open = true});
    v("shown_loss", &S::shown_loss,
      {.doc = "the loss that metrics show instead, while training minimises loss"});
    v("class_weights", &S::class_weights,
      {.doc =
           "how much a row of each class counts in loss and shown_loss, whose means divide by the "
           "sum of these weights, as in PyTorch's cross_entropy(weight=); balanced: N / (C N_c) "
           "for N_c of N training rows, as in scikit-learn",
       .min = 0,
       .above_min = true});
    v("penalties", &S::penalties, {.doc = "penalties on the weights, which are part of the loss"});
    v("optimizer", &S::optimizer, {.doc = "how the weights are updated", .required = true});
    v("schedule", &S::schedule, {.doc = "the learning rate over the steps"});
    v("reduce_on_plateau", &S::reduce_on_plateau,
      {.doc = "reduce the schedule's rate when the metric stops improving, as PyTorch's "
              "ReduceLROnPlateau does"});
    v("layer_updates", &S::layer_updates,
      {.doc = "layers with a learning rate or a decay of their own, or that are frozen"});
    v("metrics", &S::metrics,
      {.doc = "metrics to evaluate besides loss and accuracy; if left out, those that fit the "
              "targets"});
    v("train", &S::train, {.doc = "batches and epochs"});
    v("evaluate", &S::evaluate, {.doc = "what is evaluated, and when"});
    v("reference", &S::reference, {.doc = "metrics that the notebook printed"});
    v("reproduce", &S::reproduce, {.doc = "how those metrics are judged"});
    v("investigate", &S::investigate,
      {.doc = "what the notebook may hide, for the search that explains other metrics"});
    v("checkpoint", &S::checkpoint, {.doc = "when the state of the training is written"});
    v("early_stop", &S::early_stop,
      {.doc = "end before the last epoch if the metric stops improving"});
    v("sweep", &S::sweep, {.doc = "settings to try instead of a single run"});
  }
};

// Every key that an experiment file may have. Plugins' parameters apart, they are the same for both
// number types. Defined once, since the code for all keys takes seconds to compile.
const FieldTable& ExperimentFields();

// Every key with its default.
Node ExperimentDefaults();

// The number type that a tree asks for; float32 if that key is absent or wrong.
Dtype DtypeOf(const Node& tree);

// Throws InputError with every problem of the tree, or with the libraries that it names and that
// have not been loaded.
template <typename T>
ExperimentSpec<T> ParseExperiment(const Node& tree, const Registry& registry);

// An experiment of the number type that it asks for.
using AnySpec = std::variant<ExperimentSpec<float>, ExperimentSpec<double>>;

AnySpec ParseAnyExperiment(const Node& tree, const Registry& registry);

// Its keys that do not depend on the number type.
ExperimentHead& HeadOf(AnySpec& spec);
const ExperimentHead& HeadOf(const AnySpec& spec);

// Throws what ParseAnyExperiment throws.
void CheckExperiment(const Node& tree, const Registry& registry);

// The name that a plugin's config gives: "sgd" of sgd and of {name: sgd, lr: 0.1}.
std::string PluginName(const Node& config);

// `spec` with every default: the config.yaml of its run.
template <typename T>
Node ResolvedConfig(const ExperimentSpec<T>& spec);
Node ResolvedConfig(const AnySpec& spec);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SPEC_H_
