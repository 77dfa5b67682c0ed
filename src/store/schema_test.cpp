#include <fmt/format.h>

#include <filesystem>
#include <thread>

#include "store/claim_order.h"
#include "store/keys.h"
#include "store/migrations/migrations.h"
#include "store/store_test.h"
#include "store/text.h"
#include "tests/support/postgres_server.h"

namespace assay::store {
namespace {

using core::ErrorKind;
using testing::HasSubstr;

/// A database without a schema.
class Schema : public testing::TestWithParam<sql::Dialect> {
 protected:
  Schema() {
    if (is_sqlite()) {
      std::string name = (std::filesystem::temp_directory_path() / "assay-schema-XXXXXX").string();
      if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
      place_ = name;
      options_.url = "sqlite:" + place_ + "/store.db";
    } else {
      place_ = test::PostgresServer::shared().create_database();
      options_.url = test::PostgresServer::shared().url(place_);
    }
  }
  ~Schema() override {
    if (is_sqlite()) std::filesystem::remove_all(place_);
    else test::PostgresServer::shared().drop_database(place_);
  }
  bool is_sqlite() const { return GetParam() == sql::Dialect::sqlite; }
  void run(const std::string& script) {
    sql::ConnectOptions connect;
    connect.url = options_.url;
    sql::connect(connect)->run_script(script);
  }
  void expect_refusal(const std::string& part) {
    for (const bool create : {false, true}) {
      const core::Error error = error_of([&] { Store::open(options_, create); });
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      EXPECT_THAT(error.what(), HasSubstr(part));
    }
    EXPECT_THAT(error_of([&] { Store::migrate(options_); }).what(), HasSubstr(part));
  }

