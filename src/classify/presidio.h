#pragma once

#include <vector>

#include "classify/yaml_reader.h"
#include "model/rule.h"

namespace assay::classify {

/// Reads a recogniser registry written for Presidio: `recognizers:` with `supported_entity`, `patterns` (`score`),
/// `context`, `deny_list`, `deny_list_score`, `supported_languages`, `enabled`. Its regexes ignore case, as they do
/// there. Entries of `type: predefined` name what Assay has built in and are passed over.
std::vector<model::Rule> load_presidio_recognizers(const YamlReader& reader, const YAML::Node& root);

}  // namespace assay::classify
