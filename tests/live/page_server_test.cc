#include "framework/live/page_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

namespace nabla {
namespace {

class PageServerTest : public testing::Test {
 protected:
  PageServerTest() {
    const std::string url = server_.url();
    const size_t slash = url.find('/', 7);
    root_ = url.substr(slash);
    port_ = std::stoi(url.substr(url.rfind(':') + 1));
    server_.Publish("<p>first", false);
  }

  httplib::Client Client() const { return httplib::Client("127.0.0.1", port_); }
  int Status(const std::string& path, const httplib::Headers& headers = {}) const {
    const auto reply = Client().Get(path, headers);
    return reply ? reply->status : 0;
  }

  // What the server answers to these bytes.
  std::string Raw(const std::string& bytes) const {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(static_cast<uint16_t>(port_))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(send(fd, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    std::string answer(4096, '\0');
    const ssize_t size = recv(fd, answer.data(), answer.size(), 0);
    close(fd);
    answer.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return answer;
  }

  PageServer server_;
  std::string root_;  // "/TOKEN/"
  int port_ = 0;
};

TEST_F(PageServerTest, ServesTheLatestPage) {
  EXPECT_EQ(server_.url().find("http://127.0.0.1:"), 0u);
  EXPECT_EQ(root_.size(), 2 + 32u);
  auto reply = Client().Get(root_);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "<p>first");
  EXPECT_EQ(reply->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(reply->get_header_value("Cache-Control"), "no-store");
  EXPECT_EQ(reply->get_header_value("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(Client().Get(root_ + "state")->body, "{\"version\": 1, \"ended\": false}");
  server_.Publish("second", true);
  EXPECT_EQ(Client().Get(root_ + "state")->body, "{\"version\": 2, \"ended\": true}");
  EXPECT_EQ(Client().Get(root_)->body, "second");
}

TEST_F(PageServerTest, NothingWithoutTheToken) {
  EXPECT_NE(PageServer().url().substr(20), server_.url().substr(20));
  std::string other = root_;
  other[5] = other[5] == '0' ? '1' : '0';
  for (const std::string& path :
       {std::string("/"), std::string("/state"), std::string("/favicon.ico"), other,
        other + "state", root_.substr(0, root_.size() - 1), root_.substr(0, 20) + "/", "/x" + root_,
        "//" + root_.substr(1), "/../.." + root_}) {
    EXPECT_EQ(Status(path), 403) << path;
  }
  EXPECT_EQ(Status(root_ + "metrics.jsonl"), 404);
  EXPECT_EQ(Status(root_ + "../../etc/passwd"), 404);
}

TEST_F(PageServerTest, OnlyGet) {
  EXPECT_EQ(Client().Post(root_, "x", "text/plain")->status, 405);
  EXPECT_EQ(Client().Post(root_)->status, 405);
  EXPECT_EQ(Client().Put(root_)->status, 405);
  EXPECT_EQ(Client().Delete(root_)->status, 405);
  EXPECT_EQ(Client().Options(root_)->status, 405);
  EXPECT_EQ(Client().Head(root_)->status, 405);
  EXPECT_EQ(Client().Post("/")->status, 403);
}

// A page of somebody else whose name is made to point to 127.0.0.1 has that name as its Host.
TEST_F(PageServerTest, NoOtherHost) {
  EXPECT_EQ(Status(root_, {{"Host", "evil.example:" + std::to_string(port_)}}), 403);
  EXPECT_EQ(Status(root_, {{"Host", "127.0.0.1.evil.example"}}), 403);
  EXPECT_EQ(Status(root_, {{"Host", ""}}), 403);
  EXPECT_EQ(Status(root_, {{"Host", "localhost:8000"}}), 200);  // forwarded by ssh
  EXPECT_NE(Raw("GET " + root_ + " HTTP/1.0\r\n\r\n").find(" 403 "), std::string::npos);
}

TEST_F(PageServerTest, RubbishIsNoHarm) {
  EXPECT_EQ(Raw("\r\n\r\n").find("200"), std::string::npos);
  EXPECT_EQ(Raw("GET\r\n\r\n").find("200"), std::string::npos);
  EXPECT_EQ(Raw("GET /" + std::string(20000, 'x') + " HTTP/1.1\r\n\r\n").find("200"),
            std::string::npos);
  EXPECT_EQ(Status(root_), 200);
}

// Connections that say nothing hold up the others for the two seconds that they are given.
TEST_F(PageServerTest, SilentClientsAreCutOff) {
  std::vector<int> silent;
  for (int i = 0; i < 4; ++i) {
    const int fd = silent.emplace_back(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(static_cast<uint16_t>(port_))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  EXPECT_EQ(Status(root_), 200);
  for (const int fd : silent) close(fd);
}

TEST_F(PageServerTest, WaitsOnlyForWhoHasAsked) {
  const auto seconds = [this] {
    const auto begin = std::chrono::steady_clock::now();
    server_.Finish();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  server_.Publish("last", true);
  constexpr double kMost = 2;   // a wait takes 3 s; a busy machine takes its time
  EXPECT_LT(seconds(), kMost);  // nobody
  Client().Get(root_ + "state");
  Client().Get(root_);
  EXPECT_LT(seconds(), kMost);  // knows all
}

}  // namespace
}  // namespace nabla
