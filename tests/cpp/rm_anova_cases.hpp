#pragma once
// Problems of rm_anova() made from a table of patients x cells, for the tests of its core.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "respondr/rm/anova_structure.hpp"

namespace rm_cases {

using namespace respondr;
namespace anova = respondr::rm::anova;
using rm::Matrix;
using Table = std::vector<std::vector<double>>;

inline Matrix matrix(const Table& rows) {
  Matrix m(rows.size(), rows.empty() ? 0 : rows[0].size());
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.cols; ++j) {
      m(i, j) = rows[i][j];
    }
  }
  return m;
}

inline Matrix constant(std::size_t k) {
  Matrix m(k, 1);
  std::fill(m.data.begin(), m.data.end(), 1.0 / std::sqrt(static_cast<double>(k)));
  return m;
}

// Orthonormal Helmert contrasts of k levels.
inline Matrix helmert(std::size_t k) {
  Matrix m(k, k - 1);
  for (std::size_t j = 0; j + 1 < k; ++j) {
    const double length = std::sqrt(static_cast<double>((j + 1) * (j + 2)));
    for (std::size_t i = 0; i < k; ++i) {
      m(i, j) = i <= j ? 1.0 / length : i == j + 1 ? -static_cast<double>(j + 1) / length : 0.0;
    }
  }
  return m;
}

inline Matrix kronecker(const Matrix& a, const Matrix& b) {
  Matrix m(a.rows * b.rows, a.cols * b.cols);
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.cols; ++j) {
      m(i, j) = a(i / b.rows, j / b.cols) * b(i % b.rows, j % b.cols);
    }
  }
  return m;
}

// One factor within: the constant and everything else.
inline std::vector<Matrix> one_factor(std::size_t k) {
  return k > 1 ? std::vector<Matrix>{constant(k), helmert(k)} : std::vector<Matrix>{constant(k)};
}

// Columns of patients: the intercept, then each term's.
struct Model {
  std::vector<std::vector<double>> columns;
  std::vector<int> assign;
  std::vector<char> contains;
  int terms = 0;
  std::vector<int> cell;
  int cells = 1;
};

inline Model only_intercept(std::size_t n) {
  Model m;
  m.columns = {std::vector<double>(n, 1.0)};
  m.assign = {0};
  return m;
}

// Sum-to-zero columns of groups numbered from 0.
inline Model groups(const std::vector<int>& group) {
  Model m = only_intercept(group.size());
  const int k = *std::max_element(group.begin(), group.end()) + 1;
  for (int j = 0; j + 1 < k; ++j) {
    std::vector<double> column;
    for (const int g : group) {
      column.push_back(g == j ? 1.0 : g == k - 1 ? -1.0 : 0.0);
    }
    m.columns.push_back(column);
    m.assign.push_back(1);
  }
  m.terms = 1;
  m.contains = {1};
  m.cell = group;
  m.cells = k;
  return m;
}

// Two crossed factors of two levels, a * b.
inline Model crossed(const std::vector<int>& a, const std::vector<int>& b) {
  Model m = only_intercept(a.size());
  std::vector<double> x, y, xy;
  for (std::size_t i = 0; i < a.size(); ++i) {
    x.push_back(a[i] == 0 ? 1.0 : -1.0);
    y.push_back(b[i] == 0 ? 1.0 : -1.0);
    xy.push_back(x[i] * y[i]);
    m.cell.push_back(2 * a[i] + b[i]);
  }
  m.columns = {m.columns[0], x, y, xy};
  m.assign = {0, 1, 2, 3};
  m.terms = 3;
  m.contains = {1, 0, 0, 0, 1, 0, 1, 1, 1};  // [i + 3 j]: the interaction contains all
  m.cells = 4;
  return m;
}

// Owns what Data and Design point to.
struct Case {
  std::vector<std::vector<double>> outcomes;
  std::vector<int> rows;
  std::vector<double> x;
  anova::Data data;
  anova::Design design;

