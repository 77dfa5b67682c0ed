#include "connect/tables/table_conformance_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <chrono>
#include <cstring>
#include <future>
#include <set>
#include <thread>

#include "connect/tables/table_name.h"
#include "core/error.h"
#include "model/row_stream.h"
#include "tests/support/rude_server.h"
#include "tests/support/tcp_relay.h"

namespace assay::connect {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

namespace {

class StreamPieces {
 public:
  explicit StreamPieces(std::string_view stream) : stream_(stream) {}
  uint8_t byte() {
    const auto value = static_cast<uint8_t>(stream_.at(0));
    stream_.remove_prefix(1);
    return value;
  }
  template <typename Number = uint32_t>
  Number number() {
    Number value;
    std::memcpy(&value, stream_.substr(0, sizeof value).data(), sizeof value);
    stream_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const uint32_t size = number();
    std::string value(stream_.substr(0, size));
    stream_.remove_prefix(size);
    return value;
  }
  void skip(size_t bytes) { stream_.remove_prefix(bytes); }
  bool empty() const { return stream_.empty(); }

 private:
  std::string_view stream_;
};

}  // namespace

RowsRead rows_of(std::string_view stream) {
  RowsRead read;
  StreamPieces pieces(stream);
  pieces.skip(model::row_stream_magic.size());
  const uint32_t columns = pieces.number();
  pieces.text();
  for (uint32_t i = 0; i < columns; ++i) {
    read.columns.push_back(pieces.text());
    read.types.push_back(pieces.text());
    pieces.text();
  }
  uint8_t mark = pieces.byte();
  for (; mark == 1 || mark == 3; mark = pieces.byte()) {
    if (mark == 3) {
      read.is_random = pieces.byte() != 0;
      EXPECT_EQ(pieces.number<double>(), 99.9);
      read.round_ends.push_back(read.rows.size());
      read.of_rows = pieces.number<uint64_t>();
      continue;
    }
    auto& row = read.rows.emplace_back();
    for (uint32_t i = 0; i < columns; ++i) {
      const uint8_t kind = pieces.byte();
      if ((kind & model::cut_cell) != 0) ++read.cut_cells;
      row.push_back(kind == 0 ? "-" : pieces.text());
    }
  }
  if (mark == 2) read.limit = pieces.text();
  else if (mark == 4) read.unread = pieces.text();
  else EXPECT_EQ(mark, 0);
  EXPECT_TRUE(pieces.empty());
  return read;
}

std::string stream_of(ObjectReader& reader) {
  std::string content;
  std::string piece(100'000, '\0');
  while (const size_t n = reader.read(piece)) content.append(piece, 0, n);
  return content;
}

uint64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) << 10;
}

std::jthread read_in_background(ObjectReader& reader, std::atomic<size_t>& bytes) {
  return std::jthread([&reader, &bytes](const std::stop_token& enough) {
    std::string piece(100'000, '\0');
    while (!enough.stop_requested()) {
      const size_t n = reader.read(piece);
      if (n == 0) break;
      bytes += n;
    }
  });
}

void wait_until(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("it never came to hold");
    std::this_thread::yield();
  }
}

std::unique_ptr<Connector> TableConformance::connector(const SourceAddress& address, std::stop_token stop) const {
  const TablePlace* place = place_.get();
  return ConnectorKinds({place_->kind()})
      .make(place_->kind().name, address,
            {.resolve_secret = [place](std::string_view reference) { return place->secret(reference); },
             .stop = std::move(stop)});
}

EntryRecorder TableConformance::enumerated(const std::string& resume_after) const {
  EntryRecorder recorder;
  connector()->enumerate(0, resume_after, recorder);
  return recorder;
}

RowsRead TableConformance::read(Connector& source, const std::string& table) const {
  auto opened = source.open(0, object(table));
  if (!opened) {
    ADD_FAILURE() << table << ": " << opened.error().reason;
    return {};
  }
  return rows_of(stream_of(*opened->reader));
}

