#pragma once
// One row of change against baseline; the names are those of the dictionary.

#include <cstdint>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::linear {

enum class BaselineMethod : int { naive = 0, oldham, pitman_morgan, log_ratio, reliability, error_variance, mee_chua };

struct BaselineRow {
  int n = 0, n_dropped = 0;
  double assumed = missing, estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double statistic = missing, df = missing, p_value = missing, effect = missing, effect_low = missing,
    effect_high = missing;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;
  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

template <class F>
void visit_columns(const BaselineRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("n_dropped", [](auto& r) -> auto& { return r.n_dropped; });
  f("assumed", [](auto& r) -> auto& { return r.assumed; });
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("std_error", [](auto& r) -> auto& { return r.std_error; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("p_value", [](auto& r) -> auto& { return r.p_value; });
  f("effect", [](auto& r) -> auto& { return r.effect; });
  f("effect_low", [](auto& r) -> auto& { return r.effect_low; });
  f("effect_high", [](auto& r) -> auto& { return r.effect_high; });
  f("conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f("p_matches", [](auto& r) -> auto& { return r.p_matches; });
  f("status", [](auto& r) -> auto& { return r.status; });
  f("notes", [](auto& r) -> auto& { return r.notes; });
}

}  // namespace respondr::linear
