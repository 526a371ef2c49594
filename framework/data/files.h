// Finds the files of a data set: in the user's folders, then in the cache, then on the network.
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
  std::string folder;                 // "mnist": its folder inside a data folder
  std::vector<std::string> names;     // usual names without ".gz"; the cache uses the first
  std::string sha256;                 // of the unpacked file, 64 lower-case digits; "" = unchecked
  std::vector<std::string> mirrors;   // URL prefixes, tried in turn: prefix + names[0] + ".gz"
  size_t max_size = size_t{1} << 28;  // of the unpacked file, bytes
};

struct FilesOptions {
  std::string data_dir;           // --data; "" = none
  std::string env_dir;            // $NABLA_DATA; "" = none
  std::string cache_dir;          // "" = no cache
  std::string working_directory;  // base of relative paths; "" = that of the process
  bool offline = false;           // never touch the network
  ProgressFunction progress;      // of downloads; may be empty
  DownloadLimits limits;

  // Sets env_dir from $NABLA_DATA, cache_dir to $HOME/.cache/nabla, and working_directory from
  // $BUILD_WORKING_DIRECTORY.
  static FilesOptions FromEnvironment();
};

// The files were neither found nor downloaded. what() lists where they were sought and why each
// mirror failed, one per line. The caller may fall back to generated data.
class DataUnavailable : public RunError {
 public:
  using RunError::RunError;
};

class Files {
 public:
  explicit Files(FilesOptions options) : options_(std::move(options)) {}

  // The unpacked, verified contents of `files`, in the same order.
  //
  // Searches data_dir, env_dir and cache_dir, for each name with and without ".gz", then downloads
  // into the cache. Files unpacked from the user's folders are cached too, because unpacking MNIST
  // in every run would take too long. Files from the cache are hashed again each time.
  //
  // Throws InputError if a file in data_dir or env_dir is unreadable, is not valid gzip or has
  // another SHA-256; DataUnavailable if a file is missing and cannot be downloaded. A bad file in
  // the cache counts as missing and is replaced.
  std::vector<Bytes> Get(const std::vector<RemoteFile>& files);

  // Any file of the user, unchanged, of at most max_size bytes. Throws InputError if that fails.
  Bytes Read(const std::string& path, size_t max_size = size_t{1} << 32) const;

  // The same, unpacked if it is compressed with gzip.
  Bytes ReadUnpacked(const std::string& path, size_t max_size = size_t{1} << 32) const;

  // The files of one table: paths, and instead of a folder all .csv and .tsv files in it, instead
  // of a pattern (*, ?, [a-z]) all files that match it, compressed ones too, in the order of the
  // bytes of their names. Remarks say which. Throws InputError if a folder or a pattern gives none.
  std::vector<std::string> TablesOf(const std::vector<std::string>& paths,
                                    std::vector<std::string>* remarks) const;

  // `path`, relative to working_directory if it is not absolute.
  std::string Resolve(const std::string& path) const;

  // Notes for the user about the calls so far, one sentence each: folders without the files,
  // mirrors that failed, a cache that was repaired or cannot be written.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  // One file, and the places where it was not found, one line each.
  struct Search {
    const RemoteFile& file;
    std::vector<std::string> tried;
  };

  std::vector<std::string> TablesIn(const std::string& folder,
                                    std::vector<std::string>* remarks) const;
  std::vector<std::string> Matching(const std::string& pattern,
                                    std::vector<std::string>* remarks) const;
  std::optional<Bytes> Find(Search& search);
  std::optional<Bytes> FindInFolder(Search& search, const std::string& folder,
                                    const std::string& asked_by);
  std::optional<Bytes> FindInCache(Search& search);
  Bytes Fetch(Search& search);
  Bytes FetchFrom(const RemoteFile& file, const std::string& url,
                  std::chrono::milliseconds patience);
  // Unpacks `packed`, or takes the cached copy if its .origin file names this packed file.
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