TEST_P(TableConformance, AnEmptyDatabaseHasNoTables) {
  const auto source = connector();
  EXPECT_THAT(source->roots(), SizeIs(1));
  EXPECT_THAT(enumerated().names(), IsEmpty());
  const Trial trial = source->test(10);
  EXPECT_TRUE(trial.ok) << testing::PrintToString(trial.problems);
  EXPECT_THAT(trial.summary, HasSubstr("0 tables"));
}

TEST_P(TableConformance, TablesWithAnyNameAreFoundAndRead) {
  const std::vector<std::string> names = {
      "plain",  "two words", "q\"uo'te`s", "a/b%41", "new\nline", "Ünïcödé", "x\"; DROP TABLE plain; --",
      "select", "UPPER"};
  for (const std::string& name : names) {
    place_->run(fmt::format("CREATE TABLE {} ({} int, {} int)", place_->quoted(name), place_->quoted("c `'\"\n]["),
                            place_->quoted("group")));
    place_->run(fmt::format("INSERT INTO {} VALUES (1, 2)", place_->quoted(name)));
  }
  std::vector<std::string> objects;
  objects.reserve(names.size());
  for (const std::string& name : names) objects.push_back(table_object_name(place_->schema(), name));
  EXPECT_THAT(enumerated().names(), UnorderedElementsAreArray(objects));
  const auto source = connector();
  for (const std::string& name : objects) {
    auto opened = source->open(0, name);
    ASSERT_TRUE(opened.has_value()) << name << opened.error().reason;
    const RowsRead read = rows_of(stream_of(*opened->reader));
    EXPECT_THAT(read.rows, ElementsAre(ElementsAre("1", "2"))) << name;
    EXPECT_THAT(read.columns, ElementsAre("c `'\"\n][", "group"));
  }
}

TEST_P(TableConformance, ManyTablesComeInPagesAndAnyNameIsAPlaceToGoOnFrom) {
  constexpr size_t count = 600;
  for (size_t i = 0; i < count; ++i) place_->run(fmt::format("CREATE TABLE t{} (x int)", i));
  const auto all = enumerated().names();
  ASSERT_THAT(std::set(all.begin(), all.end()), SizeIs(count));
  for (const size_t at : {size_t{0}, size_t{1}, size_t{499}, size_t{500}, count - 1})
    EXPECT_EQ(enumerated(all[at]).names(), std::vector(all.begin() + static_cast<ptrdiff_t>(at) + 1, all.end())) << at;
}

TEST_P(TableConformance, GlobsChooseTablesAndColumns) {
  for (const char* name : {"people", "audit_1", "audit_2"})
    place_->run(fmt::format("CREATE TABLE {} (id int, name varchar(20), note varchar(20))", name));
  place_->run("INSERT INTO people VALUES (1, 'Ada', 'x')");
  place_->run("INSERT INTO audit_1 VALUES (1, 'Ada', 'x')");
  address_.exclude = {"audit_*"};
  const auto found = enumerated();
  EXPECT_THAT(found.names(), ElementsAre(object("people")));
  EXPECT_THAT(found.unread, SizeIs(2));
  address_.settings["columns"] = "n*," + object("people") + "/id";
  address_.settings["exclude_columns"] = "not?";
  EXPECT_THAT(read("people").columns, ElementsAre("id", "name"));
  EXPECT_THAT(read("people").rows, ElementsAre(ElementsAre("1", "Ada")));
  EXPECT_THAT(read("audit_1").columns, ElementsAre("name"));
  choose({{"exclude_columns", "*"}});
  const auto opened = connector()->open(0, object("people"));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, model::VerdictKind::excluded);
}

TEST_P(TableConformance, SettingsThatChooseOtherValuesChangeTheChangeId) {
  place_->fill("t", 1, 1);
  const auto before = enumerated().entries.at(0).change_id;
  if (before.empty()) GTEST_SKIP() << "this kind tells nothing of changes";
  EXPECT_EQ(enumerated().entries.at(0).change_id, before);
  address_.settings["exclude_columns"] = "t";
  EXPECT_NE(enumerated().entries.at(0).change_id, before);
}