  Case(const Table& y, const Model& model, std::vector<Matrix> within, anova::Type type = anova::Type::partial) {
    outcomes.push_back(matrix(y).data);
    setup(y.size(), y.empty() ? within[0].rows : y[0].size(), model, std::move(within), type);
  }
  Case(const Case&) = delete;

  void add_outcome(const Table& y) {
    outcomes.push_back(matrix(y).data);
    point();
  }
  std::vector<anova::Row> solve(anova::Options o = anova::Options(), anova::ProblemRow* problem = nullptr, std::size_t which = 0,
                                int threads = 1) {
    std::vector<anova::Row> out;
    o.grand_mean = true;
    infinite = anova::solve_all(data, design, o, threads, Hooks(),
                                [&](std::size_t i, const std::vector<anova::Row>& tests, const anova::ProblemRow& row) {
                                  if (i == which) {
                                    out = tests;
                                    if (problem != nullptr) {
                                      *problem = row;
                                    }
                                  }
                                });
    return out;
  }
  std::size_t infinite = no_problem;

 private:
  void setup(std::size_t n, std::size_t cells, const Model& model, std::vector<Matrix> within, anova::Type type) {
    for (std::size_t i = 0; i < n * cells; ++i) {
      rows.push_back(static_cast<int>(i) + 1);
    }
    for (const auto& column : model.columns) {
      x.insert(x.end(), column.begin(), column.end());
    }
    design.patients = n;
    design.columns = model.columns.size();
    design.x = x.data();
    design.assign = model.assign;
    design.contains = model.contains;
    design.terms = static_cast<std::size_t>(model.terms);
    design.cells = cells;
    design.within = std::move(within);
    design.within_levels.assign(design.within.size(), static_cast<int>(cells));
    design.within_levels[0] = 1;
    design.between_cell = model.cell;
    design.between_cells = model.cells;
    design.type = type;
    design.finish();
    data.rows = rows.data();
    data.patients = n;
    data.cells = cells;
    data.group_start = {0, n};
    point();
  }
  void point() {
    data.outcomes.clear();
    for (const auto& column : outcomes) {
      data.outcomes.push_back(column.data());
    }
  }
};

// Whole-number noise without a random number generator.
inline double noise(int i, int j) {
  const long long a = (i * 7919LL + j * 104729LL + 2003) % 10007, b = (a * a % 10007 * a + 577LL * i * j + 31 * j) % 10007;
  return static_cast<double>(a + b) / 10006.0 - 1.0;
}

inline Table made_up(int n, int k, int salt = 0) {
  Table y(n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < k; ++j) {
      y[i].push_back(10.0 + 2.0 * noise(i, salt + 77) + (0.5 + 0.3 * j) * noise(i, salt + j + 1) + 0.2 * j);
    }
  }
  return y;
}

inline double relative(double a, double b) { return std::fabs(a - b) / std::fmax(1e-300, std::fabs(b)); }

// Every double of a row, in the order of the columns.
inline std::vector<double> numbers(const anova::Row& row) {
  std::vector<double> out;
  anova::visit_columns(&row, [&](const char*, auto get) { out.push_back(static_cast<double>(get(row))); });
  return out;
}

// Largest relative difference of the figures of two rows; those whose name starts with `without` are left out.
inline double difference(const anova::Row& a, const anova::Row& b, const std::string& without = "-") {
  double worst = 0.0;
  anova::visit_columns(&a, [&](const char* name, auto get) {
    const double u = static_cast<double>(get(a)), v = static_cast<double>(get(b));
    const bool equal = u == v || (u != u && v != v);
    if (std::string(name).rfind(without, 0) != 0 && !equal) {
      const double gap = std::fabs(u - v) / std::fmax(1e-12, std::fabs(v));
      worst = gap == gap ? std::fmax(worst, gap) : infinity;
    }
  });
  return worst;
}

}  // namespace rm_cases
