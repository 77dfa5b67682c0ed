#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connect/documents/json_document.h"

namespace assay::connect::rest {

/// How an API knows who asks. Secrets are references.
struct Auth {
  enum class Type : uint8_t { none, bearer, basic, api_key, oauth2 };
  Type type = Type::none;
  std::string secret;              ///< reference to the token, the password, the key or the client's secret
  std::string user;                ///< basic: its name; oauth2: the client's id
  std::string header, query;       ///< api_key: where it goes, one of them
  std::string token_url, scope;    ///< oauth2
  bool is_sent_as_header = false;  ///< oauth2: id and secret as basic authentication, not in the form
};

struct RateLimit {
  double requests_per_s = 0;  ///< 0: none of ours
  double burst = 1;           ///< requests that may follow each other at once
};

/// How one page leads to the next.
struct Pagination {
  enum class Type : uint8_t { none, page, offset, cursor, link, next_url };
  Type type = Type::none;
  std::string parameter;       ///< page, offset, cursor: what the query calls it
  std::string size_parameter;  ///< page, offset: "" when the server is not asked for a size
  uint64_t size = 0;
  uint64_t start = 0;  ///< page, offset: the first
  JsonPath next;       ///< cursor: of the token; next_url: of the URL
};

/// What tells that a resource has changed.
enum class ChangeSign : uint8_t { none, etag, last_modified, latest };

using Query = std::vector<std::pair<std::string, std::string>>;

struct Resource {
  std::string name, path;
  Query query;
  std::vector<std::map<std::string, std::string>> parameter_sets;  ///< at least one; what stands for {NAME}
  JsonPath records;
  std::string id, updated;
  Pagination pagination;
  uint64_t max_pages = 0;
  ChangeSign change = ChangeSign::none;
  Query latest_query;  ///< with ChangeSign::latest: what asks for the newest record
  std::string digest;  ///< another one for another description of it
};

/// An API, as a YAML file describes it (docs/connectors/rest.md).
struct Description {
  std::string base_url;  ///< without a slash at its end
  std::vector<std::pair<std::string, std::string>> headers;
  Auth auth;
  RateLimit rate_limit;
  uint64_t max_page_bytes = 0;
  std::vector<Resource> resources;
};

/// Throws core::Error(bad_input) "file:line: reason" for whatever is wrong or unknown in it.
Description parse_description(const std::string& file, const std::string& yaml);
/// The same of a file. Throws core::Error also when it cannot be read.
Description load_description(const std::string& path);

}  // namespace assay::connect::rest
