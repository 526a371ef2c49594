#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class CsvData : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "csv", "Text files with one row per line: numbers and a label; compressed with gzip or not.",
      "x = (number / scale - mean) / std"};

  template <typename V>
  static void Fields(V& v) {
    v("train", &CsvData::train, {.doc = "path of the training rows", .required = true});
    v("test", &CsvData::test, {.doc = "path of the test rows, if there are any"});
    v("label_column", &CsvData::label_column,
      {.doc = "column of the label: 0 is the first, -1 the last"});
    v("header", &CsvData::header,
      {.doc = "whether the first line names the columns; if left out, it does unless all its cells "
              "are numbers"});
    v("classes", &CsvData::classes,
      {.doc = "number of classes; the largest label + 1 if left out", .min = 1, .max = 1 << 20});
    v("shape", &CsvData::shape,
      {.doc = "shape of a row, such as [1, 28, 28]; flat if left out", .min = 1, .max = 1 << 20});
    NormalizationFields<CsvData>(v);
  }

  DataSplits Load(Files& files) const override {
    DataSplits splits{.name = kInfo.name};
    splits.train = Read(files, train, &splits);
    if (!test.empty()) splits.test = Read(files, test, &splits);
    if (!test.empty() && splits.test.shape.size() != splits.train.shape.size()) {
      throw InputError({Problem{{test},
                                "expected " + std::to_string(splits.train.shape.size()) +
                                    " inputs per row, as " + train + " has, found " +
                                    std::to_string(splits.test.shape.size())}});
    }
    const size_t most = std::max(splits.train.classes, splits.test.classes);
    splits.train.classes = splits.test.classes = classes ? static_cast<size_t>(*classes) : most;
    return splits;
  }

  std::string train;
  std::string test;
  int64_t label_column = 0;
  std::optional<bool> header;
  std::optional<int64_t> classes;
  std::vector<int64_t> shape;
  double scale = 1;
  double mean = 0;
  double std = 1;

 private:
  // Adds names and remarks to `splits`.
  Samples Read(Files& files, const std::string& path, DataSplits* splits) const {
    const Bytes bytes = files.ReadUnpacked(path);
    auto table = std::make_shared<CsvTable>(
        ParseCsv(bytes.span(), path, {.label_column = label_column, .header = header}));
    const int32_t largest = *std::max_element(table->labels.begin(), table->labels.end());
    if (classes && largest >= *classes) {
      throw InputError({Problem{{path},
                                "label " + std::to_string(largest) + " needs more than " +
                                    std::to_string(*classes) + " classes"}});
    }
    splits->remarks.insert(splits->remarks.end(), table->remarks.begin(), table->remarks.end());
    const bool comparable = !splits->columns.empty() && !table->names.empty();
    if (comparable && splits->columns != table->names) {
      splits->remarks.push_back(path + ": warning: its columns have other names than those of " +
                                train + ": they are taken in the order of the file");
    }
    if (splits->columns.empty()) splits->columns = table->names;
    return {.count = table->rows,
            .shape = RowShape(table->columns, path),
            .pixels = table->pixels,
            .numbers = table->numbers,
            .normalization = {scale, mean, std},
            .classes = static_cast<size_t>(largest) + 1,
            .labels = table->labels,
            .keep_alive = table};
  }

  Shape RowShape(size_t columns, const std::string& path) const {
    if (shape.empty()) return {{columns}};
    const Shape wanted{std::vector<size_t>(shape.begin(), shape.end())};
    if (wanted.size() != columns) {
      throw InputError({Problem{{path},
                                "expected rows of shape " + wanted.ToString() + ", found " +
                                    std::to_string(columns) + " inputs per row"}});
    }
    return wanted;
  }
};

NABLA_PLUGIN_END(CsvData)