  StoreOptions options_;
  std::string place_;
};
ASSAY_FOR_ALL_STORES(Schema);

TEST_P(Schema, IsMadeOnceAndKept) {
  EXPECT_EQ(error_of([&] { Store::open(options_, false); }).kind(), ErrorKind::bad_input);
  const SchemaStatus made = Store::migrate(options_);
  EXPECT_EQ(made.version, made.newest);
  const SchemaStatus again = Store::migrate(options_);
  EXPECT_EQ(again.applied, made.applied);
  EXPECT_EQ(Store::schema_status(options_).version, made.newest);
  EXPECT_EQ(Store::open(options_, false)->list_jobs(1).size(), 0U);
}

TEST_P(Schema, TwoProcessesMayBeginAtATime) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] { EXPECT_EQ(Store::migrate(options_).version, migrations().back()->number); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(Store::schema_status(options_).applied.size(), migrations().size());
}

TEST_P(Schema, OfAnotherProductIsLeftAlone) {
  run("CREATE TABLE customers (id INTEGER); CREATE TABLE schema_migrations (version TEXT)");
  expect_refusal("another product");
}

TEST_P(Schema, OfANewerAssayIsLeftAlone) {
  Store::migrate(options_);
  run("INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (99, 'later', '', 1)");
  expect_refusal("schema 99");
}

TEST_P(Schema, ThatSomeoneChangedIsLeftAlone) {
  Store::migrate(options_);
  run("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1");
  expect_refusal("is not the one that this Assay has");
}

TEST_P(Schema, ThatIsOldAsksForMigration) {
  run("CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT, checksum TEXT, applied_at BIGINT)");
  EXPECT_THAT(error_of([&] { Store::open(options_, false); }).what(), HasSubstr("assay db migrate"));
  EXPECT_EQ(Store::migrate(options_).version, migrations().back()->number);
}

TEST_P(Schema, ReadOnlyIsRefused) {
  if (is_sqlite()) {
    // As root, permissions do not make a file read-only; a server's setting does.
    Store::migrate(options_);
    options_.url = "sqlite:" + place_ + "/none/store.db";
    EXPECT_THROW(Store::open(options_, true), core::Error);
    return;
  }
  Store::migrate(options_);
  options_.url = test::PostgresServer::shared().url(place_, "options=-c%20default_transaction_read_only%3Don");
  EXPECT_NO_THROW(Store::schema_status(options_));
  expect_refusal("the database is read-only");
}

TEST(SchemaOfNoServer, IsOneSentence) {
  StoreOptions options;
  options.url = "postgresql://assay@127.0.0.1:1/x";
  const core::Error error = error_of([&] { Store::open(options, false); });
  EXPECT_EQ(error.kind(), ErrorKind::transient);
  options.url = "mysql://x";
  EXPECT_EQ(error_of([&] { Store::open(options, true); }).kind(), ErrorKind::bad_input);
}

TEST(MemoryStore, IsMadeByOpening) {
  StoreOptions options;
  int64_t now = 1'000;
  options.now_ms = [&] { return now; };
  const auto store = Store::open(options, true);
  EXPECT_EQ(store->now_ms(), 1'000);
  now = 5'000;
  EXPECT_EQ(store->now_ms(), 5'000);
}

TEST(Text, GivesBackAnyBytes) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const std::string& bytes : {all, std::string("\xc3\xa4 \xee\xb8\x80 \xee\xbb\xbf"), std::string("\xf0\x9f\x98"),
                                   std::string("plain"), std::string()})
    EXPECT_EQ(from_text(to_text(bytes)), bytes);
  EXPECT_EQ(to_text("Stra\xc3\x9f"
                    "e"),
            "Stra\xc3\x9f"
            "e");
  EXPECT_EQ(to_text(all).find('\0'), std::string::npos);
  const std::vector<std::string> texts = {"a:b", "", "1:2", "\xff"};
  EXPECT_EQ(split_texts(join_texts(texts)), texts);
  EXPECT_TRUE(split_texts("9:short").empty());
}

TEST(Keys, OfObjectsAreShortDistinctAndInOrder) {
  EXPECT_EQ(object_key("/srv/a.txt"), "/srv/a.txt");
  const std::string longest(190, 'x'), longer(191, 'x');
  EXPECT_EQ(object_key(longest), longest);
  const std::string key = object_key(longer);
  EXPECT_EQ(key.size(), 200U);
  EXPECT_TRUE(longer.starts_with(key.substr(0, 168)));
  EXPECT_NE(object_key(key), key);  // a path that looks like a key has another
  EXPECT_NE(object_key(longer + "a"), object_key(longer + "b"));
  std::string umlauts;
  while (umlauts.size() < 4'000) umlauts += "\xc3\xa4\xe2\x82\xac";
  EXPECT_EQ(to_text(object_key(umlauts)), object_key(umlauts));  // cut between characters
  EXPECT_GT(object_key(umlauts).size(), 190U);
}

TEST(Statements, AreExpandedForEachDatabase) {
  EXPECT_EQ(expand("SELECT @now WHERE x @in_ids(2) @lock", sql::Dialect::sqlite),
            "SELECT assay_now_ms() WHERE x IN (SELECT value FROM json_each($2)) ");
  EXPECT_EQ(expand("a @in_texts(1) @skip_locked", sql::Dialect::postgresql),
            "a = ANY($1::text[]) FOR UPDATE SKIP LOCKED");
  EXPECT_EQ(error_of([] { expand("@nonsense", sql::Dialect::sqlite); }).kind(), ErrorKind::bug);
}

TEST(ClaimOrder, LetsJobsThatWaitOvertake) {
  ClaimOrder order;
  const auto job = [](int64_t id, int32_t priority) {
    return ClaimCandidate{.job_id = id, .priority = priority, .ready = 1};
  };
  std::vector jobs{job(1, 0), job(2, 3)};
  order.sort(jobs, 0);
  for (int64_t now = 0; now < 3 * ClaimOrder::ageing_ms; now += 1'000) {
    order.sort(jobs, now);
    EXPECT_EQ(jobs[0].job_id, 1);
    order.took("g", 1, 5, false, now);
  }
  order.sort(jobs, 4 * ClaimOrder::ageing_ms);
  EXPECT_EQ(jobs[0].job_id, 2);  // four levels gained
  order.took("g", 2, 5, false, 4 * ClaimOrder::ageing_ms);
  order.sort(jobs, 4 * ClaimOrder::ageing_ms + 1);
  EXPECT_EQ(jobs[0].job_id, 1);
}

}  // namespace
}  // namespace assay::store
