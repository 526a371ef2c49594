#include "framework/table/array_data.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <span>

#include "framework/base/error.h"
#include "framework/formats/complaint.h"

namespace nabla {
namespace {

// Numbers of so few kinds may have been meant as classes.
constexpr size_t kFew = 20;

// The memory that Samples point into.
struct Owned {
  std::vector<uint8_t> pixels;
  std::vector<double> numbers;
  std::vector<int32_t> labels;
  std::vector<double> values;
};

// One split.
struct Arrays {
  std::string file;
  NamedTensor inputs;
  std::string targets_file;
  std::optional<NamedTensor> targets;
};

std::string Described(const NamedTensor& array) {
  return Quoted(array.name) + ", " + TypeAndShape(array.dtype, array.shape);
}

ArrayNames Wanted(const std::string& name, const ArrayNames& usual) {
  return name.empty() ? usual : ArrayNames{name};
}

Arrays ReadArrays(const ArraySource& source, const ArrayNames& inputs, const ArrayNames& targets,
                  bool aims_at_inputs) {
  Arrays arrays{source.file->file(), source.file->Read(Wanted(source.inputs, inputs)), "", {}};
  if (aims_at_inputs) return arrays;
  const ArrayFile& from = source.labels == nullptr ? *source.file : *source.labels;
  if (source.labels == nullptr && from.single()) {
    Refuse(arrays.file,
           "it holds no targets: name their file with `labels` (of a test, `test_labels`), or "
           "write `target: input` for an autoencoder");
  }
  arrays.targets_file = from.file();
  arrays.targets = from.Read(Wanted(source.targets, targets));
  return arrays;
}

bool IsChannelCount(size_t n) { return n == 1 || n == 3 || n == 4; }

// Where the channels of rows of three dimensions stand.
ChannelPlace PlaceOf(const Arrays& arrays, std::optional<ChannelPlace> asked) {
  if (asked) return *asked;
  const std::vector<size_t>& shape = arrays.inputs.shape;
  const bool first = IsChannelCount(shape[1]);
  const bool last = IsChannelCount(shape[3]);
  if (first != last) return first ? ChannelPlace::kFirst : ChannelPlace::kLast;
  Refuse(arrays.file, Described(arrays.inputs) +
                          ": which size counts channels? Write `channels: first` or `last`");
}

// Whether the channels of rows of three dimensions stand last and are put first. Rows that `shape`
// brings to another form keep their order, unless `channels` says where theirs stand.
bool TurnsRows(const Arrays& arrays, const ArraySettings& settings) {
  const std::vector<size_t>& sizes = arrays.inputs.shape;
  if (sizes.size() != 4) return false;
  const std::vector<size_t>& wanted = settings.shape.dims;
  const bool as_stored = std::ranges::equal(wanted, std::span(sizes).subspan(1));
  const bool turned = wanted == std::vector<size_t>{sizes[3], sizes[1], sizes[2]};
  if (!settings.channels && !wanted.empty() && !(as_stored && turned)) return turned;
  return PlaceOf(arrays, settings.channels) == ChannelPlace::kLast;
}

// Rows of other than three dimensions have no channels that could stand last.
void NoteChannels(const Arrays& arrays, const ArraySettings& settings,
                  std::vector<std::string>* remarks) {
  if (settings.channels != ChannelPlace::kLast || arrays.inputs.shape.size() == 4) return;
  const std::string what =
      "`channels: last` is for rows of three dimensions, not for " + Described(arrays.inputs);
  const std::vector<size_t>& wanted = settings.shape.dims;
  if (wanted.size() == 3 && wanted[0] > 1) {
    Refuse(arrays.file, what + ": save a.reshape(len(a), height, width, channels)");
  }
  remarks->push_back(arrays.file + ": warning: " + what);
}

// The shape of a row, in whose order the elements are put.
Shape ShapeOf(Arrays* arrays, const ArraySettings& settings, std::vector<std::string>* remarks) {
  NamedTensor& x = arrays->inputs;
  if (x.shape.empty() || x.shape[0] == 0) Refuse(arrays->file, Quoted(x.name) + " has no rows");
  if (std::ranges::count(x.shape, size_t{0}) > 0) {
    Refuse(arrays->file, Described(x) + ": its rows have no inputs");
  }
  NoteChannels(*arrays, settings, remarks);
  if (TurnsRows(*arrays, settings)) {
    remarks->push_back(arrays->file + ": note: of " + Described(x) +
                       ", the last size counts channels");
    PutChannelsFirst(&x);
  }
  Shape shape{{x.shape.begin() + 1, x.shape.end()}};
  if (!settings.shape.dims.empty()) {
    if (settings.shape.size() == shape.size()) return settings.shape;
    Refuse(arrays->file,
           "expected rows of shape " + settings.shape.ToString() + ", found " + Described(x));
  }
  if (shape.dims.size() > 3) {
    Refuse(arrays->file, Described(x) +
                             ": rows have at most three dimensions: write their `shape`, or save "
                             "a.reshape(len(a), -1)");
  }
  if (shape.dims.empty()) shape.dims = {1};
  if (shape.dims.size() == 2) shape.dims.insert(shape.dims.begin(), 1);
  return shape;
}

std::string Text(double number) {
  return number == std::floor(number) && std::fabs(number) < 1e15
             ? std::to_string(static_cast<int64_t>(number))
             : std::to_string(number);
}

// The targets as a table's.
CsvTable TargetsOf(const Arrays& arrays) {
  CsvTable table{.source = arrays.file, .rows = arrays.inputs.shape[0]};
  if (!arrays.targets) return table;
  const NamedTensor& y = *arrays.targets;
  table.source = arrays.targets_file;
  if (y.shape.empty() || y.shape[0] != table.rows) {
    Refuse(table.source, Described(y) + ": expected a target for each of the " +
                             std::to_string(table.rows) + " rows of " + Quoted(arrays.inputs.name));
  }
  table.values = NumbersOf(y, table.source);
  const size_t width = table.values.size() / table.rows;
  constexpr size_t kMostTargets = size_t{1} << 16;
  if (width == 0 || width > kMostTargets) {
    Refuse(table.source, Described(y) + ": expected 1 to " + std::to_string(kMostTargets) +
                             " targets for each row");
  }
  for (size_t k = 0; k < width; ++k) {
    const std::string place = width == 1 ? "" : "[" + std::to_string(k) + "]";
    CsvColumn& column = table.targets.emplace_back(CsvColumn{.name = y.name + place, .field = k});
    for (size_t at = k; at < table.values.size(); at += width) {
      column.NoteOddities(table.values[at], [&] {
        return CsvOddity{{table.source}, Text(table.values[at])};
      });
    }
  }
  return table;
}

// Whether each row has a single 1 among several targets.
bool IsOneHot(const CsvTable& table) {
  const size_t width = table.targets.size();
  if (width < 2) return false;
  for (size_t row = 0; row < table.rows; ++row) {
    const auto begin = table.values.begin() + static_cast<ptrdiff_t>(row * width);
    const auto end = begin + static_cast<ptrdiff_t>(width);
    if (std::count(begin, end, 1.0) != 1) return false;
    if (std::count(begin, end, 0.0) != static_cast<ptrdiff_t>(width - 1)) return false;
  }
  return true;
}

// The class of each row is the place of its 1.
void TakeArgmax(CsvTable* table) {
  const size_t width = table->targets.size();
  std::vector<double> classes;
  for (size_t row = 0; row < table->rows; ++row) {
    const auto begin = table->values.begin() + static_cast<ptrdiff_t>(row * width);
    classes.push_back(static_cast<double>(
        std::max_element(begin, begin + static_cast<ptrdiff_t>(width)) - begin));
  }
  table->values = std::move(classes);
  table->targets.resize(1);
  table->targets[0] = {.name = table->targets[0].name.substr(0, table->targets[0].name.find('['))};
}

bool IsFloat(const NamedTensor& array) {
  return array.dtype == ElementType::kF32 || array.dtype == ElementType::kF64;
}

// What is predicted: settings->task where the type of the targets tells it.
void SettleTask(const Arrays& arrays, CsvTable* train, CsvTable* test, ArraySettings* settings,
                std::vector<std::string>* remarks) {
  if (!arrays.targets) return;
  if (IsOneHot(*train) && (test == nullptr || IsOneHot(*test))) {
    const bool classes = settings->task == Task::kClassification;
    if (!classes && !settings->task) {
      remarks->push_back(train->source + ": warning: every row of " + Quoted(arrays.targets->name) +
                         " has a single 1: `task: classification` takes its place for the class");
    }
    if (!classes) return;
    const auto width = static_cast<int64_t>(train->targets.size());
    if (!settings->classes) settings->classes = width;
    for (CsvTable* table : {train, test}) {
      if (table != nullptr) TakeArgmax(table);
    }
    return;
  }
  const bool floats = IsFloat(*arrays.targets) && train->targets.size() == 1;
  if (settings->task || settings->classes || !floats) return;
  settings->task = Task::kRegression;
  const std::string source = train->source + ": ";
  remarks->push_back(source + "note: regression of " + Described(*arrays.targets));
  const std::set<double> kinds(train->values.begin(), train->values.end());
  if (train->targets[0].fraction || kinds.size() > kFew) return;
  remarks->push_back(source + "warning: the floats of " + Quoted(arrays.targets->name) + " are " +
                     std::to_string(kinds.size()) +
                     " different whole numbers: `task: classification` takes them for classes");
}

Samples SamplesOf(const Arrays& arrays, const Shape& shape, CsvTable targets,
                  const TargetCoding& coding, const Normalization& normalization) {
  auto owned = std::make_shared<Owned>();
  const NamedTensor& x = arrays.inputs;
  if (x.dtype == ElementType::kU8) {
    owned->pixels = x.bytes;
  } else {
    owned->numbers = NumbersOf(x, arrays.file);
    if (std::ranges::all_of(owned->numbers, IsByte)) {
      owned->pixels.assign(owned->numbers.begin(), owned->numbers.end());
      owned->numbers = {};
    }
  }
  owned->labels = coding.LabelsOf(targets);
  if (coding.task != Task::kClassification) owned->values = std::move(targets.values);
  return {.count = targets.rows,
          .shape = shape,
          .pixels = owned->pixels,
          .numbers = owned->numbers,
          .normalization = normalization,
          .classes = coding.classes,
          .labels = owned->labels,
          .values_per_row = owned->values.size() / targets.rows,
          .values = owned->values,
          .meaning = std::make_shared<const TargetMeaning>(coding.meaning),
          .keep_alive = owned};
}

void AddNote(const Arrays& arrays, const char* what, std::vector<std::string>* remarks) {
  const std::string targets =
      arrays.targets ? ", targets " + Described(*arrays.targets) : std::string();
  remarks->push_back(arrays.file + ": note: " + what + " " + Described(arrays.inputs) + targets);
}

// The test rows: those of `test`, or of the arrays beside the training's.
std::optional<Arrays> TestArrays(const ArraySource& train, const ArraySource* test,
                                 const ArraySettings& settings) {
  const bool aims = settings.aims_at_inputs;
  ArrayNames inputs = TestInputNames();
  ArrayNames targets = TestTargetNames();
  if (test == nullptr) {
    const ArrayFile& file = *train.file;
    if (file.single() || train.labels != nullptr || file.FirstOf(inputs).empty()) return {};
    if (!aims && file.FirstOf(targets).empty()) return {};
    return ReadArrays({.file = &file}, inputs, targets, aims);
  }
  const auto add = [](const ArrayNames& more, ArrayNames* names) {
    names->insert(names->end(), more.begin(), more.end());
  };
  add(TrainInputNames(), &inputs);
  add(TrainTargetNames(), &targets);
  // Another file first has the names of the training's, but the training's own has them once.
  if (test->file != train.file) {
    if (!train.inputs.empty()) inputs.insert(inputs.begin(), train.inputs);
    if (!train.targets.empty()) targets.insert(targets.begin(), train.targets);
  }
  return ReadArrays(*test, inputs, targets, aims);
}

}  // namespace

DataSplits DataOfArrays(const std::string& name, const ArraySource& train, const ArraySource* test,
                        const ArraySettings& settings) {
  DataSplits splits{.name = name};
  ArraySettings settled = settings;
  Arrays to_train =
      ReadArrays(train, TrainInputNames(), TrainTargetNames(), settings.aims_at_inputs);
  AddNote(to_train, "inputs", &splits.remarks);
  std::optional<Arrays> to_test = TestArrays(train, test, settings);
  if (to_test) AddNote(*to_test, "test inputs", &splits.remarks);
  const Shape shape = ShapeOf(&to_train, settled, &splits.remarks);
  CsvTable targets = TargetsOf(to_train);
  std::optional<CsvTable> test_targets;
  if (to_test) {
    std::vector<std::string> said;
    const Shape test_shape = ShapeOf(&*to_test, settled, &said);
    if (test_shape != shape) {
      Refuse(to_test->file, Described(to_test->inputs) + ": expected rows like those of " +
                                Described(to_train.inputs));
    }
    test_targets = TargetsOf(*to_test);
    if (test_targets->targets.size() != targets.targets.size()) {
      Refuse(to_test->targets_file, Described(*to_test->targets) + ": expected targets like " +
                                        Described(*to_train.targets));
    }
  }
  CsvTable* other = test_targets ? &*test_targets : nullptr;
  SettleTask(to_train, &targets, other, &settled, &splits.remarks);
  const TargetCoding coding = TargetCodingOf(targets, other, settled.task, settled.classes);
  if (!settled.task) splits.remarks.push_back(targets.source + ": note: " + coding.Text(targets));
  splits.train = SamplesOf(to_train, shape, std::move(targets), coding, settings.normalization);
  if (to_test) {
    splits.test =
        SamplesOf(*to_test, shape, std::move(*test_targets), coding, settings.normalization);
  }
  return splits;
}

}  // namespace nabla
