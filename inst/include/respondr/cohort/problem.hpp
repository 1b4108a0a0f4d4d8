#pragma once
// What a cohort must reproduce. Patients are rows; categorical columns hold levels, measured columns whole numbers of grid
// steps. A figure is a function of sums over a set of patients; a set is a condition on the categorical columns.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::cohort {

// A condition in reverse Polish notation: test (column, levels as a set of bits), all, conjunction, disjunction, negation.
enum class Op : int { all = 0, test, conjunction, disjunction, negation };

struct Step {
  Op op = Op::all;
  int column = 0;
  std::uint64_t levels = 0;  // bit l: level l fulfils the test
};

using Condition = std::vector<Step>;

// The number of patients under a condition (or 100 times its share of another) lies in [low, high].
struct Count {
  int condition = 0, of = -1;  // of < 0: a number
  double low = 0.0, high = 0.0;
};

// How first values are drawn: about a normal or a log-normal distribution.
enum class Shape : int { normal = 0, skewed };

struct Column {
  double step = 1.0;                 // size of the grid
  double low = -infinity, high = infinity;
  Shape shape = Shape::normal;
  int known = 0;                     // condition under which a patient has the value
  int variable = 0;                  // columns of one variable are its visits
};

// A whole-number combination of columns, in steps.
struct Term {
  int column = 0;
  std::int64_t coefficient = 1;
};

struct Quantity {
  std::vector<Term> terms;
  double unit = 1.0;  // what one step is worth on the printed scale
};

enum class Kind : int {
  mean = 0, sd, t_paired, correlation, t_student, t_welch, f_repeated, quantile, odds_ratio, odds_low, odds_high, z_logistic
};

// The values used are those of patients in the set who have every column of the quantity.
struct Sample {
  int quantity = 0, condition = 0;
};

struct Figure {
  Kind kind = Kind::mean;
  std::vector<int> samples;     // what it is computed from
  double low = 0.0, high = 0.0; // closed interval; a P for the kinds that are tests, the statistic's once patients are known
  double parameter = 0.0;       // probability of a quantile
  int event = -1;               // condition that is the event of a logistic model
  int sign = 0;                 // direction of a difference where printed means give it; 0: its absolute value counts
};

// For every patient in the set: low <= quantity <= high, in steps.
struct Limit {
  int quantity = 0, condition = 0;
  std::int64_t low = INT64_MIN, high = INT64_MAX;
};

struct Problem {
  std::size_t patients = 0;
  std::vector<int> levels;         // of each categorical column
  std::vector<Condition> conditions;
  std::vector<Count> counts;
  std::vector<Column> columns;
  std::vector<Quantity> quantities;
  std::vector<Sample> samples;
  std::vector<Figure> figures;
  std::vector<Limit> limits;
};

struct Budget {
  std::uint64_t seed = 0;
  double seconds = 60.0;
  int attempts = 200;              // assignments of patients to levels tried for one cohort
  std::size_t moves = 400000;      // of the search on the grid, for each component and start
};

// How far a value lies outside an interval, in half widths; an open interval is measured by a twentieth of its bound.
inline double outside(double value, double low, double high) {
  if (value >= low && value <= high) {
    return 0.0;
  }
  const double half = 0.5 * (high - low);
  const double bound = value < low ? low : high;
  const double magnitude = bound < 0.0 ? -bound : bound;
  const double width = half < infinity && half > 0.0 ? half : 0.05 * magnitude + 1e-9;
  const double distance = (value < low ? low - value : value - high) / width;
  return distance == distance ? (distance < 1e9 ? distance : 1e9) : 1e9;
}

}  // namespace respondr::cohort