TEST_P(TableConformance, NullsAndTextsAndBytesComeAsTheyAre) {
  place_->run(fmt::format("CREATE TABLE v (n int, t {}, b {})", place_->text_type(), place_->bytes_type()));
  place_->run(fmt::format("INSERT INTO v VALUES (1, 'a ''quoted'' tab\tand\nline ü', {})", place_->bytes("00ff0a5c")));
  place_->run(fmt::format("INSERT INTO v VALUES (2, '', {})", place_->bytes("")));
  place_->run("INSERT INTO v VALUES (3, NULL, NULL)");
  EXPECT_THAT(read("v").rows,
              UnorderedElementsAre(ElementsAre("1", "a 'quoted' tab\tand\nline ü", std::string("\0\xff\n\\", 4)),
                                   ElementsAre("2", "", ""), ElementsAre("3", "-", "-")));
}

TEST_P(TableConformance, AValueThatIsTooLongIsCutAndTheRestGoesOn) {
  place_->run(fmt::format("CREATE TABLE long_ones (n int, t {})", place_->text_type()));
  place_->run(fmt::format("INSERT INTO long_ones VALUES (1, {})", place_->repeated('x', 20U << 20)));
  place_->run("INSERT INTO long_ones VALUES (2, 'short')");
  const RowsRead read = this->read("long_ones");
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_EQ(read.cut_cells, 1U);
  EXPECT_TRUE(read.rows[0][1] == std::string(model::max_cell_bytes, 'x')) << read.rows[0][1].size();
  EXPECT_EQ(read.rows[1][1], "short");
}

TEST_P(TableConformance, ARowOfManyLongValuesIsCutAsAWhole) {
  std::string columns, values;
  for (const char name : std::string_view("abcdefgh")) {
    columns += fmt::format("{} {}, ", name, name == 'e' ? place_->bytes_type() : place_->text_type());
    values += name == 'e' ? place_->bytes("00ff") + ", " : place_->repeated(name, 15'000'000) + ", ";
  }
  place_->run(fmt::format("CREATE TABLE wide ({}s {}, n int)", columns, place_->text_type()));
  place_->run(fmt::format("INSERT INTO wide VALUES ({}'short', 1)", values));
  place_->run(fmt::format("INSERT INTO wide (a, c, s) VALUES ({}, 'b', 'short')", place_->repeated('y', 15'000'000)));
  const RowsRead read = this->read("wide");
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_THAT(read.cut_cells, AllOf(testing::Ge(5U), testing::Le(7U)));
  size_t row_bytes = 0;
  for (const std::string& cell : read.rows[0]) row_bytes += cell.size();
  EXPECT_THAT(row_bytes, AllOf(testing::Gt(10U << 20), testing::Le(40U << 20)));
  EXPECT_EQ(read.rows[0][4], std::string("\0\xff", 2));
  EXPECT_THAT(read.rows[0], testing::Each(testing::Not("")));
  EXPECT_EQ(read.rows[0][8], "short");
  EXPECT_EQ(read.rows[0][9], "1");
  EXPECT_EQ(read.rows[1][0].size(), 15'000'000U) << "it is not too long as a whole";
  EXPECT_EQ(read.rows[1][2], "b");
}

