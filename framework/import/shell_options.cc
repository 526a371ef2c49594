#include "framework/import/shell_options.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace nabla {
namespace {

constexpr size_t kMostOptions = 200;
constexpr size_t kLongestLine = 5000;

bool StartsProgram(const std::string& line) {
  const size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos) return false;
  const std::string_view rest = std::string_view(line).substr(begin);
  return rest.starts_with("!python") || rest.starts_with("%run") || rest.starts_with("! python") ||
         rest.starts_with("!torchrun");
}

void AddNumber(std::string name, const std::string& text, int line,
               std::vector<ShellOption>* options) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return;
  options->push_back({std::move(name), value, line});
}

}  // namespace

std::vector<ShellOption> ShellOptions(std::string_view source) {
  std::vector<ShellOption> options;
  std::istringstream lines{std::string(source)};
  std::string line;
  bool goes_on = false;  // from the line before, which ended with a backslash
  for (int number = 1; std::getline(lines, line); ++number) {
    if (!goes_on && !StartsProgram(line)) continue;
    line.resize(std::min(line.size(), kLongestLine));
    goes_on = !line.empty() && line.back() == '\\';
    std::istringstream words(line);
    std::string word, name;
    while (words >> word && options.size() < kMostOptions) {
      const size_t dashes = word.find_first_not_of('-');
      const bool option = dashes != std::string::npos && dashes >= 1 && dashes <= 2 &&
                          !(word[dashes] >= '0' && word[dashes] <= '9') && word[dashes] != '.';
      if (option) {
        const size_t equal = word.find('=');
        name = word.substr(dashes, equal - dashes);
        if (equal != std::string::npos) AddNumber(name, word.substr(equal + 1), number, &options);
        if (equal != std::string::npos) name.clear();
      } else if (!name.empty()) {
        AddNumber(name, word, number, &options);
        name.clear();
      }
    }
  }
  return options;
}

std::map<std::string, Value> CommandLine(const Notebook& notebook) {
  static constexpr Doubt kSeveral = {"several command lines say it"};
  static constexpr Doubt kOther = {"from the command line of a program, perhaps of another one"};
  const bool written =
      std::any_of(notebook.cells.begin(), notebook.cells.end(),
                  [](const NotebookCell& cell) { return cell.source.starts_with("%%writefile"); });
  std::map<std::string, Value> options;
  for (const NotebookCell& cell : notebook.cells) {
    for (const ShellOption& option : ShellOptions(cell.source)) {
      Value value = NumberValue(option.value);
      value.place = {cell.number, option.line};
      value.doubt = written ? nullptr : &kOther;
      const auto [at, is_new] = options.try_emplace(option.name, value);
      const bool differs =
          !is_new && (at->second.doubt == &kSeveral || at->second.number != value.number);
      at->second = value;  // the last one
      if (differs) at->second.doubt = &kSeveral;
    }
  }
  return options;
}

void AddShellOptions(const Notebook& notebook, CodeTrace* trace) {
  if (!trace->layers.empty() || !trace->loops.empty()) return;
  for (const NotebookCell& cell : notebook.cells) {
    for (const ShellOption& option : ShellOptions(cell.source)) {
      Value value = NumberValue(option.value);
      value.name = option.name;
      std::replace(value.name.begin(), value.name.end(), '-', '_');
      const CellPlace place{cell.number, option.line};
      AddEvent(&trace->settings, TracedSetting{value.name, value, place, 0}, trace);
    }
  }
}

}  // namespace nabla
