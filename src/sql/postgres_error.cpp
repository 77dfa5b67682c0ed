#include "sql/postgres_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "core/printable.h"

namespace assay::sql {
namespace {

constexpr size_t max_message_bytes = 500;
constexpr size_t sqlstate_bytes = 5;

struct Meaning {
  std::string_view sqlstate;  ///< whole, or a class of two characters
  core::ErrorKind kind;
  Trouble trouble;
};

using enum core::ErrorKind;
/// The first that fits counts.
constexpr auto meanings = std::to_array<Meaning>({
    {"57014", transient, Trouble::cancelled},
    {"57P01", transient, Trouble::connection_lost},
    {"57P02", transient, Trouble::connection_lost},
    {"57P03", transient, Trouble::connection_lost},
    {"57P04", transient, Trouble::connection_lost},
    {"57P05", transient, Trouble::connection_lost},
    {"25P03", transient, Trouble::connection_lost},
    {"08", transient, Trouble::connection_lost},
    {"53300", transient, Trouble::connection_lost},
    {"53100", transient, Trouble::full},
    {"53", transient, Trouble::other},
    {"40", transient, Trouble::conflict},
    {"55P03", transient, Trouble::busy},
    {"55006", transient, Trouble::busy},
    {"23505", permanent, Trouble::unique_violation},
    {"25006", permanent, Trouble::read_only},
    {"42501", denied, Trouble::other},
    {"28", denied, Trouble::other},
    {"42P01", not_found, Trouble::other},
    {"3D000", not_found, Trouble::other},
    {"3F000", not_found, Trouble::other},
});

/// Classes whose messages quote values: data exceptions, and what the authors of functions write.
constexpr auto quoting_classes = std::to_array<std::string_view>({"22", "P0", "38", "39"});

bool is_sqlstate(std::string_view text) {
  return text.size() == sqlstate_bytes &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) || std::isupper(c); });
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

struct VerboseMessage {
  std::string text;
  std::string sqlstate;
};

/// Takes apart what libpq says with PQERRORS_VERBOSE: lines such as `... failed: FATAL:  28P01: password ...`, with the
/// place in the server's source and advice on further lines.
VerboseMessage take_apart(std::string_view whole) {
  VerboseMessage message;
  while (!whole.empty()) {
    const size_t end = std::min(whole.find('\n'), whole.size());
    std::string_view line = whole.substr(0, end);
    whole.remove_prefix(std::min(end + 1, whole.size()));
    if (line.empty() || line.starts_with('\t') || line.starts_with("LOCATION:")) continue;
    if (!message.text.empty()) message.text += "; ";
    const size_t mark = line.find(":  ");
    const size_t code = mark + 3;
    if (mark != std::string_view::npos && line.size() > code + sqlstate_bytes && line[code + sqlstate_bytes] == ':' &&
        is_sqlstate(line.substr(code, sqlstate_bytes))) {
      message.sqlstate = line.substr(code, sqlstate_bytes);
      message.text += line.substr(0, mark + 2);
      line.remove_prefix(code + sqlstate_bytes + 2);
    }
    message.text += line;
  }
  return message;
}

std::string_view field(const PGresult* result, int code) {
  const char* text = result ? PQresultErrorField(result, code) : nullptr;
  return text ? text : "";
}

}  // namespace

Error postgres_error(std::string_view sqlstate, std::string_view message) {
  const auto* const meaning =
      std::ranges::find_if(meanings, [&](const Meaning& known) { return sqlstate.starts_with(known.sqlstate); });
  const bool quotes =
      std::ranges::any_of(quoting_classes, [&](std::string_view known) { return sqlstate.starts_with(known); });
  const std::string text = fmt::format(
      "PostgreSQL: {} ({})",
      quotes ? "a value was refused, or a function refused its input" : core::printable(message, max_message_bytes),
      sqlstate);
  if (meaning == meanings.end()) return {permanent, Trouble::other, text};
  return {meaning->kind, meaning->trouble, text};
}

Error postgres_error(PGconn* connection, const PGresult* result) {
  const std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (!sqlstate.empty()) {
    Error error = postgres_error(sqlstate, field(result, PG_DIAG_MESSAGE_PRIMARY));
    // A server that ends may say anything for its last words.
    if (PQstatus(connection) == CONNECTION_BAD) return {transient, Trouble::connection_lost, error.what()};
    return error;
  }
  const std::string message = core::printable(take_apart(PQerrorMessage(connection)).text, max_message_bytes);
  if (PQstatus(connection) == CONNECTION_BAD) return {transient, Trouble::connection_lost, "PostgreSQL: " + message};
  return {permanent, Trouble::other, "PostgreSQL: " + message};
}

Error postgres_connect_error(PGconn* connection, std::string_view password) {
  VerboseMessage message = take_apart(PQerrorMessage(connection));
  if (!password.empty()) replace_all(message.text, password, "***");
  const std::string text = core::printable(message.text, max_message_bytes);
  if (!message.sqlstate.empty()) {
    const core::ErrorKind kind = postgres_error(message.sqlstate, "").kind();
    return {kind, Trouble::connection_lost, "PostgreSQL: " + text};
  }
  // libpq has no code for a wrong option; it looks at them before it does anything else.
  if (text.starts_with("invalid ")) return {bad_input, Trouble::other, "PostgreSQL: " + text};
  return {transient, Trouble::connection_lost, "PostgreSQL: " + text};
}

bool is_stale_plan(const PGresult* result) noexcept {
  return field(result, PG_DIAG_SQLSTATE) == "0A000" &&
         field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
}

}  // namespace assay::sql
