#pragma once
// Contrasts l' B c of the means (l over the columns of the model, c over the cells); estimated marginal means are contrasts too.
//
// Own error: variance c' S c of the patients' scores Y c on n - rank degrees of freedom: exact whatever the covariance of the visits
// is. Pooled error: c falls into its parts in the within terms, each with the mean square of its term; where more than one part
// is there the degrees of freedom are Satterthwaite's (1946).
//
//   status           estimate  std_error, t, p, limits
//   no_data          -         -
//   too_few          yes       -
//   no_variance      yes       -
//   not_estimable    -         -     l is not estimable with the patients that are there, or c leaves the within terms (pooled)

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/anova_structure.hpp"

namespace respondr::rm::anova {

struct Contrasts {
  Matrix l;             // k x columns of the model
  Matrix c;             // cells x k
  bool pooled = false;
  bool correlation = false;
  double conf_level = 0.95;

  std::size_t size() const { return l.rows; }
};

struct ContrastRow {
  double estimate = missing, std_error = missing, df = missing, statistic = missing, p = missing;
  double conf_low = missing, conf_high = missing;
  int n = 0;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const ContrastRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("std_error", [](auto& r) -> auto& { return r.std_error; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("p", [](auto& r) -> auto& { return r.p; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("status", [](auto& r) -> auto& { return r.status; });
}

// The contrasts of a plan: l in the coordinates of Q, so that l' (X'X)^-1 m = g_l' g_m.
struct ContrastPlan {
  Matrix g;                     // rank x k
  std::vector<char> estimable;  // k
  double t_own = missing;       // quantile on n - rank degrees of freedom
};

inline ContrastPlan plan_contrasts(const Plan& plan, const Contrasts& contrasts) {
  ContrastPlan out;
  const std::size_t k = contrasts.size(), rank = plan.rank();
  out.g.resize(rank, k);
  out.estimable.assign(k, 1);
  for (std::size_t j = 0; j < k; ++j) {
    double* g = out.g.col(j);
    double scale = 0.0;
    for (std::size_t i = 0; i < rank; ++i) {  // R' g = l of the kept columns
      g[i] = contrasts.l(j, static_cast<std::size_t>(plan.kept[i]));
      for (std::size_t m = 0; m < i; ++m) {
        g[i] -= plan.r(m, i) * g[m];
      }
      g[i] /= plan.r(i, i);
    }
    for (std::size_t i = 0; i < contrasts.l.cols; ++i) {
      scale = std::max(scale, std::fabs(contrasts.l(j, i)));
    }
    for (std::size_t i = 0; i < plan.dropped.size(); ++i) {
      const double implied = dot(plan.aliased.col(i), g, rank);
      const double given = contrasts.l(j, static_cast<std::size_t>(plan.dropped[i]));
      if (!(std::fabs(implied - given) <= 1e-7 * scale)) {
        out.estimable[j] = 0;
      }
    }
  }
  if (plan.df_error() > 0.0) {
    out.t_own = -special::t_quantile(0.5 * (1.0 - contrasts.conf_level), plan.df_error());
  }
  return out;
}

struct ContrastWorkspace {
  Workspace base;
  Matrix score, effects;        // n x k: scores Y c, then their residuals; rank x k
  Matrix products;              // k x k: of the residuals
  Matrix part;                  // within terms x k: squared length of c in each
  std::vector<double> mean_square;
  std::vector<ContrastRow> rows;
  std::vector<double> correlation;  // k x k
};

namespace detail {

inline void finish_contrast(double variance, double df, double quantile, ContrastRow& row) {
  row.df = df;
  row.std_error = std::sqrt(variance);
  row.statistic = row.estimate / row.std_error;
  row.p = 2.0 * special::t_cdf(-std::fabs(row.statistic), df);
  row.conf_low = row.estimate - quantile * row.std_error;
  row.conf_high = row.estimate + quantile * row.std_error;
}

// Product of the parts of contrasts i and j of the cells in one within term.
inline double part_product(const Design& design, const Contrasts& contrasts, std::size_t term, std::size_t i, std::size_t j) {
  double sum = 0.0;
  for (std::size_t k = 0; k < design.d(term); ++k) {
    const double* u = design.within[term].col(k);
    sum += dot(u, contrasts.c.col(i), design.cells) * dot(u, contrasts.c.col(j), design.cells);
  }
  return sum;
}

// Variance and degrees of freedom of the score of contrast j with pooled errors; false if the within terms do not hold it.
inline bool pooled_variance(const Design& design, const Contrasts& contrasts, const ContrastWorkspace& w, double nu, std::size_t j,
                            double& variance, double& df) {
  const double length = dot(contrasts.c.col(j), contrasts.c.col(j), design.cells);
  double held = 0.0, squares = 0.0;
  variance = 0.0;
  for (std::size_t term = 0; term < design.within.size(); ++term) {
    double part = part_product(design, contrasts, term, j, j);
    held += part;
    part = part > 1e-14 * length ? part * w.mean_square[term] : 0.0;
    variance += part;
    squares += part * part / (nu * static_cast<double>(design.d(term)));
  }
  df = std::round(variance * variance / squares * 1e9) / 1e9;  // whole where one term holds it all
  return std::fabs(held - length) <= 1e-8 * length;
}

inline void correlate(const Design& design, const Contrasts& contrasts, const ContrastPlan& plan, ContrastWorkspace& w) {
  const std::size_t k = contrasts.size(), rank = plan.g.rows;
  const auto covariance = [&](std::size_t i, std::size_t j) {
    double scores = w.products(i, j);
    if (contrasts.pooled) {
      scores = 0.0;
      for (std::size_t term = 0; term < design.within.size(); ++term) {
        scores += part_product(design, contrasts, term, i, j) * w.mean_square[term];
      }
    }
    return scores * dot(plan.g.col(i), plan.g.col(j), rank);
  };
  w.correlation.resize(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const bool known = w.rows[i].status == Status::ok && w.rows[j].status == Status::ok;
      const double r = known && i != j ? covariance(i, j) / std::sqrt(covariance(i, i) * covariance(j, j)) : 1.0;
      w.correlation[i + j * k] = known ? std::min(1.0, std::max(-1.0, r)) : missing;
    }
  }
}

// Scores of the patients from w.base.block, their residuals, and the mean squares of the within terms where errors are pooled.
// within: sums of squares and products of the cells inside the rows of the block, null where the rows are patients.
inline void fit_contrasts(const Design& design, const Plan& plan, const Contrasts& contrasts, const Matrix* within,
                          ContrastWorkspace& w) {
  Workspace& b = w.base;
  rotate(b.block.y, contrasts.c, w.score);
  project(plan.q, w.score, w.effects);
  cross_products(w.score, w.products);
  add_rotated(within, contrasts.c, w.products);
  if (contrasts.pooled) {
    rotate(b.block.y, design.rotation, b.z);
    fit_rows(plan, b.block, b.z, b.fit);
    add_rotated(within, design.rotation, b.fit.error);
    w.mean_square.assign(design.within.size(), 0.0);
    for (std::size_t term = 0; term < design.within.size(); ++term) {
      for (std::size_t j = design.offset[term]; j < design.offset[term + 1]; ++j) {
        w.mean_square[term] += b.fit.error(j, j) / (plan.df_error() * static_cast<double>(design.d(term)));
      }
    }
  }
}

inline void solve_contrast(const Design& design, const Plan& plan, const Contrasts& contrasts, const ContrastPlan& own, std::size_t j,
                           ContrastWorkspace& w, ContrastRow& row) {
  const Block& block = w.base.block;
  const double nu = plan.df_error();
  if (!own.estimable[j]) {
    row.status = Status::not_estimable;
    return;
  }
  double weight = 0.0, length = 0.0;
  for (std::size_t c = 0; c < design.cells; ++c) {
    weight += contrasts.c(c, j);
    length += std::fabs(contrasts.c(c, j));
  }
  // The pivot is a constant, which only the intercept carries.
  const double moved = std::fabs(weight) <= 1e-12 * length ? 0.0 : block.pivot * weight * contrasts.l(j, 0);
  const double estimate = dot(own.g.col(j), w.effects.col(j), plan.rank()) + moved;
  row.estimate = block.unit < 1.0 ? estimate / std::round(1.0 / block.unit) : estimate * block.unit;
  if (!(nu > 0.0)) {
    row.status = Status::too_few;
    return;
  }
  double variance = w.products(j, j) / nu, df = nu, quantile = own.t_own;
  const double rounding = block.noise * length;
  if (contrasts.pooled) {
    if (!pooled_variance(design, contrasts, w, nu, j, variance, df)) {
      row = ContrastRow();
      row.n = static_cast<int>(plan.n);
      row.status = Status::not_estimable;
      return;
    }
    quantile = df == nu ? own.t_own : -special::t_quantile(0.5 * (1.0 - contrasts.conf_level), df);
  }
  if (!(variance * nu > plan.n * rounding * rounding)) {
    row.status = Status::no_variance;
    return;
  }
  finish_contrast(squared_units(variance * dot(own.g.col(j), own.g.col(j), plan.rank()), block.unit), df, quantile, row);
}

}  // namespace detail

// w.rows and, where asked for, w.correlation from w.base.block.
inline void solve_contrasts(const Design& design, const Plan& plan, const ContrastPlan& own, const Contrasts& contrasts,
                            const Matrix* within, ContrastWorkspace& w) {
  w.rows.assign(contrasts.size(), ContrastRow());
  if (plan.size() > 0) {
    detail::fit_contrasts(design, plan, contrasts, within, w);
  }
  for (std::size_t j = 0; j < contrasts.size(); ++j) {
    ContrastRow& row = w.rows[j];
    row.n = static_cast<int>(plan.n);
    if (plan.size() == 0) {
      row.status = Status::no_data;
      continue;
    }
    detail::solve_contrast(design, plan, contrasts, own, j, w, row);
  }
  if (contrasts.correlation) {
    detail::correlate(design, contrasts, own, w);
  }
}

inline void check_contrasts(const Design& design, const Contrasts& contrasts) {
  if (contrasts.l.cols != design.columns || contrasts.c.rows != design.cells || contrasts.c.cols != contrasts.l.rows) {
    throw input_error("contrasts", "The contrasts do not fit the design.");
  }
}

// store(i, workspace) takes the rows and the correlations of problem i.
template <class Store>
std::size_t solve_all_contrasts(const Data& data, const Design& design, const Contrasts& contrasts, int threads, const Hooks& hooks,
                                Store store) {
  check_contrasts(design, contrasts);
  const Plans plans = make_plans(data, design, threads, hooks);
  if (plans.infinite != no_problem) {
    return plans.infinite;
  }
  std::vector<ContrastPlan> own;
  for (const Plan& plan : plans.plans) {
    own.push_back(plan_contrasts(plan, contrasts));
  }
  parallel_map(
      data.size(), threads, hooks, [] { return ContrastWorkspace(); },
      [&](std::size_t i, ContrastWorkspace& w) {
        load_block(data, i, plans(i), w.base.block);
        solve_contrasts(design, plans(i), own[plans.of_problem[i]], contrasts, nullptr, w);
        store(i, w);
      });
  return no_problem;
}

}  // namespace respondr::rm::anova
