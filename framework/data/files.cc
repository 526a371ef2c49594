#include "framework/data/files.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "framework/base/file_name.h"
#include "framework/base/sha256.h"
#include "framework/data/disk.h"
#include "framework/data/gzip.h"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

// Time for all attempts that reach no server: without a network, users wait no longer than this.
constexpr std::chrono::milliseconds kPatience{7500};
// With less time left, no attempt is started.
constexpr std::chrono::milliseconds kShortestAttempt{500};
// Of the files that match a pattern, so many are named.
constexpr size_t kMostShown = 10;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// "" if `content` has the SHA-256 of `file`, otherwise what is wrong.
std::string Mismatch(const RemoteFile& file, const Bytes& content) {
  if (file.sha256.empty()) return "";
  const std::string found = Sha256Hex(content.span());
  if (found == file.sha256) return "";
  return "expected SHA-256 " + file.sha256 + ", found " + found + " (" +
         std::to_string(content.size()) + " bytes)";
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

// The line that links an unpacked file in the cache to the packed file it came from.
std::string OriginLine(const std::string& sha256, const std::string& packed_sha256) {
  return sha256 + " is unpacked from " + packed_sha256 + "\n";
}

std::span<const uint8_t> AsBytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

FilesOptions FilesOptions::FromEnvironment() {
  FilesOptions options;
  options.env_dir = Variable("NABLA_DATA");
  const std::string home = Variable("HOME");
  if (!home.empty()) options.cache_dir = home + "/.cache/nabla";
  options.working_directory = Variable("BUILD_WORKING_DIRECTORY");
  return options;
}

std::string Files::Resolve(const std::string& path) const {
  return (std::filesystem::path(options_.working_directory) / path).string();
}

Bytes Files::Read(const std::string& path, size_t max_size) const {
  std::optional<Bytes> content = ReadFile(Resolve(path), max_size);
  if (!content) throw InputError({Problem{{path}, "no such file"}});
  return *std::move(content);
}

Bytes Files::ReadUnpacked(const std::string& path, size_t max_size) const {
  Bytes content = Read(path, max_size);
  if (!LooksLikeGzip(content.span())) return content;
  return Gunzip(content.span(), max_size, path);
}

std::vector<std::string> Files::TablesOf(const std::vector<std::string>& paths,
                                         std::vector<std::string>* remarks) const {
  std::vector<std::string> all;
  for (const std::string& path : paths) {
    std::error_code none;
    const bool exists = std::filesystem::exists(Resolve(path), none);
    const bool pattern = !exists && path.find_first_of("*?[") != std::string::npos;
    std::vector<std::string> found = {path};
    if (pattern) found = Matching(path, remarks);
    if (!path.empty() && IsFolder(Resolve(path))) found = TablesIn(path, remarks);
    for (const std::string& file : found) {
      if (std::ranges::count(all, file) == 1) {
        remarks->push_back(file + ": warning: the file is named twice: its rows count twice");
      }
      all.push_back(file);
    }
  }
  return all;
}

std::vector<std::string> Files::TablesIn(const std::string& folder,
                                         std::vector<std::string>* remarks) const {
  const FolderNames names = ListFolder(Resolve(folder));
  std::vector<std::string> tables;
  for (const std::string& name : names.files) {
    if (IsTableName(name)) tables.push_back(folder + (folder.ends_with('/') ? "" : "/") + name);
  }
  if (tables.empty()) {
    throw InputError({Problem{{folder}, "the folder has no tables (.csv, .tsv, .csv.gz)"}});
  }
  const size_t rest = names.files.size() + names.folders.size() - tables.size();
  const std::string what = tables.size() == 1 ? ": note: this is " + tables[0]
                                              : ": note: the " + std::to_string(tables.size()) +
                                                    " tables of the folder are read as one";
  const std::string others = rest == 1 ? " other is left out" : " others are left out";
  remarks->push_back(folder + what + (rest > 0 ? "; " + std::to_string(rest) + others : ""));
  return tables;
}

std::vector<std::string> Files::Matching(const std::string& pattern,
                                         std::vector<std::string>* remarks) const {
  const std::vector<std::string> found = MatchingFiles(pattern, Resolve(""));
  if (found.empty()) throw InputError("no file matches " + pattern);
  std::string text;
  for (size_t i = 0; i < std::min(found.size(), kMostShown); ++i) {
    text += (i > 0 ? ", " : "") + found[i];
  }
  if (found.size() > kMostShown) {
    text += " and " + std::to_string(found.size() - kMostShown) + " more";
  }
  remarks->push_back(
      pattern +
      ": note: " + (found.size() > 1 ? "these files are read as one table: " : "this is ") + text);
  return found;
}

std::vector<Bytes> Files::Get(const std::vector<RemoteFile>& files) {
  // Search for all files before downloading any, to report a bad file of the user at once.
  std::vector<Search> searches;
  std::vector<std::optional<Bytes>> found;
  for (const RemoteFile& file : files) {
    searches.push_back({file, {}});
    found.push_back(Find(searches.back()));
  }
  std::vector<Bytes> contents;
  for (size_t i = 0; i < files.size(); ++i) {
    contents.push_back(found[i] ? *std::move(found[i]) : Fetch(searches[i]));
  }
  return contents;
}

std::optional<Bytes> Files::Find(Search& search) {
  const std::pair<const std::string&, const char*> folders[] = {{options_.data_dir, "--data"},
                                                                {options_.env_dir, "NABLA_DATA"}};
  for (const auto& [folder, asked_by] : folders) {
    if (folder.empty()) continue;
    std::optional<Bytes> content = FindInFolder(search, Resolve(folder), asked_by);
    if (content) return content;
  }
  return FindInCache(search);
}

std::optional<Bytes> Files::FindInFolder(Search& search, const std::string& folder,
                                         const std::string& asked_by) {
  const RemoteFile& file = search.file;
  const std::filesystem::path inner = std::filesystem::path(folder) / file.folder;
  for (const std::string& name : file.names) {
    const std::string path = (inner / name).string();
    if (std::optional<Bytes> plain = ReadFile(path, file.max_size)) {
      const std::string mismatch = Mismatch(file, *plain);
      if (!mismatch.empty()) throw InputError({Problem{{path}, mismatch}});
      return plain;
    }
    if (const std::optional<Bytes> packed = ReadFile(path + ".gz", file.max_size)) {
      return UnpackThroughCache(file, path + ".gz", *packed);
    }
  }
  std::error_code ignored;
  const bool exists = std::filesystem::is_directory(inner, ignored);
  search.tried.push_back(
      inner.string() + " (" + asked_by +
      "): " + (exists ? "no " + file.names[0] + ", compressed or not" : "no such folder"));
  Note(search.tried.back());
  return std::nullopt;
}

std::optional<Bytes> Files::FindInCache(Search& search) {
  const RemoteFile& file = search.file;
  if (options_.cache_dir.empty()) return std::nullopt;
  const std::string path = CachePath(file);
  std::string trouble;
  try {
    std::optional<Bytes> content = ReadFile(path, file.max_size);
    if (!content) {
      search.tried.push_back(path + " (cache): no such file");
      return std::nullopt;
    }
    trouble = Mismatch(file, *content);
    if (trouble.empty()) return content;
  } catch (const InputError& error) {
    trouble = error.problems()[0].message;
  }
  search.tried.push_back(path + " (cache): " + trouble);
  Note(search.tried.back());
  return std::nullopt;
}

Bytes Files::UnpackThroughCache(const RemoteFile& file, const std::string& path,
                                const Bytes& packed) {
  const bool cached = !options_.cache_dir.empty() && !file.sha256.empty();
  const std::string origin = cached ? OriginLine(file.sha256, Sha256Hex(packed.span())) : "";
  if (cached && HasOrigin(file, origin)) {
    Search search{file, {}};
    if (std::optional<Bytes> content = FindInCache(search)) return *std::move(content);
  }
  Bytes content = Gunzip(packed.span(), file.max_size, path);
  const std::string mismatch = Mismatch(file, content);
  if (!mismatch.empty()) throw InputError({Problem{{path}, "unpacked: " + mismatch}});
  if (cached) Keep(file, content, origin);
  return content;
}

bool Files::HasOrigin(const RemoteFile& file, const std::string& origin) const {
  try {
    const std::optional<Bytes> found = ReadFile(CachePath(file) + ".origin", origin.size());
    return found && std::ranges::equal(found->span(), AsBytes(origin));
  } catch (const InputError&) {
    return false;
  }
}

Bytes Files::Fetch(Search& search) {
  const RemoteFile& file = search.file;
  if (options_.offline) search.tried.push_back("network: not used, since offline is set");
  auto patience = options_.offline ? std::chrono::milliseconds(0) : kPatience;
  for (const std::string& mirror : file.mirrors) {
    if (patience < kShortestAttempt) break;
    const std::string url = mirror + file.names[0] + ".gz";
    const auto start = Clock::now();
    try {
      return FetchFrom(file, url, patience);
    } catch (const DownloadError& error) {
      search.tried.push_back(url + ": " + error.what());
      const auto spent =
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
      if (!error.reached()) patience -= spent;
    } catch (const InputError& error) {
      search.tried.push_back(error.problems()[0].place.origin + ": " + error.problems()[0].message);
    }
    Note(search.tried.back());
  }
  throw DataUnavailable(file.folder + "/" + file.names[0] +
                        " was not found:" + Joined(search.tried));
}

Bytes Files::FetchFrom(const RemoteFile& file, const std::string& url,
                       std::chrono::milliseconds patience) {
  DownloadLimits limits = options_.limits;
  limits.connect = std::min(limits.connect, patience);
  limits.silence = std::min(limits.silence, patience);
  limits.size = std::min(limits.size, file.max_size);
  const std::vector<uint8_t> packed = Download(url, limits, options_.progress);
  Bytes content = Gunzip(packed, file.max_size, url);
  const std::string mismatch = Mismatch(file, content);
  if (!mismatch.empty()) throw InputError({Problem{{url}, "unpacked: " + mismatch}});
  if (!options_.cache_dir.empty()) Keep(file, content, "");
  return content;
}

void Files::Keep(const RemoteFile& file, const Bytes& content, const std::string& origin) {
  const std::string path = CachePath(file);
  try {
    WriteFile(path, content.span());
    if (!origin.empty()) WriteFile(path + ".origin", AsBytes(origin));
  } catch (const RunError& error) {
    Note(std::string("the cache is not used: ") + error.what());
  }
}

std::string Files::CachePath(const RemoteFile& file) const {
  return (std::filesystem::path(Resolve(options_.cache_dir)) / file.folder / file.names[0])
      .string();
}

void Files::Note(const std::string& text) {
  if (std::ranges::find(notes_, text) == notes_.end()) notes_.push_back(text);
}

}  // namespace nabla
