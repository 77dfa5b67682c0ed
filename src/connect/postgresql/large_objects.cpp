#include "connect/postgresql/large_objects.h"

#include <fmt/format.h>

#include "model/row_stream.h"

namespace assay::connect::postgresql {
namespace {

// lo_get() ends the statement at the first object that may not be read. What it looks at, for servers that have no word
// for it: the object's list of privileges, which is the owner's alone while it is NULL.
constexpr const char* may_be_read = R"(
(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR current_setting('lo_compat_privileges')::boolean OR
EXISTS (SELECT FROM aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) a
        WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE'))))";

}  // namespace

LargeObjectSource large_object_source(const std::string& named_by, size_t place, bool has_privilege_function) {
  const std::string alias = fmt::format(R"("assay's object {}")", place);
  // lo_get() sees the snapshot that pg_largeobject_metadata is read in: what is there for one is for the other.
  std::string from = fmt::format(
      R"( CROSS JOIN LATERAL (
SELECT CASE WHEN o.may_be_read THEN lo_get({0}, 0, {1}) END, o.may_be_read IS FALSE
FROM (SELECT (SELECT {2} FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = {0}) AS may_be_read) o
OFFSET 0) AS {3} ("assay's content", "assay's withheld"))",
      named_by, model::max_cell_bytes + 1,
      has_privilege_function ? "has_largeobject_privilege(m.oid, 'SELECT')" : may_be_read, alias);
  return {.from = std::move(from),
          .content = alias + R"(."assay's content")",
          .is_withheld = alias + R"(."assay's withheld")"};
}

bool has_large_object_privilege(Session& session) {
  const sql::PostgresResult result =
      session.query("SELECT 1 WHERE to_regprocedure('has_largeobject_privilege(oid, text)') IS NOT NULL");
  return PQntuples(result.get()) == 1;
}

}  // namespace assay::connect::postgresql
