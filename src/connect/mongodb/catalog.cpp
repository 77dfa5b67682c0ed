#include "connect/mongodb/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/printable.h"

namespace assay::connect::mongodb {
namespace {

constexpr size_t most_collections = 1'000'000;
constexpr size_t most_comments = 10'000;
constexpr size_t most_schema_depth = 16;
constexpr size_t most_comment_bytes = 4096;
constexpr size_t most_shown = 100;

std::string text_at(const bson_t& bson, const char* path) {
  bson_iter_t at, found;
  uint32_t size = 0;
  if (!bson_iter_init(&at, &bson) || !bson_iter_find_descendant(&at, path, &found) || !BSON_ITER_HOLDS_UTF8(&found))
    return {};
  const char* text = bson_iter_utf8(&found, &size);
  return {text, size};
}

std::optional<uint64_t> number_at(const bson_t& bson, const char* name) {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, &bson, name) || !BSON_ITER_HOLDS_NUMBER(&at)) return std::nullopt;
  return static_cast<uint64_t>(std::max<int64_t>(0, bson_iter_as_int64(&at)));
}

std::string kind_of(const bson_t& listed) {
  const std::string type = text_at(listed, "type");
  return type == "timeseries" ? "time series" : type.empty() ? "collection" : type;
}

Cursor listing(Session& session, const std::string& database, const bson_t* options) {
  const std::unique_ptr<mongoc_database_t, Destroy> handle(
      MONGOC(client_get_database)(session.client(), database.c_str()));
  return Cursor(MONGOC(database_find_collections_with_opts)(handle.get(), options));
}

// One level of a JSON schema: "properties", each with its "description", and "required".
void read_properties(const bson_iter_t& schema, const std::string& prefix, size_t depth, CollectionDetails& details) {
  bson_iter_t at, properties, required;
  if (depth == most_schema_depth || !bson_iter_recurse(&schema, &at)) return;
  if (bson_iter_find(&at, "required") && BSON_ITER_HOLDS_ARRAY(&at) && bson_iter_recurse(&at, &required) && depth == 0)
    while (bson_iter_next(&required))
      if (BSON_ITER_HOLDS_UTF8(&required)) details.required_paths.emplace_back(bson_iter_utf8(&required, nullptr));
  if (!bson_iter_recurse(&schema, &at) || !bson_iter_find(&at, "properties") || !bson_iter_recurse(&at, &properties))
    return;
  while (bson_iter_next(&properties) && details.comments.size() < most_comments) {
    const std::string path = prefix + bson_iter_key(&properties);
    bson_iter_t description;
    if (bson_iter_recurse(&properties, &description) && bson_iter_find(&description, "description") &&
        BSON_ITER_HOLDS_UTF8(&description))
      details.comments.emplace(path, std::string(bson_iter_utf8(&description, nullptr)).substr(0, most_comment_bytes));
    read_properties(properties, path + ".", depth + 1, details);
  }
}

}  // namespace

std::vector<ListedCollection> list_collections(Session& session, const std::string& database) {
  const Cursor cursor = listing(session, database, nullptr);
  std::vector<ListedCollection> list;
  while (const bson_t* listed = session.next(*cursor)) {
    if (list.size() == most_collections)
      throw ServerError(core::ErrorKind::permanent,
                        fmt::format("the database {} has more than {} collections",
                                    core::printable(database, most_shown), most_collections),
                        false, false);
    list.push_back({text_at(*listed, "name"), kind_of(*listed)});
  }
  std::ranges::sort(list, {}, &ListedCollection::name);
  return list;
}

std::optional<CollectionDetails> find_collection(Session& session, const std::string& database,
                                                 const std::string& collection) {
  const Bson options(BCON_NEW("filter", "{", "name", BCON_UTF8(collection.c_str()), "}"));
  const Cursor cursor = listing(session, database, options.get());
  const bson_t* listed = session.next(*cursor);
  if (listed == nullptr) return std::nullopt;
  CollectionDetails details{.kind = kind_of(*listed), .comment = {}, .comments = {}, .required_paths = {}};
  bson_iter_t at;
  uint32_t size = 0;
  const uint8_t* bytes = nullptr;
  if (bson_iter_init_find(&at, listed, "options") && BSON_ITER_HOLDS_DOCUMENT(&at)) {
    bson_t given;
    bson_iter_document(&at, &size, &bytes);
    if (bson_init_static(&given, bytes, size)) read_schema(given, details);
  }
  return details;
}

void read_schema(const bson_t& options, CollectionDetails& details) {
  bson_iter_t at, schema;
  if (!bson_iter_init(&at, &options) || !bson_iter_find_descendant(&at, "validator.$jsonSchema", &schema)) return;
  details.comment = text_at(options, "validator.$jsonSchema.description").substr(0, most_comment_bytes);
  read_properties(schema, {}, 0, details);
}

CollectionSize size_of(Session& session, const std::string& database, const std::string& collection) {
  const Bson question(BCON_NEW("collStats", BCON_UTF8(collection.c_str())));
  try {
    const Bson stats = session.command(database, *question);
    return {number_at(*stats, "count"), number_at(*stats, "size")};
  } catch (const ServerError& error) {
    if (error.is_about_source()) throw;
    return {};  // a view, or we may not ask
  }
}

std::string server_version(Session& session) {
  const Bson reply = session.command("admin", *bson_of(R"({"buildInfo": 1})"));
  return "MongoDB " + core::printable(text_at(*reply, "version"), most_shown);
}

}  // namespace assay::connect::mongodb
