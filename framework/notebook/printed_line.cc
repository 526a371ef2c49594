#include "framework/notebook/printed_line.h"

#include <algorithm>

#include "framework/notebook/metric_asides.h"
#include "framework/notebook/printed_items.h"
#include "framework/notebook/table_heads.h"

namespace nabla {
namespace {

constexpr size_t kMostWords = 200;  // of a line
constexpr long kMostLabel = 16;     // before a number
constexpr size_t kMostHeads = 20;   // of a table

using Item = PrintedItem;

class Reader {
 public:
  explicit Reader(std::string_view line) : items_(PrintedItems(line)) {}

  PrintedLine Run() {
    if (const auto ruled = RuledNumber(items_)) {
      out_.step = PrintedStep{*ruled, 0, std::nullopt, false};
      out_.ruled = true;
      out_.numbers = 1;
      return std::move(out_);
    }
    front_ = LeadingListEnd(items_);
    if (front_ > 0) ++out_.numbers;
    for (at_ = front_; at_ < items_.size(); ++at_) {
      const Item& item = items_[at_];
      if (item.kind == Item::kWord) Word(item);
      if (item.kind == Item::kMark) Mark(item.text[0]);
      if (item.kind == Item::kArray) Array(item);
      if (item.kind == Item::kNumber) Number(item);
    }
    if (out_.numbers == 0 && out_.words.size() >= 2 && out_.words.size() <= kMostHeads) {
      out_.columns = TableHeads(items_);
    }
    out_.bar = bar_;
    out_.object = items_.size() > 2 && MarkAt(0, '<') && MarkAt(items_.size() - 1, '>');
    SplitRepeated(&out_.metrics);
    out_.only_numbers = out_.words.empty() && out_.numbers > 0;
    if (compares_) {
      for (PrintedMetric& metric : out_.metrics) metric.label.kind = MetricKind::kOther;
    }
    return std::move(out_);
  }

 private:
  bool MarkAt(size_t i, char mark) const {
    return i < items_.size() && items_[i].kind == Item::kMark && items_[i].text[0] == mark;
  }
  bool NumberAt(size_t i) const { return i < items_.size() && items_[i].kind == Item::kNumber; }
  bool WordAt(size_t i) const { return i < items_.size() && items_[i].kind == Item::kWord; }

  void Word(const Item& item) {
    behind_metric_ = false;
    for (std::string& part : NameParts(item.text)) {
      if (out_.words.size() < kMostWords) out_.words.push_back(part);
      label_.push_back(std::move(part));
    }
    if (static_cast<long>(label_.size()) > kMostLabel)
      label_.erase(label_.begin(), label_.end() - kMostLabel);
  }

  // "Train: loss 0.5, acc 0.9" and "Loss: train 0.5, test 0.6": what stands before the colon goes
  // for all that follows.
  void Mark(char mark) {
    const bool heads = std::string_view(":|]-)(>").find(mark) != std::string_view::npos;
    size_t next = at_ + 1;
    // {'train': {'loss': 0.5}}
    while (mark == ':' && (MarkAt(next, '{') || MarkAt(next, '\''))) ++next;
    if (!heads || label_.empty() || !WordAt(next)) return;
    const MetricLabel label = LabelOf(label_);
    if (label.kind == MetricKind::kUnknown && label.split != MetricSplit::kUnknown) {
      split_ = label.split;
      label_.clear();
    } else if (label.kind != MetricKind::kUnknown && label.kind != MetricKind::kOther &&
               mark == ':') {
      kind_ = label.kind;
      if (label.split != MetricSplit::kUnknown) split_ = label.split;
      label_.clear();
    }
  }

  void Array(const Item& item) {
    PrintedMetric metric = Labelled();
    metric.array = std::stoi(item.text);
    metric.text.clear();
    out_.metrics.push_back(std::move(metric));
    label_.clear();
  }

  void Number(const Item& item) {
    ++out_.numbers;
    out_.cells.push_back(item.text);
    CutOverwritten(&items_, at_, label_);
    if (SkipClock() || CountsRows(items_, at_, &compares_)) return;
    if (IsDeviation(items_, at_)) {
      if (!out_.metrics.empty()) out_.metrics.back().spread = true;
      return;
    }
    begin_ = at_;
    if (SaysWhich(items_, at_, &label_, &compares_)) return compares_ ? label_.clear() : void();
    const bool bracket = at_ > 0 && (MarkAt(at_ - 1, '[') || MarkAt(at_ - 1, '('));
    if (TakePair(item, bracket)) return;
    if (!out_.metrics.empty() &&
        IsMeanBehind(items_, metric_at_, at_, out_.metrics.back().label.kind)) {
      out_.metrics.back().text = item.text;
      out_.metrics.back().index = out_.numbers - 1;
      return label_.clear();
    }
    const std::string total = TakeTotal();
    if (bracket && behind_metric_ && TakeCounts(CountText(item.text), total, &out_.metrics.back()))
      return;
    if (TakeStep(item, total) || TakeBatch(item)) return;
    TakeMetric(item, total, bracket);
  }

