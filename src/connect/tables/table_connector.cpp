#include "connect/tables/table_connector.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "connect/name_selection.h"
#include "connect/tables/table_name.h"
#include "connect/tables/table_rows.h"
#include "connect/trial.h"

namespace assay::connect {
namespace {

class TableConnector final : public Connector {
 public:
  TableConnector(const SourceAddress& address, ConnectorContext context, ReadingOptions options,
                 std::unique_ptr<TableDatabase> database)
      : context_(std::move(context)),
        selection_(address.include, address.exclude),
        options_(std::move(options)),
        database_(std::move(database)) {}

  const std::vector<std::string>& roots() const override { return database_->roots(); }
  Trial test(uint64_t most_objects) override;
  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override;
  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override;
  std::optional<model::TableDescription> describe(size_t root, const std::string& name) override;
  std::optional<TableRanges> ranges(size_t root, const std::string& name, const Cut& cut) override;
  std::expected<OpenedObject, model::Verdict> open_range(size_t root, const std::string& name, const std::string& range,
                                                         const std::string& snapshot) override;

 private:
  using Clock = std::chrono::steady_clock;
  TableSession& session(size_t root);
  /// What is to be opened.
  struct Wanted {
    std::string name;
    std::optional<TableRange> range{};
    std::string snapshot{};     ///< that the range is to be read in
    bool has_snapshot = false;  ///< session_ reads it
  };
  std::expected<OpenedObject, model::Verdict> open(size_t root, Wanted wanted);
  std::expected<OpenedObject, model::Verdict> open_once(size_t root, const Wanted& wanted, Clock::time_point begin);
  bool is_read_whole() const;
  bool is_there(size_t root);
  std::shared_ptr<LoadWatch> watch(size_t root);
  std::optional<model::Verdict> wait_for_server(size_t root);
  const char* exclusion(const ListedTable& table, std::string_view name) const;
  DescribedTable chosen_columns(DescribedTable table, const std::string& name) const;
  std::optional<TableRows::Sampling> sampling(TableSession& session, const DescribedTable& all,
                                              const DescribedTable& chosen, RowChoice choice) const;

