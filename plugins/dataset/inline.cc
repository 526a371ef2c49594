#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class InlineData : public Dataset {
 public:
  static constexpr PluginInfo kInfo{"inline", "A few rows written out in the experiment file.", "",
                                    "{name: inline, inputs: [[0, 1], [1, 0]], labels: [0, 1]}"};

  template <typename V>
  static void Fields(V& v) {
    v("inputs", &InlineData::inputs, {.doc = "rows of I numbers", .required = true});
    v("targets", &InlineData::targets, {.doc = "rows of numbers, one row for each input"});
    v("labels", &InlineData::labels,
      {.doc = "classes instead of targets, one for each input", .min = 0, .max = 1 << 20});
    v("classes", &InlineData::classes,
      {.doc = "number of classes; the largest label + 1 if left out", .min = 1, .max = 1 << 20});
  }

  void CheckFields() const {
    if (inputs.empty() || inputs[0].empty()) throw InputError("inline data needs inputs");
    if (targets.empty() == labels.empty()) {
      throw InputError("inline data needs either targets or labels");
    }
    CheckRows(inputs, "inputs");
    CheckRows(targets, "targets");
    if (std::max(targets.size(), labels.size()) != inputs.size()) {
      throw InputError(std::to_string(inputs.size()) + " inputs, but " +
                       std::to_string(std::max(targets.size(), labels.size())) +
                       (targets.empty() ? " labels" : " targets"));
    }
    const int64_t largest = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
    if (classes && largest >= *classes) {
      throw InputError("label " + std::to_string(largest) + " needs more than " +
                       std::to_string(*classes) + " classes");
    }
  }

  DataSplits Load(Files&) const override {
    auto owned = std::make_shared<Owned>();
    for (const auto& row : inputs) {
      owned->numbers.insert(owned->numbers.end(), row.begin(), row.end());
    }
    for (const auto& row : targets) {
      owned->values.insert(owned->values.end(), row.begin(), row.end());
    }
    owned->labels.assign(labels.begin(), labels.end());
    Samples samples{.count = inputs.size(),
                    .shape = {{inputs[0].size()}},
                    .numbers = owned->numbers,
                    .labels = owned->labels,
                    .values = owned->values,
                    .keep_alive = owned};
    if (labels.empty()) {
      samples.values_per_row = targets[0].size();
    } else {
      samples.classes = static_cast<size_t>(
          classes.value_or(*std::max_element(labels.begin(), labels.end()) + 1));
    }
    return {kInfo.name, samples, samples};
  }

  std::vector<std::vector<double>> inputs;
  std::vector<std::vector<double>> targets;
  std::vector<int64_t> labels;
  std::optional<int64_t> classes;

 private:
  struct Owned {
    std::vector<double> numbers;
    std::vector<double> values;
    std::vector<int32_t> labels;
  };

  static void CheckRows(const std::vector<std::vector<double>>& rows, const char* what) {
    for (size_t r = 1; r < rows.size(); ++r) {
      if (rows[r].size() != rows[0].size()) {
        throw InputError(std::string(what) + " row " + std::to_string(r) + " has " +
                         std::to_string(rows[r].size()) + " numbers, row 0 has " +
                         std::to_string(rows[0].size()));
      }
    }
  }
};

NABLA_PLUGIN_END(InlineData)
