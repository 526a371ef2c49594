// Serves one page, which may change, to browsers on this machine.
#ifndef NABLA_FRAMEWORK_LIVE_PAGE_SERVER_H_
#define NABLA_FRAMEWORK_LIVE_PAGE_SERVER_H_

#include <chrono>
#include <memory>
#include <string>

namespace nabla {

// HTTP/1.1 on 127.0.0.1 alone, at a port that the system chooses. The address holds a random token
// of 128 bits, and there are two things to GET below it:
//   /TOKEN/       the page
//   /TOKEN/state  {"version": which page it is, "ended": whether it will change no more}
// Any other method gets 405. A request without the token gets 403, and so does one whose Host is
// neither 127.0.0.1 nor localhost, at any port, since ssh may forward another one: a name that
// somebody else's DNS points here (rebinding) opens nothing. Bodies are refused, and slow clients
// are cut off. Nothing is read from disk.
class PageServer {
 public:
  // Throws RunError where no port can be had.
  PageServer();
  ~PageServer();  // stops serving
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  // "http://127.0.0.1:PORT/TOKEN/"
  std::string url() const;

  // From now on this is the page. `ended`: the last one.
  void Publish(std::string page, bool ended);

  // Waits until a browser that asked before knows of the last page, but not for long; at once if
  // none asked lately.
  void Finish();

 private:
  class Service;
  std::unique_ptr<Service> service_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_LIVE_PAGE_SERVER_H_
