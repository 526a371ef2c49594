// The part of SeriesBuilder that puts values and steps side by side once all lines are read.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "framework/notebook/printed_items.h"
#include "framework/notebook/series_builder.h"

namespace nabla {

// Values from before the first step: each may stand above the line with its step, else the first
// was printed before the training and begins a series of its own.
void SeriesBuilder::Align(Growing* growing) {
  PrintedSeries& series = growing->series;
  const size_t values = series.values.size();
  const std::vector<int64_t>& taken = taken_[series.list];
  if (series.array || taken.empty() || series.steps.size() >= values) return;
  if (series.steps.size() + 1 == values && taken.size() == values &&
      growing->steps_before + 1 == values) {
    series.steps = taken;
    series.rank = step_->rank;
    return;
  }
  if (series.steps.empty()) {
    series.before = values == 1 && growing->steps_before == 0;
    return;
  }
  const size_t first = values - series.steps.size();
  Growing before;
  before.series = series;
  before.series.steps.clear();
  before.series.values.resize(1);
  before.series.before = before.series.after = true;
  before.totals = {growing->totals[0]};
  before.percent = {growing->percent[0]};
  const auto rest = [first](auto* all) {
    all->erase(all->begin(), all->begin() + static_cast<long>(first));
  };
  rest(&series.values);
  rest(&growing->totals);
  rest(&growing->percent);
  all_.push_back(std::move(before));
}

// A value that is printed twice without a step, once with fewer digits: "loss: 0.4796" of a bar and
// "Loss: 0.479647".
void SeriesBuilder::MergeTwice(Growing* growing) {
  PrintedSeries& series = growing->series;
  const bool two = series.steps.empty() && !series.array && series.values.size() == 2 &&
                   growing->percent[0] == growing->percent[1] &&
                   growing->totals[0] == growing->totals[1];
  if (!two) return;
  const std::string& a = series.values[0];
  const std::string& b = series.values[1];
  const auto decimals = [](const std::string& text) {
    const size_t point = text.find('.');
    return point == std::string::npos ? 0 : text.size() - point - 1;
  };
  const size_t fewer = std::min(decimals(a), decimals(b));
  const double unit = std::pow(10, -static_cast<double>(fewer));
  const double apart = std::abs(std::strtod(a.c_str(), nullptr) - std::strtod(b.c_str(), nullptr));
  if (fewer < 2 || apart > unit) return;
  if (decimals(b) > fewer) series.values[0] = b;
  series.values.pop_back();
  growing->totals.pop_back();
  growing->percent.pop_back();
}

// "Epoch 1/2 ... loss 0.9" several times before "Epoch 2/2": not runs of one epoch, but batches.
void SeriesBuilder::MarkBatches() {
  // Several values below most steps, without any counter.
  for (Growing& growing : all_) {
    const size_t crowded = growing.crowded.size();
    if (crowded >= 2 && 2 * crowded >= growing.series.steps.size()) growing.repeated = true;
  }
  std::map<std::string, std::vector<Growing*>> same;
  for (Growing& growing : all_) {
    const PrintedSeries& s = growing.series;
    if ((growing.own_steps || s.total == 1) && !s.steps.empty() && s.rank > 0) {
      same[s.words + (s.percent ? "%" : "")].push_back(&growing);
    }
  }
  for (auto& [words, parts] : same) {
    std::map<int64_t, int> times;
    int64_t last = -1;
    bool rises = parts.size() > 1;
    for (const Growing* part : parts) {
      for (const int64_t step : part->series.steps) {
        rises = rises && step >= last;
        last = step;
        ++times[step];
      }
    }
    const auto often =
        std::count_if(times.begin(), times.end(), [](const auto& step) { return step.second > 1; });
    const bool same_step = times.size() == 1 && parts.size() >= 3;
    if (rises && same_step && times.begin()->second == static_cast<int>(parts.size())) {
      Join(parts);
    }
    if (!rises || times.size() < 2 || often < 2) continue;
    for (Growing* part : parts) part->repeated = true;
  }
}

// "Epoch 1 ..." again and again, from train(epochs=1) in a loop: values without steps.
void SeriesBuilder::Join(const std::vector<Growing*>& parts) {
  Growing& all = *parts[0];
  const auto append = [](auto& from, auto* to) { to->insert(to->end(), from.begin(), from.end()); };
  all.series.steps.clear();
  all.series.rank = 0;
  all.own_steps = false;
  const int last = parts.back()->series.list;
  for (Growing& other : all_) {
    if (other.series.list <= last) other.series.list = std::min(other.series.list, all.series.list);
  }
  for (size_t i = 1; i < parts.size(); ++i) {
    append(parts[i]->series.values, &all.series.values);
    append(parts[i]->totals, &all.totals);
    append(parts[i]->percent, &all.percent);
    parts[i]->series.values.clear();
  }
}

// [(100, 0.5), (200, 0.4)]: steps, each with its value.
bool SeriesBuilder::AddPairs(const PrintedMetric& metric, const PrintedArray& array) {
  const std::vector<std::string>& numbers = array.numbers;
  constexpr size_t kFewestPairs = 3;
  const bool pairs = array.whole && array.depth == 2 &&
                     array.rows >= static_cast<int>(kFewestPairs) &&
                     numbers.size() == 2 * static_cast<size_t>(array.rows) &&
                     metric.label.kind != MetricKind::kOther;
  if (!pairs) return false;
  Growing growing;
  for (size_t i = 0; i < numbers.size(); i += 2) {
    const auto step = WholeNumber(numbers[i]);
    const bool later =
        step && (growing.series.steps.empty() || *step > growing.series.steps.back());
    if (!later || numbers[i + 1].find_first_of(".e") == std::string::npos) return false;
    growing.series.steps.push_back(*step);
    growing.series.values.push_back(numbers[i + 1]);
  }
  growing.series.label = metric.label;
  growing.series.words = metric.words;
  growing.series.list = list_;
  growing.series.line_numbers = 1;
  growing.totals.resize(growing.series.values.size());
  growing.percent.resize(growing.series.values.size());
  growing.own_steps = true;
  all_.push_back(std::move(growing));
  return true;
}

}  // namespace nabla
