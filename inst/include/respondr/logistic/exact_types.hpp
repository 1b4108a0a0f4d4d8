#pragma once
// Exact conditional logistic regression: what goes in and what comes out.

#include <cstddef>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::logistic {

// Views. x is column-major, y the share of events, weight trials times frequency (nullptr: 1), offset added to the log odds
// (nullptr: 0), strata codes from 1 (nullptr: none).
struct ExactInput {
  const double* x = nullptr;
  std::size_t n = 0, p = 0;
  const double* y = nullptr;
  const double* weight = nullptr;
  const double* offset = nullptr;
  const int* strata = nullptr;
};

struct ExactOptions {
  std::vector<std::vector<std::size_t>> sets;  // columns of each term of interest
  double conf_level = 0.95;
  bool midp = false;
  double limit = 2e7;  // states that may be tried in one convolution
};

// One column of interest given all other columns.
struct ExactParameter {
  int column = 0, set = 0;
  double statistic = missing, statistic_low = missing, statistic_high = missing;
  int support = missing_int;
  double estimate = missing;
  int unbiased = 0;
  double std_error = missing, conf_low = missing, conf_high = missing, p_value = missing;
  double score = missing, p_score = missing, p_score_midp = missing;
  double probability = missing, p_probability = missing, p_probability_midp = missing;
  double work = 0.0;
  Status status = Status::ok;
};

// One term given all other columns, or both terms (set 0) given the rest.
struct ExactTest {
  int set = 0;
  double df = missing, score = missing, p_score = missing, p_score_midp = missing;
  double probability = missing, p_probability = missing, p_probability_midp = missing;
  int support = missing_int;
  double work = 0.0;
  Status status = Status::ok;
};

struct ExactResult {
  std::vector<ExactParameter> parameters;
  std::vector<ExactTest> tests;
};

template <class F>
void visit_columns(const ExactParameter*, F&& f) {
  f("column", [](const ExactParameter& r) -> const auto& { return r.column; });
  f("set", [](const ExactParameter& r) -> const auto& { return r.set; });
  f("statistic", [](const ExactParameter& r) -> const auto& { return r.statistic; });
  f("statistic_low", [](const ExactParameter& r) -> const auto& { return r.statistic_low; });
  f("statistic_high", [](const ExactParameter& r) -> const auto& { return r.statistic_high; });
  f("support", [](const ExactParameter& r) -> const auto& { return r.support; });
  f("estimate", [](const ExactParameter& r) -> const auto& { return r.estimate; });
  f("unbiased", [](const ExactParameter& r) -> const auto& { return r.unbiased; });
  f("std_error", [](const ExactParameter& r) -> const auto& { return r.std_error; });
  f("conf_low", [](const ExactParameter& r) -> const auto& { return r.conf_low; });
  f("conf_high", [](const ExactParameter& r) -> const auto& { return r.conf_high; });
  f("p_value", [](const ExactParameter& r) -> const auto& { return r.p_value; });
  f("score", [](const ExactParameter& r) -> const auto& { return r.score; });
  f("p_score", [](const ExactParameter& r) -> const auto& { return r.p_score; });
  f("p_score_midp", [](const ExactParameter& r) -> const auto& { return r.p_score_midp; });
  f("probability", [](const ExactParameter& r) -> const auto& { return r.probability; });
  f("p_probability", [](const ExactParameter& r) -> const auto& { return r.p_probability; });
  f("p_probability_midp", [](const ExactParameter& r) -> const auto& { return r.p_probability_midp; });
  f("work", [](const ExactParameter& r) -> const auto& { return r.work; });
  f("status", [](const ExactParameter& r) -> const auto& { return r.status; });
}

template <class F>
void visit_columns(const ExactTest*, F&& f) {
  f("set", [](const ExactTest& r) -> const auto& { return r.set; });
  f("df", [](const ExactTest& r) -> const auto& { return r.df; });
  f("score", [](const ExactTest& r) -> const auto& { return r.score; });
  f("p_score", [](const ExactTest& r) -> const auto& { return r.p_score; });
  f("p_score_midp", [](const ExactTest& r) -> const auto& { return r.p_score_midp; });
  f("probability", [](const ExactTest& r) -> const auto& { return r.probability; });
  f("p_probability", [](const ExactTest& r) -> const auto& { return r.p_probability; });
  f("p_probability_midp", [](const ExactTest& r) -> const auto& { return r.p_probability_midp; });
  f("support", [](const ExactTest& r) -> const auto& { return r.support; });
  f("work", [](const ExactTest& r) -> const auto& { return r.work; });
  f("status", [](const ExactTest& r) -> const auto& { return r.status; });
}

}  // namespace respondr::logistic
