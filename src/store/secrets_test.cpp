#include "core/fault_point.h"
#include "secure/secret_store.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using secure::KeyEnvelope;
using secure::SealedCredential;
using secure::WrappedKey;

// Any byte may stand in what is sealed.
std::string bytes(char first) {
  std::string all(1, first);
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  return all;
}

class Secrets : public StoreTest {
 protected:
  secure::SecretStore& secrets() { return store_->secrets(); }
  static KeyEnvelope envelope() {
    return {.id = "0011223344556677",
            .version = 1,
            .derivation = "argon2id",
            .rounds = 3,
            .memory_bytes = 1 << 28,
            .salt = bytes('s'),
            .keys = {{.purpose = "audit", .wrapped = bytes('a')},
                     {.purpose = "data", .wrapped = bytes('d')},
                     {.purpose = "fingerprint", .wrapped = bytes('f')}}};
  }
  void create() { ASSERT_TRUE(secrets().create_key_envelope(envelope())); }
  static WrappedKey second() { return {.purpose = "data", .generation = 2, .wrapped = bytes('2')}; }
};
ASSAY_FOR_ALL_STORES(Secrets);

TEST_P(Secrets, EnvelopeIsMadeOnce) {
  EXPECT_FALSE(secrets().find_key_envelope());
  create();
  KeyEnvelope other = envelope();
  other.id = "8899aabbccddeeff";
  EXPECT_FALSE(secrets().create_key_envelope(other));
  const KeyEnvelope found = secrets().find_key_envelope().value();
  EXPECT_EQ(found.id, envelope().id);
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.derivation, "argon2id");
  EXPECT_EQ(found.rounds, 3);
  EXPECT_EQ(found.memory_bytes, 1 << 28);
  EXPECT_EQ(found.salt, bytes('s'));
  EXPECT_GT(found.created_at, 0);
  ASSERT_EQ(found.keys.size(), 3U);
  EXPECT_EQ(found.keys[1].purpose, "data");
  EXPECT_EQ(found.keys[1].wrapped, bytes('d'));
  EXPECT_TRUE(found.keys[1].is_active);
}

TEST_P(Secrets, KeysAreRewrappedAtTheirVersionOnly) {
  create();
  KeyEnvelope rewrapped = envelope();
  rewrapped.id = "8899aabbccddeeff";
  rewrapped.derivation = "pbkdf2-hmac-sha256";
  for (auto& key : rewrapped.keys) key.wrapped += "again";
  EXPECT_FALSE(secrets().rewrap_keys(rewrapped, 2));
  EXPECT_EQ(secrets().find_key_envelope()->id, envelope().id);
  EXPECT_TRUE(secrets().rewrap_keys(rewrapped, 1));
  const KeyEnvelope found = secrets().find_key_envelope().value();
  EXPECT_EQ(found.version, 2);
  EXPECT_EQ(found.id, rewrapped.id);
  EXPECT_EQ(found.derivation, rewrapped.derivation);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(found.keys[i].wrapped, rewrapped.keys[i].wrapped);
}

TEST_P(Secrets, RewrappingOtherKeysThanThereAreChangesNothing) {
  create();
  KeyEnvelope fewer = envelope();
  fewer.id = "8899aabbccddeeff";
  fewer.keys.pop_back();
  EXPECT_EQ(error_of([&] { secrets().rewrap_keys(fewer, 1); }).kind(), core::ErrorKind::bug);
  EXPECT_EQ(secrets().find_key_envelope()->id, envelope().id);
}

TEST_P(Secrets, ANewDataKeyIsTheActiveOne) {
  create();
  EXPECT_FALSE(secrets().add_data_key(second(), 7));
  EXPECT_TRUE(secrets().add_data_key(second(), 1));
  const KeyEnvelope found = secrets().find_key_envelope().value();
  EXPECT_EQ(found.version, 2);
  ASSERT_EQ(found.keys.size(), 4U);
  EXPECT_FALSE(found.keys[1].is_active);
  EXPECT_TRUE(found.keys[2].is_active);
  EXPECT_EQ(found.keys[2].generation, 2);
}

