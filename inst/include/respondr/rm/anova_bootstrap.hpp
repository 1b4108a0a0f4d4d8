#pragma once
// Bootstrap of generalised eta2 and omega2: patients are drawn with replacement within their cell of the between factors, so that
// the design stays as it was; covariates go with their patient. Percentile and BCa limits (Efron 1987) with the acceleration of
// the jackknife over patients; beyond 5000 patients over runs of them.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/random.hpp"
#include "respondr/rm/anova_structure.hpp"

namespace respondr::rm::anova {

struct BootstrapOptions {
  int replicates = 2000;
  bool bca = true;
  double level = 0.95;
  std::uint64_t seed = 0;
};

struct BootstrapRow {
  double eta2 = missing, eta2_low = missing, eta2_high = missing;
  double omega2 = missing, omega2_low = missing, omega2_high = missing;
  int replicates = 0;                                                       // in which eta2 exists
  ConfMethod eta2_method = ConfMethod::none, omega2_method = ConfMethod::none;
  Status status = Status::ok;                                               // of the test
};

template <class F>
void visit_columns(const BootstrapRow*, F&& f) {
  f("eta2_generalised", [](auto& r) -> auto& { return r.eta2; });
  f("eta2_generalised_low", [](auto& r) -> auto& { return r.eta2_low; });
  f("eta2_generalised_high", [](auto& r) -> auto& { return r.eta2_high; });
  f("omega2_generalised", [](auto& r) -> auto& { return r.omega2; });
  f("omega2_generalised_low", [](auto& r) -> auto& { return r.omega2_low; });
  f("omega2_generalised_high", [](auto& r) -> auto& { return r.omega2_high; });
  f("replicates", [](auto& r) -> auto& { return r.replicates; });
  f("eta2_method", [](auto& r) -> auto& { return r.eta2_method; });
  f("omega2_method", [](auto& r) -> auto& { return r.omega2_method; });
  f("status", [](auto& r) -> auto& { return r.status; });
}

namespace detail {

inline Options bootstrap_tests() {
  Options o;
  o.p_values = o.multivariate = o.sphericity = o.structure = false;
  o.limits = EtaLimits::none;
  return o;
}

// All patients of a cell have the same row of x: a draw leaves the plan as it is.
inline bool same_rows(const Design& design, const Plan& plan) {
  for (std::size_t cell = 0; cell + 1 < plan.cell_start.size(); ++cell) {
    for (std::size_t k = plan.cell_start[cell]; k < plan.cell_start[cell + 1]; ++k) {
      const int first = plan.patients[plan.cell_rows[plan.cell_start[cell]]], other = plan.patients[plan.cell_rows[k]];
      for (std::size_t j = 0; j < design.columns; ++j) {
        if (design.x[first + j * design.patients] != design.x[other + j * design.patients]) {
          return false;
        }
      }
    }
  }
  return true;
}

// One problem, its rotated measurements and what is fixed over the replicates.
struct Resampling {
  const Design& design;
  const Plan& plan;
  Matrix z;
  double unit = 1.0, noise = 0.0;
  bool fixed_plan = false;
  Options options = bootstrap_tests();
};

// Generalised sizes of the patients rows[0], ..., one pair (eta2, omega2) a test to `out`.
inline void sizes_of(const Resampling& r, const Plan& plan, const std::vector<int>& rows, Workspace& w, double* out) {
  w.z.resize(rows.size(), r.z.cols);
  for (std::size_t j = 0; j < r.z.cols; ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      w.z(i, j) = r.z(static_cast<std::size_t>(rows[i]), j);
    }
  }
  w.block.unit = r.unit;
  w.block.noise = r.noise;
  w.block.pivot = 0.0;
  fit_rows(plan, w.block, w.z, w.fit);
  finish(r.design, plan, r.options, w);
  for (std::size_t k = 0; k < w.rows.size(); ++k) {
    out[2 * k] = w.rows[k].eta2_generalised;
    out[2 * k + 1] = w.rows[k].omega2_generalised;
  }
}

inline Plan plan_of(const Resampling& r, const std::vector<int>& rows) {
  std::vector<int> patients(rows.size());
  std::transform(rows.begin(), rows.end(), patients.begin(), [&r](int row) { return r.plan.patients[row]; });
  return make_plan(r.design, std::move(patients));
}

inline void replicate(const Resampling& r, Stream stream, std::vector<int>& rows, Workspace& w, double* out) {
  rows.resize(r.plan.size());
  for (std::size_t cell = 0; cell + 1 < r.plan.cell_start.size(); ++cell) {
    const std::size_t from = r.plan.cell_start[cell], n = r.plan.cell_start[cell + 1] - from;
    for (std::size_t k = 0; k < n; ++k) {
      rows[r.plan.cell_rows[from + k]] = r.plan.cell_rows[from + stream.bounded(static_cast<std::uint32_t>(n))];
    }
  }
  if (r.fixed_plan) {
    sizes_of(r, r.plan, rows, w, out);
  } else {
    sizes_of(r, plan_of(r, rows), rows, w, out);
  }
}

struct BootstrapWorkspace {
  Workspace base;
  std::vector<int> rows;
};

// values: `count` blocks of `width` numbers; fill(i, workspace, block) makes block i.
template <class Fill>
std::vector<double> fill_values(std::size_t count, std::size_t width, int threads, const Hooks& hooks, Fill fill) {
  std::vector<double> values(count * width);
  parallel_map(
      count, threads, hooks, [] { return BootstrapWorkspace(); },
      [&](std::size_t i, BootstrapWorkspace& w) { fill(i, w, values.data() + i * width); });
  return values;
}

inline std::vector<double> jackknife(const Resampling& r, std::size_t width, int threads, const Hooks& hooks) {
  const std::size_t n = r.plan.size(), runs = std::min<std::size_t>(n, 5000);
  return fill_values(runs, width, threads, hooks, [&](std::size_t run, BootstrapWorkspace& w, double* out) {
    w.rows.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if (i < run * n / runs || i >= (run + 1) * n / runs) {
        w.rows.push_back(static_cast<int>(i));
      }
    }
    sizes_of(r, plan_of(r, w.rows), w.rows, w.base, out);
  });
}

