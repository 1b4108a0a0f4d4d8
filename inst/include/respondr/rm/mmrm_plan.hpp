#pragma once
// What depends on the design and on which rows are observed, but on no outcome: the rank of X and an orthonormal basis of it,
// patients grouped by covariance group and visits made, whitening layout. Shared by all outcomes with the same rows.

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "respondr/rm/mmrm_types.hpp"

namespace respondr::rm {

// Patients of one group with the same visits. x: patients x (visits * (rank + 1)); the block of visit j has the basis of X and
// an empty column, which takes the outcome.
struct Pattern {
  int group = 0;
  std::vector<int> visits;
  int patients = 0;
  std::vector<int> row;           // visit j of patient i: place j * patients + i in Plan::rows
  std::vector<std::size_t> pair;  // (j, k), k <= j, row by row: place in Plan::pairs
  Eigen::MatrixXd x;
  int size() const { return static_cast<int>(visits.size()); }
};

struct MmrmPlan {
  int columns = 0;  // of X, all
  int rank = 0;
  int visits = 0;
  int groups = 1;
  int patients = 0;
  std::vector<int> rows;  // rows of the data in use
  std::vector<int> kept, aliased;
  Eigen::MatrixXd basis;  // Q of sqrt(w) X[, kept] = Q R
  Eigen::MatrixXd root;   // R, upper triangular
  Eigen::MatrixXd alias;  // X[, aliased] = X[, kept] alias
  double log_det_root = 0.0;
  double sum_log_weight = 0.0;
  std::vector<Pattern> patterns;
  std::vector<VisitPair> pairs;
  std::vector<double> times;  // of the visits
  bool full = true;           // pairs are the whole triangle
  std::vector<int> visit_of_row, patient_of_row;  // of rows in use
  std::vector<double> root_weight;
  int observations() const { return static_cast<int>(rows.size()); }
};

namespace detail {

// Columns from left to right, as lm() does: one that is within 1e-7 of its length of a combination of those kept before is
// aliased. Classical Gram-Schmidt, twice (Giraud et al. 2005), so that Q is orthonormal to rounding.
inline void orthonormalise(const Eigen::MatrixXd& x, MmrmPlan& plan) {
  constexpr double tolerance = 1e-7;
  const Eigen::Index n = x.rows(), p = x.cols();
  plan.basis.resize(n, std::min(n, p));
  Eigen::MatrixXd coefficient = Eigen::MatrixXd::Zero(std::min(n, p), p);
  int rank = 0;
  Eigen::VectorXd v(n), c(std::min(n, p));
  for (Eigen::Index j = 0; j < p; ++j) {
    const double largest = n > 0 ? x.col(j).cwiseAbs().maxCoeff() : 0.0;
    v = largest > 0.0 ? Eigen::VectorXd(x.col(j) / largest) : Eigen::VectorXd(Eigen::VectorXd::Zero(n));
    const double length = v.norm();
    for (int pass = 0; pass < 2 && rank > 0; ++pass) {
      c.head(rank).noalias() = plan.basis.leftCols(rank).transpose() * v;
      v.noalias() -= plan.basis.leftCols(rank) * c.head(rank);
      coefficient.col(j).head(rank) += largest * c.head(rank);
    }
    const double rest = v.norm();
    if (rank < n && rest > tolerance * length) {
      plan.basis.col(rank) = v / rest;
      coefficient(rank, j) = rest * largest;
      plan.kept.push_back(static_cast<int>(j));
      ++rank;
    } else {
      plan.aliased.push_back(static_cast<int>(j));
    }
  }
  plan.rank = rank;
  plan.basis.conservativeResize(n, rank);
  plan.root = Eigen::MatrixXd::Zero(rank, rank);
  for (int k = 0; k < rank; ++k) plan.root.col(k) = coefficient.col(plan.kept[k]).head(rank);
  plan.alias.resize(rank, static_cast<Eigen::Index>(plan.aliased.size()));
  for (std::size_t k = 0; k < plan.aliased.size(); ++k) {
    plan.alias.col(k) = plan.root.triangularView<Eigen::Upper>().solve(coefficient.col(plan.aliased[k]).head(rank));
  }
  plan.log_det_root = 0.0;
  for (int k = 0; k < rank; ++k) plan.log_det_root += std::log(plan.root(k, k));
}

// Visits by row: as given, or for times by row the rank of the time among all times in use.
inline void code_visits(const MmrmData& data, bool by_time, MmrmPlan& plan) {
  plan.visits = data.visits;
  plan.visit_of_row.clear();
  if (!by_time) {
    for (int r : plan.rows) plan.visit_of_row.push_back(data.visit[r]);
    for (int j = 0; j < data.visits; ++j) plan.times.push_back(data.time && !data.time_by_row ? data.time[j] : j + 1.0);
    return;
  }
  for (int r : plan.rows) plan.times.push_back(data.time[r]);
  std::sort(plan.times.begin(), plan.times.end());
  plan.times.erase(std::unique(plan.times.begin(), plan.times.end()), plan.times.end());
  plan.visits = static_cast<int>(plan.times.size());
  for (int r : plan.rows) {
    const auto at = std::lower_bound(plan.times.begin(), plan.times.end(), data.time[r]);
    plan.visit_of_row.push_back(static_cast<int>(at - plan.times.begin()));
  }
}

struct Stretch {  // rows of one patient, in the order of his visits
  int group;
  std::vector<int> visits, rows;
};

inline std::vector<Stretch> patients_of(const MmrmData& data, MmrmPlan& plan) {
  std::vector<Stretch> out;
  for (std::size_t i = 0; i < plan.rows.size(); ++i) {
    const int r = plan.rows[i];
    if (i == 0 || data.patient[r] != data.patient[plan.rows[i - 1]]) out.push_back({data.group ? data.group[r] : 0, {}, {}});
    out.back().rows.push_back(static_cast<int>(i));
    plan.patient_of_row.push_back(static_cast<int>(out.size()) - 1);
  }
  for (Stretch& s : out) {
    std::sort(s.rows.begin(), s.rows.end(), [&](int a, int b) { return plan.visit_of_row[a] < plan.visit_of_row[b]; });
    for (int i : s.rows) s.visits.push_back(plan.visit_of_row[i]);
  }
  return out;
}

// All of the triangle, or for many distinct times the pairs that occur.
inline void number_pairs(bool by_time, MmrmPlan& plan) {
  constexpr int few = 60;
  plan.full = !by_time || plan.visits <= few;
  std::vector<std::size_t> seen;
  if (plan.full) {
    for (int j = 0; j < plan.visits; ++j) {
      for (int k = 0; k <= j; ++k) plan.pairs.push_back({j, k});
    }
  } else {
    for (const Pattern& s : plan.patterns) {
      for (int j = 0; j < s.size(); ++j) {
        for (int k = 0; k <= j; ++k) seen.push_back(triangle(s.visits[j], s.visits[k]));
      }
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    int high = 0;
    for (std::size_t t : seen) {
      while (triangle(high + 1, 0) <= t) ++high;
      plan.pairs.push_back({high, static_cast<int>(t - triangle(high, 0))});
    }
  }
  for (Pattern& s : plan.patterns) {
    for (int j = 0; j < s.size(); ++j) {
      for (int k = 0; k <= j; ++k) {
        const std::size_t t = triangle(s.visits[j], s.visits[k]);
        s.pair.push_back(plan.full ? t : std::lower_bound(seen.begin(), seen.end(), t) - seen.begin());
      }
    }
  }
}

inline void group_patients(const std::vector<Stretch>& patients, MmrmPlan& plan) {
  std::vector<int> order(patients.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const Stretch &p = patients[a], &q = patients[b];
    return p.group != q.group ? p.group < q.group : p.visits < q.visits;
  });
  plan.patients = static_cast<int>(patients.size());
  for (std::size_t first = 0, last; first < order.size(); first = last) {
    const Stretch& head = patients[order[first]];
    last = first;
    while (last < order.size() && patients[order[last]].group == head.group && patients[order[last]].visits == head.visits) {
      ++last;
    }
    Pattern s;
    s.group = head.group;
    s.visits = head.visits;
    s.patients = static_cast<int>(last - first);
    s.row.resize(s.visits.size() * s.patients);
    for (std::size_t i = first; i < last; ++i) {
      for (int j = 0; j < s.size(); ++j) s.row[j * s.patients + (i - first)] = patients[order[i]].rows[j];
    }
    plan.patterns.push_back(std::move(s));
  }
}

}  // namespace detail

// rows: those with an outcome. by_time: visits are distinct times (sp_exp with times by row).
inline MmrmPlan make_plan(const MmrmData& data, std::vector<int> rows, bool by_time) {
  MmrmPlan plan;
  plan.rows = std::move(rows);
  plan.columns = data.columns;
  plan.groups = data.groups;
  const int n = plan.observations();
  Eigen::MatrixXd x(n, data.columns);
  plan.root_weight.resize(n, 1.0);
  for (int i = 0; i < n && data.weight; ++i) {
    plan.root_weight[i] = std::sqrt(data.weight[plan.rows[i]]);
    plan.sum_log_weight += std::log(data.weight[plan.rows[i]]);
  }
  for (int k = 0; k < data.columns; ++k) {
    const double* column = data.x + static_cast<std::size_t>(k) * data.rows;
    for (int i = 0; i < n; ++i) x(i, k) = plan.root_weight[i] * column[plan.rows[i]];
  }
  detail::orthonormalise(x, plan);
  detail::code_visits(data, by_time, plan);
  detail::group_patients(detail::patients_of(data, plan), plan);
  detail::number_pairs(by_time, plan);
  const int width = plan.rank + 1;
  for (Pattern& s : plan.patterns) {
    s.x = Eigen::MatrixXd::Zero(s.patients, s.size() * width);
    for (int j = 0; j < s.size(); ++j) {
      for (int i = 0; i < s.patients; ++i) {
        s.x.row(i).segment(j * width, plan.rank) = plan.basis.row(s.row[j * s.patients + i]);
      }
    }
  }
  return plan;
}

}  // namespace respondr::rm
