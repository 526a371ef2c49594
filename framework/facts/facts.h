// The settings of an experiment, as a program's trace shows them.
#ifndef NABLA_FRAMEWORK_FACTS_FACTS_H_
#define NABLA_FRAMEWORK_FACTS_FACTS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/python/trace.h"

namespace nabla {

// One setting in YAML, and where it stands in the notebook.
struct Fact {
  std::string text;  // "" if nothing was found
  CellPlace place;
  bool guessed = false;
  std::string why;  // what is to be said of it: why it is a guess, or what the choices are

  bool found() const { return !text.empty(); }
  // Says more, behind what is said already.
  void Say(const std::string& more) { why += (why.empty() ? "" : "; ") + more; }
  // Makes it a guess for one more reason; a reason is said once.
  void Guess(const std::string& reason) {
    guessed = true;
    if (why.find(reason) == std::string::npos) Say(reason);
  }
};

// A layer or an activation, as a line of `model:`.
struct LayerFact {
  Fact line;
};

struct NamedFact {
  std::string key;
  Fact fact;
};

struct CodeFacts {
  Fact seed, rng, dtype;
  std::vector<Fact> skip_draws;  // entries
  Fact dataset;                  // its name
  std::vector<NamedFact> dataset_keys;
  std::vector<NamedFact> split;
  bool validates = false;          // some training rows are put aside for it
  bool tests_apart = false;        // besides rows to validate there are those to test
  bool validates_on_test = false;  // those are validated with
  bool scores_squares = false;     // its scores are R2, not accuracies
  Fact rows;                       // to train on, where they are fewer than the data set has
  Fact standardise, standardise_by, min_max, scale_rows, standardise_targets;
  std::vector<LayerFact> model;
  Fact loss, shown_loss, class_weights;
  std::vector<std::vector<NamedFact>> penalties;
  std::vector<NamedFact> schedule;  // name first
  std::vector<NamedFact> reduce_on_plateau;
  Fact optimizer;  // its name
  Fact rate;
  std::vector<NamedFact> optimizer_keys;  // the others
  Fact batch_size, epochs, shuffle, order, rows_per_epoch;
  std::vector<NamedFact> train_keys;  // the others
  Fact train_loss;                    // rows or after
  bool train_accuracy_after = false;  // of all rows, not counted batch by batch
  std::optional<int64_t> epochs_number;
  bool may_end = false;             // a condition that is not known may end the loop over epochs
  int main_cell = 0;                // of the training; 0 if it is not known
  std::set<int> continued;          // cells that train weights which one before has trained
  std::vector<Fact> inexpressible;  // what was seen beyond that
};

CodeFacts ReadFacts(const CodeTrace& trace);

// What `named` makes of the name of the first function that the program defines and that it knows;
// it gives "" for others. A guess.
Fact NamedFunction(const CodeTrace& trace, std::string (*named)(std::string_view));

// Parts of ReadFacts.
void ReadTrainingFacts(const CodeTrace& trace, CodeFacts* facts);
void ReadBatchFacts(const CodeTrace& trace, CodeFacts* facts);  // called by the one above
void ReadScheduleFacts(const CodeTrace& trace, CodeFacts* facts);
void ReadModelFacts(const CodeTrace& trace, CodeFacts* facts);
void ReadClassWeightFacts(const CodeTrace& trace, CodeFacts* facts);  // behind ReadModelFacts
void ReadDataFacts(const CodeTrace& trace, CodeFacts* facts);
void ReadScalingFacts(const CodeTrace& trace, CodeFacts* facts);     // by ReadDataFacts
void ReadValidationFacts(const CodeTrace& trace, CodeFacts* facts);  // behind ReadDataFacts
void ReadSeedFacts(const CodeTrace& trace, CodeFacts* facts);
void ReadPenaltyFacts(const CodeTrace& trace, CodeFacts* facts);
// Penalties, dropout and falling rates that only their names tell of.
void ReadBesides(const CodeTrace& trace, CodeFacts* facts);
void ReadTracedLoss(const CodeTrace& trace, int layer, CodeFacts* facts);  // by ReadModelFacts

// The layers of the net that the program trains, first to last: indices into trace.layers.
std::vector<size_t> TrainedLayers(const CodeTrace& trace);

// Whether a name means the learning rate, the number of epochs or the size of a batch.
bool IsRateName(const std::string& name);
bool IsClearRateName(const std::string& name);  // that means nothing else
bool IsEpochsName(const std::string& name);
bool IsBatchName(const std::string& name);

// A number as YAML and C++ read it back, in the fewest digits.
std::string NumberText(double number);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_FACTS_H_
