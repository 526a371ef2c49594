// The version that run folders and reports name.
#ifndef NABLA_FRAMEWORK_BASE_VERSION_H_
#define NABLA_FRAMEWORK_BASE_VERSION_H_

namespace nabla {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_VERSION_H_
