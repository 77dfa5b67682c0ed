// Keys and credentials on the databases that they are kept in: what is done with them, at a time and in turn.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/error.h"
#include "core/fault_point.h"
#include "secure/key_management.h"
#include "secure/store_credentials.h"
#include "tests/secrets/world.h"

namespace assay::tests {
namespace {

using core::ErrorKind;
using secure::KeyRing;
using secure::StoreCredentials;
using ::testing::HasSubstr;

constexpr const char* password = "correct horse battery";

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

class Keys : public ::testing::TestWithParam<sql::Dialect> {
 protected:
  Keys() : world_(GetParam()), store_(world_.open()) {}
  secure::SecretStore& secrets() { return store_->secrets(); }
  KeyRing create() { return secure::create_keys(secrets(), bytes_of(password), quick()); }
  KeyRing unlock(std::string_view with = password) {
    return KeyRing::unlock(secure::existing_envelope(secrets()), bytes_of(with));
  }
  StoreCredentials credentials(KeyRing ring) { return {secrets(), std::move(ring)}; }
  size_t data_keys() {
    size_t count = 0;
    for (const auto& key : secure::existing_envelope(secrets()).keys) count += key.purpose == "data" ? 1 : 0;
    return count;
  }

  SecretsWorld world_;
  std::unique_ptr<store::Store> store_;
};
INSTANTIATE_TEST_SUITE_P(Dialects, Keys, ::testing::Values(sql::Dialect::sqlite, sql::Dialect::postgresql),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(Keys, AreMadeOnceAndUnlocked) {
  EXPECT_EQ(error_of([&] { unlock(); }).kind(), ErrorKind::not_found);
  const KeyRing made = create();
  EXPECT_EQ(error_of([&] { create(); }).kind(), ErrorKind::bad_input);
  EXPECT_TRUE(unlock().fingerprint_key().equals(made.fingerprint_key()));
  EXPECT_EQ(error_of([&] { unlock("correct horse batter"); }).kind(), ErrorKind::denied);
}

TEST_P(Keys, SealCredentials) {
  auto all = credentials(create());
  all.put("crm/reader", "s3cret\n with any \xff byte");
  EXPECT_EQ(all.get("crm/reader").reveal(), "s3cret\n with any \xff byte");
  EXPECT_EQ(credentials(unlock()).get("crm/reader").reveal(), "s3cret\n with any \xff byte");
  all.put("crm/reader", "another");
  EXPECT_EQ(all.get("crm/reader").reveal(), "another");
  EXPECT_EQ(error_of([&] { all.get("crm"); }).kind(), ErrorKind::not_found);
  for (const auto* name : {"", "/crm", "crm/", "a b", "a\nb", "\xc3\xa4"})
    EXPECT_EQ(error_of([&] { all.put(name, "x"); }).kind(), ErrorKind::bad_input) << name;
  EXPECT_EQ(error_of([&] { all.put("empty", ""); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(error_of([&] { all.put("long", std::string(65'537, 'x')); }).kind(), ErrorKind::bad_input);
  all.put("long", std::string(65'536, 'x'));
  EXPECT_EQ(all.get("long").reveal().size(), 65'536U);
}

TEST_P(Keys, AValueThatIsMovedToAnotherRowIsRefused) {
  auto all = credentials(create());
  all.put("weak", "what an attacker knows");
  all.put("strong", "s3cret");
  world_.connect()->run_script(
      "UPDATE credentials SET sealed = (SELECT sealed FROM credentials WHERE name = 'strong') WHERE name = 'weak'");
  const auto error = error_of([&] { all.get("weak"); });
  EXPECT_EQ(error.kind(), ErrorKind::permanent);
  EXPECT_THAT(error.what(), HasSubstr("damaged, or belongs to another row"));
  // Nor does a rotation take it for good.
  auto ring = unlock();
  EXPECT_EQ(error_of([&] { secure::rotate_data_key(secrets(), ring); }).kind(), ErrorKind::permanent);
  EXPECT_EQ(all.get("strong").reveal(), "s3cret");
  all.put("weak", "set again");
  EXPECT_TRUE(secure::rotate_data_key(secrets(), ring).resumed);
  EXPECT_EQ(all.get("weak").reveal(), "set again");
  EXPECT_EQ(data_keys(), 1U);
}

TEST_P(Keys, RotationSealsAllAgain) {
  auto reader = credentials(create());
  for (int i = 0; i < 250; ++i) reader.put(fmt::format("c{}", i), fmt::format("s3cret-{}", i));
  auto ring = unlock();
  size_t told = 0;
  const auto rotation = secure::rotate_data_key(secrets(), ring, [&](size_t count) { told = count; });
  EXPECT_FALSE(rotation.resumed);
  EXPECT_EQ(rotation.resealed, 250U);
  EXPECT_EQ(told, 250U);
  EXPECT_EQ(rotation.removed_keys, 1U);
  EXPECT_EQ(ring.active_generation(), 2);
  EXPECT_EQ(data_keys(), 1U);
  // Who has read the keys before finds the new one.
  for (int i = 0; i < 250; ++i) EXPECT_EQ(reader.get(fmt::format("c{}", i)).reveal(), fmt::format("s3cret-{}", i));
  for (const auto& facts : secrets().list_credentials()) EXPECT_EQ(facts.key_generation, 2);
  reader.put("c0", "after it");
  EXPECT_EQ(reader.get("c0").reveal(), "after it");
}

TEST_P(Keys, WhoHasReadThemBeforeWritesWithTheNewOne) {
  auto writer = credentials(create());
  auto ring = unlock();
  secure::rotate_data_key(secrets(), ring);
  secure::rotate_data_key(secrets(), ring);
  writer.put("late", "s3cret");
  EXPECT_EQ(secrets().find_credential("late")->facts.key_generation, 3);
  EXPECT_EQ(writer.get("late").reveal(), "s3cret");
}

TEST_P(Keys, APasswordThatChangesLeavesValuesAlone) {
  auto reader = credentials(create());
  reader.put("crm", "s3cret");
  const std::string sealed = secrets().find_credential("crm")->sealed;
  const secure::MasterKey old_key = unlock().master_key();
  secure::change_password(secrets(), unlock(), bytes_of("another password"), quick());
  EXPECT_EQ(secrets().find_credential("crm")->sealed, sealed);
  EXPECT_EQ(reader.get("crm").reveal(), "s3cret");  // it has the keys
  EXPECT_EQ(error_of([&] { unlock(); }).kind(), ErrorKind::denied);
  EXPECT_EQ(credentials(unlock("another password")).get("crm").reveal(), "s3cret");
  secure::MasterKey again{.envelope_id = old_key.envelope_id, .bytes = old_key.bytes.copy()};
  const auto error = error_of([&] { KeyRing::unlock(secure::existing_envelope(secrets()), std::move(again)); });
  EXPECT_EQ(error.kind(), ErrorKind::denied);
  EXPECT_THAT(error.what(), HasSubstr("password that was changed"));
}

TEST_P(Keys, APasswordThatChangesInTheMiddleOfARotation) {
  auto reader = credentials(create());
  for (int i = 0; i < 10; ++i) reader.put(fmt::format("c{}", i), "s3cret");
  auto ring = unlock();
  secure::rotate_data_key(secrets(), ring, [&](size_t count) {
    if (count == 5) secure::change_password(secrets(), unlock(), bytes_of("another password"), quick());
  });
  auto later = credentials(unlock("another password"));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(later.get(fmt::format("c{}", i)).reveal(), "s3cret");
  EXPECT_EQ(data_keys(), 1U);
}

TEST_P(Keys, ReadersAndWritersGoOnWhileTheyRotate) {
  auto shared = credentials(create());
  for (int i = 0; i < 8; ++i) shared.put(fmt::format("c{}", i), fmt::format("s3cret-{}", i));
  std::atomic<bool> is_over = false;
  std::atomic<size_t> reads = 0;
  const auto go_round = [&](StoreCredentials& own, bool writes) {
    for (int n = 0; !is_over; ++n) {
      const std::string name = fmt::format("c{}", n % 8), value = fmt::format("s3cret-{}", n % 8);
      if (writes) own.put(name, value);
      EXPECT_EQ(own.get(name).reveal(), value);
      ++reads;
    }
  };
  auto own_reader = credentials(unlock()), own_writer = credentials(unlock());
  std::thread reader(go_round, std::ref(own_reader), false), writer(go_round, std::ref(own_writer), true);
  auto ring = unlock();
  for (int i = 0; i < 12; ++i) {
    const size_t before = reads;
    secure::rotate_data_key(secrets(), ring);
    while (reads < before + 4) std::this_thread::yield();
  }
  is_over = true;
  reader.join();
  writer.join();
  EXPECT_EQ(ring.active_generation(), 13);
  EXPECT_EQ(data_keys(), 1U);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(shared.get(fmt::format("c{}", i)).reveal(), fmt::format("s3cret-{}", i));
}

TEST_P(Keys, TwoRotationsAtATimeAreOneOrTwo) {
  auto all = credentials(create());
  for (int i = 0; i < 40; ++i) all.put(fmt::format("c{}", i), "s3cret");
  std::vector<KeyRing> rings;
  for (int i = 0; i < 3; ++i) rings.push_back(unlock());
  std::vector<std::thread> threads;
  for (auto& ring : rings) threads.emplace_back([&] { secure::rotate_data_key(secrets(), ring); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(data_keys(), 1U);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(all.get(fmt::format("c{}", i)).reveal(), "s3cret");
}

#ifdef ASSAY_FAULT_POINTS
// A rotation that fails at any step leaves all readable, and the next one ends it.
TEST_P(Keys, ARotationThatFailsIsEndedByTheNext) {
  auto reader = credentials(create());
  for (int i = 0; i < 3; ++i) reader.put(fmt::format("c{}", i), fmt::format("s3cret-{}", i));
  for (int64_t visit = 1; visit <= 3; ++visit) {
    auto ring = unlock();
    EXPECT_THROW(secure::rotate_data_key(secrets(), ring,
                                         [&](size_t count) {
                                           if (static_cast<int64_t>(count) == visit)
                                             throw core::Error(ErrorKind::transient, "an interruption");
                                         }),
                 core::Error);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.get(fmt::format("c{}", i)).reveal(), fmt::format("s3cret-{}", i));
    auto next = unlock();
    EXPECT_TRUE(secure::rotate_data_key(secrets(), next).resumed);
    EXPECT_EQ(data_keys(), 1U);
  }
}
#endif

}  // namespace
}  // namespace assay::tests
