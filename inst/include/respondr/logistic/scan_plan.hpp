#pragma once
// One logistic model for each of many markers that share their covariates: what is asked, what is shared, and the memory of a
// thread. The covariates alone are fitted once; their orthonormal columns serve every marker, and the linear predictor of that fit
// is the offset from which each marker starts at coefficients 0.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "respondr/logistic/fit.hpp"
#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::logistic {

enum class ScanEstimator : int { automatic, ml, firth };
enum class ScanTest : int { wald, score, lr };

struct ScanOptions {
  ScanEstimator estimator = ScanEstimator::automatic;
  ScanTest test = ScanTest::wald;
  double conf_level = 0.95;
  int max_iterations = 100;
  double tolerance = 1e-8;  // length of the last step in standard errors
};

struct ScanRow {
  int n = 0, n_dropped = 0;
  double events = missing, estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double statistic = missing, df = missing, p_value = missing;
  Estimator estimator = Estimator::ml;
  bool p_matches = false;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const ScanRow*, F&& f) {
  using R = const ScanRow&;
  f("n", [](R r) -> const auto& { return r.n; });
  f("n_dropped", [](R r) -> const auto& { return r.n_dropped; });
  f("events", [](R r) -> const auto& { return r.events; });
  f("estimate", [](R r) -> const auto& { return r.estimate; });
  f("std_error", [](R r) -> const auto& { return r.std_error; });
  f("conf_low", [](R r) -> const auto& { return r.conf_low; });
  f("conf_high", [](R r) -> const auto& { return r.conf_high; });
  f("statistic", [](R r) -> const auto& { return r.statistic; });
  f("df", [](R r) -> const auto& { return r.df; });
  f("p_value", [](R r) -> const auto& { return r.p_value; });
  f("estimator", [](R r) -> const auto& { return r.estimator; });
  f("p_matches", [](R r) -> const auto& { return r.p_matches; });
  f("status", [](R r) -> const auto& { return r.status; });
}

class ScanPlan {
 public:
  // covariates: the intercept, if there is one, first.
  ScanPlan(const Problem& covariates, const ScanOptions& asked) : options(asked), problem(covariates) {
    Options o;
    o.leverage = false;
    o.max_iterations = asked.max_iterations;
    Fit null;
    logistic::fit(covariates, o, workspace_, null);
    status_ = null.status;
    const bool usable = status_ == Status::ok || status_ == Status::separated || status_ == Status::not_converged;
    if (usable) {
      rank_ = workspace_.basis.rank;
      begin_at(status_ == Status::ok);
      evaluate_start();
      count();
    }
  }

  const ScanOptions options;
  const Problem problem;

  Status status() const { return status_; }  // of the covariates alone; separated ones leave every marker without ML
  const Basis& covariates() const { return workspace_.basis; }
  std::size_t rank() const { return rank_; }
  const std::vector<double>& start() const { return start_; }  // by padded row: the offset of every marker
  double log_likelihood() const { return null_.log_likelihood; }
  int n() const { return n_; }  // rows with weight
  // At the start, for the covariates: m mu (1 - mu) and m (y - mu) by padded row, the information and its factor.
  const double* information_weight() const { return rows_.working.data(); }
  const double* residual() const { return residual_.data(); }
  const Matrix& null_information() const { return null_.information; }
  const Matrix& null_factor() const { return null_.factor; }

 private:
  void begin_at(bool maximum) {
    const Basis& basis = workspace_.basis;
    const std::size_t padded = basis.blocks * block_rows;
    start_.assign(basis.offset.data(), basis.offset.data() + padded);
    for (std::size_t b = 0; maximum && b < basis.blocks; ++b) {
      detail::add_linear(basis.block(b), rank_, workspace_.estimate.gamma.data(), basis.block_size(b),
                         start_.data() + b * block_rows);
    }
  }

  void evaluate_start() {
    Basis& basis = workspace_.basis;
    std::copy(start_.begin(), start_.end(), basis.offset.data());
    null_.resize(rank_);
    evaluate(basis, Estimator::ml, 1, rows_, null_);
    residual_.assign(start_.size(), 0.0);
    for (std::size_t i = 0; i < problem.n; ++i) {
      residual_[i] = basis.weight[i] * (basis.y[i] - rows_.mu[i]);
    }
  }

  void count() {
    for (std::size_t i = 0; i < problem.n; ++i) n_ += workspace_.basis.weight[i] > 0.0;
  }

  Workspace workspace_;
  Status status_ = Status::no_data;
  std::size_t rank_ = 0;
  std::vector<double> start_, residual_;
  Rows rows_;
  Evaluation null_;
  int n_ = 0;
};

// The columns of the covariates with room for one more, and what a fit needs.
struct ScanWorkspace {
  Basis basis;
  Solver solver;
  Constraint none;  // the marker's coefficient is 0
  std::vector<double> projection, step;
  bool masked = false;
};

inline ScanWorkspace scan_workspace(const ScanPlan& plan) {
  const Basis& from = plan.covariates();
  const std::size_t p = plan.rank(), padded = from.blocks * block_rows;
  ScanWorkspace w;
  Basis& to = w.basis;
  to.n = from.n;
  to.rows = from.rows;
  to.blocks = from.blocks;
  to.chunks = from.chunks;
  to.width = to.rank = p + 1;
  to.intercept = from.intercept;
  to.z.resize(padded * to.width);
  to.y.resize(padded);
  to.weight.resize(padded);
  to.offset.resize(padded);
  for (std::size_t b = 0; b < from.blocks; ++b) {
    std::copy_n(from.block(b), p * block_rows, to.block(b));
  }
  std::copy_n(from.y.data(), padded, to.y.data());
  std::copy_n(from.weight.data(), padded, to.weight.data());
  std::copy_n(plan.start().begin(), padded, to.offset.data());
  w.solver.resize(to.rank);
  w.none.c.resize(to.rank, 1);
  w.none.c.zero();
  w.none.c(p, 0) = 1.0;
  w.none.target.assign(1, 0.0);
  w.projection.resize(to.rank);
  w.step.resize(to.rank);
  w.masked = true;  // weights and counts are set by the first marker
  return w;
}

}  // namespace respondr::logistic
