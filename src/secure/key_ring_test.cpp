#include "secure/key_ring.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <functional>

#include "core/error.h"
#include "secure/sealing.h"

namespace assay::secure {
namespace {

using core::ErrorKind;
using ::testing::HasSubstr;

std::string from_hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(), hex.size(), nullptr, nullptr,
                 nullptr);
  return bytes;
}

template <typename Work>
core::Error error_of(const Work& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::bug, ""};
}

LockedBytes password(std::string_view text = "correct horse battery") { return LockedBytes::copy_of(text); }

class Keys : public ::testing::Test {
 protected:
  Keys() : made_(KeyRing::create(password(), new_derivation("argon2id-interactive"))) {}
  KeyEnvelope& envelope() { return made_.first; }
  KeyRing& ring() { return made_.second; }

  std::pair<KeyEnvelope, KeyRing> made_;
};

// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
TEST(Sealing, IsThatOfTheDraft) {
  const auto key = LockedBytes::copy_of(from_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  const std::string place = from_hex("50515253c0c1c2c3c4c5c6c7");
  const std::string sealed = from_hex(
      "01404142434445464748494a4b4c4d4e4f5051525354555657"
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
      "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
      "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
  const auto plain = unseal(key, place, sealed);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->reveal(),
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
            "would be it.");
}

TEST(Sealing, OpensOnlyWhatWasSealedThere) {
  const LockedBytes key = LockedBytes::random(32);
  const std::string sealed = seal(key, "here", "a secret");
  EXPECT_EQ(unseal(key, "here", sealed)->reveal(), "a secret");
  EXPECT_NE(sealed, seal(key, "here", "a secret"));
  EXPECT_FALSE(unseal(key, "there", sealed));
  EXPECT_FALSE(unseal(LockedBytes::random(32), "here", sealed));
  EXPECT_FALSE(unseal(key, "here", sealed.substr(0, 20)));
  EXPECT_TRUE(unseal(key, "here", seal(key, "here", ""))->empty());
  for (size_t i = 1; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal(key, "here", changed)) << i;
  }
  std::string newer = sealed;
  newer[0] = 2;
  EXPECT_EQ(error_of([&] { unseal(key, "here", newer); }).kind(), ErrorKind::permanent);
}

TEST(Sealing, PlacesAreTheirPartsAndNotTheirText) {
  EXPECT_NE(place_of({"ab", "c"}), place_of({"a", "bc"}));
  EXPECT_NE(place_of({"a"}), place_of({"a", ""}));
}

TEST_F(Keys, AreUnlockedByTheirPassword) {
  const std::string sealed = ring().seal_value("credentials.value", "crm", "s3cret");
  const KeyRing again = KeyRing::unlock(envelope(), password());
  EXPECT_EQ(again.unseal_value("credentials.value", "crm", 1, sealed)->reveal(), "s3cret");
  EXPECT_TRUE(again.fingerprint_key().equals(ring().fingerprint_key()));
  EXPECT_TRUE(again.audit_key().equals(ring().audit_key()));
  EXPECT_FALSE(again.audit_key().equals(again.fingerprint_key()));
  const auto wrong = error_of([&] { KeyRing::unlock(envelope(), password("correct horse batterz")); });
  EXPECT_EQ(wrong.kind(), ErrorKind::denied);
  EXPECT_THAT(wrong.what(), Not(HasSubstr("batter")));
}

TEST_F(Keys, ValuesAreBoundToTheirRowAndColumn) {
  const std::string sealed = ring().seal_value("credentials.value", "crm", "s3cret");
  EXPECT_FALSE(ring().unseal_value("credentials.value", "erp", 1, sealed));
  EXPECT_FALSE(ring().unseal_value("users.secret", "crm", 1, sealed));
  EXPECT_EQ(error_of([&] { (void)ring().unseal_value("credentials.value", "crm", 2, sealed); }).kind(), ErrorKind::bug);
}

TEST_F(Keys, HideHowLongASecretIs) {
  EXPECT_EQ(ring().seal_value("c", "r", "x").size(), ring().seal_value("c", "r", std::string(60, 'x')).size());
  for (const size_t size : {0, 1, 63, 64, 65, 1000}) {
    const std::string secret(size, 'x');
    EXPECT_EQ(ring().unseal_value("c", "r", 1, ring().seal_value("c", "r", secret))->reveal(), secret);
  }
}

