#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connect/documents/document_rows.h"
#include "connect/mongodb/session.h"

/// What MongoDB says of its collections.
namespace assay::connect::mongodb {

struct ListedCollection {
  std::string name;
  std::string kind;  ///< "collection", "view", "time series"
};

/// All of a database, sorted by name.
std::vector<ListedCollection> list_collections(Session& session, const std::string& database);

/// What there is to know of one before its documents are read.
struct CollectionDetails {
  std::string kind, comment;
  Comments comments;                        ///< of its validator's JSON schema, by path
  std::vector<std::string> required_paths;  ///< that no valid document lacks
};
/// nullopt when there is no such collection.
std::optional<CollectionDetails> find_collection(Session& session, const std::string& database,
                                                 const std::string& collection);

/// Reads what the options of a collection say: `validator.$jsonSchema`.
void read_schema(const bson_t& options, CollectionDetails& details);

struct CollectionSize {
  std::optional<uint64_t> documents, bytes;
};
/// Of what the server counts (collStats), which is an estimate; none for a view.
CollectionSize size_of(Session& session, const std::string& database, const std::string& collection);

/// "MongoDB 7.0.5".
std::string server_version(Session& session);

}  // namespace assay::connect::mongodb