  void TakeMetric(const Item& item, const std::string& total, bool bracket) {
    PrintedMetric metric = Labelled();
    metric.text = total.empty() ? item.text : CountText(item.text);
    metric.index = out_.numbers - 1;
    metric.totals = out_.totals;
    metric.percent = item.percent;
    metric.total = total;
    // "25%|##   |" is a bar, "train 91.2% | test 90.1%" is none.
    if (item.percent &&
        ((MarkAt(at_ + 1, '|') && !items_[at_ + 1].spaced) || IsBehindBar(items_, at_))) {
      bar_ = true;
      out_.bar_total = WholeNumber(BarTotal(items_, at_ + 1));
      return label_.clear();
    }
    // "sample 100/60000" counts rows.
    const std::string last = metric.words.substr(metric.words.rfind(' ') + 1);
    const bool rows = IsRowWord(last) || IsRowWord(last + "s");
    const bool counter = !total.empty() && metric.label.kind != MetricKind::kAccuracy &&
                         (bracket || rows || bar_ || !out_.step || !out_.metrics.empty() ||
                          metric.label.kind != MetricKind::kUnknown);
    // "(96%)" behind "9634/10000" says nothing new; 0.6 in "loss 0.5 (0.6)" is a mean so far.
    const bool again = bracket && metric.label.kind == MetricKind::kUnknown &&
                       (item.percent || (metric.words.empty() && behind_metric_));
    if (counter) {
      out_.batch = out_.batch || (!bar_ && (out_.step || bracket));
      behind_metric_ = false;
      if (metric.label.kind == MetricKind::kUnknown) return;  // "Train [0/60000] Loss: 2.3"
    } else if (again || (behind_metric_ && metric.words.empty() &&
                         IsShareOfLoss(items_, at_, out_.metrics.back()))) {
      // "Epoch: 2 [(38.31%)]"
      const bool part = metric.percent && at_ > 1 && MarkAt(at_ - 2, '[') && out_.metrics.empty();
      out_.batch = out_.batch || (part && out_.step);
      if (metric.percent && behind_metric_) AddShare(std::move(metric), &out_.metrics);
      behind_metric_ = false;
      return;
    } else {
      if (behind_metric_) TakeSplitBefore(items_, at_, out_.metrics.back(), &metric);
      metric_at_ = at_;
      TakeSplitBehind(&metric);
      out_.metrics.push_back(std::move(metric));
      behind_metric_ = true;
    }
    label_.clear();
  }

  // "loss 0.5 (train) 0.6 (val)": the split behind a number, whose words go for the next one too.
  void TakeSplitBehind(PrintedMetric* metric) {
    const MetricSplit split = SplitBehind(items_, at_);
    if (split == MetricSplit::kUnknown) return;
    if (metric->words.empty() && split_behind_) {
      metric->label.kind = out_.metrics.back().label.kind;
      metric->words = out_.metrics.back().words;
    }
    metric->label.split = split;
    metric->words += (metric->words.empty() ? "" : " ") + FirstPart(items_[at_ + 2].text);
    split_behind_ = true;
    at_ += 3;
  }

  // Dates and times.
  bool SkipClock() {
    const size_t date = DateEnd(items_, at_);
    const auto end = date == at_ ? TimeEnd(items_, at_) : std::optional(date);
    if (!end) return false;
    at_ = *end;
    label_.clear();
    return true;
  }

  // Keras' evaluate() returns the loss and the accuracy, whatever the notebook calls them:
  // "Test score: [0.21, 0.92]".
  bool TakePair(const Item& item, bool bracket) {
    const bool pair = bracket && items_[at_ - 1].text == "[" && MarkAt(at_ + 1, ',') &&
                      NumberAt(at_ + 2) && MarkAt(at_ + 3, ']');
    if (!pair || LabelOf(label_).kind != MetricKind::kAccuracy) return false;
    PrintedMetric metric = Labelled();
    const std::string words = metric.words;
    for (const bool loss : {true, false}) {
      metric.label.kind = loss ? MetricKind::kLoss : MetricKind::kAccuracy;
      metric.words = words + (loss ? " loss" : " accuracy");
      metric.text = loss ? item.text : items_[at_ + 2].text;
      metric.index = out_.numbers - (loss ? 1 : 0);
      out_.metrics.push_back(metric);
    }
    out_.cells.push_back(items_[at_ + 2].text);
    ++out_.numbers;
    at_ += 3;
    label_.clear();
    return true;
  }

