#pragma once
// Tests of the covariance of the visits for a whole problem: compound symmetry, and Box's M between the cells of patients.

#include <algorithm>
#include <cmath>

#include "respondr/rm/anova.hpp"

namespace respondr::rm::anova {

// From w.fit. Needs within terms that make up all cells.
inline void finish_symmetry(const Design& design, const Plan& plan, Workspace& w, ProblemRow& row) {
  const double nu = plan.df_error(), q = static_cast<double>(design.cells);
  if (!design.complete() || design.cells < 2) {
    row.status_compound_symmetry = Status::not_estimable;
    return;
  }
  if (nu < q) {
    row.status_compound_symmetry = Status::too_few;
    return;
  }
  const Matrix& e = w.fit.error;
  double rest = 0.0;
  for (std::size_t j = 1; j < design.width(); ++j) {
    rest += e(j, j);
  }
  const double rounding = w.fit.n * w.fit.noise * w.fit.noise;
  w.factor = e;
  if (!(e(0, 0) > rounding && rest > (q - 1.0) * rounding)) {
    row.status_compound_symmetry = Status::no_variance;
  } else if (!cholesky(w.factor, singular_tolerance)) {
    row.status_compound_symmetry = Status::singular;
  } else {
    row.compound_symmetry = compound_symmetry(log_determinant(w.factor), e(0, 0), rest, q, nu);
  }
}

// Collects one group at a time.
struct BoxGroups {
  Matrix pooled;
  double m = 0.0, inverse = 0.0, inverse_squares = 0.0, nu = 0.0;
  int groups = 0;

  // products: sums of squares and products of the group on nu_group degrees of freedom. As SPSS, groups whose covariance matrix
  // is singular stay out. scratch is overwritten.
  void add(const Matrix& products, double nu_group, Matrix& scratch) {
    const std::size_t q = products.rows;
    if (groups == 0) {
      pooled.resize(q, q);
      pooled.zero();
    }
    scratch = products;
    if (nu_group < static_cast<double>(q) || !cholesky(scratch, singular_tolerance)) {
      return;
    }
    m -= nu_group * (log_determinant(scratch) - static_cast<double>(q) * std::log(nu_group));
    inverse += 1.0 / nu_group;
    inverse_squares += 1.0 / (nu_group * nu_group);
    nu += nu_group;
    ++groups;
    for (std::size_t i = 0; i < pooled.data.size(); ++i) {
      pooled.data[i] += products.data[i];
    }
  }

  void finish(Matrix& scratch, ProblemRow& row) const {
    row.box_groups = groups;
    if (groups < 2) {
      row.status_box = Status::too_few;
      return;
    }
    const double q = static_cast<double>(pooled.rows);
    scratch = pooled;
    if (!cholesky(scratch, singular_tolerance)) {
      row.status_box = Status::singular;
      return;
    }
    const double statistic = m + nu * (log_determinant(scratch) - q * std::log(nu));
    row.box = box_m(std::max(0.0, statistic), inverse, inverse_squares, nu, static_cast<double>(groups), q);
  }
};

// From the rotated measurements w.z, before they become residuals: |S| does not change when cells are rotated.
inline void solve_box(const Design& design, const Plan& plan, Workspace& w, ProblemRow& row) {
  if (design.between_cells < 2 || !design.complete()) {
    row.status_box = design.between_cells < 2 ? Status::one_level : Status::not_estimable;
    return;
  }
  BoxGroups box;
  for (int cell = 0; cell < design.between_cells; ++cell) {
    const std::size_t from = plan.cell_start[cell], n = plan.cell_start[cell + 1] - from;
    w.group.resize(n, design.width());
    for (std::size_t j = 0; j < design.width(); ++j) {
      double* to = w.group.col(j);
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        to[i] = w.z(static_cast<std::size_t>(plan.cell_rows[from + i]), j);
        sum += to[i];
      }
      const double mean = sum / static_cast<double>(n);
      for (std::size_t i = 0; i < n; ++i) {
        to[i] -= mean;
      }
    }
    cross_products(w.group, w.products);
    double spread = 0.0;
    for (std::size_t j = 0; j < design.width(); ++j) {
      spread += w.products(j, j);
    }
    if (spread > static_cast<double>(n) * w.block.noise * w.block.noise) {
      box.add(w.products, static_cast<double>(n) - 1.0, w.factor);
    }
  }
  box.finish(w.factor, row);
}

inline void count_patients(const Data& data, std::size_t problem, const Plan& plan, ProblemRow& row) {
  const std::size_t group = data.group(problem);
  row.n = static_cast<int>(plan.n);
  row.n_dropped = static_cast<int>(data.group_start[group + 1] - data.group_start[group]) - row.n;
  row.rank = static_cast<int>(plan.rank());
  row.df_error = plan.df_error();
}

// Problem i: w.rows and its own row.
inline void solve(const Data& data, const Design& design, const Plan& plan, std::size_t problem, const Options& options,
                  Workspace& w, ProblemRow& row) {
  count_patients(data, problem, plan, row);
  if (plan.size() > 0) {
    load_block(data, problem, plan, w.block);
    rotate(w.block.y, design.rotation, w.z);
    if (options.structure) {
      solve_box(design, plan, w, row);
    }
    fit_rows(plan, w.block, w.z, w.fit);
    if (options.structure) {
      finish_symmetry(design, plan, w, row);
    }
  } else {
    row.status_compound_symmetry = row.status_box = Status::no_data;
  }
  finish(design, plan, options, w);
}

// Solves every problem; store(i, rows, problem_row) from whichever thread solved it. Returns the lowest problem that holds an
// infinite measurement, or no_problem.
template <class Store>
std::size_t solve_all(const Data& data, const Design& design, const Options& options, int threads, const Hooks& hooks,
                      Store store) {
  const Plans plans = make_plans(data, design, threads, hooks);
  if (plans.infinite != no_problem) {
    return plans.infinite;
  }
  parallel_map(
      data.size(), threads, hooks, [] { return Workspace(); },
      [&](std::size_t i, Workspace& w) {
        ProblemRow row;
        solve(data, design, plans(i), i, options, w, row);
        store(i, w.rows, row);
      });
  return no_problem;
}

}  // namespace respondr::rm::anova
