#pragma once
// Two-stage designs for one arm (Simon 1989, doi:10.1016/0197-2456(89)90015-9): after n1 patients stop where r1 or fewer
// respond, after n in all the treatment is of no further interest where r or fewer responded. Of all designs that keep
// both errors, minimax has the smallest n (then the smallest expected number), optimal the smallest expected number at
// rate p0.

#include <algorithm>
#include <vector>

#include "respondr/power/counts.hpp"
#include "respondr/power/types.hpp"

namespace respondr::power {

struct TwoStage {
  int r1 = missing_int, n1 = missing_int, r = missing_int, n = missing_int;
  double expected = infinity, stop_early = missing, size = missing, power = missing;
};

template <class F>
void visit_columns(const TwoStage*, F&& f) {
  f("r1", [](const TwoStage& a) -> const int& { return a.r1; });
  f("n1", [](const TwoStage& a) -> const int& { return a.n1; });
  f("r", [](const TwoStage& a) -> const int& { return a.r; });
  f("n", [](const TwoStage& a) -> const int& { return a.n; });
  f("n_expected", [](const TwoStage& a) -> const double& { return a.expected; });
  f("stop_early", [](const TwoStage& a) -> const double& { return a.stop_early; });
  f("size", [](const TwoStage& a) -> const double& { return a.size; });
  f("power", [](const TwoStage& a) -> const double& { return a.power; });
}

class TwoStageSearch {
 public:
  TwoStageSearch(double p0, double p1, double alpha, double power, int most)
      : p0_(p0), p1_(p1), alpha_(alpha), power_(power), most_(most) {
    factorials_.reserve(most);
    mass_.resize(2);
    tail_.resize(2);
    for (int i = 0; i < 2; ++i) {
      mass_[i].resize(most + 1);
      tail_[i].resize(most + 1);
      for (int n = 0; n <= most; ++n) {
        binomial_masses(n, i == 0 ? p0 : p1, factorials_, mass_[i][n]);
        upper_tails(mass_[i][n], tail_[i][n]);
      }
    }
  }

  // Every r1, n1 and n up to the largest n allowed.
  void search() {
    for (int n = 2; n <= most_; ++n) {
      for (int n1 = 1; n1 < n; ++n1) {
        for (int r1 = 0; r1 < n1; ++r1) {
          if (tail_[1][n1][r1 + 1] < power_) {
            break;
          }
          try_stage(r1, n1, n);
        }
      }
    }
  }

  TwoStage optimal, minimax;

 private:
  double rejects(int i, int r1, int n1, int r, int n) const {
    double sum = 0.0;
    const int second = n - n1;
    for (int x = r1 + 1; x <= n1; ++x) {
      const int need = std::max(0, r + 1 - x);
      if (need <= second) {
        sum += mass_[i][n1][x] * tail_[i][second][need];
      }
    }
    return sum;
  }

  // The smallest r that keeps alpha has the most power.
  void try_stage(int r1, int n1, int n) {
    const double stop = 1.0 - tail_[0][n1][r1 + 1], expected = n1 + (1.0 - stop) * (n - n1);
    const bool small = minimax.n == missing_int || (n == minimax.n && expected < minimax.expected);
    if (!small && !(expected < optimal.expected)) {
      return;
    }
    int low = r1, high = n;
    while (low < high) {
      const int middle = low + (high - low) / 2;
      if (rejects(0, r1, n1, middle, n) <= alpha_) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const double power = rejects(1, r1, n1, low, n);
    if (!(power >= power_)) {
      return;
    }
    TwoStage design;
    design.r1 = r1, design.n1 = n1, design.r = low, design.n = n;
    design.expected = expected, design.stop_early = stop, design.power = power;
    design.size = rejects(0, r1, n1, low, n);
    if (small) {
      minimax = design;
    }
    if (expected < optimal.expected) {
      optimal = design;
    }
  }

  double p0_, p1_, alpha_, power_;
  int most_;
  LogFactorials factorials_;
  std::vector<std::vector<std::vector<double>>> mass_, tail_;
};

}  // namespace respondr::power
