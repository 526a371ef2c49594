// nabla as an installed program: what it finds relative to itself, without Bazel.
#ifndef NABLA_EXPERIMENTS_INSTALLATION_H_
#define NABLA_EXPERIMENTS_INSTALLATION_H_

#include <string>

namespace nabla {

// The folder under which this program is installed: PREFIX where it is PREFIX/bin/nabla and there
// is a PREFIX/share/nabla/experiments, whatever links led to it. "" for a program in Bazel's
// folders.
std::string InstalledPrefix();

// The folder of the bundled experiments of an installed program.
std::string InstalledExperiments(const std::string& prefix);

// The command for a shell that compiles the plugin `source` as the library `library`, with the
// flags of this installation and the compiler that built this program.
std::string CompilerCall(const std::string& prefix, const std::string& source,
                         const std::string& library);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_INSTALLATION_H_
