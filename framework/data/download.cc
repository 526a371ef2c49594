#include "framework/data/download.h"

#include <curl/curl.h>

#include <algorithm>
#include <exception>
#include <memory>

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

struct Transfer {
  const std::string& url;
  const DownloadLimits& limits;
  const ProgressFunction& progress;
  CURL* curl;
  Clock::time_point moved = Clock::now();  // when data last arrived
  Clock::time_point reported = moved;
  std::vector<uint8_t> body = {};
  std::exception_ptr stopped = nullptr;  // what progress threw
  bool answered = false;                 // a byte of a response has arrived
  bool stuck = false;                    // aborted because no data arrived
  bool too_large = false;
};

// How long the transfer may wait for data.
std::chrono::milliseconds Allowed(const Transfer& transfer) {
  return transfer.answered ? transfer.limits.stall : transfer.limits.silence;
}

size_t OnHeader(char*, size_t, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.answered = true;
  transfer.moved = Clock::now();
  return count;
}

size_t OnBody(char* data, size_t, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.too_large = count > transfer.limits.size - transfer.body.size();
  if (transfer.too_large) return 0;
  transfer.moved = Clock::now();
  transfer.body.insert(transfer.body.end(), data, data + count);
  return count;
}

// No exception may cross libcurl's C frames, so the transfer keeps it.
bool Report(Transfer& transfer, uint64_t received, uint64_t total) {
  if (!transfer.progress) return true;
  try {
    transfer.progress({transfer.url, received, total});
  } catch (...) {
    transfer.stopped = std::current_exception();
  }
  return transfer.stopped == nullptr;
}

int OnTick(void* user, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto now = Clock::now();
  transfer.stuck = now - transfer.moved > Allowed(transfer);
  if (transfer.stuck) return 1;
  if (now - transfer.reported < std::chrono::seconds(1)) return 0;
  transfer.reported = now;
  return Report(transfer, static_cast<uint64_t>(received), static_cast<uint64_t>(total)) ? 0 : 1;
}

void SetOptions(Transfer& transfer, char* error_text) {
  CURL* curl = transfer.curl;
  curl_easy_setopt(curl, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_text);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "nabla");
  // Without this, time-outs are signals, which other threads may receive.
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // Otherwise a name server that does not answer delays the clean-up beyond every time-out.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(transfer.limits.connect.count()));
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, OnTick);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

std::string Reason(const Transfer& transfer, CURLcode code, long status, const char* error_text) {
  if (transfer.stuck) {
    return (transfer.answered ? "stalled: no data for " : "no answer within ") +
           std::to_string(Allowed(transfer).count()) + " ms";
  }
  if (transfer.too_large) {
    return "larger than the " + std::to_string(transfer.limits.size) + " bytes expected";
  }
  if (code == CURLE_HTTP_RETURNED_ERROR || code == CURLE_OK) {
    return "HTTP status " + std::to_string(status);
  }
  return error_text[0] != '\0' ? error_text : curl_easy_strerror(code);
}

}  // namespace

std::vector<uint8_t> Download(const std::string& url, const DownloadLimits& limits,
                              const ProgressFunction& progress) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (global != CURLE_OK || curl == nullptr) throw DownloadError("libcurl cannot start", false);
  Transfer transfer{url, limits, progress, curl.get()};
  char error_text[CURL_ERROR_SIZE] = "";
  SetOptions(transfer, error_text);
  const CURLcode code = curl_easy_perform(curl.get());
  if (transfer.stopped != nullptr) std::rethrow_exception(transfer.stopped);
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK || status != 200) {
    throw DownloadError(Reason(transfer, code, status, error_text), transfer.answered);
  }
  if (!Report(transfer, transfer.body.size(), transfer.body.size())) {
    std::rethrow_exception(transfer.stopped);
  }
  return std::move(transfer.body);
}

}  // namespace nabla
