#include "connect/mysql/key_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "connect/mysql/catalog.h"
#include "connect/mysql/row_bound.h"

namespace assay::connect::mysql {
namespace {

constexpr uint64_t most_stretches = 64;
constexpr size_t most_statement_bytes = size_t{1} << 20;  // servers take 16 MiB, or what they are set to

/// The least and the greatest value of a whole-number key; nullopt when there are no rows.
std::optional<std::pair<__int128, __int128>> ends_of_key(Client& client, const model::TableDescription& table,
                                                         const std::string& key) {
  const auto ends = client.query(
      fmt::format("SELECT MIN({0}), MAX({0}) FROM {1}.{2}", quoted(key), quoted(table.schema), quoted(table.name)));
  const auto least = whole_number(ends.at(0)[0].value_or("")), greatest = whole_number(ends[0][1].value_or(""));
  if (!least || !greatest) return std::nullopt;
  return std::pair(*least, *greatest);
}

/// Keys beyond what 64 bits hold with a sign are left out.
int64_t signed_key(__int128 key) { return key > INT64_MAX ? INT64_MAX : static_cast<int64_t>(key); }

}  // namespace

std::string select_all(const DescribedTable& table) {
  return fmt::format("SELECT {} FROM {}.{}", select_list(table), quoted(table.description.schema),
                     quoted(table.description.name));
}

std::string whole_number_key(const model::TableDescription& table) {
  std::string key;
  for (const model::ColumnDescription& column : table.columns) {
    if (column.key_position == 0) continue;
    const std::string type = column.native_type.substr(0, column.native_type.find_first_of("( "));
    if (!key.empty() || !type.ends_with("int")) return {};
    key = column.name;
  }
  return key;
}

std::vector<TableRange> key_ranges(Client& client, const model::TableDescription& table, const std::string& key,
                                   size_t count) {
  const auto ends = ends_of_key(client, table, key);
  return ends ? even_ranges(ends->first, ends->second, count) : std::vector<TableRange>();
}

std::string key_sample(Client& client, const DescribedTable& table, const RowChoice& choice, std::mt19937_64& random) {
  const model::TableDescription& d = table.description;
  const std::string key = quoted(choice.sample_key);
  const auto ends = ends_of_key(client, d, choice.sample_key).value_or(std::pair<__int128, __int128>());
  const int64_t least = signed_key(ends.first), greatest = signed_key(ends.second);
  const uint64_t width = static_cast<uint64_t>(greatest) - static_cast<uint64_t>(least);
  const std::string select = select_all(table) + " WHERE ",
                    condition = choice.where.empty() ? "" : " AND (\n" + choice.where + "\n)";
  const uint64_t stretches = std::clamp<uint64_t>(
      most_statement_bytes / (select.size() + condition.size() + key.size() + 100), 1, most_stretches);
  std::string statement;
  for (uint64_t i = 0; i < stretches; ++i) {
    const uint64_t begin = width / stretches * i;
    const uint64_t offset = begin + std::uniform_int_distribution<uint64_t>(0, width / stretches)(random);
    statement += fmt::format("{}({}{} >= {}{} ORDER BY {} LIMIT {})", i == 0 ? "" : " UNION ALL ", select, key,
                             static_cast<int64_t>(static_cast<uint64_t>(least) + offset), condition, key,
                             (choice.sample_rows + stretches - 1) / stretches);
  }
  if (choice.most_rows != 0) statement += fmt::format(" LIMIT {}", choice.most_rows);
  return statement;
}

}  // namespace assay::connect::mysql
