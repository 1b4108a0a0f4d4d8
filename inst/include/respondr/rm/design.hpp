#pragma once
// The multivariate linear model Y (patients x cells) = X B + E: what the call fixes (Design), and what a set of complete patients
// makes of it (Plan): an orthonormal basis of X, and for each between term an orthonormal basis of its hypothesis in the
// coordinates of that basis, so that the sums of squares and products of a hypothesis are those of a few numbers.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "respondr/error.hpp"
#include "respondr/rm/linear.hpp"
#include "respondr/types.hpp"

namespace respondr::rm::anova {

// Sums of squares: sequential; each term after all that do not contain it; each term after all others.
enum class Type : int { sequential = 1, marginal = 2, partial = 3 };

struct Design {
  std::size_t patients = 0, columns = 0, cells = 0, terms = 0;  // terms: between terms without the intercept
  const double* x = nullptr;          // patients x columns
  std::vector<int> assign;            // of each column: 0 the intercept, t the t-th between term
  std::vector<char> contains;         // terms x terms, [i + j * terms]: term j contains term i
  std::vector<Matrix> within;         // cells x d, orthonormal; the first is the constant
  std::vector<int> within_levels;     // of each within term: cells of the table of its factors (1 for the constant)
  std::vector<char> observed;         // within x (terms + 1): the pair holds a measured factor
  std::vector<int> between_cell;      // of each patient: 0, 1, ..., or -1; empty: all in one
  int between_cells = 1;
  Type type = Type::partial;

  Matrix rotation;                    // cells x width: all within terms side by side
  std::vector<std::size_t> offset;    // of each within term in the rotation; one more for the end

  std::size_t width() const { return rotation.cols; }
  std::size_t d(std::size_t w) const { return offset[w + 1] - offset[w]; }
  bool complete() const { return width() == cells && d(0) == 1; }
  bool is_observed(std::size_t w, std::size_t b) const { return !observed.empty() && observed[w + b * within.size()] != 0; }

  void finish() {
    offset.assign(1, 0);
    std::size_t total = 0;
    for (const Matrix& u : within) {
      total += u.cols;
      offset.push_back(total);
    }
    rotation.resize(cells, total);
    for (std::size_t w = 0; w < within.size(); ++w) {
      std::copy(within[w].data.begin(), within[w].data.end(), rotation.col(offset[w]));
    }
    check();
  }

 private:
  void check() const {
    if (within.empty()) {
      throw input_error("within", "The design has no within term.");
    }
    for (std::size_t i = 0; i < width(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        const double product = dot(rotation.col(i), rotation.col(j), cells);
        if (!(std::fabs(product - (i == j ? 1.0 : 0.0)) < 1e-8)) {
          throw input_error("within", "The columns of the within terms are not orthonormal.");
        }
      }
    }
    for (const int term : assign) {
      if (term < 0 || static_cast<std::size_t>(term) > terms) {
        throw input_error("assign", "A column of the model belongs to no term.");
      }
    }
  }
};

// A hypothesis: an orthonormal basis of it, rank x df.
struct Hypothesis {
  Matrix basis;
  int lost = 0;  // columns of the term that depend on columns before them

  std::size_t df() const { return basis.cols; }
};

struct Plan {
  std::vector<int> patients;            // rows of x, complete in every cell
  Matrix q;                             // n x rank
  Matrix r;                             // rank x rank, the kept columns in the coordinates of q
  Matrix aliased;                       // rank x number of aliased columns, likewise
  std::vector<int> kept, dropped;       // numbers of the columns
  std::vector<Hypothesis> hypotheses;   // the intercept, then each between term
  std::vector<std::size_t> cell_start;  // of each between cell in cell_rows; one more for the end
  std::vector<int> cell_rows;           // rows of q, by between cell
  bool has_intercept = false;           // the first column is 1 in every row
  double n = 0.0;                       // patients; more than the rows of q where these are groups of patients

