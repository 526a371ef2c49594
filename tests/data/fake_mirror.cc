#include "tests/data/fake_mirror.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace nabla {
namespace {

void Send(int connection, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t sent = send(connection, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;
    done += static_cast<size_t>(sent);
  }
}

std::string ReadRequest(int connection) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = recv(connection, buffer, sizeof(buffer), 0);
    if (got <= 0) break;
    request.append(buffer, static_cast<size_t>(got));
  }
  return request;
}

// "GET /ok/file HTTP/1.1" or, asked as a proxy, "GET http://host/ok/file HTTP/1.1" -> "ok".
std::string WayOf(const std::string& request) {
  const size_t scheme = request.find("://");
  const size_t line_end = request.find('\r');
  const size_t start = request.find('/', scheme < line_end ? scheme + 3 : 0) + 1;
  return request.substr(start, request.find('/', start) - start);
}

std::string Header(const std::string& status, size_t length) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(length) +
         "\r\nConnection: close\r\n\r\n";
}

void WaitUntilClosed(int connection) {
  char byte;
  while (recv(connection, &byte, 1, 0) > 0) {
  }
}

}  // namespace

FakeMirror::FakeMirror(std::string body, std::string wrong)
    : body_(std::move(body)), wrong_(std::move(wrong)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, length) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, generic, &length) != 0) {
    throw std::runtime_error("no loopback device");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

FakeMirror::~FakeMirror() {
  // Wakes accept().
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string FakeMirror::Url(const std::string& way) const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/" + way + "/";
}

void FakeMirror::Serve() {
  for (;;) {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    ++requests_;
    Answer(connection);
    close(connection);
  }
}

void FakeMirror::Answer(int connection) {
  const std::string way = WayOf(ReadRequest(connection));
  const std::string page = "<!DOCTYPE html><title>Please log in</title>";
  if (way == "ok") {
    Send(connection, Header("200 OK", body_.size()) + body_);
  } else if (way == "wrong") {
    Send(connection, Header("200 OK", wrong_.size()) + wrong_);
  } else if (way == "html") {
    Send(connection, Header("200 OK", page.size()) + page);
  } else if (way == "403") {
    Send(connection, Header("403 Forbidden", page.size()) + page);
  } else if (way == "404") {
    Send(connection, Header("404 Not Found", page.size()) + page);
  } else if (way == "redirect") {
    Send(connection, "HTTP/1.1 302 Found\r\nLocation: " + Url("ok") +
                         "x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  } else if (way == "truncated") {
    Send(connection, Header("200 OK", body_.size()) + body_.substr(0, body_.size() / 2));
  } else if (way == "stalled") {
    Send(connection, Header("200 OK", body_.size()) + body_.substr(0, body_.size() / 2));
    WaitUntilClosed(connection);
  } else if (way == "silent") {
    WaitUntilClosed(connection);
  } else if (way == "slow") {
    constexpr size_t kDrops = 15;
    Send(connection, Header("200 OK", body_.size()));
    const size_t drop = body_.size() / kDrops + 1;
    for (size_t start = 0; start < body_.size(); start += drop) {
      Send(connection, body_.substr(start, drop));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

}  // namespace nabla
