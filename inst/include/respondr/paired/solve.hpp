#pragma once
// The plan of a batch of paired problems, the solve of one, and the way back to the units of the outcome.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "respondr/paired/bootstrap.hpp"
#include "respondr/paired/effect.hpp"
#include "respondr/paired/flip.hpp"
#include "respondr/paired/load.hpp"
#include "respondr/paired/sign.hpp"
#include "respondr/paired/signed_rank.hpp"
#include "respondr/paired/t.hpp"
#include "respondr/parallel.hpp"

namespace respondr::paired {

// Fixed for the batch and shared by threads. Problems are numbered outcome first, then group, then contrast.
struct Plan {
  std::vector<const double*> before, after;         // one an outcome; before[o] null for a change column
  std::vector<const int*> rows_before, rows_after;  // one a contrast, over all patients; null: patient i is row i
  std::vector<std::size_t> group_start;             // G + 1 offsets into the patients
  std::vector<std::uint64_t> patient_key;           // one a patient; empty where no random numbers are drawn
  std::vector<std::uint64_t> problem_key;           // one a problem; likewise
  Options options;

  std::size_t groups() const { return group_start.size() - 1; }
  std::size_t contrasts() const { return rows_after.size(); }
  std::size_t size() const { return after.size() * groups() * contrasts(); }

  PairColumns columns(std::size_t i) const {
    const std::size_t contrast = i % contrasts();
    const std::size_t group = i / contrasts() % groups();
    const std::size_t outcome = i / contrasts() / groups();
    const std::size_t start = group_start[group];
    PairColumns c;
    c.n = group_start[group + 1] - start;
    c.patient = patient_key.empty() ? nullptr : patient_key.data() + start;
    const int* rows_a = rows_after[contrast];
    const int* rows_b = rows_before[contrast];
    c.after = rows_a == nullptr ? after[outcome] + start : after[outcome];
    c.rows_after = rows_a == nullptr ? nullptr : rows_a + start;
    if (before[outcome] != nullptr) {
      c.before = rows_b == nullptr ? before[outcome] + start : before[outcome];
      c.rows_before = rows_b == nullptr ? nullptr : rows_b + start;
    }
    return c;
  }
};

struct Workspace {
  LoadWorkspace load;
  Sample sample;
  Shift shift;
  TWorkspace t;
  SignedRankWorkspace signed_rank;
  SignWorkspace sign;
  FlipWorkspace flip;
  BootstrapWorkspace bootstrap;
  EffectWorkspace effect;
};

// From sample units to the scale the row prints.
inline void to_outcome_scale(const Options& options, double unit, Row& row) {
  for (double* x : {&row.estimate, &row.conf_low, &row.conf_high}) {
    if (options.scale == Scale::ratio) {
      *x = std::exp(*x);
    } else if (std::isfinite(*x)) {
      *x = unit < 1.0 ? *x / std::round(1.0 / unit) : *x * unit;  // 21 / 10 is the decimal 2.1, 21 * 0.1 is not
    }
  }
  row.std_error = row.std_error * unit;
}

inline void solve_method(const Plan& plan, Workspace& w, Row& row) {
  const Options& options = plan.options;
  switch (options.method) {
    case Method::t: solve_t(options, w.sample, w.shift, w.t, row); break;
    case Method::signed_rank: solve_signed_rank(options, w.sample, w.shift, w.signed_rank, row); break;
    case Method::sign: solve_sign(options, w.sample, w.shift, w.sign, row); break;
    case Method::permutation: solve_permutation(options, w.sample, w.shift, w.flip, row); break;
    case Method::bootstrap: solve_bootstrap(options, w.sample, w.shift, w.bootstrap, row); break;
  }
}

// Problem i of the plan. Returns false if a measurement is infinite: no row can be given then.
inline bool solve(const Plan& plan, std::size_t i, Workspace& w, Row& row) {
  const Options& options = plan.options;
  const Loaded loaded = load(plan.columns(i), options, w.load, w.sample, w.shift, row);
  if (loaded == Loaded::infinite) {
    return false;
  }
  w.sample.problem = plan.problem_key.empty() ? 0 : plan.problem_key[i];
  solve_method(plan, w, row);
  if (options.effect != Effect::none) {
    fill_effect(options, w.sample, w.shift, w.effect, row);
  }
  to_outcome_scale(options, w.sample.unit, row);
  return true;
}

// Columns that no problem of these options fills.
inline std::vector<std::string> never_filled(const Options& options) {
  std::vector<std::string> names;
  if (options.method == Method::t) {
    names = {"conf_attained", "p_low", "p_high"};
  }
  if (options.effect == Effect::none) {
    names.insert(names.end(), {"effect", "effect_low", "effect_high"});
  }
  return names;
}

// Solves every problem and hands row i to store(i, row), from whichever thread solved it. Returns the lowest problem that holds
// an infinite measurement, or no_problem.
template <class Store>
std::size_t solve_all(const Plan& plan, int threads, const Hooks& hooks, Store store) {
  LowestProblem infinite;
  parallel_map(
      plan.size(), threads, hooks, [] { return Workspace(); },
      [&](std::size_t i, Workspace& w) {
        Row row;
        if (!solve(plan, i, w, row)) infinite.meet(i);
        store(i, row);
      });
  return infinite.get();
}

// Summary figures, one entry a comparison; missing where not given. sd_change wins over r where both stand.
struct Figures {
  std::vector<double> n, mean_before, sd_before, mean_after, sd_after, r, sd_change;
};

inline Row solve_figures_row(const Options& options, const Figures& f, std::size_t i, Workspace& w) {
  Row row;
  row.n_zeros = missing_int;
  row.n_ties = missing_int;
  row.n_pairs = static_cast<int>(f.n[i]);
  Moments change;
  change.n = f.n[i];
  change.mean = f.mean_after[i] - f.mean_before[i];
  const double s1 = f.sd_before[i];
  const double s2 = f.sd_after[i];
  const double sd = f.sd_change[i] == f.sd_change[i] ? f.sd_change[i]
                                                     : std::sqrt(s1 * s1 + s2 * s2 - 2.0 * f.r[i] * s1 * s2);
  change.ss = sd * sd * (change.n - 1.0);
  if (!(change.mean == change.mean) || !(change.n == change.n) || (change.n >= 2.0 && !(sd == sd))) {
    row.status = Status::not_estimable;
    return row;
  }
  const Shift shift{options.null, options.margin_low, options.margin_high};
  finish_t(options, change, 0.0, shift, w.t, row);
  if (options.effect != Effect::none) {
    finish_effect(options, effect_figures(f.n[i], change.mean, s1, s2, f.r[i], sd), options.null, row);
  }
  return row;
}

template <class Store>
void solve_figures(const Options& options, const Figures& figures, Store store) {
  Workspace w;
  for (std::size_t i = 0; i < figures.n.size(); ++i) {
    store(i, solve_figures_row(options, figures, i, w));
  }
}

}  // namespace respondr::paired
