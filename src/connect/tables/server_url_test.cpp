#include "connect/tables/server_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::connect {
namespace {

TEST(ServerUrl, PartsAreTakenApart) {
  const ServerUrl all = server_url("mysql://a%40b@db.example.org:3307/crm%2Fold");
  EXPECT_EQ(all.scheme, "mysql");
  EXPECT_EQ(all.user, "a@b");
  EXPECT_EQ(all.host, "db.example.org");
  EXPECT_EQ(all.port, 3307);
  EXPECT_EQ(all.database, "crm/old");
  EXPECT_EQ(server_url("mysql://me@[::1]:3306/").shown("mysql"), "mysql://[::1]:3306");
  EXPECT_EQ(server_url("mariadb://host/x/").shown("mysql"), "mysql://host/x");
}

TEST(ServerUrl, WhatIsNoneIsRefused) {
  for (const char* bad :
       {"mysql://", "mysql://me@", "mysql://h:0", "mysql://h:70000", "mysql://h:x", "mysql://h/a/b",
        "mysql://h/a?ssl=1", "mysql://[::1", "mysql://h/%4", "mysql://h/%zz", "mysql://h/a%", "mysql://h/%00"})
    EXPECT_THROW(server_url(bad), core::Error) << bad;
}

}  // namespace
}  // namespace assay::connect
