#include "experiments/model_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "experiments/json_option.h"
#include "experiments/output_file.h"
#include "framework/base/error.h"
#include "framework/base/file_name.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/data/files.h"
#include "framework/export/c_text.h"
#include "framework/export/export.h"
#include "framework/formats/atomic_file.h"
#include "framework/inference/evaluate.h"
#include "framework/inference/predict.h"
#include "framework/inference/predict_input.h"
#include "framework/picture/picture.h"
#include "framework/record/checkpoint.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/training/run_options.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// The metric `confusion_matrix` takes no more classes.
constexpr size_t kMostConfused = 2000;

constexpr const char* kExportFooter =
    R"(safetensors, npz: the parameters as matrices under nabla's names.
  0.weight of a linear layer is (I, O), for y = x W + b: PyTorch's is its transpose
  0.weight of a conv2d is (O, C / groups * kernel height * kernel width), of a conv_transpose2d
  (C, O / groups * ...): PyTorch's reshaped
  biases, scales and running statistics are (1, n)
  safetensors also holds the experiment, so `nabla predict` can read it
onnx: operator set 13, any batch size, of the model's number type (ONNX Runtime runs few float64
models: use --float32):
  input          (batch, ...) as in the data set: pixels 0 to 255, or numbers before standardisation
  output         what the last layer computes
  probabilities  (batch, classes), if the loss or the last layer computes them
c: a header for C99 and C++17 that needs only <math.h> and <stddef.h>; numbers are float or double,
as in training:
  void model_predict(const float x[I], float y[O])        one row, its input as for onnx
  void model_probabilities(const float y[O], float p[O])  if the loss computes them
  model_class_names and the like: tables of strings
`model` is the name of the file, or --name. y has nabla's bits, unless the network has exp, tanh or
the like; then it agrees to about 1e-6.

Examples:
  nabla export runs/mnist_3layer/20250301-101500 --format onnx
  nabla export runs/mnist_3layer/20250301-101500 --format c --out digits.h
  nabla export runs/mine --best --format npz --out mine.npz)";

constexpr const char* kPredictFooter =
    R"(A file is a picture (PNG or JPEG), an IDX file of images, an .npz archive with the array x or
x_test, a .npy file of an array, or CSV with one row per line and without the target. Each may be
compressed (.gz). A folder stands for all its tables or all its pictures, and a pattern such as
'data/*.csv' for all files that match. A file that cannot be read is named and left out; the exit
code is then 1, or 2 if none could be read.

A picture of another size is fitted to the model, and shown. For a model of light strokes on black,
such as one of MNIST, it is inverted if need be, cut to its strokes, scaled to 20 of 28 pixels and
centred by mass. For any other model it is cropped to the middle and scaled.

Examples:
  nabla predict runs/mnist_3layer/20250301-101500 photo.jpg
  nabla predict runs/mnist_3layer/20250301-101500 seven.png --invert --top 3
  nabla predict runs/mnist_3layer/20250301-101500 my_digits --json
  nabla predict runs/mnist_3layer/20250301-101500 t10k-images-idx3-ubyte.gz)";

constexpr const char* kEvaluateFooter =
    R"(The files hold rows as `predict` takes them, with their targets:
  CSV   also the target's column: that of --target, of the training, or else the first one
  IDX   images; --labels names the file of labels, unless it lies beside them under MNIST's name
  .npz  x_test and y_test, or x and y: classes counted from 0, or values
  .npy  the inputs; --labels names the .npy file of the targets
  a folder of pictures, with one folder for each class
Several files, a folder of CSV files or a pattern such as 'data/*.csv' are evaluated as one table.
If the training had a `row_weight`, a column of that name weights the loss here too.
Scaling, standardisation, categories and the names of classes are those of the model.

Examples:
  nabla evaluate runs/iris/20250301-101500 new.csv --target species
  nabla evaluate runs/mnist_3layer/20250301-101500 t10k-images-idx3-ubyte.gz --json)";

void DeclareModel(CLI::App& command, ModelArguments* a) {
  command.add_option("path", a->path, "a run folder, a checkpoint or an exported .safetensors")
      ->required();
  command.add_flag("--best", a->best, "use the best checkpoint of the run folder, not the last");
}