TEST_P(Secrets, CredentialsAreKeptByName) {
  EXPECT_FALSE(secrets().put_credential("crm", 1, "x"));  // no keys yet
  create();
  EXPECT_TRUE(secrets().put_credential("crm", 1, bytes('1')));
  EXPECT_TRUE(secrets().put_credential("backup", 1, "b"));
  EXPECT_TRUE(secrets().put_credential("crm", 1, bytes('2')));
  const SealedCredential found = secrets().find_credential("crm").value();
  EXPECT_EQ(found.sealed, bytes('2'));
  EXPECT_EQ(found.facts.version, 2);
  EXPECT_EQ(found.facts.key_generation, 1);
  EXPECT_GE(found.facts.changed_at, found.facts.created_at);
  const auto list = secrets().list_credentials();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].name, "backup");
  EXPECT_TRUE(secrets().remove_credential("crm"));
  EXPECT_FALSE(secrets().remove_credential("crm"));
  EXPECT_FALSE(secrets().find_credential("crm"));
}

TEST_P(Secrets, NothingIsSealedWithAKeyThatIsNotActive) {
  create();
  EXPECT_TRUE(secrets().put_credential("crm", 1, "old"));
  EXPECT_TRUE(secrets().add_data_key(second(), 1));
  EXPECT_FALSE(secrets().put_credential("crm", 1, "late"));
  EXPECT_EQ(secrets().find_credential("crm")->sealed, "old");
  SealedCredential late = secrets().find_credential("crm").value();
  late.sealed = "late";
  EXPECT_FALSE(secrets().reseal_credential(late));
}

TEST_P(Secrets, CredentialsAreResealedAtTheirVersionOnly) {
  create();
  for (const auto* name : {"a", "b", "c"}) EXPECT_TRUE(secrets().put_credential(name, 1, "old"));
  EXPECT_TRUE(secrets().credentials_of_old_keys(10).empty());
  EXPECT_TRUE(secrets().add_data_key(second(), 1));
  auto old = secrets().credentials_of_old_keys(2);
  ASSERT_EQ(old.size(), 2U);
  EXPECT_EQ(old[0].facts.name, "a");
  const int64_t set_at = old[0].facts.changed_at;
  for (auto& credential : old) {
    credential.facts.key_generation = 2;
    credential.sealed = "new";
  }
  EXPECT_TRUE(secrets().put_credential("b", 2, "set meanwhile"));
  EXPECT_TRUE(secrets().reseal_credential(old[0]));
  EXPECT_FALSE(secrets().reseal_credential(old[0]));  // its version has grown
  EXPECT_FALSE(secrets().reseal_credential(old[1]));
  EXPECT_EQ(secrets().find_credential("a")->sealed, "new");
  EXPECT_EQ(secrets().find_credential("a")->facts.changed_at, set_at);  // the value is the same
  EXPECT_EQ(secrets().find_credential("b")->sealed, "set meanwhile");
  ASSERT_EQ(secrets().credentials_of_old_keys(10).size(), 1U);
}

TEST_P(Secrets, KeysThatACredentialNeedsStay) {
  create();
  EXPECT_EQ(secrets().remove_unused_data_keys(), 0U);
  EXPECT_TRUE(secrets().put_credential("a", 1, "old"));
  EXPECT_TRUE(secrets().add_data_key(second(), 1));
  EXPECT_EQ(secrets().remove_unused_data_keys(), 0U);
  EXPECT_TRUE(secrets().put_credential("a", 2, "new"));
  EXPECT_EQ(secrets().remove_unused_data_keys(), 1U);
  const KeyEnvelope found = secrets().find_key_envelope().value();
  EXPECT_EQ(found.keys.size(), 3U);
  EXPECT_EQ(found.version, 3);  // a change of password that began before is refused
}

#ifdef ASSAY_FAULT_POINTS
TEST_P(Secrets, AnAnswerThatIsLostIsAskedAfter) {
  core::set_fault_points(
      "create_key_envelope.after_commit=throw:1,add_data_key.after_commit=throw:1,"
      "reseal_credential.after_commit=throw:1,rewrap_keys.after_commit=throw:1");
  create();
  EXPECT_TRUE(secrets().put_credential("a", 1, "old"));
  EXPECT_TRUE(secrets().add_data_key(second(), 1));
  auto old = secrets().credentials_of_old_keys(1).at(0);
  old.facts.key_generation = 2;
  old.sealed = "new";
  EXPECT_TRUE(secrets().reseal_credential(old));
  KeyEnvelope rewrapped = secrets().find_key_envelope().value();
  rewrapped.id = "8899aabbccddeeff";
  EXPECT_TRUE(secrets().rewrap_keys(rewrapped, 2));
  core::set_fault_points("");
  EXPECT_EQ(secrets().find_key_envelope()->version, 3);
}
#endif

}  // namespace
}  // namespace assay::store
