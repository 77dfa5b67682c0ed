#include <string>
#include <unordered_map>
#include <vector>

#include "extract/failure.h"
#include "extract/office/generic_xml.h"
#include "extract/office/office.h"
#include "extract/office/package.h"
#include "extract/office/text_streams.h"

namespace assay::extract {
namespace {

/// The package document (EPUB 3.3, 5): which files there are and in which order they are read.
class OpfReader final : public XmlHandler {
 public:
  explicit OpfReader(XmlHandler& metadata) : metadata_(metadata) {}

  void start(const XmlElement& element) override {
    constexpr size_t max_items = 100'000;
    metadata_.start(element);
    if (element.name() == "item" && items.size() < max_items)
      items.emplace(element.attribute("id"), element.attribute("href"));
    if (element.name() == "itemref" && order.size() < max_items) order.push_back(element.attribute("idref"));
  }
  void end(std::string_view name) override { metadata_.end(name); }
  void text(std::string_view utf8) override { metadata_.text(utf8); }

  std::unordered_map<std::string, std::string> items;
  std::vector<std::string> order;

 private:
  XmlHandler& metadata_;
};

/// Names of files that META-INF/encryption.xml lists; scrambled fonts are among them.
class EncryptionReader final : public XmlHandler {
 public:
  explicit EncryptionReader(Package& package) : package_(package) {}

  void start(const XmlElement& element) override {
    if (element.name() != "CipherReference") return;
    const size_t part = package_.find(element.attribute("URI"));
    if (part == Package::none || package_.is_taken(part)) return;
    package_.take(part);
    package_.sink().unread_member(package_.name(part), {model::VerdictKind::encrypted, "encrypted file of a book"});
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

 private:
  Package& package_;
};

bool is_left_out(std::string_view lower_name) {
  for (const std::string_view ending : {".css", ".ttf", ".otf", ".woff", ".woff2", "mimetype"})
    if (lower_name.ends_with(ending)) return true;
  return lower_name.starts_with("meta-inf/");
}

void extract_package_document(Package& package, size_t part) {
  TextStreams streams(package.sink(), {.name = "properties"});
  GenericXml metadata(streams, GenericXml::Attributes::ignored);
  OpfReader opf(metadata);
  package.parse(part, opf);
  streams.finish();
  const std::string folder = package.name(part).substr(0, package.name(part).rfind('/') + 1);
  for (const std::string& id : opf.order) {
    const auto item = opf.items.find(id);
    if (item == opf.items.end()) continue;
    const size_t page = package.find(folder + item->second);
    if (page == Package::none) package.sink().partial("missing page of a book");
    else if (!package.is_taken(page)) package.hand_over(page);
  }
}

}  // namespace

void extract_epub(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  EncryptionReader encryption(package);
  package.parse(package.find("META-INF/encryption.xml"), encryption);
  for (size_t part = 0; part < package.part_count(); ++part)
    if (!package.is_taken(part) && lower_ascii(package.name(part)).ends_with(".opf"))
      extract_package_document(package, part);
  for (size_t part = 0; part < package.part_count(); ++part) {
    if (package.is_taken(part)) continue;
    if (is_left_out(lower_ascii(package.name(part)))) package.take(part);
    else package.hand_over(part);
  }
}

}  // namespace assay::extract