TEST_F(Keys, AreUnlockedByTheirMasterKey) {
  const KeyRing again = KeyRing::unlock(envelope(), ring().master_key());
  EXPECT_TRUE(again.audit_key().equals(ring().audit_key()));
  const auto other = KeyRing::create(password(), new_derivation("argon2id-interactive"));
  EXPECT_EQ(error_of([&] { KeyRing::unlock(envelope(), other.second.master_key()); }).kind(), ErrorKind::denied);
  MasterKey mixed = other.second.master_key();
  mixed.envelope_id = envelope().id;
  EXPECT_EQ(error_of([&] { KeyRing::unlock(envelope(), std::move(mixed)); }).kind(), ErrorKind::denied);
}

TEST_F(Keys, StayTheSameUnderAnotherPassword) {
  const std::string sealed = ring().seal_value("c", "r", "s3cret");
  const auto [envelope2, ring2] = ring().rewrapped(password("a new password"), new_derivation("pbkdf2-hmac-sha256"));
  EXPECT_EQ(envelope2.version, envelope().version + 1);
  EXPECT_NE(envelope2.id, envelope().id);
  const KeyRing again = KeyRing::unlock(envelope2, password("a new password"));
  EXPECT_EQ(again.unseal_value("c", "r", 1, sealed)->reveal(), "s3cret");
  EXPECT_TRUE(again.fingerprint_key().equals(ring().fingerprint_key()));
  EXPECT_EQ(error_of([&, &e = envelope2] { KeyRing::unlock(e, password()); }).kind(), ErrorKind::denied);
  EXPECT_EQ(error_of([&, &e = envelope2] { KeyRing::unlock(e, ring().master_key()); }).kind(), ErrorKind::denied);
  EXPECT_EQ(error_of([&, &e = envelope2] { ring().refresh(e); }).kind(), ErrorKind::denied);
}

TEST_F(Keys, HaveGenerations) {
  const std::string old = ring().seal_value("c", "r", "old");
  WrappedKey next = ring().next_data_key();
  EXPECT_EQ(next.generation, 2);
  for (auto& key : envelope().keys) key.is_active = key.is_active && key.purpose != "data";
  envelope().keys.push_back(next);
  ring().refresh(envelope());
  EXPECT_EQ(ring().active_generation(), 2);
  EXPECT_EQ(ring().unseal_value("c", "r", 1, old)->reveal(), "old");
  const std::string sealed = ring().seal_value("c", "r", "new");
  EXPECT_EQ(ring().unseal_value("c", "r", 2, sealed)->reveal(), "new");
  EXPECT_FALSE(ring().unseal_value("c", "r", 1, sealed));
}

TEST_F(Keys, GoOnWithAFingerprintKeyThatThereWas) {
  const LockedBytes before = LockedBytes::random(32);
  const auto made = KeyRing::create(password(), new_derivation("argon2id-interactive"), &before);
  EXPECT_TRUE(made.second.fingerprint_key().equals(before));
}

TEST_F(Keys, ThatWereTamperedWithAreRefused) {
  const auto kind = [&](const std::function<void(KeyEnvelope&)>& tamper) {
    KeyEnvelope tampered = envelope();
    tamper(tampered);
    return error_of([&] { KeyRing::unlock(tampered, ring().master_key()); }).kind();
  };
  EXPECT_EQ(kind([](auto& e) { std::swap(e.keys[0].wrapped, e.keys[2].wrapped); }), ErrorKind::denied);
  EXPECT_EQ(kind([](auto& e) { e.keys[1].generation = 7; }), ErrorKind::permanent);
  EXPECT_EQ(kind([](auto& e) { e.keys[2].wrapped.back() ^= 1; }), ErrorKind::permanent);
  EXPECT_EQ(kind([](auto& e) { e.keys.pop_back(); }), ErrorKind::permanent);
  EXPECT_EQ(kind([](auto& e) { e.keys.clear(); }), ErrorKind::permanent);
  EXPECT_EQ(kind([](auto& e) { e.memory_bytes *= 2; }), ErrorKind::denied);
}

TEST(LockedBytesTest, AreMovedAndCompared) {
  LockedBytes one = LockedBytes::copy_of("text");
  const LockedBytes other = std::move(one);
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(other.equals(LockedBytes::copy_of("text")));
  EXPECT_FALSE(other.equals(LockedBytes::copy_of("texts")));
  EXPECT_FALSE(other.equals(LockedBytes::copy_of("Text")));
  EXPECT_TRUE(LockedBytes().equals(LockedBytes(0)));
}

}  // namespace
}  // namespace assay::secure
