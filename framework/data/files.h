// Finds the files of a data set: in the user's folders, in the cache, at last in the network.
#ifndef NABLA_FRAMEWORK_DATA_FILES_H_
#define NABLA_FRAMEWORK_DATA_FILES_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/bytes.h"
#include "framework/data/download.h"

namespace nabla {

struct RemoteFile {
  std::string folder;                // "mnist": its folder inside a data folder
  std::vector<std::string> names;    // usual spellings without ".gz"; the first one names the cache
  std::string sha256;                // of the unpacked file, 64 lower-case digits; "" = unchecked
  std::vector<std::string> mirrors;  // URL prefixes, tried in turn: prefix + names[0] + ".gz"
  size_t max_size = size_t{1} << 28;  // of the unpacked file, bytes
};

struct FilesOptions {
  std::string data_dir;           // --data; "" = none
  std::string env_dir;            // $NABLA_DATA; "" = none
  std::string cache_dir;          // "" = no cache
  std::string working_directory;  // what relative paths start from; "" = the process's own
  bool offline = false;           // never touch the network
  ProgressFunction progress;      // of downloads; may be empty
  DownloadLimits limits;

  // env_dir, cache_dir (~/.cache/nabla) and working_directory as the environment has them
  // (NABLA_DATA, HOME, BUILD_WORKING_DIRECTORY).
  static FilesOptions FromEnvironment();
};

// The files are nowhere and cannot be had: what() lists the places looked in and why each mirror
// failed, one a line. The caller may fall back to made-up data.
class DataUnavailable : public RunError {
 public:
  using RunError::RunError;
};

class Files {
 public:
  explicit Files(FilesOptions options) : options_(std::move(options)) {}

  // The unpacked, verified contents of `files`, in their order.
  //
  // Looked for in data_dir, env_dir and cache_dir, each name plain or with ".gz", then downloaded
  // into the cache. What is unpacked from the user's folders is kept in the cache too, since
  // unpacking MNIST takes longer than a training step may wait. Whatever comes from the cache is
  // hashed again each time.
  //
  // Throws InputError for a file in data_dir or env_dir that is unreadable, no proper gzip or has
  // another SHA-256; DataUnavailable if a file is missing and cannot be downloaded. A bad file in
  // the cache counts as missing and is replaced.
  std::vector<Bytes> Get(const std::vector<RemoteFile>& files);

  // Any file of the user as it is, at most max_size bytes; InputError if that fails.
  Bytes Read(const std::string& path, size_t max_size = size_t{1} << 32) const;

  // The same, unpacked if it is packed with gzip.
  Bytes ReadUnpacked(const std::string& path, size_t max_size = size_t{1} << 32) const;

  // `path` made absolute with working_directory.
  std::string Resolve(const std::string& path) const;

  // What a user may want to know about the calls so far, one sentence each: places that lack the
  // files, mirrors that failed, a cache that was repaired or cannot be written.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  // One file and, a line each, where it was not.
  struct Search {
    const RemoteFile& file;
    std::vector<std::string> tried;
  };

  std::optional<Bytes> Find(Search& search);
  std::optional<Bytes> FindInFolder(Search& search, const std::string& folder,
                                    const std::string& asked_by);
  std::optional<Bytes> FindInCache(Search& search);
  Bytes Fetch(Search& search);
  Bytes FetchFrom(const RemoteFile& file, const std::string& url,
                  std::chrono::milliseconds patience);
  // Unpacks `packed`, or takes the cached copy if a note says that it came from this very file.
  Bytes UnpackThroughCache(const RemoteFile& file, const std::string& path, const Bytes& packed);
  bool HasOrigin(const RemoteFile& file, const std::string& origin) const;
  void Keep(const RemoteFile& file, const Bytes& content, const std::string& origin);
  std::string CachePath(const RemoteFile& file) const;
  void Note(const std::string& text);

  FilesOptions options_;
  std::vector<std::string> notes_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_FILES_H_
