#pragma once
// One paired problem as every solver sees it, and the options of the family.
//
// `change` holds after - before on the chosen scale for the complete pairs. Where all measurements are decimals of at most
// nine places (7.1, 8.25), `change` is held in units of the last place, as integers, so that 9.1 - 7.1 and 8.3 - 6.3 tie exactly;
// `unit` turns it back: change * unit is in the units of the outcome. Elsewhere unit is 1.

#include <cstdint>
#include <vector>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::paired {

enum class Method : int { t = 0, signed_rank, sign, permutation, bootstrap };
enum class Scale : int { difference = 0, ratio, log_percent, symmetric_percent };
enum class Zeros : int { wilcoxon = 0, pratt };
// normal: (T - mean) / sd; student: the t approximation of SAS for n > 20.
enum class Approximation : int { normal = 0, student };
// What decides between exact and asymptotic under `automatic`: the work estimate (respondr), n <= 20 (SAS), always asymptotic
// (SPSS, ranks), n < 50 without ties and zeros (base R), n <= 25 (SPSS, signs).
enum class ExactRule : int { work = 0, n20, never, n50_no_ties, n25 };
enum class BootstrapInterval : int { bca = 0, percentile };
enum class Effect : int { none = 0, d_z, d_av, d_rm, d_b, rank_biserial, prob_superiority };
enum class EffectInterval : int { analytic = 0, bootstrap };

struct Options {
  Method method = Method::t;
  Scale scale = Scale::difference;
  Alternative alternative = Alternative::two_sided;
  double null = 0.0;                       // on the scale of `estimate` (1 is no change on the ratio scale)
  double margin_low = missing, margin_high = missing;  // equivalence only, same scale as null
  double conf_level = 0.95;
  Distribution distribution = Distribution::automatic;
  ExactRule exact_rule = ExactRule::work;
  Zeros zeros = Zeros::wilcoxon;
  bool continuity = false;                 // continuity correction of the asymptotic rank and sign tests
  Approximation approximation = Approximation::normal;
  double exact_limit = 1e8;                // elementary steps an exact answer may take
  Effect effect = Effect::none;
  bool hedges = false;                     // small-sample correction of the d family
  EffectInterval effect_interval = EffectInterval::analytic;
  BootstrapInterval bootstrap_interval = BootstrapInterval::bca;
  int replicates = 10000;
  std::uint64_t seed = 0;
};

struct Sample {
  std::vector<double> change;              // after - before on the scale, in units (see above); complete pairs only
  std::vector<double> before, after;       // raw measurements of the same pairs; empty for a change column
  std::vector<std::uint64_t> patient;      // key of each patient for random numbers, same for every outcome and thread
  double unit = 1.0;                       // change * unit is in the units of the outcome
  double per_unit = 1.0;                   // 1 / unit, an exact power of ten on the decimal grid
  bool on_grid = false;                    // change holds integers (null and margins need not)
  double magnitude = 0.0;                  // largest absolute measurement in sample units: bounds the rounding of change
  std::uint64_t problem = 0;               // hash of the outcome, contrast and by labels
  int n_patients = 0;                      // ids seen in the group, complete or not
  int n_zeros = 0, n_ties = 0;             // zero changes; non-zero changes whose absolute value is tied

  std::size_t size() const { return change.size(); }
};

}  // namespace respondr::paired
