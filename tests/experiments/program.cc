#include "tests/experiments/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace nabla {
namespace {

namespace fs = std::filesystem;

std::string Runfiles() {
  const char* folder = std::getenv("TEST_SRCDIR");
  if (folder == nullptr) throw std::runtime_error("run this test with Bazel");
  return folder;
}

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

const char* const kSmallExperiment =
    "name: small\n"
    "dataset: {name: synthetic_digits, train: 2000, test: 500}\n"
    "model:\n"
    "  - {name: linear, units: 16}\n"
    "  - relu\n"
    "  - {name: linear, units: 10}\n"
    "loss: cross_entropy\n"
    "optimizer: {name: sgd, lr: 0.1}\n"
    "train: {batch_size: 100, epochs: 2}\n";

Program::Program() {
  folder_ = testing::TempDir() + "program_XXXXXX";
  if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  // As the program will spell it.
  folder_ = fs::canonical(folder_);
  fs::create_directory(Path("home"));
}

Program::~Program() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    Finish();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Program::Write(const std::string& name, const std::string& text) const {
  fs::create_directories(fs::path(Path(name)).parent_path());
  std::ofstream(Path(name), std::ios::binary) << text;
}

std::string Program::Read(const std::string& name) const { return ReadFile(Path(name)); }

bool Program::Has(const std::string& name) const { return fs::exists(Path(name)); }

Outcome Program::Run(const Words& arguments) {
  Start(arguments);
  return Finish();
}

void Program::Start(const Words& arguments) {
  // Everything is made before the fork: after it only system calls are safe.
  std::vector<std::string> words = {Runfiles() + "/nabla/experiments/run"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = {"HOME=" + Path("home"), "RUNFILES_DIR=" + Runfiles()};
  // Where bazel coverage wants the lines counted that the program runs, and how sanitizers report.
  for (const char* name :
       {"GCOV_PREFIX", "GCOV_PREFIX_STRIP", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  std::vector<char*> argv = Pointers(words);
  std::vector<char*> envp = Pointers(variables);
  const std::string errors = Path("stderr");
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  out_.clear();
  child_ = fork();
  if (child_ == 0) {
    const int err = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(ends[1], STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(ends[0]);
    if (chdir(folder_.c_str()) == 0) execve(argv[0], argv.data(), envp.data());
    _exit(99);
  }
  close(ends[1]);
  output_ = ends[0];
}

void Program::WaitFor(const std::string& text) {
  char buffer[4096];
  while (out_.find(text) == std::string::npos) {
    const ssize_t got = read(output_, buffer, sizeof(buffer));
    if (got <= 0) return;
    out_.append(buffer, static_cast<size_t>(got));
  }
}

void Program::Signal(int signal) const { kill(child_, signal); }

Outcome Program::Finish() {
  char buffer[4096];
  for (ssize_t got; (got = read(output_, buffer, sizeof(buffer))) > 0;) {
    out_.append(buffer, static_cast<size_t>(got));
  }
  close(output_);
  int status = 0;
  waitpid(std::exchange(child_, -1), &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, out_, ReadFile(Path("stderr"))};
}

Words Short(const std::string& out, const Words& more) {
  Words words = {"mnist_3layer.yaml", "--out", out,
                 "dataset={name: synthetic_digits, train: 2000, test: 500}", "train.epochs=1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace nabla
