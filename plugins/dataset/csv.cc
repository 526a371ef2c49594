#include "framework/config/one_or_many.h"
#include "framework/plugin/plugin.h"
#include "framework/table/csv_parts.h"

NABLA_PLUGIN_BEGIN

enum class Separator { kComma, kSemicolon, kTab, kBar };

constexpr auto NamesOf(Separator) {
  return std::to_array<std::pair<Separator, const char*>>({{Separator::kComma, "comma"},
                                                           {Separator::kSemicolon, "semicolon"},
                                                           {Separator::kTab, "tab"},
                                                           {Separator::kBar, "bar"}});
}

class CsvData : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "csv",
      "Text files with one row per line: numbers, words and a target; compressed with gzip or not.",
      "x = (number / scale - mean) / std; of a word 1 for its category and 0 for the others"};

  template <typename V>
  static void Fields(V& v) {
    v("train", &CsvData::train,
      {.doc = "path of the training rows; several files, a folder of them, or a pattern such as "
              "data/*.csv are one table whose columns have the same names",
       .required = true});
    v("test", &CsvData::test, {.doc = "the same of the test rows, if there are any"});
    v("target", &CsvData::target,
      {.doc = "column to predict, by its name or number, or several; input for an autoencoder, "
              "whose targets are the inputs; label_column if left out"});
    v("label_column", &CsvData::label_column,
      {.doc = "number of that column: 0 is the first, -1 the last"});
    v("task", &CsvData::task,
      {.doc = "what is predicted; if left out, words and few whole numbers are classes, and "
              "several columns of 0 and 1 labels"});
    v("columns", &CsvData::columns,
      {.doc = "the columns that are inputs, by names or numbers; all others if left out"});
    v("row_weight", &CsvData::row_weight,
      {.doc =
           "column of how much each row counts in the loss, from 0, by its name or number; it is "
           "no input; all count the same if left out"});
    v("ignore", &CsvData::ignore, {.doc = "columns that are not used, by names or numbers"});
    v("categorical", &CsvData::categorical,
      {.doc = "columns whose numbers are categories, as words always are"});
    v("missing", &CsvData::missing,
      {.doc = "what becomes of missing values (empty, ?, NA, NaN, null): an error; the column's "
              "mean or median over the training rows, with an input that marks them; or the row "
              "is left out"});
    v("header", &CsvData::header,
      {.doc = "whether the first line names the columns; if left out, it does where it has words "
              "above numbers, or words that do not occur below"});
    v("separator", &CsvData::separator,
      {.doc = "what separates columns; if left out, what all first lines have equally often"});
    v("classes", &CsvData::classes,
      {.doc = "number of classes; the largest label + 1 if left out", .min = 1, .max = 1 << 20});
    v("shape", &CsvData::shape,
      {.doc = "shape of a row, such as [1, 28, 28]; flat if left out", .min = 1, .max = 1 << 20});
    NormalizationFields<CsvData>(v);
  }

  void CheckFields() const {
    if (train.list.empty()) throw InputError("train names no file");
  }

  DataSplits Load(Files& files) const override {
    CsvTable to_train = Read(files, train, Format());
    std::optional<CsvTable> to_test;
    if (!test.list.empty() && !test.list[0].empty()) {
      CsvFormat format = Format();
      format.like = &to_train;
      if (to_train.targets.empty()) format.targets.clear();  // the rows are their own targets
      to_test = Read(files, test, format);
    }
    return DataOf(kInfo.name, std::move(to_train), std::move(to_test),
                  {.task = task,
                   .classes = classes,
                   .shape = {{shape.begin(), shape.end()}},
                   .normalization = {scale, mean, std},
                   .missing = missing});
  }

  OneOrMany train;
  OneOrMany test{{""}};
  OneOrMany target;
  int64_t label_column = 0;
  std::optional<Task> task;
  OneOrMany columns;
  std::string row_weight;
  OneOrMany ignore;
  OneOrMany categorical;
  MissingValues missing = MissingValues::kRefuse;
  std::optional<bool> header;
  std::optional<Separator> separator;
  std::optional<int64_t> classes;
  std::vector<int64_t> shape;
  double scale = 1;
  double mean = 0;
  double std = 1;

 private:
  CsvFormat Format() const {
    constexpr char kSeparators[] = {',', ';', '\t', '|'};
    CsvFormat format{.header = header,
                     .targets = target.list,
                     .columns = columns.list,
                     .ignore = ignore.list,
                     .categorical = categorical.list,
                     .weight = row_weight,
                     .missing = missing};
    if (separator) format.separator = kSeparators[static_cast<size_t>(*separator)];
    if (!target.list.empty()) return format;
    format.targets = {std::to_string(label_column)};
    format.numbered_targets = true;
    return format;
  }

  // The rows of all files, in the columns of the first or of format.like.
  static CsvTable Read(const Files& files, const OneOrMany& paths, const CsvFormat& format) {
    std::vector<std::string> remarks;
    const std::vector<std::string> names = files.TablesOf(paths.list, &remarks);
    CsvParts parts(format);
    for (const std::string& name : names) parts.Read(files.ReadUnpacked(name).span(), name);
    if (!parts.Stands()) {
      for (const std::string& name : names) parts.Add(files.ReadUnpacked(name).span(), name);
    }
    CsvTable table = parts.Take();
    table.remarks.insert(table.remarks.begin(), remarks.begin(), remarks.end());
    return table;
  }
};

NABLA_PLUGIN_END(CsvData)
