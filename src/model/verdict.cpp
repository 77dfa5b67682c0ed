#include "model/verdict.h"

#include <array>

namespace assay::model {
namespace {

constexpr std::array<std::string_view, verdict_kind_count> names = {
    "OK",    "PARTIAL",   "UNSUPPORTED", "ENCRYPTED",    "LIMIT",   "TIMEOUT", "OOM",
    "CRASH", "VIOLATION", "IO_ERROR",    "SPECIAL_FILE", "CHANGED", "EXCLUDED"};

}  // namespace

std::string_view to_string(VerdictKind kind) noexcept { return names[static_cast<size_t>(kind)]; }

std::optional<VerdictKind> verdict_kind_from_string(std::string_view name) noexcept {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<VerdictKind>(i);
  return std::nullopt;
}

bool is_complete(VerdictKind kind) noexcept {
  return kind == VerdictKind::ok || kind == VerdictKind::excluded || kind == VerdictKind::special_file;
}

}  // namespace assay::model
