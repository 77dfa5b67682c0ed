#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extract/office/package.h"

namespace assay::extract {

/// A relationship of a part (ECMA-376-2, 6.5).
struct Relationship {
  std::string id;
  std::string type;    ///< the last segment of the type's URI: "slide", "officeDocument", ...
  std::string target;  ///< part name, or a URI when external
  bool external = false;
};

/// Relationships of a part; those of the package for an empty name. Empty when there are none.
std::vector<Relationship> relationships_of(Package& package, std::string_view part_name);

/// The part that the relationship of this id, or the first of this type, leads to; Package::none when there is none.
size_t related_part(const Package& package, const std::vector<Relationship>& relationships, std::string_view id);
size_t related_part_by_type(const Package& package, const std::vector<Relationship>& relationships,
                            std::string_view type);

/// The main part: by the package's relationships, else by its usual name.
size_t main_part(Package& package, std::string_view usual_name);

/// Targets outside the package that any part refers to, as lines of a part "links". Takes all .rels parts.
void extract_links(Package& package);

}  // namespace assay::extract
