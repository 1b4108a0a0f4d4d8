#pragma once
// The whole procedure of a screen on one sample: choose predictors by their p, fit those chosen. What a bootstrap repeats.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "respondr/logistic/correct.hpp"
#include "respondr/logistic/fit.hpp"
#include "respondr/logistic/tests.hpp"

namespace respondr::screen {

enum class Selection : int { none, univariable, backward };

struct Rule {
  Selection selection = Selection::none;
  double threshold = 1.0;
  logistic::TestKind test = logistic::TestKind::lr;
  logistic::Estimator estimator = logistic::Estimator::ml;
  bool fallback = true;  // Firth and its intercept correction where maximum likelihood has no estimate
};

struct Model {
  std::vector<double> beta;            // by column of the data, 0 where not chosen
  std::vector<unsigned char> chosen;   // by term
  bool firth = false;                  // by Firth's method
  bool failed = false;                 // no estimate at all
  bool aliased = false;                // a column depends on the others
};

// Columns of x by term; column 0 is the intercept.
class Procedure {
 public:
  Procedure(const logistic::Problem& data, std::vector<std::vector<std::size_t>> terms, const Rule& rule)
      : data_(data), terms_(std::move(terms)), rule_(rule) {}

  struct Workspace {
    logistic::Workspace fit;
    logistic::Fit result;
    std::vector<double> x, y, weight, offset;
    std::vector<std::size_t> columns, own;
    std::vector<unsigned char> alone;
    logistic::Estimator used = logistic::Estimator::ml;
  };

  std::size_t columns() const { return data_.p; }
  std::size_t terms() const { return terms_.size(); }
  const logistic::Problem& data() const { return data_; }

  // The procedure on rows row[0], ..., row[m - 1]; weight by place among them, nullptr: that of the data.
  void run(const std::uint32_t* row, const double* weight, std::size_t m, Workspace& w, Model& out) const {
    out.chosen.assign(terms_.size(), 1);
    out.beta.assign(data_.p, 0.0);
    out.firth = out.failed = out.aliased = false;
    take_rows(row, m, w);
    if (weight) {
      w.weight.assign(weight, weight + m);
    }
    if (rule_.selection == Selection::univariable) {
      for (std::size_t t = 0; t < terms_.size(); ++t) {
        w.alone.assign(terms_.size(), 0);
        w.alone[t] = 1;
        fit(row, m, w.alone, w);
        out.chosen[t] = p_of(t, w) <= rule_.threshold;
      }
    }
    fit(row, m, out.chosen, w);
    while (rule_.selection == Selection::backward && drop_worst(w, out)) {
      fit(row, m, out.chosen, w);
    }
    finish(m, w, out);
  }

 private:
  void take_rows(const std::uint32_t* row, std::size_t m, Workspace& w) const {
    const auto take = [&](const double* from, double none, std::vector<double>& to) {
      to.resize(m);
      for (std::size_t i = 0; i < m; ++i) to[i] = from ? from[row[i]] : none;
    };
    take(data_.y, 0.0, w.y);
    take(data_.weight, 1.0, w.weight);
    take(data_.offset, 0.0, w.offset);
  }

  logistic::Problem problem(std::size_t m, const Workspace& w) const {
    return {w.x.data(), m, w.columns.size(), w.y.data(), w.weight.data(), w.offset.data()};
  }

  logistic::Options options(logistic::Estimator estimator) const {
    logistic::Options o;
    o.estimator = estimator;
    o.tolerance = 1e-8;
    o.leverage = false;
    return o;
  }

  // The model of the terms that `use` marks, in w.fit.
  void fit(const std::uint32_t* row, std::size_t m, const std::vector<unsigned char>& use, Workspace& w) const {
    w.columns.assign(1, 0);
    for (std::size_t t = 0; t < terms_.size(); ++t) {
      if (use[t]) w.columns.insert(w.columns.end(), terms_[t].begin(), terms_[t].end());
    }
    w.x.resize(m * w.columns.size());
    for (std::size_t j = 0; j < w.columns.size(); ++j) {
      const double* from = data_.x + w.columns[j] * data_.n;
      for (std::size_t i = 0; i < m; ++i) w.x[j * m + i] = from[row[i]];
    }
    w.used = rule_.estimator;
    logistic::fit(problem(m, w), options(w.used), w.fit, w.result);
    if (w.result.status != Status::ok && rule_.fallback && w.used == logistic::Estimator::ml) {
      w.used = logistic::Estimator::firth;
      logistic::fit(problem(m, w), options(w.used), w.fit, w.result);
    }
  }

  // p of a term in the model at hand; 1 where it has none.
  double p_of(std::size_t t, Workspace& w) const {
    w.own.clear();
    for (std::size_t j = 0; j < w.columns.size(); ++j) {
      for (const std::size_t column : terms_[t]) {
        if (w.columns[j] == column) w.own.push_back(j);
      }
    }
    const logistic::ColumnTest test = logistic::test_columns(options(w.used), w.result, w.own, nullptr, rule_.test, w.fit);
    return test.p_value == test.p_value ? test.p_value : 1.0;
  }

  // Takes out the term of the largest p above the threshold; false if there is none.
  bool drop_worst(Workspace& w, Model& out) const {
    double worst = rule_.threshold;
    std::size_t at = terms_.size();
    for (std::size_t t = 0; t < terms_.size(); ++t) {
      if (!out.chosen[t]) continue;
      const double p = p_of(t, w);
      if (p > worst) {
        worst = p;
        at = t;
      }
    }
    if (at == terms_.size()) {
      return false;
    }
    out.chosen[at] = 0;
    return true;
  }

  void finish(std::size_t m, Workspace& w, Model& out) const {
    out.firth = w.used == logistic::Estimator::firth;
    if (out.firth) {
      logistic::correct_intercept(problem(m, w), options(w.used), w.fit, w.result);
    }
    for (std::size_t j = 0; j < w.columns.size(); ++j) {
      const double b = w.result.beta[j];
      out.beta[w.columns[j]] = b == b ? b : 0.0;  // an aliased column adds nothing
      out.aliased = out.aliased || b != b;
    }
    out.failed = w.result.status != Status::ok;
  }

  logistic::Problem data_;
  std::vector<std::vector<std::size_t>> terms_;
  Rule rule_;
};

}  // namespace respondr::screen
