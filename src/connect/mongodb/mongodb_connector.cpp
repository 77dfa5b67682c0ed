#include "connect/mongodb/mongodb_connector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <utility>

#include "connect/documents/document_rows.h"
#include "connect/mongodb/bson_document.h"
#include "connect/mongodb/catalog.h"
#include "connect/mongodb/id_sample.h"
#include "connect/name_selection.h"
#include "connect/setting_reader.h"
#include "connect/tables/sample_rounds.h"
#include "connect/tables/table_name.h"
#include "connect/trial.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::mongodb {
namespace {

using core::ErrorKind;
using model::VerdictKind;

constexpr std::string_view schemes[] = {"mongodb", "mongodb+srv"};
constexpr SettingKey setting_keys[] = {
    {.name = "password", .help = "a reference to the password of the URL's user", .is_secret = true},
    {.name = "ca_file", .help = "PEM file of the authorities to trust in place of the system's"},
    {.name = "read_preference",
     .help = "primary, primaryPreferred, secondary, secondaryPreferred or nearest; default: as the URL says"},
    {.name = "system_databases", .help = "true: read admin, config and local too; default false"},
    {.name = "views", .help = "true: read views too, whose documents are read anyway; default false"},
    {.name = "exclude_columns", .help = "paths of fields that the server is to leave out, separated by commas"},
    {.name = "max_rows", .help = "documents read of each collection; default 0: all"},
    {.name = "sample_rows", .help = "documents to read of each collection, chosen at random; default 0: all"},
    {.name = "sample_percent", .help = "the same as a percentage, above 0 and up to 100; default 100"},
    {.name = "sample", .help = "adaptive: as many documents as settle every column's verdict; default none"},
    {.name = "certainty", .help = "percentage of certainty at which a sample that is adaptive is enough; default 99.9"},
    {.name = "statement_timeout_s",
     .help = "seconds of the server's work after which it ends a reading; default 0: never"},
};
constexpr std::array<std::string_view, 5> read_preferences = {"primary", "primaryPreferred", "secondary",
                                                              "secondaryPreferred", "nearest"};
constexpr uint64_t most_rows = INT64_MAX - 1;
constexpr uint64_t most_sampled_rows = INT32_MAX;
constexpr uint64_t most_timeout_s = INT32_MAX / 1000;
constexpr int32_t batch_documents = 1000;  // the server ends a batch at 16 MiB, too
constexpr size_t sample_stretches = 64;    // of the ids, in a round of a sample
constexpr size_t most_excluded = 1000;
constexpr size_t most_shown = 300;

struct Options {
  bool system_databases = false, views = false;
  std::vector<std::string> exclude_columns;
  uint64_t max_rows = 0, sample_rows = 0;
  double sample_percent = 100;
  double certainty = 0;  ///< percent, of a sample that is adaptive; 0: it is not
  uint64_t statement_timeout_s = 0;

