#include "framework/data/download.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "tests/data/fake_mirror.h"

namespace nabla {
namespace {

using std::chrono::milliseconds;

constexpr DownloadLimits kImpatient = {.connect = milliseconds(1000),
                                       .silence = milliseconds(1000),
                                       .stall = milliseconds(1000),
                                       .size = 100000};

class DownloadTest : public testing::Test {
 protected:
  DownloadTest() {
    // The machine's own proxy must not see requests to the loopback device.
    setenv("no_proxy", "127.0.0.1", 1);
  }

  std::string Get(const std::string& url) {
    const std::vector<uint8_t> body = Download(url, kImpatient, nullptr);
    return {body.begin(), body.end()};
  }

  void ExpectError(const std::string& url, const std::string& part, bool reached) {
    try {
      Get(url);
      ADD_FAILURE() << "no error from " << url;
    } catch (const DownloadError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
      EXPECT_EQ(error.reached(), reached) << error.what();
    }
  }

  const std::string body_ = std::string(50000, 'b');
  FakeMirror mirror_{body_, "wrong"};
};

TEST_F(DownloadTest, BodyAndRedirection) {
  EXPECT_EQ(Get(mirror_.Url("ok") + "x"), body_);
  EXPECT_EQ(Get(mirror_.Url("redirect") + "x"), body_);
}

TEST_F(DownloadTest, SlowIsNotBroken) { EXPECT_EQ(Get(mirror_.Url("slow") + "x"), body_); }

TEST_F(DownloadTest, ErrorsOfAServer) {
  ExpectError(mirror_.Url("403") + "x", "HTTP status 403", true);
  ExpectError(mirror_.Url("404") + "x", "HTTP status 404", true);
  ExpectError(mirror_.Url("truncated") + "x", "25000 bytes", true);
  ExpectError(mirror_.Url("stalled") + "x", "stalled: no data for 1000 ms", true);
}

TEST_F(DownloadTest, NobodyThere) {
  ExpectError(mirror_.Url("silent") + "x", "no answer within 1000 ms", false);
  ExpectError(mirror_.Url("closed") + "x", "", false);
  ExpectError("http://127.0.0.1:1/x", "connect", false);
  ExpectError("http://nowhere.invalid/x", "", false);
}

TEST_F(DownloadTest, OnlyWebAddresses) {
  ExpectError("file:///etc/hostname", "Protocol \"file\"", false);
}

TEST_F(DownloadTest, SizeLimit) {
  const FakeMirror large(std::string(100001, 'x'), "");
  ExpectError(large.Url("ok") + "x", "larger than the 100000 bytes expected", true);
}

TEST_F(DownloadTest, ProxyFromTheEnvironment) {
  setenv("http_proxy", mirror_.Url("").c_str(), 1);
  EXPECT_EQ(Get("http://nowhere.invalid/ok/x"), body_);
  unsetenv("http_proxy");
}

TEST_F(DownloadTest, ProgressSeesTheEndAndMayStop) {
  Progress last;
  Download(mirror_.Url("ok") + "x", kImpatient, [&last](const Progress& p) { last = p; });
  EXPECT_EQ(last.url, mirror_.Url("ok") + "x");
  EXPECT_EQ(last.received, body_.size());
  EXPECT_EQ(last.total, body_.size());
  const auto stop = [](const Progress&) { throw std::domain_error("stop"); };
  EXPECT_THROW(Download(mirror_.Url("slow") + "x", kImpatient, stop), std::domain_error);
}

}  // namespace
}  // namespace nabla
