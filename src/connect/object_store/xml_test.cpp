#include "connect/object_store/xml.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::connect {
namespace {

TEST(Xml, ReadsAPage) {
  const XmlElement page = parse_xml(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R xmlns=\"http://x/\"><A>1 &amp; 2&#233;</A><C a='1' b='&lt;'><K> "
      "k </K></C><C/>"
      "<D><![CDATA[<x>]]></D></R>");
  EXPECT_EQ(page.name, "R");
  EXPECT_EQ(page.text_of("A"), "1 & 2\xc3\xa9");
  ASSERT_EQ(page.children.size(), 4U);
  EXPECT_EQ(page.children[1].text_of("K"), " k ");
  ASSERT_EQ(page.children[1].attributes.size(), 2U);
  EXPECT_EQ(page.children[1].attributes[1].second, "<");
  EXPECT_EQ(page.text_of("D"), "<x>");
  EXPECT_EQ(page.find("none"), nullptr);
}

TEST(Xml, RefusesWhatIsNoPage) {
  std::string deep, many = "<R>";
  for (int i = 0; i < 40; ++i) deep += "<a>";
  for (int i = 0; i < 100'001; ++i) many += "<a/>";
  many += "</R>";
  for (const std::string& document :
       {std::string(), std::string("text"), std::string("<R>"), std::string("<R></S>"), std::string("<R/><R/>"),
        std::string("<!DOCTYPE R [<!ENTITY e \"x\">]><R>&e;</R>"),
        std::string("<!DOCTYPE R SYSTEM \"file:///etc/hostname\"><R/>"),
        std::string("<!DOCTYPE R [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><R>&e;</R>"), deep, many,
        std::string("<R>a\0b</R>", 10)})
    EXPECT_THROW(parse_xml(document), core::Error) << document.substr(0, 80);
}

}  // namespace
}  // namespace assay::connect
