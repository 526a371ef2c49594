#include "framework/live/page_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/random.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "framework/base/error.h"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kHost = "127.0.0.1";
constexpr size_t kWorkers = 4;
constexpr size_t kMostBodyBytes = 1;
constexpr std::chrono::seconds kPatience{3};  // a browser asks every second

std::string RandomToken() {
  std::array<unsigned char, 16> bytes;
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw RunError("the system gives no random bytes");
  }
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

// In a time that does not tell how many characters are right.
bool AreEqual(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned different = 0;
  for (size_t i = 0; i < a.size(); ++i) different |= static_cast<unsigned>(a[i] ^ b[i]);
  return different == 0;
}

}  // namespace

class PageServer::Service {
 public:
  Service() : token_(RandomToken()) {
    Configure();
    port_ = server_.bind_to_any_port(kHost);
    if (port_ <= 0) throw RunError("cannot serve a page: no port of 127.0.0.1 can be had");
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      listens_no_more_ = true;
    });
  }

  ~Service() {
    // Asked to stop before it has begun to listen, it would not.
    while (!server_.is_running() && !listens_no_more_) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }

  std::string Url() const { return fmt::format("http://{}:{}/{}/", kHost, port_, token_); }

  void Publish(std::string page, bool ended) {
    const std::lock_guard lock(mutex_);
    page_ = std::move(page);
    ++version_;
    ended_ = ended;
  }

  void Finish() {
    const auto start = Clock::now();
    while (Clock::now() < start + kPatience && IsAwaited()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

 private:
  void Configure() {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kWorkers); };
    server_.set_payload_max_length(kMostBodyBytes);
    server_.set_read_timeout(2);
    server_.set_write_timeout(5);
    server_.set_keep_alive_timeout(2);
    server_.set_default_headers({{"Cache-Control", "no-store"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"X-Frame-Options", "DENY"}});
    server_.set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          const int refused = Refusal(request);
          if (refused == 0) return httplib::Server::HandlerResponse::Unhandled;
          response.status = refused;
          return httplib::Server::HandlerResponse::Handled;
        });
    const auto root = "/" + token_ + "/";
    server_.Get(root, [this](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      response.set_content(page_, "text/html; charset=utf-8");
      knows_last_ = ended_;
    });
    server_.Get(root + "state", [this](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      response.set_content(fmt::format("{{\"version\": {}, \"ended\": {}}}", version_, ended_),
                           "application/json");
      asked_ = Clock::now();
    });
  }

  // The status of a request that is not answered; 0: it is.
  int Refusal(const httplib::Request& request) const {
    const std::string host = request.get_header_value("Host");
    const std::string name = host.substr(0, host.find(':'));
    if (name != kHost && name != "localhost") return 403;
    const size_t end = request.path.find('/', 1);
    const bool begins = request.path.starts_with('/') && end != std::string::npos;
    if (!begins || !AreEqual(request.path.substr(1, end - 1), token_)) return 403;
    return request.method == "GET" ? 0 : 405;
  }

  bool IsAwaited() {
    const std::lock_guard lock(mutex_);
    return !knows_last_ && asked_ && Clock::now() - *asked_ < kPatience;
  }

  const std::string token_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<bool> listens_no_more_ = false;
  std::mutex mutex_;  // of all below
  std::string page_;
  int64_t version_ = 0;
  bool ended_ = false;
  bool knows_last_ = false;  // a browser has the last page
  std::optional<Clock::time_point> asked_;
};

PageServer::PageServer() : service_(std::make_unique<Service>()) {}
PageServer::~PageServer() = default;
std::string PageServer::url() const { return service_->Url(); }
void PageServer::Publish(std::string page, bool ended) {
  service_->Publish(std::move(page), ended);
}
void PageServer::Finish() { service_->Finish(); }

}  // namespace nabla
