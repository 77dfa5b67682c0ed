#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "cli/job_facts.h"
#include "store/store.h"

namespace assay::cli {

// Jobs and tasks as `assay job list|show|tasks` print them: for a person, and for a program.
std::string jobs_text(const std::vector<store::JobRow>& jobs, int64_t now_ms);
std::string job_text(const JobFacts& facts);
std::string tasks_text(const std::vector<store::TaskRow>& tasks);
boost::json::object job_json(const store::JobRow& job);
/// With progress, per source too, and the reasons for waiting.
boost::json::object job_json(const JobFacts& facts);
boost::json::object task_json(const store::TaskRow& task);

}  // namespace assay::cli
