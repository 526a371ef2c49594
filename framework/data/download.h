// One download over HTTP or HTTPS.
#ifndef NABLA_FRAMEWORK_DATA_DOWNLOAD_H_
#define NABLA_FRAMEWORK_DATA_DOWNLOAD_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "framework/base/error.h"

namespace nabla {

struct Progress {
  std::string url;
  uint64_t received = 0;  // bytes so far
  uint64_t total = 0;     // bytes announced, 0 = unknown
};

// Called about once a second and once at the end. It may throw to stop the download; the exception
// leaves the call that downloads.
using ProgressFunction = std::function<void(const Progress&)>;

struct DownloadLimits {
  std::chrono::milliseconds connect{3000};  // from the start to a connection, name look-up included
  std::chrono::milliseconds silence{4000};  // from the start to the first byte of an answer
  std::chrono::milliseconds stall{10000};   // without a single byte after that
  size_t size = size_t{1} << 30;            // bytes
};

// reached() tells whether a server answered at all; if not, there may be no network.
class DownloadError : public RunError {
 public:
  DownloadError(const std::string& message, bool reached) : RunError(message), reached_(reached) {}
  bool reached() const { return reached_; }

 private:
  bool reached_;
};

// The body found at `url`; follows redirections and takes proxies from the environment (http_proxy,
// https_proxy, no_proxy). There is no limit on the total time: slow is not broken. Throws
// DownloadError, its message without the URL: no connection, silence, a stall, a status other than
// 200, a body that ends early or is larger than the limit.
std::vector<uint8_t> Download(const std::string& url, const DownloadLimits& limits,
                              const ProgressFunction& progress);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_DOWNLOAD_H_
