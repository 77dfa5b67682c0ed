#pragma once

#include "sql/connection.h"

namespace assay::sql {

/// What every driver must refuse in the same way, so that code that passes on one database passes on the other: a
/// statement while another streams, after a failure inside a transaction or after a lost connection, a transaction
/// inside another, parameters that one of the databases would not take. Drivers implement the run_...() functions.
class CheckedConnection : public Connection {
 public:
  Rows query(std::string_view sql, std::span<const Value> parameters) final;
  void stream(std::string_view sql, std::span<const Value> parameters,
              const std::function<bool(const RowView&)>& visit) final;
  uint64_t execute(std::string_view sql, std::span<const Value> parameters) final;
  uint64_t execute_many(std::string_view sql, size_t width, std::span<const Value> parameters) final;
  void run_script(std::string_view sql) final;
  void begin(TransactionMode mode) final;
  void commit() final;
  void rollback() noexcept final;
  bool in_transaction() const noexcept final { return state_ != State::none || server_in_transaction(); }
  bool is_usable() const noexcept final { return usable_ && (working_ || still_connected()); }
  bool wait_for_notification(int64_t timeout_ms) final;
  void listen(std::string_view channel) final;

 protected:
  using RowVisitor = std::function<bool(const RowView&)>;

  virtual Rows run_query(std::string_view sql, std::span<const Value> parameters) = 0;
  virtual void run_stream(std::string_view sql, std::span<const Value> parameters, const RowVisitor& visit) = 0;
  virtual uint64_t run_execute(std::string_view sql, std::span<const Value> parameters) = 0;
  virtual uint64_t run_many(std::string_view sql, size_t width, std::span<const Value> parameters) = 0;
  virtual void run_statements(std::string_view sql) = 0;
  virtual void run_begin(TransactionMode mode) = 0;
  virtual void run_commit(TransactionMode mode) = 0;
  /// Whatever the state is. After an exception the connection is not used again.
  virtual void run_rollback(TransactionMode mode) = 0;
  virtual bool run_wait(int64_t timeout_ms) = 0;
  virtual void run_listen(std::string_view channel) = 0;
  /// What the database itself says, for transactions that someone began with a statement.
  virtual bool server_in_transaction() const noexcept = 0;
  /// Asked between statements only.
  virtual bool still_connected() const noexcept = 0;

  /// The connection is lost, or in a state that nobody knows.
  void give_up() noexcept { usable_ = false; }
  bool in_open_transaction() const noexcept { return state_ == State::open; }

 private:
  enum class State : uint8_t { none, open, failed };

  template <typename Work>
  auto guarded(const Work& work);
  void require_ready() const;

  State state_ = State::none;
  TransactionMode mode_ = TransactionMode::read_write;
  bool usable_ = true;
  bool working_ = false;
};

}  // namespace assay::sql
