#include "framework/inference/npz_rows.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "framework/formats/complaint.h"
#include "framework/inference/predict_input.h"
#include "framework/inference/table_rows.h"
#include "framework/spec/spec.h"
#include "framework/table/array_data.h"
#include "framework/table/coding.h"
#include "framework/table/csv.h"

namespace nabla {
namespace {

// The shape of a row of the array.
Shape RowShape(const NamedTensor& array, const std::string& file) {
  if (array.shape.empty() || array.shape[0] == 0) {
    Refuse(file, Quoted(array.name) + " has no rows");
  }
  return {{array.shape.begin() + 1, array.shape.end()}};
}

std::vector<int32_t> LabelsOf(const NamedTensor& array, const ModelInput& input,
                              const std::string& file) {
  std::vector<int32_t> labels;
  for (const double number : NumbersOf(array, file)) {
    const size_t label = ClassNumbered(number, input);
    if (label == input.classes) {
      Refuse(file,
             fmt::format("number {} of {}, counted from 0, is {}: expected a class from {} "
                         "to {}",
                         labels.size(), Quoted(array.name), number, input.meaning.ClassName(0),
                         input.meaning.ClassName(input.classes - 1)));
    }
    labels.push_back(static_cast<int32_t>(label));
  }
  return labels;
}

// The class of each row whose targets are a 1 among 0s is its place.
void AddOneHot(const NamedTensor& array, const ModelInput& input, const std::string& file,
               RawRows* rows) {
  const std::vector<double> numbers = NumbersOf(array, file);
  for (size_t row = 0; row < rows->count; ++row) {
    size_t ones = 0;
    for (size_t c = 0; c < input.classes; ++c) {
      const double number = numbers[row * input.classes + c];
      if (number == 1 && ++ones == 1) rows->labels.push_back(static_cast<int32_t>(c));
      if (number != 0 && number != 1) ones = 2;
    }
    if (ones == 1) continue;
    Refuse(file, fmt::format("row {} of {}, counted from 0, has no single 1 for its class", row,
                             Quoted(array.name)));
  }
}

void AddTargets(const NamedTensor& array, const ModelInput& input, const std::string& file,
                RawRows* rows) {
  const size_t wanted = input.classes > 0 ? 1 : input.values;
  const bool rows_fit = !array.shape.empty() && array.shape[0] == rows->count;
  const size_t found = rows_fit ? RowShape(array, file).size() : 0;
  if (input.classes > 1 && found == input.classes) return AddOneHot(array, input, file, rows);
  if (found != wanted) {
    Refuse(file, fmt::format("{} is {}, but there are {} rows, each with {} target{}",
                             Quoted(array.name), TypeAndShape(array.dtype, array.shape),
                             rows->count, wanted, wanted == 1 ? "" : "s"));
  }
  if (input.classes > 0) {
    rows->labels = LabelsOf(array, input, file);
  } else {
    rows->values = NumbersOf(array, file);
  }
}

// As the training took them (TurnsRows in framework/table/array_data.cc).
void FitRows(const ModelInput& input, const ArrayChoice& choice, const std::string& file,
             NamedTensor* x) {
  const Shape row = RowShape(*x, file);
  const std::vector<size_t>& dims = row.dims;
  const bool deep = dims.size() == 3;
  // Either order fits into rows of other than three dimensions: `channels` says which it was.
  const bool told = deep && choice.channels && input.shape.dims.size() != 3;
  const bool fits = told || IsSamePicture(row, input.shape);
  const bool turned = told || (deep && IsSamePicture({{dims[2], dims[0], dims[1]}}, input.shape));
  if (fits != turned) {
    if (turned) PutChannelsFirst(x);
    return;
  }
  if (row.size() == input.shape.size() && (fits || choice.shaped)) {
    if (deep && choice.channels == ChannelPlace::kLast) PutChannelsFirst(x);
    return;
  }
  Refuse(file, fmt::format("{} is {}, but the model takes rows of {}", Quoted(x->name),
                           TypeAndShape(x->dtype, x->shape), input.shape.ToString()));
}

// The names under which an archive has rows and their targets, if it has them.
struct RowNames {
  ArrayNames inputs;
  ArrayNames targets;
};

// Those of both that are not empty.
ArrayNames Joined(const ArrayNames& first, const ArrayNames& more) {
  ArrayNames names = first;
  names.insert(names.end(), more.begin(), more.end());
  std::erase(names, "");
  return names;
}

// As DataOfArrays finds them: the training file may have the test rows too, beside those that it
// names to train on; a file of their own has them under the same names.
RowNames NamesIn(const ArrayFile& file, const ArrayChoice& choice) {
  const auto has = [&](const std::string& name) {
    return !name.empty() && !file.FirstOf({name}).empty();
  };
  const std::string_view inherited = choice.other_test ? choice.targets : std::string_view();
  const std::string_view of_test = choice.other_test ? choice.test_targets : std::string_view();
  if (has(choice.test_inputs)) {
    return {
        {choice.test_inputs},
        Joined({choice.test_targets, inherited}, Joined(TestTargetNames(), TrainTargetNames()))};
  }
  const bool tests = !file.FirstOf(TestInputNames()).empty();
  const bool both = tests && !choice.other_test && !file.FirstOf(TestTargetNames()).empty();
  if (has(choice.inputs) && !both) {
    const ArrayNames tested = choice.other_test ? TestTargetNames() : ArrayNames();
    return {{choice.inputs}, Joined({of_test, choice.targets}, Joined(tested, TrainTargetNames()))};
  }
  if (!tests) return {TrainInputNames(), Joined({of_test, choice.targets}, TrainTargetNames())};
  return {TestInputNames(), Joined({choice.test_targets, inherited},
                                   Joined(TestTargetNames(), {choice.targets, "y", "Y"}))};
}

// Where an archive lacks an array that the training had.
void NoteOther(const ArrayFile& file, const std::string& wanted, const NamedTensor& found,
               std::vector<std::string>* remarks) {
  if (wanted.empty() || file.single() || !file.FirstOf({wanted}).empty()) return;
  remarks->push_back(fmt::format("{}: note: it has no array {}, as the training had: {} is taken",
                                 file.file(), Quoted(wanted), Quoted(found.name)));
}

}  // namespace

ArrayChoice ArrayChoiceOf(const Node& dataset) {
  ArrayChoice choice;
  if (PluginName(dataset) != "numpy") return choice;
  const auto text = [&](const char* key) {
    const Node* node = dataset.Find(key);
    return node == nullptr || node->IsNull() ? std::string() : node->text;
  };
  for (const auto& [place, name] : EnumNames<ChannelPlace>::kNames) {
    if (text("channels") == name) choice.channels = place;
  }
  choice.inputs = text("inputs");
  if (text("target") != kInputTarget) choice.targets = text("target");
  choice.test_inputs = text("test_inputs");
  choice.test_targets = text("test_target");
  choice.other_test = !text("test").empty();
  const Node* shape = dataset.Find("shape");
  choice.shaped = shape != nullptr && !shape->items.empty();
  return choice;
}

RawRows RowsFromArrays(const ArrayFile& file, const ArrayFile* labels, const ModelInput& input,
                       bool targets, const ArrayChoice& choice) {
  const std::string& name = file.file();
  if (!IsPlain(input.coding)) {
    Refuse(name, "the model was trained on a table with words or missing values: give it CSV");
  }
  const RowNames names = NamesIn(file, choice);
  NamedTensor x = file.Read(names.inputs);
  FitRows(input, choice, name, &x);
  RawRows rows{.count = x.shape[0]};
  if (x.name != choice.test_inputs) NoteOther(file, choice.inputs, x, &rows.remarks);
  if (x.dtype == ElementType::kU8) {
    rows.pixels = std::move(x.bytes);
  } else {
    rows.numbers = NumbersOf(x, name);
  }
  if (!targets) return rows;
  if (labels == nullptr && file.single()) {
    Refuse(name, "it holds no targets: name the file that does with --labels");
  }
  const ArrayFile& from = labels == nullptr ? file : *labels;
  const NamedTensor y = from.Read(names.targets);
  if (y.name != choice.test_targets) NoteOther(from, choice.targets, y, &rows.remarks);
  AddTargets(y, input, from.file(), &rows);
  return rows;
}

}  // namespace nabla
