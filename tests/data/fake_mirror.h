// An HTTP server on the loopback device that serves well and badly.
#ifndef NABLA_TESTS_DATA_FAKE_MIRROR_H_
#define NABLA_TESTS_DATA_FAKE_MIRROR_H_

#include <atomic>
#include <string>
#include <thread>

namespace nabla {

// The first folder of the URL says how a request fares:
//   ok        200 with the body          truncated  ends half-way through the body
//   wrong     200 with other bytes       stalled    half of the body, then nothing
//   html      200 with a page            silent     accepts the connection, no answer
//   redirect  302 to ok                  slow       the body in drops over 1.5 seconds
//   403, 404  that status                closed     hangs up without an answer
class FakeMirror {
 public:
  // `wrong` is what the folder "wrong" serves.
  FakeMirror(std::string body, std::string wrong);
  FakeMirror(const FakeMirror&) = delete;
  FakeMirror& operator=(const FakeMirror&) = delete;
  ~FakeMirror();

  // "http://127.0.0.1:PORT/way/".
  std::string Url(const std::string& way) const;
  int requests() const { return requests_; }

 private:
  void Serve();
  void Answer(int connection);

  std::string body_;
  std::string wrong_;
  int listener_;
  int port_;
  std::atomic<int> requests_ = 0;
  std::thread thread_;
};

}  // namespace nabla

#endif  // NABLA_TESTS_DATA_FAKE_MIRROR_H_
