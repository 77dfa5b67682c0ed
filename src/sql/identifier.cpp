#include "sql/identifier.h"

#include "sql/parameters.h"

namespace assay::sql {

std::string quote_identifier(Dialect dialect, std::string_view name) {
  const bool can_be_one = !name.empty() && name.find('\0') == std::string_view::npos && is_utf8(name);
  if (!can_be_one)
    throw Error(core::ErrorKind::bad_input, Trouble::other,
                "a name in a database must be UTF-8, not empty and without NUL");
  switch (dialect) {
    case Dialect::sqlite:
    case Dialect::postgresql: break;  // a dialect that quotes otherwise says so here
  }
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

}  // namespace assay::sql
