#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/fingerprint_key.h"
#include "cli/report/json_text.h"
#include "cli/secret_input.h"
#include "cli/secrets.h"
#include "cli/text_table.h"
#include "core/error.h"
#include "core/printable.h"
#include "secure/key_management.h"
#include "secure/secret_file.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr size_t least_password_bytes = 12;

struct KeyArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  bool password_stdin = false;
  std::string derivation;
  std::string write_key_file, fingerprint_key;
  std::string format = "table";
};

SecretInput input_of(const KeyArguments& a) {
  return SecretInput(a.password_stdin ? SecretInput::From::standard_input : SecretInput::From::terminal);
}

secure::LockedBytes new_password(const KeyArguments& a) {
  auto password = input_of(a).new_line("New password of the keys");
  if (password.size() < least_password_bytes)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("the password must have at least {} characters; some words by chance are best",
                                  least_password_bytes));
  return password;
}

void write_key_file(const KeyArguments& a, const secure::KeyRing& ring) {
  if (a.write_key_file.empty()) return;
  secure::write_key_file(a.write_key_file, ring.master_key());
  const std::string path = core::printable(a.write_key_file, 4096);
  fmt::print(
      "wrote the key file {0}; it unlocks the keys without the password until that is changed\n"
      "  in the configuration:   key_file: {0}\n"
      "  or in a systemd unit:   LoadCredential=assay-key:{0}\n"
      "  or encrypted for this machine: systemd-creds encrypt --name=assay-key {0} "
      "/etc/credstore.encrypted/assay-key,\n"
      "  then LoadCredentialEncrypted=assay-key, and remove {0}\n",
      path);
}

void run_init(const KeyArguments& a) {
  const auto configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::create);
  secure::keep_memory_private();
  if (store->secrets().find_key_envelope())
    throw core::Error(core::ErrorKind::bad_input,
                      "the database has keys already; `assay key change-password` changes their password");
  std::optional<secure::LockedBytes> fingerprint_key;
  if (!a.fingerprint_key.empty())
    fingerprint_key = secure::LockedBytes::copy_of(load_fingerprint_key(a.fingerprint_key));
  const auto ring = secure::create_keys(store->secrets(), new_password(a), secure::new_derivation(a.derivation),
                                        fingerprint_key ? &*fingerprint_key : nullptr);
  fmt::print("made the keys of {}\n", without_password(database_url(configuration)));
  write_key_file(a, ring);
  if (a.write_key_file.empty())
    fmt::print("Without the password, what they seal cannot be read again: keep a copy where it is safe.\n");
}

void run_unlock(const KeyArguments& a) {
  const auto configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::refuse);
  const auto ring = unlock_keys(*store, configuration, a.password_stdin);
  fmt::print("the keys can be unlocked: envelope {}, data key {}\n", ring.envelope_id(), ring.active_generation());
  write_key_file(a, ring);
}

void run_rotate(const KeyArguments& a) {
  const auto configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::refuse);
  auto ring = unlock_keys(*store, configuration, a.password_stdin);
  const auto rotation = secure::rotate_data_key(store->secrets(), ring);
  fmt::print("{} data key {}: {} sealed again, {} removed\n", rotation.resumed ? "ended the rotation to" : "rotated to",
             ring.active_generation(),
             rotation.resealed == 1 ? "1 credential" : fmt::format("{} credentials", rotation.resealed),
             rotation.removed_keys == 1 ? "1 old key" : fmt::format("{} old keys", rotation.removed_keys));
}

void run_change_password(const KeyArguments& a) {
  const auto configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::refuse);
  auto ring = unlock_keys(*store, configuration, a.password_stdin);
  const std::string derivation =
      a.derivation.empty() ? secure::existing_envelope(store->secrets()).derivation : a.derivation;
  ring =
      secure::change_password(store->secrets(), std::move(ring), new_password(a), secure::new_derivation(derivation));
  fmt::print("changed the password; key files of the old one do not unlock the keys any more\n");
  write_key_file(a, ring);
}

/// What the configured key file is worth, without its key.
std::string key_file_state(const Configuration& configuration, const std::string& envelope_id) {
  const std::string file = key_file_of(configuration);
  if (file.empty()) return "none";
  try {
    const bool fits = secure::read_key_file(file).envelope_id == envelope_id;
    return core::printable(file, 4096) +
           (fits ? "" : ": for another database, or for a password that was changed since");
  } catch (const core::Error& error) {
    return error.what();
  }
}

size_t sealed_with(const std::vector<secure::CredentialFacts>& credentials, int64_t generation) {
  size_t count = 0;
  for (const auto& credential : credentials) count += credential.key_generation == generation ? 1 : 0;
  return count;
}

