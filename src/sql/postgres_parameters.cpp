#include "sql/postgres_parameters.h"

#include <fmt/format.h>

#include <iterator>
#include <limits>
#include <numeric>

#include "sql/error.h"
#include "sql/parameters.h"

namespace assay::sql {
namespace {

// src/include/catalog/pg_type.dat; these are the same in every server.
constexpr Oid bool_oid = 16;
constexpr Oid bytea_oid = 17;
constexpr Oid int8_oid = 20;
constexpr Oid float8_oid = 701;
constexpr Oid text_array_oid = 1009;
constexpr Oid int8_array_oid = 1016;

constexpr size_t kept_bytes = 1 << 20;
constexpr size_t no_text = std::numeric_limits<size_t>::max();
constexpr int text_format = 0;
constexpr int binary_format = 1;

struct TypeOf {
  std::optional<Oid> operator()(std::nullptr_t) const { return std::nullopt; }
  std::optional<Oid> operator()(bool) const { return bool_oid; }
  std::optional<Oid> operator()(int64_t) const { return int8_oid; }
  std::optional<Oid> operator()(double) const { return float8_oid; }
  /// Texts also stand for what has no type here: jsonb, timestamps, enumerations.
  std::optional<Oid> operator()(std::string_view) const { return Oid{0}; }
  std::optional<Oid> operator()(Blob) const { return bytea_oid; }
  std::optional<Oid> operator()(std::span<const int64_t>) const { return int8_array_oid; }
  std::optional<Oid> operator()(std::span<const std::string_view>) const { return text_array_oid; }
};

struct AppendText {
  std::string& out;
  void operator()(std::nullptr_t) const {}
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(int64_t number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(double number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(std::string_view text) const { out += text; }
  void operator()(Blob) const {}
  void operator()(std::span<const int64_t> numbers) const { out += array_literal(numbers); }
  void operator()(std::span<const std::string_view> texts) const { out += array_literal(texts); }
};

}  // namespace

ParameterTypes parameter_types(std::span<const Value> parameters) {
  ParameterTypes types;
  types.reserve(parameters.size());
  for (const Value& value : parameters) types.push_back(std::visit(TypeOf{}, value));
  return types;
}

bool fits(const ParameterTypes& known, const ParameterTypes& asked) {
  if (known.size() != asked.size()) return false;
  for (size_t i = 0; i < known.size(); ++i)
    if (asked[i] && known[i] != asked[i] && known[i] != Oid{0}) return false;
  return true;
}

ParameterTypes merged(const ParameterTypes& known, const ParameterTypes& asked) {
  if (known.size() != asked.size()) return asked;
  ParameterTypes types = known;
  for (size_t i = 0; i < types.size(); ++i) {
    if (!types[i]) types[i] = asked[i];
    else if (asked[i] && asked[i] != types[i]) types[i] = Oid{0};
  }
  return types;
}

void PostgresParameters::set(std::span<const Value> parameters) {
  if (texts_.capacity() > kept_bytes) texts_ = {};
  texts_.clear();
  values_.clear();
  begins_.clear();
  lengths_.clear();
  formats_.clear();
  for (const Value& value : parameters) add(value);
  for (size_t i = 0; i < values_.size(); ++i)
    if (begins_[i] != no_text) values_[i] = texts_.data() + begins_[i];
}

void PostgresParameters::add(const Value& value) {
  const size_t begin = texts_.size();
  const auto* blob = std::get_if<Blob>(&value);
  const bool is_text = !blob && !std::holds_alternative<std::nullptr_t>(value);
  size_t size = 0;
  if (is_text) {
    std::visit(AppendText{texts_}, value);
    size = texts_.size() - begin;
    texts_ += '\0';
  } else if (blob) {
    size = blob->bytes.size();
  }
  if (size > static_cast<size_t>(std::numeric_limits<int>::max()))
    throw Error(core::ErrorKind::bad_input, Trouble::other, "a value of over two gigabytes");
  begins_.push_back(is_text ? begin : no_text);
  values_.push_back(blob ? (blob->bytes.data() ? blob->bytes.data() : "") : nullptr);
  lengths_.push_back(static_cast<int>(size));
  formats_.push_back(blob ? binary_format : text_format);
}

size_t PostgresParameters::bytes() const noexcept {
  return std::accumulate(lengths_.begin(), lengths_.end(), size_t{0});
}

}  // namespace assay::sql
