#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(EmailAddress, KnownDomainsAreValidOthersPlausible) {
  for (const auto* address : {"jane.doe@example.com", "o'brien+tag@mail.example.co.uk", "\"odd name\"@example.org",
                              "user@[192.0.2.1]", "user@[IPv6:2001:db8::1]", "jörg@müller.de", "a@b.io"})
    EXPECT_EQ(check_of("email_address", address), Check::valid) << address;
  for (const auto* address : {"root@db.internal", "x@пример.рф", "x@example.xn--p1ai"})
    EXPECT_EQ(check_of("email_address", address), Check::plausible) << address;
}

TEST(EmailAddress, RejectsWhatOnlyLooksLikeOne) {
  for (const auto* text :
       {"icon@2x.png", "package@1.2.3", "user@localhost", ".a@example.com", "a.@example.com", "a..b@example.com",
        "a@-example.com", "a@example..com", "@example.com", "a@", "", "a@b.qq", "user@[300.0.2.1]"})
    EXPECT_EQ(check_of("email_address", text), Check::invalid) << text;
  EXPECT_EQ(check_of("email_address", std::string(65, 'a') + "@example.com"), Check::invalid);
}

TEST(Url, LooksAtTheHost) {
  for (const auto* url : {"https://example.com", "http://user:secret@example.org:8080/path?q=1#f", "ftp://192.0.2.7/x",
                          "http://[2001:db8::1]:80/", "www.example.de/index.html"})
    EXPECT_EQ(check_of("url", url), Check::valid) << url;
  EXPECT_EQ(check_of("url", "http://localhost:3000/"), Check::plausible);
  EXPECT_EQ(check_of("url", "file:///etc/hosts"), Check::plausible);
  for (const auto* url : {"http://", "http://:80/", "http://exa$mple/", "http://example.com:http/", "http://[zz]/"})
    EXPECT_EQ(check_of("url", url), Check::invalid) << url;
}

TEST(IpAddress, TakesTheFormsOfTheRfcs) {
  for (const auto* address : {"192.0.2.1", "10.0.0.0/8", "2001:db8::8:800:200c:417a", "2001:DB8:0:0:8:800:200C:417A",
                              "fe80::1%eth0", "::ffff:129.144.52.38", "2001:db8::/32"})
    EXPECT_EQ(check_of("ip_address", address), Check::valid) << address;
}

TEST(IpAddress, NumbersLikeSectionsAreOnlyPlausible) {
  EXPECT_EQ(check_of("ip_address", "5.5.2.5"), Check::plausible);
  EXPECT_EQ(check_of("ip_address", "5.5.2.50"), Check::valid);
  EXPECT_EQ(check_of("ip_address", "10.0.0.1"), Check::valid);
  for (const char* mask : {"255.0.0.0", "255.255.255.0", "255.255.240.0", "255.255.255.252", "0.0.0.255", "0.0.15.255"})
    EXPECT_EQ(check_of("ip_address", mask), Check::invalid) << mask;
  for (const char* address : {"255.255.255.1", "192.0.0.0", "255.0.255.0"})
    EXPECT_EQ(check_of("ip_address", address), Check::valid) << address;
}

TEST(IpAddress, ShortFormsOutsideTheNetworksInUseAreOnlyPlausible) {
  EXPECT_EQ(check_of("ip_address", "a1::b2"), Check::plausible);
  EXPECT_EQ(check_of("ip_address", "fe80::1"), Check::valid);
}

TEST(IpAddress, RejectsOtherNumbersAndClocks) {
  for (const auto* text : {"256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "0.0.0.0", "::", "1:2", "12:30:45",
                           "2001:db8::1::2", "2001:db8:::1", "1:2:3:4:5:6:7:8:9", "12345::1", "fe80:", "g::1", ""})
    EXPECT_EQ(check_of("ip_address", text), Check::invalid) << text;
}

TEST(MacAddress, HasSixOctetsNotAllAlike) {
  EXPECT_EQ(check_of("mac_address", "00:1B:44:11:3A:B7"), Check::valid);
  EXPECT_EQ(check_of("mac_address", "001b.4411.3ab7"), Check::valid);
  EXPECT_EQ(check_of("mac_address", "ff:ff:ff:ff:ff:ff"), Check::invalid);
  EXPECT_EQ(check_of("mac_address", "00:1B:44:11:3A"), Check::invalid);
  EXPECT_EQ(check_of("mac_address", "00:1B:44:11:3A:G7"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
