#include "framework/facts/main_training.h"

#include <algorithm>

#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

bool Trains(const CodeTrace& trace, int from, int to) {
  const auto within = [&](const auto& event) { return event.order > from && event.order <= to; };
  const auto call = [&](const TracedCall& c) {
    static constexpr const char* kTrains[] = {"fit", "train", "SGD", "step", "learn"};
    const std::string name = LastPart(c.path);
    return within(c) && std::any_of(std::begin(kTrains), std::end(kTrains),
                                    [&](const char* each) { return name == each; });
  };
  return std::any_of(trace.updates.begin(), trace.updates.end(), within) ||
         std::any_of(trace.calls.begin(), trace.calls.end(), call) ||
         std::any_of(trace.loops.begin(), trace.loops.end(),
                     [&](const TracedLoop& loop) { return within(loop) && loop.counted; });
}

}  // namespace

void ChooseMainTraining(const MainTraining& chosen, CodeTrace* trace) {
  const int cell = chosen.cell;
  trace->trainings = chosen.trainings;
  const auto end = trace->cell_ends.find(cell);
  if (chosen.trainings == 0 || end == trace->cell_ends.end()) return;
  // What nothing called comes behind all cells, and may be of this one.
  const int last = trace->cell_ends.rbegin()->second, stop = end->second;
  const int begin = end == trace->cell_ends.begin() ? 0 : std::prev(end)->second;
  const bool trained = Trains(*trace, 0, stop);
  if (Trains(*trace, begin, stop)) {
    trace->main_begin = begin;
    trace->main_end = stop;
  }
  if (!trained) return;
  const auto later = [&](const auto& event) { return event.order > stop && event.order <= last; };
  std::erase_if(trace->settings, later);
  std::erase_if(trace->calls, later);
  std::erase_if(trace->loops, later);
  std::erase_if(trace->updates, later);
  const auto behind = [&](const auto& event) { return event.place.cell > cell; };
  std::erase_if(trace->decays, behind);
  std::erase_if(trace->changes, behind);
  std::erase_if(trace->falls, behind);
  std::erase_if(trace->penalties, behind);
}

}  // namespace nabla
