#include "cli/database.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "core/error.h"

namespace assay::cli {

store::StoreOptions store_options(const Configuration& configuration) {
  store::StoreOptions options;
  options.url = database_url(configuration);
  options.connections = 2;
  return options;
}

std::string sqlite_file(std::string_view url) {
  constexpr std::string_view scheme = "sqlite:";
  if (!url.starts_with(scheme) || url == "sqlite::memory:") return {};
  return std::string(url.substr(scheme.size()));
}

void make_directory_of(const std::string& file) {
  const auto directory = std::filesystem::path(file).parent_path();
  if (directory.empty() || std::filesystem::is_directory(directory)) return;
  std::error_code error;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    throw core::error_from_errno(fmt::format("cannot make the directory {}", directory.string()), errno);
}

void about_database(const Configuration& configuration, const std::function<void()>& use) {
  try {
    use();
  } catch (const core::Error& error) {
    const bool is_input = error.kind() == core::ErrorKind::bad_input || error.kind() == core::ErrorKind::not_found;
    throw core::Error(is_input ? core::ErrorKind::permanent : error.kind(),
                      fmt::format("cannot use the database {}: {}", without_password(database_url(configuration)),
                                  without_password(error.what())));
  }
}

std::unique_ptr<store::Store> open_database(const Configuration& configuration, Absent absent) {
  return open_database(configuration, store_options(configuration), absent);
}

std::unique_ptr<store::Store> open_database(const Configuration& configuration, const store::StoreOptions& options,
                                            Absent absent) {
  std::unique_ptr<store::Store> store;
  about_database(configuration, [&] {
    const std::string file = sqlite_file(options.url);
    std::error_code error;
    const bool is_new = !file.empty() && !std::filesystem::exists(file, error);
    if (is_new && absent == Absent::refuse)
      throw core::Error(core::ErrorKind::not_found,
                        "there is no such file; `assay serve` or `assay db migrate` makes one");
    if (is_new) make_directory_of(file);
    store = store::Store::open(options, is_new);
  });
  return store;
}

}  // namespace assay::cli
