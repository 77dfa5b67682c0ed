#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace assay::core {

enum class LogLevel : uint8_t { debug, info, warning, error, off };

std::string_view to_string(LogLevel level) noexcept;
std::optional<LogLevel> log_level_from_string(std::string_view name) noexcept;

/// One name and value of a line. Takes numbers, truths and text, and so never a Sensitive<T>.
struct LogField {
  std::string_view name;
  std::variant<int64_t, double, bool, std::string_view> value;

  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const std::string& text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, bool truth) : name(field), value(truth) {}
  LogField(std::string_view field, double number) : name(field), value(number) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  LogField(std::string_view field, T number) : name(field), value(static_cast<int64_t>(number)) {}
};

/// Writes one JSON object a line: "time" (UTC, RFC 3339, milliseconds), "level", "message", and fields. The names that
/// run through all rooms are job, task, worker, node_group and correlation_id. A message is a fixed sentence without
/// data in it. Cheap to copy; thread-safe. A default one writes nothing.
class Log {
 public:
  using Fields = std::initializer_list<LogField>;

  Log() = default;
  static Log to_stderr(LogLevel level);
  /// Five files of up to `max_bytes` each, the oldest removed. Throws core::Error when the file cannot be opened.
  static Log to_file(const std::string& path, LogLevel level, uint64_t max_bytes = 64ULL << 20);
  /// For tests. The stream must outlive the log.
  static Log to_stream(std::ostream& stream, LogLevel level);

  /// The same log with fields that each of its lines will have.
  Log with(Fields fields) const;

  bool writes(LogLevel level) const noexcept;
  void write(LogLevel level, std::string_view message, Fields fields = {}) const;
  void debug(std::string_view message, Fields fields = {}) const { write(LogLevel::debug, message, fields); }
  void info(std::string_view message, Fields fields = {}) const { write(LogLevel::info, message, fields); }
  void warning(std::string_view message, Fields fields = {}) const { write(LogLevel::warning, message, fields); }
  void error(std::string_view message, Fields fields = {}) const { write(LogLevel::error, message, fields); }

 private:
  std::shared_ptr<spdlog::logger> logger_;
  std::string always_;  // fields of every line, as JSON with a leading comma
};

}  // namespace assay::core
