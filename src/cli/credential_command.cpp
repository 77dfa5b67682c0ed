#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/report/json_text.h"
#include "cli/secret_input.h"
#include "cli/secrets.h"
#include "cli/text_table.h"
#include "core/error.h"
#include "core/printable.h"
#include "secure/store_credentials.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

struct CredentialArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  std::string name, reference, format = "table";
  bool password_stdin = false, value_stdin = false;
};

json::object facts_json(const secure::CredentialFacts& facts) {
  return {{"name", facts.name},
          {"reference", "store:" + facts.name},
          {"created_at", facts.created_at},
          {"changed_at", facts.changed_at},
          {"key_generation", facts.key_generation},
          {"version", facts.version}};
}

[[noreturn]] void refuse_absent(const std::string& name) {
  throw core::Error(
      core::ErrorKind::not_found,
      fmt::format("there is no credential '{}'; `assay credential list` shows them", core::printable(name, 200)));
}

void run_set(const CredentialArguments& a) {
  // Said before anybody is asked for anything.
  if (!secure::is_credential_name(a.name))
    throw core::Error(core::ErrorKind::bad_input,
                      "a credential's name is made of letters, digits and . _ - / between them, at most 200 of them");
  const auto configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::refuse);
  secure::StoreCredentials credentials(store->secrets(), unlock_keys(*store, configuration, a.password_stdin));
  const auto value =
      a.value_stdin ? SecretInput::rest() : SecretInput(SecretInput::From::terminal).new_line("Value of " + a.name);
  credentials.put(a.name, value.reveal());
  fmt::print("set the credential {0}; its reference is store:{0}\n", a.name);
}

void run_list(const CredentialArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  const auto credentials = store->secrets().list_credentials();
  if (a.format == "json") {
    json::array list;
    for (const auto& facts : credentials) list.push_back(facts_json(facts));
    fmt::print("{}\n", to_text(list));
    return;
  }
  TextTable table({"NAME", "SET", ">DATA KEY"});
  for (const auto& facts : credentials)
    table.add({facts.name, time_text(facts.changed_at), std::to_string(facts.key_generation)});
  fmt::print("{}", table.text());
}

void run_show(const CredentialArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  const auto found = store->secrets().find_credential(a.name);
  if (!found) refuse_absent(a.name);
  const auto& facts = found->facts;
  if (a.format == "json") {
    fmt::print("{}\n", to_text(facts_json(facts)));
    return;
  }
  fmt::print("name        {0}\nreference   store:{0}\nmade        {1} UTC\nset         {2} UTC\ndata key    {3}\n",
             facts.name, time_text(facts.created_at), time_text(facts.changed_at), facts.key_generation);
}

void run_remove(const CredentialArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  if (!store->secrets().remove_credential(a.name)) refuse_absent(a.name);
  fmt::print("removed the credential {}\n", core::printable(a.name, 200));
}

void run_check(const CredentialArguments& a) {
  secure::parse_reference(a.reference);
  const auto configuration = load_configuration(*a.configuration);
  // Vault's token may lie in the store, so a database is opened where there is one.
  std::unique_ptr<store::Store> store;
  const bool needs_store = a.reference.starts_with("store:") ||
                           configuration.text("vault.token").starts_with("store:") ||
                           configuration.text("vault.secret_id").starts_with("store:");
  if (needs_store) store = open_database(configuration, Absent::refuse);
  secure::keep_memory_private();
  const auto credentials = credential_manager(store.get(), configuration,
                                              [&] { return unlock_keys(*store, configuration, a.password_stdin); });
  const auto secret = credentials->resolve(a.reference);
  fmt::print("the secret can be had: {} bytes\n", secret.reveal().size());
}

}  // namespace

void add_credential_command(CLI::App& app, ExitCode& result) {
  auto* credential = app.add_subcommand("credential", "Keep the secrets that sources need, sealed");
  credential->require_subcommand(1);
  const auto a = std::make_shared<CredentialArguments>();
  const auto add = [&result, a, credential](const char* name, const char* help,
                                            const std::vector<std::string_view>& keys,
                                            void (*run)(const CredentialArguments&)) {
    auto* command = credential->add_subcommand(name, help);
    const auto configuration = add_configuration_flags(*command, keys);
    command->callback([a, configuration, run, &result] {
      a->configuration = configuration;
      run(*a);
      result = ExitCode::clean;
    });
    return command;
  };
  const std::vector<std::string_view> database = {"database", "data_dir"}, keys = {"database", "data_dir", "key_file"},
                                      all = {"database",        "data_dir",
                                             "key_file",        "vault.address",
                                             "vault.ca_file",   "vault.namespace",
                                             "vault.token",     "vault.role_id",
                                             "vault.secret_id", "vault.approle_mount",
                                             "vault.timeout_ms"};
  auto* set = add("set", "Keep a value, from the terminal or standard input; replaces one of that name", keys, run_set);
  set->add_flag("--value-stdin", a->value_stdin, "Read the value from standard input, to its end");
  auto* list = add("list", "List the credentials", database, run_list);
  auto* show = add("show", "Tell about one credential; never its value", database, run_show);
  for (auto* command : {list, show})
    command->add_option("--format", a->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  auto* remove = add("remove", "Remove a credential", database, run_remove);
  for (auto* command : {set, show, remove}) command->add_option("NAME", a->name, "Name of the credential")->required();
  auto* check = add("check", "Fetch a secret by its reference, and say whether it can be had", all, run_check);
  check->add_option("REFERENCE", a->reference, "store:NAME, file:PATH[#KEY], env:NAME or vault:PATH#KEY")->required();
  for (auto* command : {set, check})
    command->add_flag("--password-stdin", a->password_stdin,
                      "Read the password of the keys from the first line of standard input");
}

}  // namespace assay::cli
