// Tells a test that code of the library ran, were it only to load it.
#ifndef NABLA_TESTS_PLUGIN_LIBRARIES_TRACES_H_
#define NABLA_TESTS_PLUGIN_LIBRARIES_TRACES_H_

#include <cstdlib>
#include <fstream>

namespace nabla {

// Made before main or dlopen goes on; leaves the file that NABLA_TRACE names.
struct Trace {
  Trace() {
    if (const char* file = std::getenv("NABLA_TRACE")) std::ofstream(file) << "ran\n";
  }
};

}  // namespace nabla

#endif  // NABLA_TESTS_PLUGIN_LIBRARIES_TRACES_H_