  std::size_t size() const { return patients.size(); }
  std::size_t rank() const { return q.cols; }
  double df_error() const { return n - static_cast<double>(rank()); }
};

namespace detail {

// A column whose rest is below this share of its length depends on those before it: the rule of R's lm.
constexpr double alias_tolerance = 1e-7;

// Is term j (0: the intercept) in the model that term t is added to?
inline bool comes_before(const Design& design, std::size_t j, std::size_t t) {
  if (j == t) {
    return false;
  }
  switch (design.type) {
    case Type::sequential: return j < t;
    case Type::marginal:
      return t != 0 && (j == 0 || design.contains[(t - 1) + (j - 1) * design.terms] == 0);
    default: return true;
  }
}

inline Hypothesis hypothesis(const Design& design, const Plan& plan, std::size_t term) {
  const std::size_t rank = plan.rank();
  Hypothesis out;
  for (const int column : plan.dropped) {
    out.lost += design.assign[column] == static_cast<int>(term) ? 1 : 0;
  }
  Matrix basis(rank, rank);
  std::vector<double> coordinate(rank + 1);
  std::size_t used = 0, before = 0;
  for (const bool own : {false, true}) {
    for (std::size_t k = 0; k < rank; ++k) {
      const std::size_t j = static_cast<std::size_t>(design.assign[plan.kept[k]]);
      if (own ? j == term : comes_before(design, j, term)) {
        used += add_direction(basis, used, plan.r.col(k), 1e-12, coordinate.data()) ? 1 : 0;
      }
    }
    before = own ? before : used;
  }
  out.basis.resize(rank, used - before);
  std::copy(basis.col(before), basis.col(before) + rank * (used - before), out.basis.data.begin());
  return out;
}

inline void factorise(const Design& design, const Matrix& x, Plan& plan) {
  const std::size_t n = x.rows;
  plan.q.resize(n, std::min(n, x.cols));
  std::size_t rank = 0;
  std::vector<std::vector<double>> coordinates(x.cols, std::vector<double>(plan.q.cols + 1, 0.0));
  for (std::size_t j = 0; j < x.cols; ++j) {
    if (add_direction(plan.q, rank, x.col(j), alias_tolerance, coordinates[j].data())) {
      plan.kept.push_back(static_cast<int>(j));
      ++rank;
    } else {
      plan.dropped.push_back(static_cast<int>(j));
    }
  }
  plan.q.resize(n, rank);
  const auto gather = [&](const std::vector<int>& columns, Matrix& out) {
    out.resize(rank, columns.size());
    for (std::size_t k = 0; k < columns.size(); ++k) {
      std::copy(coordinates[columns[k]].begin(), coordinates[columns[k]].begin() + rank, out.col(k));
    }
  };
  gather(plan.kept, plan.r);
  gather(plan.dropped, plan.aliased);
  plan.hypotheses.clear();
  for (std::size_t t = 0; t <= design.terms; ++t) {
    plan.hypotheses.push_back(hypothesis(design, plan, t));
  }
}

inline void sort_cells(const Design& design, Plan& plan) {
  plan.cell_start.assign(1, 0);
  plan.cell_rows.clear();
  for (int cell = 0; cell < design.between_cells; ++cell) {
    for (std::size_t i = 0; i < plan.size(); ++i) {
      if (design.between_cell.empty() || design.between_cell[plan.patients[i]] == cell) {
        plan.cell_rows.push_back(static_cast<int>(i));
      }
    }
    plan.cell_start.push_back(plan.cell_rows.size());
  }
}

}  // namespace detail

// weight: of each row of x that counts, the patients it stands for; null: every row is a patient.
inline Plan make_plan(const Design& design, std::vector<int> patients, const double* weight = nullptr) {
  Plan plan;
  plan.patients = std::move(patients);
  Matrix x(plan.size(), design.columns);
  plan.has_intercept = design.columns > 0 && design.assign[0] == 0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const double n = weight == nullptr ? 1.0 : weight[i], root = std::sqrt(n);
    plan.n += n;
    for (std::size_t j = 0; j < design.columns; ++j) {
      const double value = design.x[plan.patients[i] + j * design.patients];
      plan.has_intercept = plan.has_intercept && (j > 0 || value == 1.0);
      x(i, j) = root * value;
    }
  }
  detail::factorise(design, x, plan);
  detail::sort_cells(design, plan);
  return plan;
}

}  // namespace respondr::rm::anova