TEST_P(TableConformance, AConditionChoosesRowsAndIsNoWayToAnotherStatement) {
  place_->fill("t", 100, 3);
  address_.settings["where"] = "n > 90 AND n <> 95";
  EXPECT_THAT(read("t").rows, SizeIs(9));
  const auto source = connector();
  auto opened = source->open(0, object("t"));
  ASSERT_TRUE(opened.has_value());
  EXPECT_THAT(opened->part, HasSubstr("where"));
  for (const char* good : {"n = 91 AND 'a''; -- $$ [ { # x' <> t", "(n) > 90 AND (n < 92)"}) {
    address_.settings["where"] = good;
    EXPECT_THAT(read("t").rows, SizeIs(1)) << good;
  }
  for (const char* bad :
       {"1=1; DROP TABLE t", "1=1) OR (1=1", "(1=1", "1=1 -- ", "1=1 /* */", "t = 'x",
        // What one server takes for a comment or a quote and another does not.
        "n=1 #(\n) UNION SELECT a FROM other WHERE (1=1\n#)\n", "n=1 #(\r) OR (1=1\r#)", "n = 1\nOR n = 2",
        "n = 1 # '\n) OR (1=1 #'", "t = $$'$$) UNION SELECT x FROM other WHERE (t = $$'$$",
        "t = $a$'$a$) OR (t = $a$'$a$", "t = $_$x$_$", "t = $\xC3\xA4$'$\xC3\xA4$", "t = q'[x']'",
        "t = nQ'[']) OR (1=1 OR t = q'[']'",
        "exists (select 1 [x'])); DROP TABLE y; SELECT 1 WHERE (exists (select 1 [x'])", "[a)] = 1", "[a(] = 1",
        "[a\"] = 1", "[a`] = 1", "[a[] = 1", "[n = 1", "n] = 1",
        // An operator to PostgreSQL, a string of three quotes to BigQuery, a comment to Informix, an escape to drivers.
        "n = 1 ` 1) OR (1 = 1 ` 1", "`a'` = 1", "`a;` = 1", "`a--` = 1", "t = ''' ' ''') OR (t = ''' ' '''",
        "n = 1 { ( }", "n = {fn abs(n)}"}) {
    address_.settings["where"] = bad;
    try {
      connector();
      ADD_FAILURE() << bad;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), HasSubstr("where"));
    }
  }
}

TEST_P(TableConformance, AConditionThatDoesNotFitATableCostsOnlyThatTable) {
  place_->fill("fits", 10, 3);
  place_->run("CREATE TABLE other (x int)");
  address_.settings["where"] = "n > 5";
  const auto source = connector();
  const auto opened = source->open(0, object("other"));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
  EXPECT_THAT(read(*source, "fits").rows, SizeIs(5));
}

