// What the readers of facts look for in a trace.
#ifndef NABLA_FRAMEWORK_FACTS_TRACE_SEARCH_H_
#define NABLA_FRAMEWORK_FACTS_TRACE_SEARCH_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/python/trace.h"

namespace nabla {

// The part behind the last point of a path.
std::string LastPart(const std::string& path);
bool Contains(const std::string& text, std::string_view what);

// The size of a number without sizes that it was divided by; 0 if nothing is known.
double KnownSize(const Value& v);
// Its text, at its place or, if it has none, at `otherwise`.
Fact NumberFact(const Value& v, CellPlace otherwise);
// A question, for a number that the program gives and that was not understood.
Fact UnreadNumber(const Value& v, CellPlace otherwise);
// Makes it a guess if there is a doubt about its value.
void AddDoubt(const Doubt* doubt, Fact* fact);

// The first call whose path ends so, or nullptr.
const TracedCall* FindCall(const CodeTrace& trace, std::initializer_list<const char*> endings);
// A keyword argument under the first of these names; unknown if there is none.
Value KeywordArgument(const TracedCall& call, std::initializer_list<const char*> keywords);

// The number that a call got. A question if it got one that the program does not say, such as
// cfg.lr of a module that is not there; `absent` if it got none.
Fact GivenNumber(const Value& v, CellPlace otherwise, const Fact& absent);
// Likewise, under the first of these keywords.
Fact GivenNumber(const TracedCall& call, std::initializer_list<const char*> keywords,
                 const Fact& absent);

// Those of the main training, then those before it from the last to the first, then the others.
std::vector<const TracedCall*> MainCallsFirst(const CodeTrace& trace);

// Whether it is Keras' fit, and the one of the main training, else the first; nullptr if there is
// none.
bool IsKerasFit(const TracedCall& call);
const TracedCall* FindKerasFit(const CodeTrace& trace);

// scikit-learn's net: of the main training, else the last one outside of loops, else the last.
const TracedCall* FindPerceptron(const CodeTrace& trace);

// Other ones that may be meant as well.
std::vector<const TracedCall*> OtherPerceptrons(const CodeTrace& trace, const TracedCall& chosen);

// Whether scikit-learn tries values of a setting: GridSearchCV(net, {"alpha": [0, 1]}).
bool IsSearched(const CodeTrace& trace, const std::string& setting);

// What Keras' fit(x, y, batch_size, epochs) got at a position; unknown for others than Keras' nets.
Value FitArgument(const TracedCall& call, size_t position);

// The latest known positive setting under such a name; `whole`: a whole number.
const TracedSetting* FindSetting(const CodeTrace& trace, bool (*is_name)(const std::string&),
                                 bool whole);

// The fit of a net with epochs, likewise.
const TracedCall* FindFit(const CodeTrace& trace);

// How often a counted loop turns.
std::optional<double> TurnsOf(const TracedLoop& loop);
// The first counted loop whose name or end tells of epochs.
const TracedLoop* NamedLoop(const CodeTrace& trace);
// The loop over epochs: around updates, counted, the outermost; a name with "epoch" goes first.
const TracedLoop* EpochLoop(const CodeTrace& trace);
// The last counted loop before, of several turns, that stands less deep.
const TracedLoop* LoopAround(const CodeTrace& trace, int depth, int order);

// Which training of a notebook its settings are read of.
struct MainTraining {
  int cell = 0;       // 0 if it is not known
  int trainings = 0;  // cells that printed figures of one
};

// Marks the events of the cell as those of the main training, and forgets the settings, calls,
// loops and updates of the cells behind it: they are of other trainings. Keeps them if nothing
// trains up to there, or if the cell is unknown.
void ChooseMainTraining(const MainTraining& chosen, CodeTrace* trace);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_TRACE_SEARCH_H_