  ConnectorContext context_;
  NameSelection selection_;
  ReadingOptions options_;
  std::unique_ptr<TableDatabase> database_;
  // One for all that is asked, one after another: the tables of a task are read in one snapshot.
  std::shared_ptr<TableSession> session_;
  size_t session_root_ = 0;
  std::shared_ptr<LoadWatch> watch_;  ///< nullptr until it is needed
  size_t watch_root_ = 0;
};

TableSession& TableConnector::session(size_t root) {
  if (session_ != nullptr && session_root_ == root && session_.use_count() == 1 && session_->is_usable())
    return *session_;
  session_.reset();
  session_ = database_->connect(root);
  session_root_ = root;
  return *session_;
}

bool TableConnector::is_there(size_t root) {
  try {
    session_ = database_->connect(root);
    session_root_ = root;
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

/// What looks at a root's server; nullptr when the settings bound nothing.
std::shared_ptr<LoadWatch> TableConnector::watch(size_t root) {
  if (!options_.load.any()) return nullptr;
  if (watch_ != nullptr && watch_root_ == root) return watch_;
  watch_ = std::make_shared<LoadWatch>(
      options_.load,
      LoadWatch::Source{.name = roots().at(root),
                        .connect = [this, root] { return database_->connect_probe(root, options_.load); },
                        .stop = context_.stop,
                        .log = context_.log});
  watch_root_ = root;
  return watch_;
}

/// Until the server bears no more than the bounds; a verdict when it does not say what it bears.
std::optional<model::Verdict> TableConnector::wait_for_server(size_t root) {
  if (!options_.load.any()) return std::nullopt;
  try {
    watch(root)->wait_to_begin([this] { session_.reset(); });  // no snapshot is held meanwhile
  } catch (const sql::Error& error) {
    if (context_.stop.stop_requested() || error.kind() == core::ErrorKind::transient) throw;
    return verdict_of(error);
  }
  return std::nullopt;
}

const char* TableConnector::exclusion(const ListedTable& table, std::string_view name) const {
  if (table.kind == "view" && !options_.views) return "a view; setting views=true reads it";
  if (table.kind == "foreign table" && !options_.foreign_tables)
    return "lies on another server; setting foreign_tables=true reads it";
  return selection_.exclusion(name).why;
}

void TableConnector::enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) {
  auto [schema, table] = table_of_object_name(resume_after);
  const std::string mark = options_.mark();
  for (;;) {
    const std::vector<ListedTable> page = session(root).list(schema, table);
    if (page.empty()) return;
    for (const ListedTable& listed : page) {
      if (visitor.stop_requested()) return;
      std::string name = table_object_name(listed.schema, listed.name);
      if (const char* why = exclusion(listed, name))
        visitor.on_unread(std::move(name), listed.bytes, {model::VerdictKind::excluded, why});
      else
        visitor.on_object({.name = std::move(name),
                           .size = listed.bytes,
                           .change_id = listed.change_id.empty() ? "" : listed.change_id + mark,
                           .is_table = true});
    }
    schema = page.back().schema;
    table = page.back().name;
  }
}

DescribedTable TableConnector::chosen_columns(DescribedTable table, const std::string& name) const {
  if (options_.columns.takes_all()) return table;
  DescribedTable chosen{.description = table.description, .plans = {}};
  chosen.description.columns.clear();
  for (size_t i = 0; i < table.plans.size(); ++i) {
    if (!options_.columns.takes(name, table.description.columns[i].name)) continue;
    chosen.description.columns.push_back(std::move(table.description.columns[i]));
    chosen.plans.push_back(std::move(table.plans[i]));
  }
  return chosen;
}

/// The first round of a sample that ends when it is enough; nullopt where none is asked for, or the table is small.
std::optional<TableRows::Sampling> TableConnector::sampling(TableSession& session, const DescribedTable& all,
                                                            const DescribedTable& chosen, RowChoice choice) const {
  if (options_.certainty == 0) return std::nullopt;
  const bool can_choose = session.choose_quick_sample(all, choice);
  TableRows::Sampling sampling{.table = chosen,
                               .choice = std::move(choice),
                               .rounds = {options_.certainty, all.description.estimated_rows, can_choose}};
  if (sampling.rounds.reads_all() || !sampling.rounds.next(sampling.choice)) return std::nullopt;
  return sampling;
}

std::expected<OpenedObject, model::Verdict> TableConnector::open_once(size_t root, const Wanted& wanted,
                                                                      Clock::time_point begin) {
  const std::string& name = wanted.name;
  const auto [schema, table] = table_of_object_name(name);
  TableSession& session = this->session(root);
  const DescribedTable all = session.describe(schema, table);
  const DescribedTable described = chosen_columns(all, name);
  const size_t left_out = all.plans.size() - described.plans.size();
  if (left_out != 0 && described.plans.empty())
    return std::unexpected(model::Verdict{model::VerdictKind::excluded, "by the settings columns, exclude_columns"});
  RowChoice choice{.where = options_.where,
                   .most_rows = options_.max_rows == 0 ? 0 : options_.max_rows + 1,
                   .sample = options_.sample,
                   .sample_percent = options_.sample_percent};
  if (wanted.range) {
    choice.range = wanted.range;
    choice.range_key = session.range_key(all);
  }
  std::optional<TableRows::Sampling> sampling = this->sampling(session, all, described, choice);
  session.begin(described, sampling ? sampling->choice : choice);
  OpenedObject opened;
  opened.entry = {.name = name, .size = described.description.bytes.value_or(0), .is_table = true};
  opened.part = options_.part_in_words();
  const auto add_part = [&opened](const std::string& more) { opened.part += (opened.part.empty() ? "" : "; ") + more; };
  if (!wanted.snapshot.empty() && !wanted.has_snapshot) add_part("some ranges as the table was later than the others");
  if (left_out != 0) add_part(fmt::format("{} of {} columns", described.plans.size(), all.plans.size()));
  opened.reader = std::make_unique<TableRows>(TableRows::Source{.session = session_,
                                                                .stop = context_.stop,
                                                                .is_there = [this, root] { return is_there(root); },
                                                                .begin = begin,
                                                                .watch = watch(root)},
                                              described, options_, std::move(sampling));
  return opened;
}

std::optional<model::TableDescription> TableConnector::describe(size_t root, const std::string& name) {
  const auto [schema, table] = table_of_object_name(name);
  for (bool may_try_again = session_ != nullptr;; may_try_again = false) {
    try {
      return session(root).describe(schema, table).description;
    } catch (const sql::Error& error) {
      session_.reset();  // its transaction is at its end
      if (context_.stop.stop_requested() || error.kind() != core::ErrorKind::transient) throw;
      if (error.trouble() == sql::Trouble::conflict && may_try_again) continue;  // its snapshot was too old
      if (error.trouble() == sql::Trouble::connection_lost && !is_there(root)) throw;
      throw core::Error(core::ErrorKind::permanent, error.what());
    }
  }
}

// Bounds of a table bound all its ranges together, and nobody counts these; a sample takes little time as it is.
bool TableConnector::is_read_whole() const {
  return options_.max_rows != 0 || options_.max_bytes != 0 || options_.max_seconds != 0 || options_.bytes_per_s != 0 ||
         options_.sample != RowChoice::Sample::none || options_.certainty != 0;
}

std::optional<TableRanges> TableConnector::ranges(size_t root, const std::string& name, const Cut& cut) {
  if (is_read_whole()) return std::nullopt;
  const auto [schema, table] = table_of_object_name(name);
  try {
    TableSession& session = this->session(root);
    const DescribedTable described = session.describe(schema, table);
    const uint64_t count = described.description.bytes.value_or(0) / std::max<uint64_t>(cut.range_bytes, 1) + 1;
    const auto stretches = session.ranges(described, static_cast<size_t>(std::min<uint64_t>(count, cut.most)));
    session_.reset();  // its transaction would go on beside those that read
    if (stretches.size() < 2) return std::nullopt;
    SharedSnapshot shared = cut.may_keep_snapshot ? database_->share_snapshot(root) : SharedSnapshot{};
    TableRanges ranges{.ranges = {}, .snapshot = std::move(shared.id), .held = std::move(shared.held)};
    for (const TableRange& range : stretches) ranges.ranges.push_back(range.in_words());
    return ranges;
  } catch (const sql::Error&) {
    session_.reset();
    if (context_.stop.stop_requested()) throw;
    return std::nullopt;  // reading it whole will say what is wrong
  }
}

std::expected<OpenedObject, model::Verdict> TableConnector::open_range(size_t root, const std::string& name,
                                                                       const std::string& range,
                                                                       const std::string& snapshot) {
  return open(root, {.name = name, .range = TableRange::parse(range), .snapshot = snapshot});
}

std::expected<OpenedObject, model::Verdict> TableConnector::open(size_t root, const std::string& name) {
  return open(root, Wanted{.name = name});
}

std::expected<OpenedObject, model::Verdict> TableConnector::open(size_t root, Wanted wanted) {
  if (auto verdict = wait_for_server(root)) return std::unexpected(*std::move(verdict));
  if (!wanted.snapshot.empty()) {
    session_ = database_->connect_to_snapshot(root, wanted.snapshot);
    session_root_ = root;
    wanted.has_snapshot = session_ != nullptr;
  }
  const auto begin = Clock::now();
  for (bool may_try_again = true;; may_try_again = false) {
    const bool is_fresh = session_ == nullptr;
    try {
      return open_once(root, wanted, begin);
    } catch (const sql::Error& error) {
      const bool was_lost = error.trouble() == sql::Trouble::connection_lost;
      const bool was_connected = session_ != nullptr;  // else it is the server that is gone
      session_.reset();                                // its transaction is at its end
      wanted.has_snapshot = false;
      if (context_.stop.stop_requested() || !was_connected) throw;
      // A connection that was kept may have ended for reasons of its own, and its snapshot may be older than the table;
      // what a fresh one meets as well is the table's matter.
      const bool was_stale = was_lost || error.trouble() == sql::Trouble::conflict;
      if (was_stale && may_try_again && !is_fresh) continue;
      if (was_lost && !is_there(root)) throw;
      if (error.trouble() == sql::Trouble::cancelled && is_past(options_, begin))
        return std::unexpected(model::Verdict{model::VerdictKind::limit, "max_seconds: 0 rows were read"});
      return std::unexpected(verdict_of(error));
    }
  }
}

Trial TableConnector::test(uint64_t most_objects) {
  return try_by_enumerating(*this, most_objects, [this](size_t root, const TrialCounter& counter) {
    if (options_.load.any()) database_->connect_probe(root, options_.load)->look();
    return fmt::format("{}, {} tables", session(root).server_version(), counter.objects);
  });
}

}  // namespace

std::unique_ptr<Connector> make_table_connector(const SourceAddress& address, ConnectorContext context,
                                                ReadingOptions options, std::unique_ptr<TableDatabase> database) {
  return std::make_unique<TableConnector>(address, std::move(context), std::move(options), std::move(database));
}

}  // namespace assay::connect
