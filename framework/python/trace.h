// What a program does that matters to an experiment, in the order in which it would.
#ifndef NABLA_FRAMEWORK_PYTHON_TRACE_H_
#define NABLA_FRAMEWORK_PYTHON_TRACE_H_

#include <map>
#include <string>
#include <vector>

#include "framework/python/values.h"

namespace nabla {

// A name that got a value: by assignment, as an argument, as an attribute or in a dict.
struct TracedSetting {
  std::string name;
  Value value;
  CellPlace place;
  int order = 0;  // of all events
};

// A function or method that the program defines.
struct TracedFunction {
  std::string name;
  CellPlace place;
};

// Ends the path of a call that makes an instance of a class of the program's own.
constexpr const char* kOwnClass = " class";

struct TracedCall {
  // "torch.optim.SGD"; of a method "made.by.path.method"; "Network class"
  std::string path;
  std::vector<Value> arguments;
  std::map<std::string, Value> keywords;
  CellPlace place;
  int loops = 0;  // that it stands in
  int order = 0;
  bool sometimes = false;  // in some turns, such as every fourth
  int maker = 0;           // of a method: the event of the call that made its net; 0 if unknown
};

struct TracedSeed {
  std::string generator;  // numpy, numpy_generator, torch, tensorflow, python
  Value value;
  CellPlace place;
  int order = 0;
};

struct TracedDraw {
  std::string generator;
  std::string what;  // the function
  CellPlace place;
  int order = 0;
  Value count;    // of numbers in all; of a shuffle, rows
  int loops = 0;  // that it stands in whose turns are not known
};

// A neuron that the program computes from single numbers.
struct TracedNeuron {
  int layer = 0;  // from 1
  Object* weight = nullptr;
  std::string activation;
  CellPlace place;
};

// Rows of data up to a number, or from it on.
struct TracedSlice {
  bool front = false;  // x[:n], not x[n:]
  double rows = 0;     // n
  CellPlace place;
  int order = 0;
};

// Noise added to an array.
struct TracedNoise {
  Object* array = nullptr;
  Filling noise;
  CellPlace place;
  int order = 0;
};

// A multiple of a layer's weights added to their gradient.
struct TracedPenalty {
  Object* weight = nullptr;
  std::vector<Value> factors;
  CellPlace place;
};

// The squares of a layer's weights, or their absolute values.
struct TracedWeightSum {
  std::string what;  // square, absolute
  Object* weight = nullptr;
  CellPlace place;
};

// A rate over 1 + decay t.
struct TracedDecay {
  Value decay;
  CellPlace place;
};

// The name of a library optimizer's rate that the program sets later on.
constexpr const char* kSetAgain = "rate of the optimizer";
// The name of weights that the program keeps as they are: requires_grad = False.
constexpr const char* kFrozen = "frozen";
// The name of a rate that the program computes in each turn.
constexpr const char* kComputedRate = "computed rate";

// A number that a loop changes, as lr *= 0.9 does.
struct TracedChange {
  std::string name;
  CellPlace place;
};

// What is `before` while a loop's variable is below a number of turns, and then `after`:
// 0.1 if i < 1000 else 0.01.
struct TracedFall {
  std::string variable;
  double turns = 0;
  double before = 0, after = 0;
  CellPlace place;
};

struct TracedLoop {
  std::string variable;
  Value start, stop, step;     // of range(); stop alone of "while i < stop"
  bool over_rows = false;      // over zip(X, y) or the like
  bool counted = false;        // by a range
  bool trains = false;         // weights change in it
  bool trains_layers = false;  // that are known to be those of a layer
  bool may_end = false;        // a condition that is not known may end it
  int loader = 0;              // the event of the call that made the loader it takes batches from
  CellPlace place;
  int depth = 0;  // loops around it
  int order = 0;
  int end = 0;  // events up to its end
};

// Dropout and the like behind a layer.
struct TracedBehind {
  std::string name;        // dropout, batch_norm, MaxPool2d
  Value p;                 // of dropout
  bool activated = false;  // behind the layer's activation too
  CellPlace place;
  Object* module = nullptr;  // of pooling
};

struct TracedLayer {
  Object* weight = nullptr;
  int input = -1;                          // the layer that it follows
  bool right = false, transposed = false;  // how the product was written
  Value inputs, units;
  bool bias = false;
  Filling weight_filling, bias_filling;
  std::string activation;
  double slope = 0;  // of leaky_relu
  CellPlace activation_place;
  std::vector<TracedBehind> behind;
  std::string library;  // "torch" for nn.Linear
  bool updated = false;
  bool joined = false;  // its output is added to that of another layer
  CellPlace place;      // of the weights
  int order = 0;
  std::vector<int> uses;     // events before its products
  std::vector<double> rows;  // of the data that each got, as in DataNote
};

struct TracedUpdate {
  Object* weight = nullptr;
  std::vector<Value> factors;
  CellPlace place;
  bool of_layer = false;       // of the weights of one
  bool unread_factor = false;  // among others a name whose value the program does not say
  bool traced = false;         // by a gradient that comes from outputs less targets
  int order = 0;
};

struct TracedDataset {
  std::string name;    // as nabla would call it, or of the function that makes it
  std::string detail;  // a file
  std::map<std::string, Value> keywords;
  CellPlace place;
  bool guessed = false;
  int order = 0;
};

struct TracedScaling {
  // divide, subtract, multiply; standardise, minmax of features; "row standardise", "row minmax",
  // "row max", "row norm" of each row; "whole standardise" and the like of all numbers together;
  // "other PCA"; "targets" before these where it is the targets that are scaled
  std::string what;
  Value value;  // minmax: the range
  CellPlace place;
  bool own = false;  // standardise: by moments of the very rows
  int order = 0;
};

// Something about the loss: logarithms and squares of the last layer's output. Squares go on as
// "square sum", "square mean" (over all numbers) and "square rows" (over rows alone), each perhaps
// with "half " before it. Differences are "p-y", and "2(p-y)" where a gradient doubles them, with
// "/size" behind them where it divides them by how many numbers they are. Logarithms go on as
// "log sum", "log mean" and "log rows".
struct TracedLoss {
  std::string what;  // log, log1m, square
  int layer = -1;
  double epsilon = 0, clamp = 0;
  CellPlace place;
  int made = 0;  // events before the output was computed
};

struct CodeTrace {
  std::vector<TracedSetting> settings;
  std::vector<TracedFunction> functions;
  std::vector<TracedCall> calls;
  std::vector<TracedSeed> seeds;
  std::vector<TracedDraw> draws;
  std::vector<TracedLoop> loops;
  std::vector<TracedLayer> layers;
  std::vector<TracedUpdate> updates;
  std::vector<TracedDataset> datasets;
  std::vector<TracedScaling> scalings;
  std::vector<TracedLoss> losses;
  std::vector<TracedNeuron> neurons;
  std::vector<TracedSlice> slices;
  std::vector<TracedNoise> noises;
  std::vector<TracedPenalty> penalties;
  std::vector<TracedWeightSum> weight_sums;
  std::vector<TracedDecay> decays;
  std::vector<TracedChange> changes;
  std::vector<TracedFall> falls;
  Value inputs;                  // rows that the program spells and the first layer sees
  int order = 0;                 // events so far
  std::map<int, int> cell_ends;  // events up to the end of each cell
  // The events of the cell whose training is read, from behind the first on; 0 if it is not known.
  int main_begin = 0, main_end = 0;
  int trainings = 0;  // cells that printed figures of one

  bool InMain(int event) const { return event > main_begin && event <= main_end; }
};

constexpr size_t kMostEvents = 20000;  // of each kind

template <typename E>
void AddEvent(std::vector<E>* events, E event, CodeTrace* trace) {
  ++trace->order;
  if constexpr (requires { event.order; }) event.order = trace->order;
  if (events->size() < kMostEvents) events->push_back(std::move(event));
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_TRACE_H_
