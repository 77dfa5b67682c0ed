#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace assay::classify {

/// Words that may stand anywhere in the name of a key or column: "password" in "Db_Password". Asked for every column of
/// every table, so that a name without any costs a look at a small table for each of its bytes.
class KeyWords {
 public:
  /// One of at least three bytes of ASCII; shorter ones would be found in most names, and are left out.
  void add(std::string_view word);
  /// Of the longest names, only the beginning is looked at.
  bool occur_in(std::string_view name) const;

 private:
  static constexpr size_t max_name_bytes = 64;
  static size_t bucket_of(const char* three) noexcept;

  std::array<std::vector<std::string>, 1024> words_;  // lower case, by their first three bytes
};

}  // namespace assay::classify