  // The 10 of "3/10"; "" if there is none.
  std::string TakeTotal() {
    const auto end = TotalEnd(items_, at_);
    if (!end) return "";
    at_ = *end;
    ++out_.totals;
    return items_[*end].text;
  }

  bool TakeStep(const Item& item, const std::string& total) {
    const auto number = WholeNumber(item.text);
    if (!number || item.percent) return false;
    // "from the best epoch: 3"
    const bool best = std::find(label_.begin(), label_.end(), "best") != label_.end();
    int rank = 0;
    for (const std::string& word : label_) rank = std::max(rank, StepRank(word));
    // "100 iterations" instead of "iteration 100"
    const size_t next = at_ + 1;
    const bool glued = WordAt(next) && !items_[next].spaced;  // "3轮"
    const bool behind =
        rank == 0 && WordAt(next) && StepRank(FirstPart(items_[next].text)) > 0 &&
        (glued || !label_.empty() || !(MarkAt(next + 1, ':') || MarkAt(next + 1, '=')));
    if (behind) rank = StepRank(FirstPart(items_[next].text));
    if (rank == 0 && IsCountOfMetric(total)) rank = 1;
    if (rank == 0) return TakeBareStep(*number, total);
    if (behind) TakeStepWord(glued);
    if (best) {
      label_ = {"best"};
      return true;
    }
    if (!out_.step || rank > out_.step->rank) {
      if (out_.step && out_.step->rank > 0) out_.batch = true;
      out_.step = PrintedStep{*number, rank, WholeNumber(total), behind};
    } else {
      out_.batch = true;
    }
    KeepForNext();
    return true;
  }

  // The 100 of "Cost at 100: 0.5".
  bool IsCountOfMetric(const std::string& total) const {
    const MetricKind kind = LabelOf(label_).kind;
    size_t value = at_ + 2;
    while (MarkAt(value, '[')) ++value;
    return !out_.step && !BatchStandsBefore() && total.empty() && MarkAt(at_ + 1, ':') &&
           NumberAt(value) && (kind == MetricKind::kLoss || kind == MetricKind::kAccuracy);
  }

  // The word behind a step, which may have the label of the next number too: "3轮损失: 0.5".
  void TakeStepWord(bool glued) {
    const std::vector<std::string> parts = NameParts(items_[at_ + 1].text);
    if (glued && LabelOf(parts).kind != MetricKind::kUnknown) return;
    out_.words.insert(out_.words.end(), parts.begin(), parts.end());
    ++at_;
  }

  // A line that begins with a whole number, such as "10 0.693" or "[10] loss 0.5"; a second one,
  // as in "[1, 2000] loss: 0.5", counts batches.
  bool TakeBareStep(int64_t number, const std::string& total) {
    const bool bracket = begin_ == 1 && items_[0].kind == Item::kMark &&
                         std::string_view("[(#>").find(items_[0].text[0]) != std::string::npos;
    if (out_.step || !label_.empty() || !(begin_ == front_ || bracket)) return false;
    // "3/10: loss 0.5"; "469/469" alone is a progress bar's.
    const auto label_at = [&](size_t i) {
      return WordAt(i) ? LabelOf(NameParts(items_[i].text)) : MetricLabel();
    };
    const bool marked = at_ + 1 < items_.size() && items_[at_ + 1].kind == Item::kMark;
    const bool named = label_at(at_ + 1).kind == MetricKind::kLoss ||
                       (marked && WordAt(at_ + 2) &&
                        (MarkAt(at_ + 1, ':') || !(label_at(at_ + 2) == MetricLabel())));
    // "100/ 2000: 0.5"
    const bool lone = MarkAt(at_ + 1, ':') && at_ + 3 == items_.size() && NumberAt(at_ + 2) &&
                      !WholeNumber(items_[at_ + 2].text);
    if (at_ + 1 >= items_.size() || (!total.empty() && !bracket && !named && !lone)) return false;
    out_.step = PrintedStep{number, 0, WholeNumber(total), false};
    if (bracket && MarkAt(at_ + 1, ',') && NumberAt(at_ + 2) && MarkAt(at_ + 3, ']') &&
        WholeNumber(items_[at_ + 2].text)) {
      out_.batch = true;
      at_ += 3;
    }
    // "0 100 1.98": a batch before the value
    const bool value = NumberAt(at_ + 2) && !WholeNumber(items_[at_ + 2].text);
    if (NumberAt(at_ + 1) && WholeNumber(items_[at_ + 1].text) && !items_[at_ + 1].percent &&
        value) {
      out_.batch = true;
      out_.cells.push_back(items_[++at_].text);
      ++out_.numbers;
    }
    return true;
  }

