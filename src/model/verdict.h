#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::model {

/// What became of an object, or of one member inside it. Every object and member gets exactly one.
enum class VerdictKind : uint8_t {
  ok,            ///< read to its end
  partial,       ///< read in part; the reason says what is missing
  unsupported,   ///< a format that has no extractor
  encrypted,     ///< needs a password or key
  limit,         ///< a limit ended it; the reason names the limit
  timeout,       ///< ran past its deadline or made no progress
  oom,           ///< ran past its memory
  crash,         ///< the extractor died; the reason names the signal
  violation,     ///< the extractor asked the kernel for something it may not have
  io_error,      ///< the source failed: no permission, vanished, read error
  special_file,  ///< FIFO, device, socket: never opened
  changed,       ///< changed or was cut while being read
  excluded,      ///< left out at the user's wish
};

inline constexpr int verdict_kind_count = 13;

std::string_view to_string(VerdictKind kind) noexcept;
std::optional<VerdictKind> verdict_kind_from_string(std::string_view name) noexcept;

struct Verdict {
  VerdictKind kind = VerdictKind::ok;
  std::string reason;  ///< empty when ok, unless only a part was asked for; never holds content of the object

  bool operator==(const Verdict&) const = default;
};

/// True when nothing that the user asked for was left unread: ok, excluded, and special files, which hold no data.
bool is_complete(VerdictKind kind) noexcept;

}  // namespace assay::model
