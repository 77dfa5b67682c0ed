#include "core/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <chrono>
#include <cmath>
#include <ostream>
#include <utility>

#include "core/error.h"

namespace assay::core {
namespace {

constexpr std::array<std::pair<LogLevel, std::string_view>, 5> level_names = {{{LogLevel::debug, "debug"},
                                                                               {LogLevel::info, "info"},
                                                                               {LogLevel::warning, "warning"},
                                                                               {LogLevel::error, "error"},
                                                                               {LogLevel::off, "off"}}};

spdlog::level::level_enum spdlog_level(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: return spdlog::level::off;
  }
  return spdlog::level::off;
}

/// How many bytes of well-formed UTF-8 begin here (Unicode 15, table 3-7); 0 when they are none.
size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    return follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    return follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// As a JSON string; bytes that are no UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const size_t length = utf8_length(text);
    if (c == '"' || c == '\\') out.append(1, '\\').append(1, text.front());
    else if (c < 0x20 || c == 0x7F) out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else if (length == 0) out += "\\ufffd";
    else out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_field(std::string& out, const LogField& field) {
  out += ',';
  append_json_string(out, field.name);
  out += ':';
  if (const auto* text = std::get_if<std::string_view>(&field.value)) append_json_string(out, *text);
  else if (const auto* number = std::get_if<int64_t>(&field.value)) out += fmt::format("{}", *number);
  else if (const auto* truth = std::get_if<bool>(&field.value)) out += *truth ? "true" : "false";
  else if (const double real = std::get<double>(field.value); std::isfinite(real)) out += fmt::format("{}", real);
  else out += "null";  // JSON has no word for it
}

std::shared_ptr<spdlog::logger> make_logger(spdlog::sink_ptr sink, LogLevel level) {
  auto logger = std::make_shared<spdlog::logger>("assay", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog_level(level));
  logger->flush_on(spdlog::level::warn);
  return logger;
}

}  // namespace

std::string_view to_string(LogLevel level) noexcept { return level_names[static_cast<size_t>(level)].second; }

std::optional<LogLevel> log_level_from_string(std::string_view name) noexcept {
  for (const auto& [level, known] : level_names) {
    if (known == name) return level;
  }
  return std::nullopt;
}

Log Log::to_stderr(LogLevel level) {
  Log log;
  log.logger_ = make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>(), level);
  return log;
}

Log Log::to_file(const std::string& path, LogLevel level, uint64_t max_bytes) {
  Log log;
  try {
    log.logger_ = make_logger(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, max_bytes, 5), level);
  } catch (const spdlog::spdlog_ex&) {
    throw Error(ErrorKind::bad_input, "cannot open the log file " + path + " for writing");
  }
  return log;
}

Log Log::to_stream(std::ostream& stream, LogLevel level) {
  Log log;
  log.logger_ = make_logger(std::make_shared<spdlog::sinks::ostream_sink_mt>(stream, true), level);
  return log;
}

Log Log::with(Fields fields) const {
  Log log = *this;
  for (const LogField& field : fields) append_field(log.always_, field);
  return log;
}

bool Log::writes(LogLevel level) const noexcept {
  return logger_ && level != LogLevel::off && logger_->should_log(spdlog_level(level));
}

void Log::write(LogLevel level, std::string_view message, Fields fields) const {
  if (!writes(level)) return;
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::string line = fmt::format("{{\"time\":\"{:%FT%T}.{:03}Z\",\"level\":\"{}\",\"message\":",
                                 fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms, to_string(level));
  append_json_string(line, message);
  line += always_;
  for (const LogField& field : fields) append_field(line, field);
  line += '}';
  logger_->log(spdlog_level(level), spdlog::string_view_t(line));
}

}  // namespace assay::core
