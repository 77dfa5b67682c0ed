#include "extract/office/relationships.h"

#include "extract/office/text_streams.h"

namespace assay::extract {
namespace {

std::string folder_of(std::string_view part_name) {
  const size_t slash = part_name.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(part_name.substr(0, slash + 1));
}

/// Resolves "../media/image1.png" against the folder of the part, as RFC 3986, 5.2.4 does.
std::string resolve(std::string_view folder, std::string_view target) {
  std::string path = target.starts_with('/') ? std::string() : std::string(folder);
  if (target.starts_with('/')) target.remove_prefix(1);
  while (!target.empty()) {
    const size_t slash = target.find('/');
    const std::string_view segment = target.substr(0, slash);
    target = slash == std::string_view::npos ? std::string_view() : target.substr(slash + 1);
    if (segment == "..") {
      if (!path.empty()) path.pop_back();
      path.resize(folder_of(path).size());
    } else if (segment != "." && !segment.empty()) {
      path += segment;
      if (slash != std::string_view::npos) path += '/';
    }
  }
  return path;
}

class RelationshipReader final : public XmlHandler {
 public:
  RelationshipReader(std::string folder, std::vector<Relationship>& out) : folder_(std::move(folder)), out_(out) {}

  void start(const XmlElement& element) override {
    constexpr size_t max_relationships = 200'000, max_bytes = size_t{16} << 20;
    if (element.name() != "Relationship" || out_.size() >= max_relationships || bytes_ > max_bytes) return;
    Relationship relationship{.id = element.attribute("Id"),
                              .type = element.attribute("Type"),
                              .target = element.attribute("Target"),
                              .external = element.attribute("TargetMode") == "External"};
    relationship.type.erase(0, relationship.type.rfind('/') + 1);
    if (!relationship.external) relationship.target = resolve(folder_, relationship.target);
    bytes_ += relationship.id.size() + relationship.type.size() + relationship.target.size();
    out_.push_back(std::move(relationship));
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

 private:
  std::string folder_;
  std::vector<Relationship>& out_;
  size_t bytes_ = 0;
};

}  // namespace

std::vector<Relationship> relationships_of(Package& package, std::string_view part_name) {
  if (part_name.starts_with('/')) part_name.remove_prefix(1);
  const std::string folder = folder_of(part_name);
  const std::string rels = folder + "_rels/" + std::string(part_name.substr(folder.size())) + ".rels";
  std::vector<Relationship> relationships;
  RelationshipReader reader(folder, relationships);
  package.parse(package.find(rels), reader);
  return relationships;
}

size_t related_part(const Package& package, const std::vector<Relationship>& relationships, std::string_view id) {
  for (const Relationship& relationship : relationships)
    if (relationship.id == id && !relationship.external) return package.find(relationship.target);
  return Package::none;
}

size_t related_part_by_type(const Package& package, const std::vector<Relationship>& relationships,
                            std::string_view type) {
  for (const Relationship& relationship : relationships) {
    if (relationship.type != type || relationship.external) continue;
    if (const size_t part = package.find(relationship.target); part != Package::none) return part;
  }
  return Package::none;
}

size_t main_part(Package& package, std::string_view usual_name) {
  const size_t part = related_part_by_type(package, relationships_of(package, ""), "officeDocument");
  return part != Package::none ? part : package.find(usual_name);
}

void extract_links(Package& package) {
  TextStreams streams(package.sink(), {.name = "links"});
  for (size_t part = 0; part < package.part_count(); ++part) {
    if (!lower_ascii(package.name(part)).ends_with(".rels")) continue;
    std::vector<Relationship> relationships;
    RelationshipReader reader("", relationships);
    package.parse(part, reader);
    for (const Relationship& relationship : relationships) {
      if (!relationship.external) continue;
      streams.main().write(relationship.target);
      streams.main().end_line();
      streams.flush_if_large();
    }
  }
  streams.finish();
}

}  // namespace assay::extract
