#pragma once

#include <string_view>

namespace assay::classify {

/// A text that stands where a secret belongs but is none: "changeme", "<password>", "xxxx", "${VAR}", "%s", "{{ x }}",
/// "null", "AKIA...EXAMPLE". Any secret may be asked about, whether people or machines make it up.
bool is_placeholder(std::string_view text) noexcept;

/// A variable to be filled in by a shell, a template engine or a formatter: "${VAR}", "$VAR", "%VAR%", "%s", "{0}".
bool is_template(std::string_view text) noexcept;

/// An expression of a programming language that names or computes a value: "getPassword()", "self.password",
/// "os.environ['X']", "config->secret", "Foo::BAR".
bool is_code_reference(std::string_view text) noexcept;

/// Names a place and is not the secret itself: "/run/secrets/db", "https://host/path", "./key.pem", "C:\keys".
bool is_location(std::string_view text) noexcept;

}  // namespace assay::classify
