#include "framework/terminal/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "framework/base/utf8.h"
#include "framework/terminal/folded_text.h"

namespace nabla {
namespace {

// Of a well-formed character: the bits behind the mark of its first byte, then six of each other.
uint32_t CodePoint(std::string_view character) {
  const auto first = static_cast<uint8_t>(character[0]);
  if (character.size() == 1) return first;
  uint32_t code = first & (0x7fu >> character.size());
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<uint8_t>(c) & 0x3fu);
  return code;
}

bool Steers(uint32_t code) {
  if (code == '\n' || code == '\t') return false;
  const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool direction = code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                         (code >= 0x2066 && code <= 0x2069);
  return control || direction;
}

// "\ud83d\ude00" of a character in a JSON text.
std::string JsonEscape(uint32_t code) {
  if (code < 0x10000) return fmt::format("\\u{:04x}", code);
  const uint32_t rest = code - 0x10000;
  return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (rest >> 10), 0xdc00 + (rest & 0x3ffu));
}

// Why standard output did not take a text: the errno of the first one.
std::atomic<int> failure{0};

void WriteOutput(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) == 0 && written) return;
  int none = 0;
  failure.compare_exchange_strong(none, errno != 0 ? errno : EIO);
}

bool ReaderIsGone() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

void PrepareOutput() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) != -1) continue;
    // The lowest number that is free: this one. Opened for what it is not used for.
    static_cast<void>(open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

std::string PlainText(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const size_t size = CharacterBytes(text);
    const uint32_t code = size > 0 ? CodePoint(text.substr(0, size)) : 0;
    if (size == 0) {
      plain += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[0]));
    } else if (Steers(code)) {
      plain += code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
    } else {
      plain += text.substr(0, size);
    }
    text.remove_prefix(size > 0 ? size : 1);
  }
  return plain;
}

void Print(std::string_view text) { WriteOutput(PlainText(text)); }

void PrintFolded(std::string_view text) {
  WriteOutput(FoldedText(PlainText(text), LineColumns(Stream::kOutput)));
}

void PrintError(std::string_view text) {
  const std::string plain = FoldedText(PlainText(text), LineColumns(Stream::kError));
  // Where an error cannot be said, the exit code says it.
  static_cast<void>(std::fwrite(plain.data(), 1, plain.size(), stderr));
}

void PrintJson(std::string_view json) {
  std::string ascii;
  ascii.reserve(json.size());
  while (!json.empty()) {
    const size_t size = CharacterBytes(json);
    constexpr uint32_t kReplacement = 0xfffd;
    const uint32_t code = size > 0 ? CodePoint(json.substr(0, size)) : kReplacement;
    // Outside of strings JSON is ASCII, and inside them control characters are escaped already.
    ascii += code < 0x7f ? std::string(1, json[0]) : JsonEscape(code);
    json.remove_prefix(size > 0 ? size : 1);
  }
  WriteOutput(ascii);
}

void PrintToTerminal(std::string_view text) { WriteOutput(text); }

void PrintErrorToTerminal(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

size_t LineColumns(Stream stream) {
  const int file = stream == Stream::kOutput ? STDOUT_FILENO : STDERR_FILENO;
  if (isatty(file) != 1) return std::numeric_limits<size_t>::max();
  constexpr size_t kUsual = 80;
  winsize size{};
  const bool known = ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (known ? size.ws_col : kUsual) - 1;
}

bool MovesCursor(Stream stream) {
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return isatty(stream == Stream::kOutput ? STDOUT_FILENO : STDERR_FILENO) == 1;
}

Delivery OutputDelivery() {
  const int why = failure.load();
  if (why == 0) return {};
  return {.complete = false, .reader_gone = ReaderIsGone(), .why = std::strerror(why)};
}

}  // namespace nabla