AnyModel Load(const Program& program, const std::string& file) {
  LoadOnlyCommandLinePlugins(program);
  return LoadModel(file, program.registry);
}

// The path as the user knows it, relative to the working directory.
std::string Resolve(const Program& program, const std::string& path) {
  return (fs::path(program.working_directory) / path).lexically_normal().string();
}

// The file of the model that the user named.
std::string ModelFile(const ModelArguments& a, const Program& program) {
  std::error_code none;
  const fs::path here = program.working_directory;
  const bool folder =
      fs::is_directory(here / a.path, none) || fs::is_directory(here / "runs" / a.path, none);
  return FindModel(folder ? FindOneRun(program, a.path) : Resolve(program, a.path), a.best);
}

int Export(const ModelArguments& a, const Program& program) {
  const ModelFormat format = ParseModelFormat(a.format);
  const std::string file = ModelFile(a, program);
  const fs::path beside = fs::path(file).parent_path() / ("model" + ExtensionOf(format));
  const std::string out = a.out.empty() ? beside.string() : Resolve(program, a.out);
  ExportOptions options{a.float32, a.name};
  if (format == ModelFormat::kC && a.name.empty()) options.name = CNameOf(out);
  std::error_code none;
  if (fs::equivalent(out, file, none)) throw InputError("--out must not be the file to export");
  CheckOutputFile({a.out.empty() ? "" : "--out", out, "a model as " + a.format,
                   [&](FileHead head) { return IsExported(head, format); }});
  const AnyModel model = Load(program, file);
  WriteFileAtomically(
      out, std::visit([&](const auto& m) { return ExportModel(m, format, options); }, model));
  Print(fmt::format("wrote {}\n", out));
  return kGood;
}

// Whether it is a folder of pictures, not of tables.
bool HoldsPictures(const std::string& path, const Files& files) {
  if (!IsFolder(files.Resolve(path))) return false;
  const std::vector<std::string> names = ListFolder(files.Resolve(path)).files;
  return std::ranges::none_of(names, IsTableName);
}