  /// Whether the server is asked for a sample of a certain size.
  bool is_of_size() const { return sample_rows != 0 || sample_percent < 100; }
  /// Which part of each collection is read, in words; "" all of it.
  std::string part() const {
    if (sample_rows != 0) return fmt::format("a sample of {} documents", sample_rows);
    return sample_percent < 100 ? fmt::format("a sample of {} % of the documents", sample_percent) : "";
  }
};

std::vector<std::string> paths_of(const std::string& list) {
  std::vector<std::string> paths;
  for (size_t at = 0; at <= list.size() && !list.empty();) {
    const size_t end = std::min(list.find(',', at), list.size());
    if (end == at || list[at] == '$') SettingReader::refuse("exclude_columns", "paths of fields separated by commas");
    paths.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  if (paths.size() > most_excluded)
    SettingReader::refuse("exclude_columns", fmt::format("at most {} paths", most_excluded));
  return paths;
}

Options options_of(const SourceAddress& address) {
  const SettingReader settings(address);
  Options options{.system_databases = settings.flag("system_databases"),
                  .views = settings.flag("views"),
                  .exclude_columns = paths_of(settings.text("exclude_columns")),
                  .max_rows = settings.number("max_rows", most_rows),
                  .sample_rows = settings.number("sample_rows", most_sampled_rows),
                  .sample_percent = settings.percentage("sample_percent"),
                  .statement_timeout_s = settings.number("statement_timeout_s", most_timeout_s)};
  if (options.sample_percent < 100 && options.sample_rows != 0)
    throw core::Error(ErrorKind::bad_input, "sample_rows and sample_percent exclude each other");
  if (const std::string sample = settings.text("sample"); sample == "adaptive")
    options.certainty = settings.percentage("certainty", SampleRounds::default_certainty, SampleRounds::least_certainty,
                                            SampleRounds::most_certainty);
  else if (!sample.empty()) SettingReader::refuse("sample", "adaptive");
  if (options.certainty == 0 && !settings.text("certainty").empty())
    SettingReader::refuse("certainty", "left out: no sample is adaptive");
  if (options.certainty != 0 && options.is_of_size())
    SettingReader::refuse("sample", "left out where sample_rows or sample_percent choose its size");
  const std::string preference = settings.text("read_preference");
  if (!preference.empty() && std::ranges::find(read_preferences, preference) == read_preferences.end())
    SettingReader::refuse("read_preference", fmt::format("one of {}", fmt::join(read_preferences, ", ")));
  return options;
}

/// One place: what its URL says, without what is nobody's business.
struct Place {
  std::string url, shown, database;  ///< the database: "" when it is all of them
};

Place place_of(const std::string& url) {
  const Uri uri = parse_url(url);
  const char* database = MONGOC(uri_get_database)(uri.get());
  Place place{.url = url, .shown = url.substr(0, url.find("://") + 3), .database = database == nullptr ? "" : database};
  std::string_view authority = std::string_view(url).substr(place.shown.size());
  authority = authority.substr(0, authority.find_first_of("/?"));
  authority.remove_prefix(authority.rfind('@') + 1);  // 0 when there is none
  place.shown += authority;
  return place;
}

bool is_system(const std::string& database) {
  return database == "admin" || database == "config" || database == "local";
}

model::Verdict verdict_of(const ServerError& error) {
  if (error.is_timeout()) return {VerdictKind::timeout, "the server ended the reading: statement_timeout_s"};
  return {VerdictKind::io_error, error.what()};
}

/// Documents that meet a condition, in the order of their ids; so many of them, 0: all.
using Find = std::function<Cursor(const bson_t& condition, uint64_t most)>;

/// The documents of one collection; or, with begin_round(), rounds of those behind random ids.
class CollectionDocuments final : public DocumentSource {
 public:
  CollectionDocuments(std::shared_ptr<Session> session, std::string database, std::string collection, Cursor cursor,
                      uint64_t max_rows)
      : session_(std::move(session)),
        database_(std::move(database)),
        collection_(std::move(collection)),
        cursor_(std::move(cursor)),
        max_rows_(max_rows) {}
  ~CollectionDocuments() override { end_cursor(); }

  void choose_from(const IdRange& range, Find find) {
    range_ = range;
    find_ = std::move(find);
  }
  void begin_round(uint64_t documents) override {
    end_cursor();
    if (!range_) return;
    stretches_ = range_->conditions(sample_stretches, random_);
    of_stretch_ = (documents + sample_stretches - 1) / sample_stretches;
  }

  bool next(Document& document) override {
    try {
      const bson_t* bson = next_bson();
      if (bson == nullptr) return false;
      if (max_rows_ != 0 && rows_ == max_rows_)
        throw ReadFailure({VerdictKind::limit, fmt::format("max_rows: {} rows were read", rows_)});
      ++rows_;
      if (!append_cells(*bson, document))
        throw ReadFailure({VerdictKind::partial, fmt::format("document {} is malformed", rows_)});
      return true;
    } catch (const ServerError& error) {
      if (error.is_about_source()) throw;
      throw ReadFailure(verdict_of(error));
    }
  }

 private:
  void end_cursor() {
    if (cursor_) session_->close(std::move(cursor_), database_, collection_);
  }
  const bson_t* next_bson() {
    for (;;) {
      const bson_t* bson = cursor_ ? session_->next(*cursor_) : nullptr;
      if (bson != nullptr || stretches_.empty()) return bson;
      end_cursor();
      cursor_ = find_(*stretches_.back(), of_stretch_);
      stretches_.pop_back();
    }
  }

  std::shared_ptr<Session> session_;
  std::string database_, collection_;
  Cursor cursor_;
  uint64_t max_rows_, rows_ = 0;
  std::optional<IdRange> range_;
  Find find_;
  std::vector<Bson> stretches_;  // that are left of the round
  uint64_t of_stretch_ = 0;
  std::mt19937_64 random_{std::random_device()()};
};

class MongodbConnector final : public Connector {
 public:
  MongodbConnector(const SourceAddress& address, ConnectorContext context)
      : context_(std::move(context)),
        selection_(address.include, address.exclude),
        options_(options_of(address)),
        password_reference_(SettingReader(address).text("password")),
        ca_file_(SettingReader(address).text("ca_file")),
        read_preference_(SettingReader(address).text("read_preference")) {
    for (const std::string& url : address.roots) {
      places_.push_back(place_of(url));
      roots_.push_back(places_.back().shown);
    }
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  Trial test(uint64_t most_objects) override;
  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override;
  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override;
  std::optional<model::TableDescription> describe(size_t root, const std::string& name) override;

 private:
  // A collection whose first documents were read.
  struct Begun {
    size_t root = 0;
    std::string name;
    CollectionDetails details;
    CollectionSize size;
    DocumentSample sample;
    std::unique_ptr<CollectionDocuments> documents;
    std::optional<SampleRounds> rounds;
  };

  std::shared_ptr<Session> session(size_t root);
  void enumerate_database(size_t root, const std::string& database, const std::string& after, ObjectVisitor& visitor);
  const char* exclusion(const ListedCollection& collection, std::string_view name) const;
  void begin(size_t root, const std::string& name);
  Cursor find(Session& session, const std::string& database, const std::string& collection, const Begun& begun) const;
  Cursor find_by_id(Session& session, const std::string& database, const std::string& collection,
                    const bson_t& condition, int32_t order, uint64_t most) const;
  std::optional<IdRange> ids_of(Session& session, const std::string& database, const std::string& collection) const;
  void begin_sampling(const std::shared_ptr<Session>& session, const std::string& database,
                      const std::string& collection, Begun& begun) const;

  ConnectorContext context_;
  NameSelection selection_;
  Options options_;
  std::string password_reference_, ca_file_, read_preference_;
  std::vector<Place> places_;
  std::vector<std::string> roots_;
  std::shared_ptr<Session> session_;
  size_t session_root_ = 0;
  Begun begun_;  // what describe() read is not asked for again by open()
};

std::shared_ptr<Session> MongodbConnector::session(size_t root) {
  if (session_ != nullptr && session_root_ == root && session_.use_count() == 1 && session_->is_usable())
    return session_;
  Session::Options options{
      .url = places_.at(root).url, .ca_file = ca_file_, .password = {}, .read_preference = read_preference_};
  options.has_password = !password_reference_.empty();
  if (options.has_password) options.password = context_.resolve_secret(password_reference_);
  session_.reset();
  session_ = std::make_shared<Session>(options, context_.stop);
  session_root_ = root;
  return session_;
}

const char* MongodbConnector::exclusion(const ListedCollection& collection, std::string_view name) const {
  if (collection.name.starts_with("system.buckets.")) return "holds what is read as a time series";
  if (collection.name.starts_with("system.") && !options_.system_databases)
    return "the server's own; setting system_databases=true reads it";
  if (collection.kind == "view" && !options_.views) return "a view; setting views=true reads it";
  return selection_.exclusion(name).why;
}

void MongodbConnector::enumerate_database(size_t root, const std::string& database, const std::string& after,
                                          ObjectVisitor& visitor) {
  const std::vector<ListedCollection> collections = list_collections(*session(root), database);
  // MongoDB has no databases without collections: an empty one is a name that was spelt wrongly.
  if (collections.empty() && database == places_.at(root).database)
    throw core::Error(ErrorKind::not_found, fmt::format("there is no database '{}' at {}",
                                                        core::printable(database, most_shown), roots_.at(root)));
  for (const ListedCollection& collection : collections) {
    if (visitor.stop_requested()) return;
    if (!after.empty() && collection.name <= after) continue;
    std::string name = table_object_name(database, collection.name);
    if (const char* why = exclusion(collection, name)) {
      visitor.on_unread(std::move(name), 0, {VerdictKind::excluded, why});
      continue;
    }
    const CollectionSize size = size_of(*session(root), database, collection.name);
    visitor.on_object({.name = std::move(name), .size = size.bytes.value_or(0), .is_table = true});
  }
}

void MongodbConnector::enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) {
  auto [after_database, after_collection] = table_of_object_name(resume_after);
  // A name without a collection was said of a whole database.
  const bool is_done_with = after_database.empty();
  if (is_done_with) after_database = std::exchange(after_collection, {});
  if (const std::string& only = places_.at(root).database; !only.empty())
    return enumerate_database(root, only, after_database == only ? after_collection : "", visitor);
  for (const std::string& database : session(root)->database_names()) {
    if (visitor.stop_requested()) return;
    if (database < after_database || (is_done_with && database == after_database)) continue;
    if (is_system(database) && !options_.system_databases) {
      visitor.on_unread(table_object_name({}, database), 0,
                        {VerdictKind::excluded, "the server's own; setting system_databases=true reads it"});
      continue;
    }
    try {
      enumerate_database(root, database, database == after_database ? after_collection : "", visitor);
    } catch (const ServerError& error) {
      if (error.is_about_source()) throw;
      visitor.on_unread(table_object_name({}, database), 0, verdict_of(error));
    }
  }
}

Bson sample_pipeline(uint64_t size, const bson_t& projection) {
  Bson pipeline(bson_new());
  bson_t stages, stage;
  BSON_APPEND_ARRAY_BEGIN(pipeline.get(), "pipeline", &stages);
  BSON_APPEND_DOCUMENT_BEGIN(&stages, "0", &stage);
  const Bson argument(BCON_NEW("size", BCON_INT64(static_cast<int64_t>(size))));
  BSON_APPEND_DOCUMENT(&stage, "$sample", argument.get());
  bson_append_document_end(&stages, &stage);
  if (!bson_empty(&projection)) {
    BSON_APPEND_DOCUMENT_BEGIN(&stages, "1", &stage);
    BSON_APPEND_DOCUMENT(&stage, "$project", &projection);
    bson_append_document_end(&stages, &stage);
  }
  bson_append_array_end(pipeline.get(), &stages);
  return pipeline;
}

// By _id where there is an index on it: an order that no write changes, so that no document comes twice.
Cursor MongodbConnector::find(Session& session, const std::string& database, const std::string& collection,
                              const Begun& begun) const {
  const std::unique_ptr<mongoc_collection_t, Destroy> handle(
      MONGOC(client_get_collection)(session.client(), database.c_str(), collection.c_str()));
  bson_t projection;
  bson_init(&projection);
  for (const std::string& path : options_.exclude_columns) BSON_APPEND_INT32(&projection, path.c_str(), 0);
  const Bson options(BCON_NEW("batchSize", BCON_INT32(batch_documents)));
  if (options_.statement_timeout_s != 0)
    BSON_APPEND_INT64(options.get(), "maxTimeMS", static_cast<int64_t>(options_.statement_timeout_s * 1000));
  uint64_t sampled = options_.sample_rows;
  if (options_.sample_percent < 100)
    sampled = static_cast<uint64_t>(
        std::ceil(static_cast<double>(begun.size.documents.value_or(0)) * options_.sample_percent / 100));
  Cursor cursor;
  if (options_.sample_rows != 0 || options_.sample_percent < 100) {
    const Bson pipeline = sample_pipeline(std::max<uint64_t>(sampled, 1), projection);
    cursor.reset(MONGOC(collection_aggregate)(handle.get(), MONGOC_QUERY_NONE, pipeline.get(), options.get(), nullptr));
  } else {
    const bool is_oplog = database == "local" && collection.starts_with("oplog.");  // has no index at all
    if (begun.details.kind == "collection" && !is_oplog) {
      const Bson by_id(BCON_NEW("_id", BCON_INT32(1)));
      BSON_APPEND_DOCUMENT(options.get(), "sort", by_id.get());
    }
    // One more than is given, so that it is known whether there are more.
    if (options_.max_rows != 0) BSON_APPEND_INT64(options.get(), "limit", static_cast<int64_t>(options_.max_rows + 1));
    if (!options_.exclude_columns.empty()) BSON_APPEND_DOCUMENT(options.get(), "projection", &projection);
    const Bson everything(bson_new());
    cursor.reset(MONGOC(collection_find_with_opts)(handle.get(), everything.get(), options.get(), nullptr));
  }
  bson_destroy(&projection);
  return cursor;
}

/// One order by _id, of those that meet a condition.
Cursor MongodbConnector::find_by_id(Session& session, const std::string& database, const std::string& collection,
                                    const bson_t& condition, int32_t order, uint64_t most) const {
  const std::unique_ptr<mongoc_collection_t, Destroy> handle(
      MONGOC(client_get_collection)(session.client(), database.c_str(), collection.c_str()));
  const Bson options(BCON_NEW("batchSize", BCON_INT32(batch_documents), "sort", "{", "_id", BCON_INT32(order), "}",
                              "limit", BCON_INT64(static_cast<int64_t>(most))));
  if (options_.statement_timeout_s != 0)
    BSON_APPEND_INT64(options.get(), "maxTimeMS", static_cast<int64_t>(options_.statement_timeout_s * 1000));
  if (!options_.exclude_columns.empty()) {
    bson_t projection;
    BSON_APPEND_DOCUMENT_BEGIN(options.get(), "projection", &projection);
    for (const std::string& path : options_.exclude_columns) BSON_APPEND_INT32(&projection, path.c_str(), 0);
    bson_append_document_end(options.get(), &projection);
  }
  return Cursor(MONGOC(collection_find_with_opts)(handle.get(), &condition, options.get(), nullptr));
}

std::optional<IdRange> MongodbConnector::ids_of(Session& session, const std::string& database,
                                                const std::string& collection) const {
  const Bson everything(bson_new());
  Bson ends[2];
  for (const int32_t order : {1, -1}) {
    Cursor cursor = find_by_id(session, database, collection, *everything, order, 1);
    const bson_t* document = session.next(*cursor);
    if (document == nullptr) return std::nullopt;
    ends[order == 1 ? 0 : 1] = Bson(bson_copy(document));
    session.close(std::move(cursor), database, collection);
  }
  return IdRange::between(*ends[0], *ends[1]);
}

/// Makes the documents of `begun` the first round of a sample where one is asked for and the collection is large.
void MongodbConnector::begin_sampling(const std::shared_ptr<Session>& session, const std::string& database,
                                      const std::string& collection, Begun& begun) const {
  if (options_.certainty == 0) return;
  const bool has_order = begun.details.kind == "collection" && database != "local";
  SampleRounds rounds(options_.certainty, begun.size.documents, false);
  if (rounds.reads_all()) return;
  const std::optional<IdRange> ids = has_order ? ids_of(*session, database, collection) : std::nullopt;
  rounds = SampleRounds(options_.certainty, begun.size.documents, ids.has_value());
  RowChoice choice;
  if (!rounds.next(choice)) return;
  begun.rounds = rounds;
  if (!rounds.is_random()) return;
  begun.documents->choose_from(*ids, [this, session, database, collection](const bson_t& condition, uint64_t most) {
    return find_by_id(*session, database, collection, condition, 1, most);
  });
  begun.documents->begin_round(choice.sample_rows);
}

void MongodbConnector::begin(size_t root, const std::string& name) {
  if (begun_.documents && begun_.root == root && begun_.name == name) return;
  begun_ = {};
  const auto [database, collection] = table_of_object_name(name);
  const std::shared_ptr<Session> session = this->session(root);
  Begun begun;
  begun.root = root;
  begun.name = name;
  try {
    auto details = find_collection(*session, database, collection);
    if (!details) throw ReadFailure({VerdictKind::io_error, "there is no such collection"});
    begun.details = std::move(*details);
    begun.size = size_of(*session, database, collection);
    begun.documents = std::make_unique<CollectionDocuments>(
        session, database, collection, find(*session, database, collection, begun), options_.max_rows);
    begin_sampling(session, database, collection, begun);
  } catch (const ServerError& error) {
    if (error.is_about_source()) throw;
    throw ReadFailure(verdict_of(error));
  }
  begun.sample = take_sample(*begun.documents);
  if (begun.rounds && begun.rounds->is_random()) begun.sample.is_all = false;  // other rounds may have other fields
  begun_ = std::move(begun);
}

std::expected<OpenedObject, model::Verdict> MongodbConnector::open(size_t root, const std::string& name) {
  try {
    begin(root, name);
  } catch (const ReadFailure& failure) {
    return std::unexpected(failure.verdict());
  }
  Begun begun = std::exchange(begun_, {});
  OpenedObject opened;
  opened.entry = {.name = name, .size = begun.size.bytes.value_or(0), .is_table = true};
  opened.part = options_.part();
  opened.reader = std::make_unique<DocumentRows>(table_of_object_name(name).second, std::move(begun.sample),
                                                 std::move(begun.documents), begun.details.comments, begun.rounds);
  return opened;
}

std::optional<model::TableDescription> MongodbConnector::describe(size_t root, const std::string& name) {
  try {
    begin(root, name);
  } catch (const ReadFailure&) {
    return std::nullopt;  // open() says why
  }
  model::TableDescription description;
  std::tie(description.schema, description.name) = table_of_object_name(name);
  description.kind = begun_.details.kind;
  description.comment = begun_.details.comment;
  description.estimated_rows = begun_.size.documents;
  description.bytes = begun_.size.bytes;
  description.columns = DocumentColumns(begun_.sample, begun_.details.comments).described();
  const auto& required = begun_.details.required_paths;
  for (model::ColumnDescription& column : description.columns) {
    if (column.name == "_id") column.key_position = 1;
    column.is_nullable = column.name != "_id" && std::ranges::find(required, column.name) == required.end();
  }
  return description;
}

Trial MongodbConnector::test(uint64_t most_objects) {
  return try_by_enumerating(*this, most_objects, [this](size_t root, const TrialCounter& counter) {
    return fmt::format("{}, {} collections", server_version(*session(root)), counter.objects);
  });
}

std::unique_ptr<Connector> make_mongodb(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<MongodbConnector>(address, std::move(context));
}

}  // namespace

const ConnectorKind& mongodb_kind() {
  static constexpr ConnectorKind kind{
      .name = "mongodb", .schemes = schemes, .settings = setting_keys, .has_tables = true, .make = make_mongodb};
  return kind;
}

}  // namespace assay::connect::mongodb
