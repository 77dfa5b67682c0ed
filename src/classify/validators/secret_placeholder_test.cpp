#include "classify/validators/secret_placeholder.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

TEST(SecretPlaceholder, KnowsWhatStandsInForASecret) {
  for (const auto* text : {"",
                           "changeme",
                           "CHANGE-ME",
                           "<password>",
                           "xxxxxxxx",
                           "****",
                           "null",
                           "None",
                           "your_api_key",
                           "YOUR-TOKEN-HERE",
                           "dummy-key",
                           "sk_test_example",
                           "*REMOVED*",
                           "sha256",
                           "[filtered]",
                           "aaaaaaaa",
                           "abababababababab",
                           "...",
                           "replace with key",
                           "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2",
                           "${DB_PASSWORD}",
                           "password"})
    EXPECT_TRUE(is_placeholder(text)) << text;
  for (const auto* text : {"Cl4y.pipe77", "velvet harbour", "passwords1!", "h4rvest.Moon", "0x51afed"})
    EXPECT_FALSE(is_placeholder(text)) << text;
}

TEST(SecretPlaceholder, KnowsTemplates) {
  for (const auto* text : {"${VAR}",
                           "$(pass show db)",
                           "{{ vault.secret }}",
                           "#{token}",
                           "<%= key %>",
                           "%(password)s",
                           "{% key %}",
                           "$VAR",
                           "%VAR%",
                           "%s",
                           "%d",
                           "{0}",
                           "{}",
                           "?",
                           "<token>",
                           "[secret]",
                           "__TOKEN__",
                           "@token@",
                           ":password",
                           "&lt;key&gt;",
                           "pwd=%s"})
    EXPECT_TRUE(is_template(text)) << text;
  for (const auto* text : {"pa$$word", "$5quid", "a{b}", "100%", "<3hearts", "plain"})
    EXPECT_FALSE(is_template(text)) << text;
}

TEST(SecretPlaceholder, KnowsExpressionsOfPrograms) {
  for (const auto* text : {"getPassword()", "self.password", "os.environ['X']", "config->secret", "Foo::BAR", "args[0]",
                           "a || b", "x => y", "$row[\"password\"]", "decode(\"abc", "process.env.DB_PASSWORD"})
    EXPECT_TRUE(is_code_reference(text)) << text;
  for (const auto* text : {"Cl4y.pipe77", "velvet", "a.b", "Wh33t.ear", "(open", "[x]", "p(1"})
    EXPECT_FALSE(is_code_reference(text)) << text;
}

TEST(SecretPlaceholder, KnowsPlacesWhereASecretIsKept) {
  for (const auto* text : {"/run/secrets/db", "https://host/path", "./key.pem", "../k", "~/.ssh/id", "C:\\keys",
                           "server.key", "arn:aws:secretsmanager:eu-west-1", "vault:secret/db", "env:TOKEN"})
    EXPECT_TRUE(is_location(text)) << text;
  for (const auto* text : {"velvet.harbour", "/slash", "key", ".pem", "a/b/c"}) EXPECT_FALSE(is_location(text)) << text;
}

}  // namespace
}  // namespace assay::classify