// The files that the sources name: those that match a pattern, the tables of a folder that has
// some, and the pictures of another, in the order of their names.
std::vector<std::string> FilesOf(const std::vector<std::string>& sources, const Files& files) {
  std::vector<std::string> all;
  std::vector<std::string> remarks;  // of tables that are one: here each file stands for itself
  for (const std::string& source : sources) {
    std::vector<std::string> found;
    if (!HoldsPictures(source, files)) {
      found = files.TablesOf({source}, &remarks);
    } else {
      for (const std::string& name : ListFolder(files.Resolve(source)).files) {
        if (IsPictureName(name)) found.push_back((fs::path(source) / name).string());
      }
      if (found.empty()) {
        throw InputError(source +
                         " holds no pictures (.png, .jpg, .jpeg) and no tables (.csv, .tsv)");
      }
    }
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

// Predicts files one by one, and shows what it found or keeps it as JSON.
class Prediction {
 public:
  Prediction(const ModelArguments& a, const Files& files, size_t count)
      : a_(a),
        files_(files),
        many_(count > 1),
        threads_(UsableCores()),
        console_(false, false, a.json) {
    WarnOfShortage(threads_, console_);
  }

  // Throws InputError or RunError, which name the file.
  template <typename T>
  void Add(const Model<T>& model, const std::string& name) {
    RawRows rows = ReadInputs(files_.Read(name), name, model.head.input, a_.invert, nullptr,
                              ReadSettingsOf(model.spec.dataset.config));
    for (const std::string& remark : rows.remarks) {
      // Of many pictures, what the model saw would fill the terminal.
      console_.Warn(many_ ? remark.substr(0, remark.find('\n')) : remark);
    }
    const Samples samples = MakeSamples(model.head.input, std::move(rows));
    const OwnedMatrix<T> outputs =
        AtUnlessPlaced({name}, [&] { return Outputs(model, samples, name); });
    if (!a_.json) {
      return PrintFolded(
          PrintPredictions<T>(model, samples, outputs.view(), a_.top, many_ ? name : ""));
    }
    std::ranges::move(PredictionsJson<T>(model, samples, outputs.view(), a_.top, name),
                      std::back_inserter(objects_));
  }

  std::string Json() const { return fmt::format("[\n  {}\n]\n", fmt::join(objects_, ",\n  ")); }

 private:
  template <typename T>
  OwnedMatrix<T> Outputs(const Model<T>& model, const Samples& samples, const std::string& name) {
    try {
      return PredictOutputs(model, samples, threads_);
    } catch (const RunError& e) {
      throw RunError(name + ": " + e.what());
    }
  }

  const ModelArguments& a_;
  const Files& files_;
  const bool many_;
  Threads threads_;
  Console console_;
  std::vector<std::string> objects_;
};

// One bad file does not keep the others from being predicted: then the command has failed, but not
// for bad input alone, as something was done.
int Predict(const ModelArguments& a, const Program& program) {
  const std::string file = ModelFile(a, program);
  const AnyModel model = Load(program, file);
  const Files files({.working_directory = program.working_directory});
  const std::vector<std::string> names = FilesOf(a.sources, files);
  Prediction prediction(a, files, names.size());
  size_t failed = 0;
  bool only_inputs = true;
  // Within a handler.
  const auto fail = [&](const std::exception& e) {
    if (names.size() == 1) throw;
    PrintError(std::string(e.what()) + "\n");
    ++failed;
  };
  for (const std::string& name : names) {
    try {
      std::visit([&](const auto& m) { prediction.Add(m, name); }, model);
    } catch (const InputError& e) {
      fail(e);
    } catch (const RunError& e) {
      fail(e);
      only_inputs = false;
    }
  }
  const bool none = failed == names.size();
  if (a.json && !none) PrintJson(prediction.Json());
  if (failed == 0) return kGood;
  PrintError(fmt::format("error: {} of {} files could not be predicted\n", failed, names.size()));
  return none && only_inputs ? kBadInput : kFailure;
}

// The labels of MNIST's files lie beside its images; "" if they do not.
std::string LabelsBeside(const Files& files, const std::string& images) {
  const std::string part = "images-idx3-ubyte";
  const size_t at = images.rfind(part);
  if (at == std::string::npos) return "";
  const std::string labels = images.substr(0, at) + "labels-idx1-ubyte";
  for (const std::string& name : {labels, labels + ".gz"}) {
    std::error_code none;
    if (fs::is_regular_file(files.Resolve(name), none)) return name;
  }
  return "";
}

template <typename T>
TargetSource TargetsFor(const Model<T>& model, const ModelArguments& a, const Files& files,
                        const std::string& name) {
  TargetSource targets{.weight = WeightColumn(model)};
  targets.inputs = model.head.input.meaning.inputs;
  targets.asked_columns = !a.targets.empty();
  targets.asked_labels = !a.labels.empty();
  if (targets.inputs && (targets.asked_columns || targets.asked_labels)) {
    throw InputError(
        "the targets of an autoencoder are its inputs: leave out --target and --labels");
  }
  if (targets.inputs) return targets;
  const ColumnChoice trained = TargetColumns(model);
  targets.columns = a.targets.empty() ? trained.columns : a.targets;
  targets.numbered = a.targets.empty() && trained.numbered;
  targets.labels_name = a.labels.empty() ? LabelsBeside(files, name) : a.labels;
  if (!targets.labels_name.empty()) targets.labels = files.ReadUnpacked(targets.labels_name);
  return targets;
}

// The rows of all files with their targets.
template <typename T>
RawRows RowsToEvaluate(const Model<T>& model, const ModelArguments& a, const Files& files,
                       const std::vector<std::string>& names) {
  const ModelInput& input = model.head.input;
  if (!a.labels.empty() && names.size() > 1) {
    throw InputError("--labels is for one file of images or arrays, not for several");
  }
  RawRows rows;
  for (const std::string& name : names) {
    TargetSource targets = TargetsFor(model, a, files, name);
    Append(ReadInputs(files.Read(name), name, input, a.invert, &targets,
                      ReadSettingsOf(model.spec.dataset.config)),
           name, &rows);
  }
  return rows;
}

int Evaluate(const ModelArguments& a, const Program& program) {
  const std::string file = ModelFile(a, program);
  const AnyModel model = Load(program, file);
  const Files files({.working_directory = program.working_directory});
  std::vector<std::string> remarks;
  std::vector<std::string> names = a.sources;
  const bool folder = names.size() == 1 && HoldsPictures(names[0], files);
  if (folder && (a.invert || !a.targets.empty() || !a.labels.empty())) {
    throw InputError("--invert, --target and --labels are for files, not for folders of pictures");
  }
  if (!folder) names = files.TablesOf(names, &remarks);
  Threads threads(UsableCores());
  Console console(false, false, a.json);
  WarnOfShortage(threads, console);
  std::visit(
      [&]<typename T>(const Model<T>& m) {
        RawRows rows = folder ? ReadPictureRows(files, names[0], m.head.input,
                                                ReadSettingsOf(m.spec.dataset.config).fit)
                              : RowsToEvaluate(m, a, files, names);
        remarks.insert(remarks.end(), rows.remarks.begin(), rows.remarks.end());
        if (m.head.input.classes > kMostConfused) {
          remarks.push_back(fmt::format(
              "note: no confusion matrix is shown of more than {} classes", kMostConfused));
        }
        for (const std::string& remark : remarks) PrintError(remark + "\n");
        const Samples samples = EvaluationRows(m, std::move(rows));
        const EvaluationResult result = AtUnlessPlaced(
            {names[0]}, [&] { return EvaluateModel(m, program.registry, samples, threads); });
        const EvaluatedFile what{a.path, names, samples.count};
        a.json ? PrintJson(EvaluationJson(what, result))
               : PrintFolded(EvaluationText(what, result));
      },
      model);
  return kGood;
}

}  // namespace

void DeclareModelCommands(CLI::App& app, ModelArguments* a, PluginArguments* plugins) {
  CLI::App& exported = *app.add_subcommand("export", "write a trained model for other programs");
  DeclareModel(exported, a);
  DeclareLibraries(exported, plugins);
  exported.add_option("--format", a->format, "safetensors, npz, onnx or c")->required();
  exported.add_flag("--float32", a->float32,
                    "onnx only: round the numbers of a float64 model to float32");
  exported.add_option("--name", a->name,
                      "c only: the prefix of all names (default: the name of the file)");
  exported
      .add_option("--out", a->out,
                  "the file to write (default: model.<format> beside the model; model.h for c)")
      ->check(NoDash());
  exported.footer(kExportFooter);
  CLI::App& predict =
      *app.add_subcommand("predict", "show what a trained model predicts for inputs");
  DeclareModel(predict, a);
  DeclareLibraries(predict, plugins);
  predict
      .add_option("files", a->sources,
                  "PNG, JPEG, IDX, .npz, .npy or CSV; folders of pictures or CSV")
      ->required();
  predict.add_option("--top", a->top, "show only the K best classes")
      ->check(CLI::Range(1, 1 << 20));
  predict.add_flag("--invert", a->invert,
                   "for black on white if the model was trained on white on black");
  DeclareJson(predict, &a->json);
  predict.footer(kPredictFooter);
  CLI::App& evaluate =
      *app.add_subcommand("evaluate", "show the metrics of a trained model on any rows");
  DeclareModel(evaluate, a);
  DeclareLibraries(evaluate, plugins);
  evaluate
      .add_option("files", a->sources,
                  "CSV, IDX, .npz or .npy; several, or a folder of CSV, are one table; a folder of "
                  "pictures")
      ->required();
  evaluate
      .add_option("--target", a->targets,
                  "CSV: the target's column, by its name or number from 0; may be repeated")
      ->allow_extra_args(false);
  evaluate.add_option("--labels", a->labels, "IDX, .npy: the file with their labels");
  evaluate.add_flag("--invert", a->invert,
                    "for black on white if the model was trained on white on black");
  DeclareJson(evaluate, &a->json);
  evaluate.footer(kEvaluateFooter);
}

std::optional<int> RunModelCommand(const CLI::App& app, const ModelArguments& a,
                                   const Program& program) {
  if (app.got_subcommand("export")) return Export(a, program);
  if (app.got_subcommand("predict")) return Predict(a, program);
  if (app.got_subcommand("evaluate")) return Evaluate(a, program);
  return std::nullopt;
}

}  // namespace nabla
