#include "extract/office/odf_package.h"

#include "extract/failure.h"
#include "extract/office/generic_xml.h"
#include "extract/office/odf_text.h"

namespace assay::extract {
namespace {

class ManifestReader final : public XmlHandler {
 public:
  void start(const XmlElement& element) override { encrypted |= element.name() == "encryption-data"; }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  bool encrypted = false;
};

void extract_names_and_values(Package& package, size_t part, const Part& as) {
  TextStreams streams(package.sink(), as);
  GenericXml generic(streams, GenericXml::Attributes::ignored);
  package.parse(part, generic);
  streams.finish();
}

bool is_left_out(std::string_view lower_name) {
  return lower_name == "mimetype" || lower_name.starts_with("configurations2/") || lower_name == "settings.xml" ||
         lower_name.ends_with("/settings.xml") || lower_name.ends_with(".rdf") || lower_name.starts_with("meta-inf/") ||
         lower_name == "layout-cache" || lower_name.starts_with("fonts/");
}

}  // namespace

void refuse_encrypted_odf(Package& package) {
  ManifestReader manifest;
  package.parse(package.find("META-INF/manifest.xml"), manifest);
  if (manifest.encrypted) throw Failure(model::VerdictKind::encrypted, "encrypted OpenDocument");
}

void extract_odf_text(Package& package, std::string_view part_name, const Part& as) {
  const size_t part = package.find(part_name);
  if (part == Package::none) {
    package.sink().partial("document without its content");
    return;
  }
  TextStreams streams(package.sink(), as);
  OdfText text(streams, as.name);
  package.parse(part, text);
  streams.finish();
}

void extract_odf_rest(Package& package) {
  for (size_t part = 0; part < package.part_count(); ++part) {
    if (package.is_taken(part)) continue;
    const std::string name = lower_ascii(package.name(part));
    if (is_left_out(name) || name.ends_with("/styles.xml")) {
      package.take(part);
    } else if (name == "styles.xml") {
      extract_odf_text(package, package.name(part), {.name = "headers"});
    } else if (name.ends_with("meta.xml")) {
      extract_names_and_values(package, part, {.name = "properties"});
    } else if (name.ends_with("content.xml")) {
      extract_odf_text(package, package.name(part), {.name = "objects"});
    } else if (name.ends_with(".xml")) {
      extract_names_and_values(package, part, {.name = "other"});
    } else {
      package.hand_over(part);
    }
  }
}

}  // namespace assay::extract
