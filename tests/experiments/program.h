// Runs //experiments:run as a user does, in a folder of its own and without a network or a cache.
#ifndef NABLA_TESTS_EXPERIMENTS_PROGRAM_H_
#define NABLA_TESTS_EXPERIMENTS_PROGRAM_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace nabla {

using Words = std::vector<std::string>;

struct Outcome {
  int code = 0;  // 128 + signal if one ended the process
  std::string out;
  std::string err;
};

// An empty folder that the program is started in; removed at the end.
class Program {
 public:
  Program();
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The environment has what is set here, and HOME, an empty folder.
  std::map<std::string, std::string> environment;

  const std::string& folder() const { return folder_; }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Write(const std::string& name, const std::string& text) const;
  std::string Read(const std::string& name) const;
  bool Has(const std::string& name) const;

  Outcome Run(const Words& arguments);

  // The same in steps, for one run at a time.
  void Start(const Words& arguments);
  // Returns when `text` stands in the standard output, or the output has ended.
  void WaitFor(const std::string& text);
  void Signal(int signal) const;
  Outcome Finish();

 private:
  std::string folder_;
  pid_t child_ = -1;
  int output_ = -1;  // where the child's standard output is read
  std::string out_;
};

// Arguments of a run that takes milliseconds: few synthetic digits, one epoch unless `more` says
// otherwise, its run folder `out`.
Words Short(const std::string& out, const Words& more = {});

// A whole experiment on synthetic digits.
extern const char* const kSmallExperiment;

bool Contains(const std::string& text, const std::string& part);

}  // namespace nabla

#endif  // NABLA_TESTS_EXPERIMENTS_PROGRAM_H_