  // "batch 3" and "Loss after mini-batch 3".
  bool TakeBatch(const Item& item) {
    const bool mine = BatchStandsBefore() && WholeNumber(item.text) && !item.percent;
    const bool batch = std::any_of(label_.begin(), label_.end(), IsBatchWord) &&
                       LabelOf(label_).kind == MetricKind::kUnknown;
    if (!batch && !mine) return false;
    out_.batch = true;
    KeepForNext();
    return true;
  }

  bool BatchStandsBefore() const { return !label_.empty() && IsBatchWord(label_.back()); }

  // "Cost after iteration 100: 0.5": the words before the step belong to the metric behind it.
  void KeepForNext() {
    std::erase_if(label_, [](const std::string& word) {
      return StepRank(word) > 0 || IsBatchWord(word) || IsFiller(word) || word == "time";
    });
    if (LabelOf(label_).kind == MetricKind::kUnknown &&
        LabelOf(label_).split == MetricSplit::kUnknown) {
      label_.clear();
    }
  }

  void TakeGroups() {
    auto groups = LabelGroups(label_);
    if (groups.empty()) groups = PairGroups(items_, at_, label_);
    if (groups.empty()) return;
    label_ = groups.front();
    groups_.assign(groups.begin() + 1, groups.end());
  }

  PrintedMetric Labelled() {
    PrintedMetric metric;
    if (label_.empty() && !groups_.empty()) {
      label_ = groups_.front();
      groups_.erase(groups_.begin());
    } else {
      groups_.clear();
      TakeGroups();
    }
    // "0.53 loss": a word behind, when none stands before.
    if (label_.empty() && WordAt(at_ + 1) && NextWordIsMine()) {
      for (; WordAt(at_ + 1) && StepRank(FirstPart(items_[at_ + 1].text)) == 0; ++at_) {
        Word(items_[at_ + 1]);
      }
    }
    metric.label = LabelOf(label_);
    // "train loss: 0.5 acc: 0.8": the word that begins the line goes for all of it.
    const bool begins = out_.metrics.empty() && !label_.empty() && out_.words[0] == label_[0];
    if (begins && LabelOf({label_[0]}).split != MetricSplit::kUnknown) {
      split_ = metric.label.split;
    }
    if (metric.label.kind == MetricKind::kUnknown) metric.label.kind = kind_;
    if (metric.label.split == MetricSplit::kUnknown) metric.label.split = split_;
    if (metric.label.split != split_) split_ = MetricSplit::kUnknown;  // until another one is named
    for (const std::string& word : label_) {
      if (!IsFiller(word)) metric.words += (metric.words.empty() ? "" : " ") + word;
    }
    return metric;
  }

  bool NextWordIsMine() const {
    if (LabelOf(NameParts(items_[at_ + 1].text)).kind == MetricKind::kUnknown) return false;
    for (size_t i = at_ + 2; i < items_.size(); ++i) {
      if (items_[i].kind == Item::kWord) continue;
      // "0.5 cost after 200 iterations"
      if (NumberAt(i)) return WordAt(i + 1) && StepRank(FirstPart(items_[i + 1].text)) > 0;
      return items_[i].kind == Item::kMark && items_[i].text != ":" && items_[i].text != "=";
    }
    return true;
  }

  std::vector<Item> items_;
  size_t at_ = 0;
  bool bar_ = false;            // a progress bar stands before
  bool compares_ = false;       // the line is about one of several sizes
  size_t metric_at_ = 0;        // the number of the last metric
  bool split_behind_ = false;   // its split stood behind it
  bool behind_metric_ = false;  // nothing but marks since the last metric
  size_t front_ = 0;            // behind a list that the line begins with
  size_t begin_ = 0;            // of the number at hand; at_ may be past its total
  std::vector<std::string> label_;
  std::vector<std::vector<std::string>> groups_;  // of the numbers to come
  MetricKind kind_ = MetricKind::kUnknown;
  MetricSplit split_ = MetricSplit::kUnknown;
  PrintedLine out_;
};

}  // namespace

PrintedLine ReadPrintedLine(std::string_view line) { return Reader(line).Run(); }

}  // namespace nabla
