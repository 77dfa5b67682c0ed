#include "connect/setting_reader.h"

#include <fmt/format.h>

#include <charconv>

#include "core/error.h"

namespace assay::connect {
namespace {

template <typename Number>
bool parse(const std::string& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void SettingReader::refuse(std::string_view name, std::string_view what) {
  throw core::Error(core::ErrorKind::bad_input, fmt::format("{} must be {}", name, what));
}

std::string SettingReader::text(std::string_view name) const {
  const auto found = settings_.find(std::string(name));
  return found == settings_.end() ? "" : found->second;
}

bool SettingReader::flag(std::string_view name, bool fallback) const { return choice(name, "true", "false", fallback); }

bool SettingReader::choice(std::string_view name, std::string_view yes, std::string_view no, bool fallback) const {
  const std::string value = text(name);
  if (value.empty()) return fallback;
  if (value != yes && value != no) refuse(name, fmt::format("{} or {}", yes, no));
  return value == yes;
}

uint64_t SettingReader::number(std::string_view name, uint64_t max) const {
  const std::string value = text(name);
  uint64_t number = 0;
  if (!value.empty() && (!parse(value, number) || number > max))
    refuse(name, fmt::format("a whole number up to {}", max));
  return number;
}

double SettingReader::percentage(std::string_view name, double absent, double least, double most) const {
  const std::string value = text(name);
  double number = absent;
  if (!value.empty() && (!parse(value, number) || !(number > 0 && number >= least && number <= most)))
    refuse(name, fmt::format("a number {} {} and up to {}", least > 0 ? "from" : "above", least, most));
  return number;
}

}  // namespace assay::connect