void print_status(const secure::KeyEnvelope& envelope, const std::vector<secure::CredentialFacts>& credentials,
                  const std::string& key_file) {
  fmt::print("envelope    {}\npassword    {}, {} rounds", envelope.id, envelope.derivation, envelope.rounds);
  if (envelope.memory_bytes > 0) fmt::print(" over {} MiB", envelope.memory_bytes >> 20);
  fmt::print("\nmade        {} UTC\nchanged     {} UTC\nkey file    {}\n\n", time_text(envelope.created_at),
             time_text(envelope.changed_at), key_file);
  TextTable table({"PURPOSE", ">GENERATION", "STATE", "MADE", ">CREDENTIALS"});
  for (const auto& key : envelope.keys)
    table.add({key.purpose, std::to_string(key.generation), key.is_active ? "active" : "old", time_text(key.created_at),
               key.purpose == "data" ? std::to_string(sealed_with(credentials, key.generation)) : "-"});
  fmt::print("{}", table.text());
}

json::object status_json(const secure::KeyEnvelope& envelope, const std::vector<secure::CredentialFacts>& credentials,
                         const std::string& key_file) {
  json::array keys;
  for (const auto& key : envelope.keys) {
    json::object item{{"purpose", key.purpose},
                      {"generation", key.generation},
                      {"active", key.is_active},
                      {"created_at", key.created_at}};
    if (key.purpose == "data") item["credentials"] = sealed_with(credentials, key.generation);
    keys.push_back(std::move(item));
  }
  return {{"envelope", envelope.id},
          {"derivation", envelope.derivation},
          {"rounds", envelope.rounds},
          {"memory_bytes", envelope.memory_bytes},
          {"created_at", envelope.created_at},
          {"changed_at", envelope.changed_at},
          {"key_file", key_file},
          {"keys", std::move(keys)}};
}

ExitCode run_status(const KeyArguments& a) {
  const auto configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::refuse);
  const auto envelope = store->secrets().find_key_envelope();
  if (!envelope) {
    if (a.format == "json") fmt::print("{}\n", to_text(json::object{{"keys", json::array()}}));
    else fmt::print("the database has no keys; `assay key init` makes them\n");
    return ExitCode::clean;
  }
  const auto credentials = store->secrets().list_credentials();
  const std::string key_file = key_file_state(configuration, envelope->id);
  if (a.format == "json") fmt::print("{}\n", to_text(status_json(*envelope, credentials, key_file)));
  else print_status(*envelope, credentials, key_file);
  return ExitCode::clean;
}

void add_password_option(CLI::App& command, KeyArguments& a, const char* help) {
  command.add_flag("--password-stdin", a.password_stdin, help);
}

void add_derivation_option(CLI::App& command, KeyArguments& a, const char* help) {
  command.add_option("--kdf", a.derivation, help)
      ->check(CLI::IsMember({"argon2id", "argon2id-interactive", "pbkdf2-hmac-sha256"}));
}

void add_key_file_option(CLI::App& command, KeyArguments& a) {
  command.add_option("--write-key-file", a.write_key_file,
                     "Write a key file (mode 0400), with which processes unlock the keys unattended");
}

}  // namespace

void add_key_command(CLI::App& app, ExitCode& result) {
  auto* key = app.add_subcommand("key", "Make, unlock and rotate the keys that seal credentials");
  key->require_subcommand(1);
  const auto a = std::make_shared<KeyArguments>();
  const auto add = [&result, a, key](const char* name, const char* help, std::function<void(const KeyArguments&)> run) {
    auto* command = key->add_subcommand(name, help);
    const auto configuration = add_configuration_flags(*command, {"database", "data_dir", "key_file"});
    command->callback([a, configuration, run = std::move(run), &result] {
      a->configuration = configuration;
      run(*a);
      result = ExitCode::clean;
    });
    return command;
  };
  auto* init = add("init", "Make the keys of the database, under a new password", [](const KeyArguments& given) {
    KeyArguments arguments = given;
    if (arguments.derivation.empty()) arguments.derivation = "argon2id";
    run_init(arguments);
  });
  add_password_option(*init, *a, "Read the password from standard input instead of the terminal");
  add_derivation_option(*init, *a,
                        "How the password becomes a key [argon2id]; pbkdf2-hmac-sha256 where FIPS asks for it");
  add_key_file_option(*init, *a);
  init->add_option("--fingerprint-key", a->fingerprint_key,
                   "Go on with this key of the fingerprints: a file with 64 hex digits");
  auto* unlock = add("unlock", "Check the password or the key file", run_unlock);
  add_password_option(*unlock, *a, "Read the password from standard input");
  add_key_file_option(*unlock, *a);
  auto* rotate = add("rotate", "Seal all credentials with a new key; ends one that was interrupted", run_rotate);
  add_password_option(*rotate, *a, "Read the password from standard input");
  auto* change = add("change-password", "Give the keys another password", run_change_password);
  add_password_option(*change, *a, "Read the old and the new password from two lines of standard input");
  add_derivation_option(*change, *a, "How the new password becomes a key; not given: as before");
  add_key_file_option(*change, *a);
  auto* status = add("status", "Say which keys there are; takes no password", run_status);
  status->add_option("--format", a->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

}  // namespace assay::cli
