#include "framework/notebook/series_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "framework/notebook/line_kinds.h"

namespace nabla {
namespace {

constexpr size_t kMostSeries = 2000;
constexpr size_t kMostValues = 200000;

bool IsInteger(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

std::optional<int64_t> StepOf(const std::string& text) {
  int64_t value = 0;
  if (!IsInteger(text)) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

double ValueOf(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// 9129 of 10000 as 0.9129: exact for powers of ten, else with two digits more than `total` has.
std::string Fraction(const std::string& count, const std::string& total) {
  const bool power = total[0] == '1' && total.find_first_not_of('0', 1) == std::string::npos;
  const int digits = static_cast<int>(total.size()) + (power ? -1 : 2);
  const double n = ValueOf(total);
  return n > 0 ? fmt::format("{:.{}f}", ValueOf(count) / n, std::min(digits, 15)) : count;
}

std::string KeyOf(const PrintedMetric& metric, size_t number) {
  return fmt::format("{} {} {} {}", static_cast<int>(metric.label.kind),
                     static_cast<int>(metric.label.split), metric.words,
                     metric.words.empty() ? number : 0);
}

}  // namespace

SeriesBuilder::SeriesBuilder(const NotebookCell& cell, int list) : cell_(cell), list_(list) {}

// scikit-learn's classification report, of which the accuracy alone is a metric.
bool SeriesBuilder::IsOfReport(const PrintedLine& line) {
  const auto has = [&](const char* word) {
    return std::find(line.words.begin(), line.words.end(), word) != line.words.end();
  };
  if (line.numbers == 0) {
    if (!line.words.empty()) report_ = has("precision") && has("recall");
    return report_;
  }
  if (!report_ || has("accuracy")) return false;
  if (has("avg") && (has("weighted") || has("total"))) report_ = false;
  return true;
}

// Rows of data below heads that name no metric, with an index in front, as pandas prints them.
bool SeriesBuilder::IsOfDataTable(const PrintedLine& line) {
  if (line.numbers == 0) {
    if (!line.words.empty()) data_columns_ = line.columns.size();
    return false;
  }
  const bool full = line.only_numbers ? line.numbers == data_columns_ + 1
                                      : line.numbers + line.words.size() > data_columns_;
  const bool row = data_columns_ >= 2 && line.step && line.step->rank == 0 && full;
  if (!row) data_columns_ = 0;
  return row;
}

void SeriesBuilder::AddLine(const PrintedLine& line, const PrintedText& text) {
  if (IsRemark(line) || IsOfReport(line)) return;
  if (AddTableRow(line)) return;
  const bool head = std::any_of(line.columns.begin(), line.columns.end(), [](const auto& column) {
    const MetricKind kind = LabelOf(NameParts(column)).kind;
    return kind == MetricKind::kLoss || kind == MetricKind::kAccuracy;
  });
  if (head) {
    columns_ = line.columns;
    data_columns_ = 0;
  } else if (IsOfDataTable(line)) {
    return;
  }
  own_ = within_ = false;
  batch_ = line.batch;
  if (line.numbers == 0 && !line.words.empty()) heading_ = LabelOf(line.words).split;
  const std::vector<std::string> above = std::move(above_);
  above_ = line.numbers == 0 ? line.words : std::vector<std::string>();
  if (line.step) TakeStep(line);
  of_setting_ = (of_setting_ || (line.metrics.size() == 1 && IsOfSetting(line))) && !step_;
  constexpr size_t kFewestJoined = 5;
  if (line.only_numbers && !line.step && line.cells.size() >= kFewestJoined) {
    joined_.push_back(line.cells);
  }
  line_keys_.clear();
  line_of_setting_.reset();
  // Numbers alone in their lines below a step are told apart by their order.
  const bool alone = line.only_numbers && !line.step && line.metrics.size() == 1 && step_;
  size_t unlabelled = alone ? lone_numbers_++ : 0;
  for (const PrintedMetric& metric : line.metrics) {
    if (metric.array >= 0) {
      PrintedMetric labelled = metric;
      if (line.words.empty()) {
        labelled.label = LabelOf(above);
        for (const std::string& word : above)
          labelled.words += (labelled.words.empty() ? "" : " ") + word;
      }
      AddArray(labelled, text.arrays[static_cast<size_t>(metric.array)]);
    } else {
      AddMetric(line, metric, metric.words.empty() ? unlabelled++ : 0);
    }
  }
}

// A row below the heads of a table, perhaps with an index in front.
bool SeriesBuilder::AddTableRow(const PrintedLine& line) {
  if (columns_.empty()) return false;
  if (line.numbers == 0) {
    // pandas has the name of the index in a line of its own.
    const size_t words = line.words.size();
    if (words > 1 || (words == 1 && StepRank(line.words[0]) == 0)) columns_.clear();
    return false;
  }
  const size_t cells = line.cells.size();
  const bool index = cells == columns_.size() + 1;
  if (!line.only_numbers || (cells != columns_.size() && !index)) {
    columns_.clear();
    return false;
  }
  PrintedLine row;
  row.numbers = cells;
  row.table = true;
  row.words = columns_;
  if (index) {
    if (const auto step = StepOf(line.cells[0]))
      row.step = PrintedStep{*step, 0, std::nullopt, false};
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    const std::string& cell = line.cells[i + (index ? 1 : 0)];
    const std::vector<std::string> parts = NameParts(columns_[i]);
    const int rank = parts.empty() ? 0 : StepRank(parts.front());
    if (rank > 0 && StepOf(cell)) {
      row.step = PrintedStep{*StepOf(cell), rank, std::nullopt, false};
      continue;
    }
    PrintedMetric metric;
    metric.text = cell;
    metric.label = LabelOf(parts);
    for (const std::string& part : parts) metric.words += (metric.words.empty() ? "" : " ") + part;
    row.metrics.push_back(std::move(metric));
  }
  const std::vector<std::string> columns = std::move(columns_);
  columns_.clear();
  AddLine(row, {});
  columns_ = columns;
  return true;
}

void SeriesBuilder::TakeStep(const PrintedLine& line) {
  const PrintedStep& step = *line.step;
  // A bare number counts only where metrics follow it, and never below named steps.
  const bool bare = line.metrics.empty() && !line.ruled;
  if (step.rank == 0 && (bare || (step_ && step_->rank > 0))) return;
  // "Time taken for 1 epoch", "no improvement for 3 epochs"
  if (step.counted && line.metrics.empty() && step_ && !step_->counted) return;
  if (step_ && step_->rank > step.rank) {
    // "Training for 500 epochs:" announces iterations.
    const bool announced = step.rank > 0 && !step.counted && step_->counted && open_.empty();
    if (!announced) batch_ = within_ = true;  // iterations within an epoch
    if (!announced) return;
    taken_[list_].clear();
    step_.reset();
  }
  if (step_ && step.rank > step_->rank && step_->rank > 0) {
    // What was printed with such iterations before the first epoch.
    for (const auto& [key, index] : open_) all_[index].repeated = true;
  }
  const bool again = step_ && step.total == 1 && line.metrics.empty() && !line.bar;  // "Epoch 1/1"
  if (step_ && (step.number < step_->number || step.rank > step_->rank || again)) BeginList();
  heading_ = MetricSplit::kUnknown;
  step_ = step;
  std::vector<int64_t>& taken = taken_[list_];
  const bool later = taken.empty() || taken.back() != step.number;
  if (step.rank > 0 && later && taken.size() < kMostValues) taken.push_back(step.number);
  step_words_ = line.words;
  step_numbers_ = line.numbers;
  ruled_ = line.ruled;
  lone_numbers_ = 0;
  own_ = true;
}

// Whether it has a value of the step at hand.
bool SeriesBuilder::HasStep(const PrintedSeries& series) const {
  return step_ && !series.steps.empty() && series.steps.back() == step_->number;
}

void SeriesBuilder::BeginList() {
  if (open_.empty()) return;
  open_.clear();
  ++list_;
}

// Asked for each number of a line, and the same for all.
bool SeriesBuilder::LineIsOfSetting(const PrintedLine& line) {
  if (!line_of_setting_) line_of_setting_ = IsOfSetting(line);
  return *line_of_setting_;
}

// A series for a metric that none has grown from, labelled.
SeriesBuilder::Growing SeriesBuilder::Begun(const PrintedLine& line, const PrintedMetric& metric,
                                            size_t number) {
  Growing growing;
  PrintedSeries& series = growing.series;
  series.label = metric.label;
  if (metric.label.split == MetricSplit::kUnknown && !own_) series.label.split = heading_;
  series.words = metric.words;
  series.line_words = line.words;
  series.line_numbers = line.numbers;
  series.index = metric.index;
  series.line_totals = line.totals;
  series.totals = metric.totals;
  series.step_words = step_words_;
  series.step_numbers = step_numbers_;
  series.number = number;
  series.of_setting = of_setting_ || LineIsOfSetting(line);
  series.table = line.table;
  series.counts_batches = batch_;
  series.report = report_;
  series.list = list_;
  series.rank = step_ ? step_->rank : 0;
  series.ruled = ruled_;
  series.total = step_ ? step_->total : std::nullopt;
  return growing;
}

// The series of its label in this pass, or a new one.
SeriesBuilder::Growing& SeriesBuilder::GrowingOf(const PrintedLine& line,
                                                 const PrintedMetric& metric, size_t number) {
  const MetricSplit heading = own_ ? MetricSplit::kUnknown : heading_;
  // "final loss: 0.1" is not the loss of the last step.
  std::string key = KeyOf(metric, number) + std::to_string(static_cast<int>(heading)) +
                    (own_ ? " own" : "") + (batch_ ? " batch" : "") + (line.bar ? " bar" : "");
  // The same label twice in a line.
  for (size_t times = 1; !line_keys_.insert(key).second; ++times)
    key += " " + std::to_string(times);
  auto found = open_.find(key);
  // "acc: 78 %" below "768/768 [====] - loss: 0.5 - acc: 0.7" of the last epoch.
  if (found != open_.end() && HasStep(all_[found->second].series) && !own_ && !batch_ &&
      line.words != all_[found->second].series.line_words) {
    key += " later";
    found = open_.find(key);
  }
  // The same step and label again: another run of so few steps that none went back.
  if (found != open_.end() && own_ && !batch_ && HasStep(all_[found->second].series)) {
    BeginList();
    found = open_.end();
  }
  if (found == open_.end()) {
    found = open_.emplace(key, all_.size()).first;
    all_.push_back(Begun(line, metric, number));
  }
  return all_[found->second];
}

void SeriesBuilder::AddMetric(const PrintedLine& line, const PrintedMetric& metric, size_t number) {
  const bool unnamed = metric.label.kind == MetricKind::kUnknown &&
                       metric.label.split == MetricSplit::kUnknown && !metric.words.empty();
  if (metric.label.kind == MetricKind::kOther || unnamed || all_.size() >= kMostSeries) return;
  Growing& growing = GrowingOf(line, metric, number);
  if (growing.series.values.size() >= kMostValues) return;
  if (step_) {
    const bool again = HasStep(growing.series);
    if (again && !batch_ && !own_) {  // such as the accuracies of single classes
      const bool named = !metric.words.empty();
      if (named && (growing.crowded.empty() || growing.crowded.back() != step_->number))
        growing.crowded.push_back(step_->number);
      return;
    }
    growing.repeated = growing.repeated || again || (within_ && line.step);
    growing.series.steps.push_back(step_->number);
  }
  growing.own_steps = growing.own_steps || own_;
  growing.series.spread = growing.series.spread || metric.spread;
  growing.series.bar = growing.series.bar || line.bar;
  if (line.bar) growing.series.bar_total = line.bar_total;
  growing.steps_before = taken_[list_].size();
  growing.series.values.push_back(metric.text);
  growing.totals.push_back(metric.total);
  growing.percent.push_back(metric.percent);
}

// All values of a list at once, such as {'loss': [0.5, 0.4, 0.3]}.
void SeriesBuilder::AddArray(const PrintedMetric& metric, const PrintedArray& array, bool joined) {
  if (AddPairs(metric, array)) return;
  const bool usable = array.whole && array.depth <= 2 && all_.size() < kMostSeries &&
                      (array.rows == 1 || array.depth == 1) &&
                      metric.label.kind != MetricKind::kOther;
  const bool fractions = std::any_of(array.numbers.begin(), array.numbers.end(),
                                     [](const std::string& n) { return !IsInteger(n); });
  if (!usable || !fractions || array.numbers.size() > kMostValues) return;
  Growing growing;
  growing.series.label = metric.label;
  growing.series.words = metric.words;
  growing.series.list = list_;
  growing.series.array = true;
  growing.series.joined = joined;
  if (metric.words.empty() && !joined) growing.series.number = lists_without_words_++;
  growing.series.line_numbers = 1;
  growing.series.values = array.numbers;
  growing.totals.resize(array.numbers.size());
  growing.percent.resize(array.numbers.size());
  all_.push_back(std::move(growing));
}

// Fractions instead of counts and percentages.
PrintedSeries SeriesBuilder::Ended(Growing* growing) const {
  PrintedSeries series = std::move(growing->series);
  series.cell = cell_.number;
  series.execution = cell_.execution;
  series.batches = growing->repeated;
  const bool accuracy = series.label.kind != MetricKind::kLoss;
  bool counts = accuracy && !series.values.empty();
  for (size_t i = 0; i < series.values.size(); ++i) {
    const bool count = !growing->totals[i].empty() && IsInteger(series.values[i]);
    if (count) series.values[i] = Fraction(series.values[i], growing->totals[i]);
    counts = counts && count;
  }
  if (counts) series.rows = StepOf(growing->totals.front());
  if (counts && series.label.kind == MetricKind::kUnknown) {
    series.label.kind = MetricKind::kAccuracy;
  }
  const bool signs =
      std::find(growing->percent.begin(), growing->percent.end(), true) != growing->percent.end();
  bool large = false, larger = false;
  for (const std::string& value : series.values) {
    // A change in percent.
    if (accuracy && value.starts_with('-')) series.label.kind = MetricKind::kOther;
    large = large || ValueOf(value) > 1;
    larger = larger || ValueOf(value) > 100;
  }
  // A lone percentage without a name may be anything, such as a download.
  if (signs && series.label.kind == MetricKind::kUnknown && !series.after) {
    series.label.kind = MetricKind::kAccuracy;
  }
  // An error in percent is that of the classes, not the loss.
  if (signs && series.label.kind == MetricKind::kLoss) series.label.kind = MetricKind::kOther;
  // Counts without what they are of. (A sign behind fractions is a slip: 0.92 %.)
  const bool bare = large && !signs && series.words.find("correct") != std::string::npos;
  if (series.label.kind == MetricKind::kAccuracy && !counts && (larger || bare)) {
    series.label.kind = MetricKind::kOther;
  }
  series.percent = series.label.kind == MetricKind::kAccuracy && !counts && large && !larger;
  if (series.percent) {
    for (std::string& value : series.values) value = ShiftedPercent(value);
  }
  return series;
}

std::vector<PrintedSeries> SeriesBuilder::Finish(int* next_list) {
  // A line that grew by a number a step: print(loss, end=" ").
  if (joined_.size() == 1) AddArray({}, {.numbers = joined_[0], .rows = 1, .depth = 1}, true);
  for (size_t i = 0, n = all_.size(); i < n; ++i) {
    Growing growing = std::move(all_[i]);
    Align(&growing);
    all_[i] = std::move(growing);
  }
  MarkBatches();
  for (Growing& growing : all_) MergeTwice(&growing);
  std::erase_if(all_, [](const Growing& growing) { return growing.series.values.empty(); });
  std::map<int, size_t> longest;
  for (const Growing& growing : all_) {
    size_t& most = longest[growing.series.list];
    if (!growing.series.array) most = std::max(most, growing.series.values.size());
  }
  std::vector<PrintedSeries> series;
  for (Growing& growing : all_) {
    // One value below many steps, and without a step in its line, was printed after them all.
    const size_t values = growing.series.values.size();
    const bool single = values == 1 && !growing.own_steps;
    if (single && (growing.series.steps.empty() || longest[growing.series.list] >= 3)) {
      growing.series.after = true;
      growing.series.steps.clear();
    }
    const bool bare = !growing.series.steps.empty() && growing.series.rank == 0;
    const bool rising = std::is_sorted(growing.series.steps.begin(), growing.series.steps.end());
    if (bare && !rising) continue;
    series.push_back(Ended(&growing));
  }
  *next_list = list_ + 1;
  return series;
}

}  // namespace nabla
