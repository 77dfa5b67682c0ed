#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "connect/connector_kind.h"

namespace assay::connect {

/// Reads the settings of an address, each by its type; one that is set to "" is not set. Throws core::Error(bad_input)
/// naming the setting. The address outlives it.
class SettingReader {
 public:
  explicit SettingReader(const SourceAddress& address) : settings_(address.settings) {}

  /// "" when it is not set.
  std::string text(std::string_view name) const;
  bool flag(std::string_view name, bool fallback = false) const;
  /// One of two words: whether it is `yes`.
  bool choice(std::string_view name, std::string_view yes, std::string_view no, bool fallback) const;
  uint64_t number(std::string_view name, uint64_t max) const;  ///< 0 when it is not set
  /// Above 0; `absent` when it is not set.
  double percentage(std::string_view name, double absent = 100, double least = 0, double most = 100) const;
  [[noreturn]] static void refuse(std::string_view name, std::string_view what);

 private:
  const std::map<std::string, std::string>& settings_;
};

}  // namespace assay::connect
