#pragma once
// What a prediction is worth: the patients that all measures share, and the row that each measure writes.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::validate {

// Views. `event` is 0 or 1; weights count patients (2: two patients like this one); nullptr: 1.
struct Patients {
  std::size_t n = 0;
  const double* event = nullptr;
  const double* weight = nullptr;

  double count(std::size_t i) const { return weight ? weight[i] : 1.0; }
};

struct Classes {
  double events = 0.0, others = 0.0;
  double total() const { return events + others; }
};

inline Classes count_classes(const Patients& patients) {
  Classes out;
  for (std::size_t i = 0; i < patients.n; ++i) {
    (patients.event[i] > 0.5 ? out.events : out.others) += patients.count(i);
  }
  return out;
}

// Why there is no answer before anything is computed, or ok.
inline Status class_status(const Classes& classes) {
  if (classes.total() <= 0.0) {
    return Status::no_data;
  }
  return classes.events <= 0.0 || classes.others <= 0.0 ? Status::one_group_empty : Status::ok;
}

// Columns of R/dictionary.R. n and events round the sums of weights.
struct MeasureRow {
  int n = 0, events = 0;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double statistic = missing, df = missing, p_value = missing;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
  void count(const Classes& classes) {
    n = static_cast<int>(std::lround(std::fmin(classes.total(), 2e9)));
    events = static_cast<int>(std::lround(std::fmin(classes.events, 2e9)));
    status = class_status(classes);
  }
};

template <class F>
void visit_columns(const MeasureRow*, F&& f) {
  f("n", [](const MeasureRow& r) -> const int& { return r.n; });
  f("events", [](const MeasureRow& r) -> const int& { return r.events; });
  f("estimate", [](const MeasureRow& r) -> const double& { return r.estimate; });
  f("std_error", [](const MeasureRow& r) -> const double& { return r.std_error; });
  f("conf_low", [](const MeasureRow& r) -> const double& { return r.conf_low; });
  f("conf_high", [](const MeasureRow& r) -> const double& { return r.conf_high; });
  f("statistic", [](const MeasureRow& r) -> const double& { return r.statistic; });
  f("df", [](const MeasureRow& r) -> const double& { return r.df; });
  f("p_value", [](const MeasureRow& r) -> const double& { return r.p_value; });
  f("conf_method", [](const MeasureRow& r) -> const ConfMethod& { return r.conf_method; });
  f("p_matches", [](const MeasureRow& r) -> const bool& { return r.p_matches; });
  f("status", [](const MeasureRow& r) -> const Status& { return r.status; });
  f("notes", [](const MeasureRow& r) -> const std::uint32_t& { return r.notes; });
}

}  // namespace respondr::validate