TEST_P(TableConformance, LimitsSayWhichOneEndedTheTable) {
  place_->fill("t", 2'000, 500);
  choose({{"max_rows", "2000"}});
  EXPECT_EQ(read("t").limit, "");
  choose({{"max_rows", "7"}});
  RowsRead read = this->read("t");
  EXPECT_THAT(read.rows, SizeIs(7));
  EXPECT_EQ(read.limit, "max_rows: 7 rows were read");
  choose({{"max_bytes", "100000"}});
  read = this->read("t");
  EXPECT_THAT(read.rows, SizeIs(AllOf(testing::Gt(150U), testing::Lt(210U))));
  EXPECT_THAT(read.limit, HasSubstr("max_bytes"));
  // With a megabyte at 200 kB a second there are five seconds to be had.
  choose({{"max_seconds", "1"}, {"bytes_per_s", "200000"}});
  const auto begin = std::chrono::steady_clock::now();
  read = this->read("t");
  EXPECT_THAT(read.limit, HasSubstr("max_seconds"));
  EXPECT_THAT(read.rows, SizeIs(AllOf(testing::Gt(1U), testing::Lt(2'000U))));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
}

TEST_P(TableConformance, TheTimeOfATableIsNotWaitedAwayForItsRate) {
  place_->fill("t", 3'000, 200);
  choose({{"max_seconds", "1"}, {"bytes_per_s", "10"}});  // the first row is due after 20 seconds
  const auto begin = std::chrono::steady_clock::now();
  const RowsRead read = this->read("t");
  EXPECT_THAT(read.limit, HasSubstr("max_seconds"));
  EXPECT_THAT(read.rows, SizeIs(AllOf(testing::Ge(1U), testing::Lt(3'000U))));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

TEST_P(TableConformance, ASampleIsAPartAndSaidSo) {
  place_->fill("t", 20'000, 10);
  choose({{"sample_percent", "10"}, {"sample", "rows"}});
  EXPECT_THAT(read("t").rows, SizeIs(AllOf(testing::Gt(1'000U), testing::Lt(4'000U))));
  const auto source = connector();
  auto opened = source->open(0, object("t"));
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->part, "a sample of 10 % of the rows");
}

TEST_P(TableConformance, AlteredAndDroppedTablesCostOnlyThemselves) {
  for (const char* name : {"altered", "dropped", "kept"}) place_->fill(name, 3, 3);
  const auto source = connector();
  EntryRecorder recorder;
  source->enumerate(0, {}, recorder);
  ASSERT_THAT(recorder.entries, SizeIs(3));
  place_->run("ALTER TABLE altered ADD COLUMN more int");
  place_->run("DROP TABLE dropped");
  const auto dropped = source->open(0, object("dropped"));
  ASSERT_FALSE(dropped.has_value());
  EXPECT_EQ(dropped.error().kind, model::VerdictKind::io_error);
  EXPECT_NE(dropped.error().reason, "");
  if (auto altered = source->open(0, object("altered")); altered.has_value()) {
    EXPECT_THAT(rows_of(stream_of(*altered->reader)).rows, SizeIs(3));
  } else {
    EXPECT_EQ(altered.error().kind, model::VerdictKind::io_error);
  }
  EXPECT_THAT(read(*source, "kept").rows, SizeIs(3));
}

TEST_P(TableConformance, ATableThatWasReadIsItsOwnersToChange) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  for (const char* name : {"was_read", "next"}) place_->fill(name, 10, 3);
  std::future<void> change;  // waited for when the source is gone, whatever fails
  auto source = connector();
  EXPECT_THAT(read(*source, "was_read").rows, SizeIs(10));
  change = std::async(std::launch::async, [&] { place_->run("ALTER TABLE was_read ADD COLUMN more int"); });
  EXPECT_EQ(change.wait_for(std::chrono::seconds(10)), std::future_status::ready) << "the reader holds the table";
  EXPECT_THAT(read(*source, "next").rows, SizeIs(10));
  source.reset();
  change.get();
}

TEST_P(TableConformance, ATableThatIsChangedWhileItIsReadIsReadAsItWas) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  const std::map<std::string, std::string> changes = {{"added", "ALTER TABLE added ADD COLUMN more int"},
                                                      {"cut", "ALTER TABLE cut DROP COLUMN t"},
                                                      {"renamed", "ALTER TABLE renamed RENAME COLUMN t TO other"},
                                                      {"emptied", "TRUNCATE TABLE emptied"},
                                                      {"dropped", "DROP TABLE dropped"}};
  for (const auto& [table, statement] : changes) {
    place_->fill(table, 5'000, 300);
    std::future<void> change;  // waited for when the source is gone, whatever fails
    auto source = connector();
    auto opened = source->open(0, object(table));
    ASSERT_TRUE(opened.has_value()) << opened.error().reason;
    std::string piece(1'000, '\0');
    piece.resize(opened->reader->read(piece));
    change = std::async(std::launch::async, [&] { place_->run(statement); });
    while (change.wait_for(std::chrono::seconds(0)) != std::future_status::ready && !place_->has_waiting())
      std::this_thread::yield();
    const RowsRead read = rows_of(piece.append(stream_of(*opened->reader)));
    ASSERT_THAT(read.rows, SizeIs(5'000)) << table;
    EXPECT_EQ(read.rows.back().back().size(), 300U) << table;
    EXPECT_EQ(change.wait_for(std::chrono::seconds(10)), std::future_status::ready) << table << " is held";
    opened->reader.reset();
    source.reset();
    change.get();
  }
}

TEST_P(TableConformance, APrivilegeThatIsTakenBackCostsTheTablesThatAreNotYetOpen) {
  place_->fill("open", 5'000, 300);
  const auto address = place_->limited();
  if (!address) GTEST_SKIP() << "this kind has no privileges";
  const auto source = connector(*address);
  auto opened = source->open(0, object("open"));
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  std::string piece(1'000, '\0');
  piece.resize(opened->reader->read(piece));
  place_->revoke();
  EXPECT_THAT(rows_of(piece.append(stream_of(*opened->reader))).rows, SizeIs(5'000));
  const auto again = source->open(0, object("open"));
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, model::VerdictKind::io_error);
  EXPECT_NE(again.error().reason, "");
  place_->limited();
  EXPECT_THAT(read(*source, "open").rows, SizeIs(5'000));
}

TEST_P(TableConformance, ATableThatMayNotBeReadCostsOnlyItself) {
  place_->fill("open", 1, 3);
  place_->fill("closed", 1, 3);
  const auto address = place_->limited();
  if (!address) GTEST_SKIP() << "this kind has no privileges";
  const auto source = connector(*address);
  const auto closed = source->open(0, object("closed"));
  ASSERT_FALSE(closed.has_value());
  EXPECT_EQ(closed.error().kind, model::VerdictKind::io_error);
  EXPECT_NE(closed.error().reason, "");
  EXPECT_THAT(read(*source, "open").rows, SizeIs(1));
}

TEST_P(TableConformance, AStopEndsAReadWithinASecond) {
  place_->fill("large", 40'000, 400);
  std::stop_source stop;
  const auto source = connector(stop.get_token());
  auto opened = source->open(0, object("large"));
  ASSERT_TRUE(opened.has_value());
  std::string piece(1000, '\0');
  ASSERT_GT(opened->reader->read(piece), 0U);
  stop.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(
      {
        while (opened->reader->read(piece) != 0) {
        }
      },
      core::Error);
  opened->reader.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_P(TableConformance, AReaderThatIsGivenUpLeavesTheOthersTheirTables) {
  place_->fill("a", 20'000, 100);
  place_->fill("b", 3, 3);
  const auto source = connector();
  auto opened = source->open(0, object("a"));
  ASSERT_TRUE(opened.has_value());
  std::string piece(1000, '\0');
  ASSERT_GT(opened->reader->read(piece), 0U);
  EXPECT_THAT(read(*source, "b").rows, SizeIs(3));  // beside it
  opened->reader.reset();
  EXPECT_THAT(read(*source, "b").rows, SizeIs(3));
}

TEST_P(TableConformance, OneConnectionReadsTableAfterTableWhoeverKeepsTheirReaders) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  for (const char* name : {"a", "b", "c"}) place_->fill(name, 10, 3);
  for (const char* max_rows : {"0", "7"}) {
    test::TcpRelay relay(place_->port());
    address_ = place_->address_at(relay.port());
    address_.settings["max_rows"] = max_rows;
    const auto source = connector();
    std::vector<OpenedObject> kept;
    for (const char* name : {"a", "b", "c"}) {
      auto opened = source->open(0, object(name));
      ASSERT_TRUE(opened.has_value()) << opened.error().reason;
      EXPECT_EQ(rows_of(stream_of(*opened->reader)).limit.empty(), std::string_view(max_rows) == "0");
      kept.push_back(std::move(*opened));
    }
    EXPECT_EQ(relay.connections(), 1U) << "max_rows " << max_rows;
  }
}

TEST_P(TableConformance, RowsThatCameBeforeAReadFailedAreGiven) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  if (!place_->survives_cuts()) GTEST_SKIP() << "this driver ends the process (docs/connectors/odbc.md)";
  if (place_->fetches_all_first()) GTEST_SKIP() << "this driver gives no row before it has them all";
  place_->fill("t", 20'000, 100);
  test::TcpRelay relay(place_->port());
  const auto source = connector(place_->address_at(relay.port()));
  relay.cut_answers_after(place_->reading_word(), 100'000);  // far less than is read at a time
  auto opened = source->open(0, object("t"));
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  std::string content, piece(10'000, '\0');
  EXPECT_THROW(
      {
        while (const size_t n = opened->reader->read(piece)) content.append(piece, 0, n);
      },
      ReadFailure);
  content += std::string(1, '\0');  // the mark of an end: what came are whole rows
  const auto rows = rows_of(content).rows;
  ASSERT_THAT(rows, SizeIs(AllOf(testing::Gt(300U), testing::Lt(2'000U))));
  for (const auto& row : rows) EXPECT_EQ(row[1], std::string(100, 'x'));
}

TEST_P(TableConformance, AConnectionThatIsCutCostsTheTableThatWasRead) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  if (!place_->survives_cuts()) GTEST_SKIP() << "this driver ends the process (docs/connectors/odbc.md)";
  place_->fill("cut", 30'000, 300);
  place_->fill("kept", 3, 3);
  test::TcpRelay relay(place_->port());
  const auto source = connector(place_->address_at(relay.port()));
  relay.cut_answers_after(place_->reading_word(), 1'000'000);
  auto opened = source->open(0, object("cut"));
  try {
    if (opened.has_value()) {
      stream_of(*opened->reader);
      ADD_FAILURE() << "nothing was thrown";
    } else {
      EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
    }
  } catch (const ReadFailure& failure) {
    EXPECT_EQ(failure.verdict().kind, model::VerdictKind::io_error);
    EXPECT_NE(failure.verdict().reason, "");
  }
  EXPECT_THAT(read(*source, "kept").rows, SizeIs(3));
}

TEST_P(TableConformance, AServerThatStartsAgainIsGoneOnTo) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  place_->fill("a", 3, 3);
  place_->fill("b", 3, 3);
  const auto source = connector();
  EXPECT_THAT(read(*source, "a").rows, SizeIs(3));
  place_->restart();
  EXPECT_THAT(read(*source, "b").rows, SizeIs(3));
}

TEST_P(TableConformance, AServerThatDoesNotAnswerIsWorthARetry) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  EntryRecorder recorder;
  const auto source = connector(place_->address_at(1));
  try {
    source->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
  const Trial trial = source->test(10);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, SizeIs(1));
}

TEST_P(TableConformance, AServerThatSpeaksNonsenseIsAnErrorAndNoMore) {
  if (place_->port() == 0) GTEST_SKIP() << "this kind has no server";
  for (const std::string& nonsense : {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(100'000, '\xff'),
                                      std::string(4, '\0'), std::string()}) {
    const test::RudeServer server(nonsense);
    EntryRecorder recorder;
    EXPECT_THROW(connector(place_->address_at(server.port()))->enumerate(0, {}, recorder), core::Error)
        << nonsense.substr(0, 8);
  }
}

TEST_P(TableConformance, WrongCredentialsAreDeniedAndNotShown) {
  const auto address = place_->refused();
  if (!address) GTEST_SKIP() << "this kind has no credentials";
  EntryRecorder recorder;
  try {
    connector(*address)->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::denied) << error.what();
    EXPECT_THAT(error.what(), testing::Not(HasSubstr(place_->secret(address->settings.at("password")).reveal())));
  }
}

TEST_P(TableConformance, SettingsThatSayNothingAreRefusedByName) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"views", "yes"},
                                                                      {"max_rows", "-1"},
                                                                      {"max_bytes", "1k"},
                                                                      {"max_replication_lag_s", "-1"},
                                                                      {"max_running", "many"},
                                                                      {"max_seconds", "x"},
                                                                      {"sample_percent", "0"},
                                                                      {"sample", "columns"},
                                                                      {"bytes_per_s", "-"},
                                                                      {"columns", "[a"},
                                                                      {"statement_timeout_s", "1h"},
                                                                      {"no_such_setting", "1"}}) {
    SourceAddress address = place_->address();
    address.settings[name] = value;
    try {
      connector(address);
      ADD_FAILURE() << name;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      if (name != "columns") EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TableConformance);

}  // namespace assay::connect
