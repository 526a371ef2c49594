#include "framework/formats/appended_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "framework/base/error.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

class AppendedFileTest : public testing::Test {
 protected:
  AppendedFileTest() : folder_(testing::TempDir() + "/appended"), path_(folder_ + "/lines.txt") {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  static std::string Read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  const std::string folder_;
  const std::string path_;
};

TEST_F(AppendedFileTest, GrowsBehindItsBeginning) {
  AppendedFile file(path_);
  file.Begin("a\n");
  EXPECT_EQ(Read(path_), "a\n");
  file.Append("b\n");
  file.Append("c\n");
  EXPECT_EQ(Read(path_), "a\nb\nc\n");
  file.Begin("d\n");
  EXPECT_EQ(Read(path_), "d\n");
}

TEST_F(AppendedFileTest, GoesOnWithAnExistingFile) {
  AppendedFile(path_).Begin("a\n");
  AppendedFile(path_).Append("b\n");
  EXPECT_EQ(Read(path_), "a\nb\n");
}

TEST_F(AppendedFileTest, FindsTheFileThatTookItsPlace) {
  AppendedFile file(path_);
  file.Begin("a\n");
  fs::remove(path_);
  file.Append("b\n");
  EXPECT_EQ(Read(path_), "b\n");
  // As an editor saves.
  std::ofstream(folder_ + "/other") << "edited\n";
  fs::rename(folder_ + "/other", path_);
  file.Append("c\n");
  EXPECT_EQ(Read(path_), "edited\nc\n");
}

TEST_F(AppendedFileTest, FollowsNoLink) {
  std::ofstream(folder_ + "/precious") << "mine\n";
  fs::create_symlink(folder_ + "/precious", path_);
  AppendedFile file(path_);
  file.Begin("a\n");
  EXPECT_FALSE(fs::is_symlink(path_));
  EXPECT_EQ(Read(path_), "a\n");
  EXPECT_EQ(Read(folder_ + "/precious"), "mine\n");
}

TEST_F(AppendedFileTest, SaysWhyItCannotWrite) {
  const auto message = [](const std::string& path) -> std::string {
    try {
      AppendedFile(path).Begin("a\n");
    } catch (const RunError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(message(folder_), "cannot write " + folder_ + ": Is a directory");
  EXPECT_EQ(message(folder_ + "/none/x"),
            "cannot write " + folder_ + "/none/x: No such file or directory");
  EXPECT_EQ(message("/dev/full"), "cannot write /dev/full: No space left on device");
}

TEST_F(AppendedFileTest, WaitsForNoFifo) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  AppendedFile file(path_);
  EXPECT_THROW(file.Begin("a\n"), RunError);
  const int reader = open(path_.c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_THROW(file.Begin("a\n"), RunError);
  EXPECT_THROW(file.Append("a\n"), RunError);
  close(reader);
  fs::remove(path_);
  file.Begin("a\n");
  EXPECT_EQ(Read(path_), "a\n");
}

}  // namespace
}  // namespace nabla