// Column k of blocks of `width`.
inline std::vector<double> column_of(const std::vector<double>& values, std::size_t width, std::size_t k) {
  std::vector<double> out(values.size() / width);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = values[i * width + k];
  }
  return out;
}

inline ConfMethod bootstrap_limits(const BootstrapOptions& options, double observed, const std::vector<double>& drawn,
                                   const std::vector<double>& left_out, double& low, double& high, int& replicates) {
  Bootstrap bootstrap;
  bootstrap.take({drawn.data(), drawn.size()});
  replicates = static_cast<int>(bootstrap.replicates());
  if (!(observed == observed) || !bootstrap.spread() || bootstrap.replicates() < 0.5 * static_cast<double>(drawn.size())) {
    return ConfMethod::none;
  }
  if (options.bca) {
    const double acceleration = -Bootstrap::skewness_sixth({left_out.data(), left_out.size()});
    bootstrap.correct(observed, acceleration, 1e-13 * (std::fabs(observed) + bootstrap.std_error()));
  }
  const double tail = 0.5 * std::rint((1.0 - options.level) * 1e14) / 1e14;
  low = bootstrap.limit(tail, true);
  high = bootstrap.limit(tail, false);
  // A limit beyond all replicates: the bounds of a share of variance.
  low = std::isinf(low) ? std::min(0.0, observed) : low;
  high = std::isinf(high) ? 1.0 : high;
  return bootstrap.method();
}

}  // namespace detail

// Rows in the order of Workspace::rows for one problem, whose key makes its random numbers its own.
inline std::vector<BootstrapRow> bootstrap_problem(const Data& data, const Design& design, const Plan& plan, std::size_t problem,
                                                   std::uint64_t key, const BootstrapOptions& options, int threads,
                                                   const Hooks& hooks) {
  using namespace detail;
  const std::size_t tests = design.within.size() * (design.terms + 1), width = 2 * tests;
  std::vector<BootstrapRow> out(tests);
  Workspace w;
  Resampling r{design, plan, Matrix()};
  std::vector<double> observed(width, missing);
  if (plan.size() > 0) {
    load_block(data, problem, plan, w.block);
    rotate(w.block.y, design.rotation, r.z);
    r.unit = w.block.unit;
    r.noise = w.block.noise;
    r.fixed_plan = same_rows(design, plan);
    std::vector<int> all(plan.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = static_cast<int>(i);
    }
    sizes_of(r, plan, all, w, observed.data());
  } else {
    finish(design, plan, r.options, w);
  }
  for (std::size_t k = 0; k < tests; ++k) {
    out[k].status = w.rows[k].status;
    out[k].eta2 = observed[2 * k];
    out[k].omega2 = observed[2 * k + 1];
  }
  if (std::all_of(observed.begin(), observed.end(), [](double x) { return x != x; })) {
    return out;
  }
  const std::uint64_t tag = static_cast<std::uint64_t>(Tag::bootstrap);
  const std::vector<double> drawn = fill_values(
      static_cast<std::size_t>(options.replicates), width, threads, hooks, [&](std::size_t i, BootstrapWorkspace& b, double* to) {
        replicate(r, Stream(options.seed, tag, key, i), b.rows, b.base, to);
      });
  const std::vector<double> left_out = options.bca ? jackknife(r, width, threads, hooks) : std::vector<double>();
  for (std::size_t k = 0; k < tests; ++k) {
    BootstrapRow& row = out[k];
    int unused = 0;
    row.eta2_method = bootstrap_limits(options, row.eta2, column_of(drawn, width, 2 * k), column_of(left_out, width, 2 * k),
                                       row.eta2_low, row.eta2_high, row.replicates);
    row.omega2_method = bootstrap_limits(options, row.omega2, column_of(drawn, width, 2 * k + 1),
                                         column_of(left_out, width, 2 * k + 1), row.omega2_low, row.omega2_high, unused);
  }
  return out;
}

}  // namespace respondr::rm::anova
