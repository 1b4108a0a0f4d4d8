// Power by simulated trials, or by formula where one is exact. input: n, effect, power (one a row, NA for the one asked
// for), tests (codes), the words of the design, trials, seed, threads. Result: one row a design and test, tests fastest.
#include "columns.h"
#include "guard.h"

#include <respondr/monte_carlo_p.hpp>
#include <respondr/power/logistic.hpp>
#include <respondr/power/sign.hpp>
#include <respondr/power/simulate.hpp>
#include <respondr/power/trial_means.hpp>
#include <respondr/power/trial_rm.hpp>

#include <functional>

using Rcpp::List;
using Rcpp::NumericVector;
using namespace respondr;
namespace power = respondr::power;

namespace {

struct SimulatedRow {
  double n = missing, effect = missing, power = missing, conf_low = missing, conf_high = missing;
  bool simulated = true;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const SimulatedRow*, F&& f) {
  f("n", [](const SimulatedRow& a) -> const double& { return a.n; });
  f("effect", [](const SimulatedRow& a) -> const double& { return a.effect; });
  f("power", [](const SimulatedRow& a) -> const double& { return a.power; });
  f("conf_low", [](const SimulatedRow& a) -> const double& { return a.conf_low; });
  f("conf_high", [](const SimulatedRow& a) -> const double& { return a.conf_high; });
  f("simulated", [](const SimulatedRow& a) -> const bool& { return a.simulated; });
  f("status", [](const SimulatedRow& a) -> const Status& { return a.status; });
}

// A test of the design: its power at n and effect, exact or as a share of the trials.
struct TestPower {
  std::function<double(double n, double effect)> at;
  bool simulated = true;
  power::Saw saw = {};
};

struct Question {
  double least = 2.0, most = 5000.0;  // n
  double near = 0.0, far = 1.0;       // effect without power, one with some
};

SimulatedRow answer(const TestPower& test, const Question& q, double n, double effect, double wanted, int trials) {
  SimulatedRow row;
  if (n != n) {
    n = power::smallest_sawing(q.least, q.most, test.saw, wanted, [&](double m) { return test.at(m, effect); });
  } else if (effect != effect) {
    const power::EffectSearch search =
        test.simulated ? power::EffectSearch{1.5, 0x1.0p-24} : power::EffectSearch{1.05, 1e-12};
    effect = power::smallest_effect_simulated(q.near, q.far, wanted, search, [&](double e) { return test.at(n, e); });
  }
  row.n = n;
  row.effect = effect;
  row.simulated = test.simulated;
  if (n != n || effect != effect) {
    row.power = wanted;
    row.status = Status::not_estimable;
    return row;
  }
  row.power = test.at(n, effect);
  if (row.power != row.power) row.status = Status::too_few;
  if (test.simulated && row.power == row.power) {
    const ProbabilityInterval interval = clopper_pearson(std::rint(row.power * trials), trials, 0.95);
    row.conf_low = interval.low;
    row.conf_high = interval.high;
  }
  return row;
}

// together: all simulated tests of the same trials, where one pass answers them.
using Together = std::function<std::vector<double>(double n, double effect)>;

List answer_all(const List& input, std::vector<TestPower> tests, const Question& q, int trials, const Together& together) {
  const NumericVector n = input["n"], effect = input["effect"], wanted = input["power"];
  const respondr_glue::Columns<SimulatedRow> columns(static_cast<std::size_t>(n.size()) * tests.size());
  for (R_xlen_t i = 0; i < n.size(); ++i) {
    if (together && n[i] == n[i] && effect[i] == effect[i]) {
      const std::vector<double> shares = together(n[i], effect[i]);
      std::size_t next = 0;
      for (TestPower& test : tests) {
        if (test.simulated) test.at = [share = shares[next++]](double, double) { return share; };
      }
    }
    for (std::size_t k = 0; k < tests.size(); ++k) {
      columns.store(static_cast<std::size_t>(i) * tests.size() + k, answer(tests[k], q, n[i], effect[i], wanted[i], trials));
    }
  }
  return columns.columns();
}

power::Simulation read_simulation(const List& input) {
  power::Simulation s;
  s.trials = Rcpp::as<int>(input["trials"]);
  s.threads = Rcpp::as<int>(input["threads"]);
  s.seed = respondr_glue::seed_of(input);
  return s;
}

double number(const List& input, const char* name) { return Rcpp::as<double>(input[name]); }

template <class Trial>
std::vector<double> shares(const Trial& trial, const power::Simulation& s, const Hooks& hooks) {
  std::vector<double> out;
  for (const int rejected : power::simulate(trial, s, hooks)) out.push_back(rejected / static_cast<double>(s.trials));
  return out;
}

template <class Trial>
double share(const Trial& trial, const power::Simulation& s, const Hooks& hooks) {
  return shares(trial, s, hooks)[0];
}

template <class Test>
std::vector<Test> read_tests(const List& input) {
  std::vector<Test> out;
  for (const int code : Rcpp::IntegerVector(input["tests"])) out.push_back(static_cast<Test>(code));
  return out;
}

power::MeansDesign read_means(const List& input) {
  power::MeansDesign d;
  d.shape = respondr_glue::word<power::Shape>(input, "shape");
  d.decimals = Rcpp::as<int>(input["decimals"]);
  d.sd = number(input, "sd");
  d.sd_level = number(input, "sd_level");
  d.null = number(input, "null");
  d.alpha = number(input, "alpha");
  d.alternative = respondr_glue::word<Alternative>(input, "alternative");
  return d;
}

power::LogisticDesign read_logistic(const List& input) {
  power::LogisticDesign d;
  d.predictor = respondr_glue::word<power::Predictor>(input, "predictor");
  d.rate = number(input, "rate");
  d.prevalence = number(input, "prevalence");
  d.r2 = number(input, "r2");
  d.alpha = number(input, "alpha");
  d.alternative = respondr_glue::word<Alternative>(input, "alternative");
  return d;
}

rm::Matrix read_matrix(const Rcpp::NumericMatrix& x) {
  rm::Matrix out(static_cast<std::size_t>(x.nrow()), static_cast<std::size_t>(x.ncol()));
  std::copy(x.begin(), x.end(), out.data.begin());
  return out;
}

power::RmDesign read_rm(const List& input) {
  power::RmDesign d;
  d.effect = respondr_glue::word<power::RmEffect>(input, "rm_effect");
  d.mean = read_matrix(input["mean"]);
  d.covariance = read_matrix(input["covariance"]);
  d.visits = d.mean.rows;
  d.arms = d.mean.cols;
  d.alpha = number(input, "alpha");
  return d;
}

}  // namespace

// tests: 0 t, 1 signed rank by simulation; 2 sign by the binomial.
// [[Rcpp::export]]
List power_simulate_paired(List input) {
  return respondr_glue::guarded([&]() -> List {
    const power::MeansDesign d = read_means(input);
    const power::Simulation s = read_simulation(input);
    const Hooks hooks = respondr_glue::r_hooks(input);
    std::vector<TestPower> tests;
    power::SignPower sign(d);
    std::vector<power::PairedTest> all;
    for (const int code : Rcpp::IntegerVector(input["tests"])) {
      if (code == 2) {
        tests.push_back({[&](double n, double effect) { return sign.at(n, effect); }, false, {30.0, 0.5}});
        continue;
      }
      const power::PairedTest test = static_cast<power::PairedTest>(code);
      all.push_back(test);
      tests.push_back({[&, test](double n, double effect) {
        return share(power::PairedTrial(d, {test}, static_cast<int>(n), effect), s, hooks);
      }, true, {test == power::PairedTest::t ? 0.0 : 24.0, 0.0, 100.0}});
    }
    const double way = d.alternative == Alternative::less ? -d.sd : d.sd;
    const Together together = [&](double n, double effect) {
      return shares(power::PairedTrial(d, all, static_cast<int>(n), effect), s, hooks);
    };
    return answer_all(input, tests, {2.0, 5000.0, d.null, d.null + way}, s.trials, all.empty() ? Together() : together);
  });
}

// [[Rcpp::export]]
List power_simulate_groups(List input) {
  return respondr_glue::guarded([&]() -> List {
    const power::MeansDesign d = read_means(input);
    const power::Simulation s = read_simulation(input);
    const Hooks hooks = respondr_glue::r_hooks(input);
    const double ratio = number(input, "ratio");
    std::vector<TestPower> tests;
    const auto all = read_tests<power::GroupsTest>(input);
    const auto level = [&](double n) { return static_cast<int>(std::ceil(n * ratio - 1e-9)); };
    for (const power::GroupsTest test : all) {
      tests.push_back({[&, test](double n, double effect) {
        if (level(n) < 2) return missing;
        return share(power::GroupsTrial(d, {test}, static_cast<int>(n), level(n), effect), s, hooks);
      }, true, {test == power::GroupsTest::mann_whitney ? 24.0 : 0.0, 0.0, 100.0 / std::min(1.0, ratio)}});
    }
    const double way = d.alternative == Alternative::less ? -d.sd : d.sd;
    return answer_all(input, tests, {2.0, 5000.0, d.null, d.null + way}, s.trials, [&](double n, double effect) {
      if (level(n) < 2) return std::vector<double>(all.size(), missing);
      return shares(power::GroupsTrial(d, all, static_cast<int>(n), level(n), effect), s, hooks);
    });
  });
}

// tests: 0 lr, 1 wald, 2 firth by simulation; 3 wald by the information, 4 hsieh by formula.
// [[Rcpp::export]]
List power_simulate_logistic(List input) {
  return respondr_glue::guarded([&]() -> List {
    const power::LogisticDesign d = read_logistic(input);
    const power::Simulation s = read_simulation(input);
    const Hooks hooks = respondr_glue::r_hooks(input);
    std::vector<TestPower> tests;
    for (const int code : Rcpp::IntegerVector(input["tests"])) {
      if (code == 3) {
        tests.push_back({[&](double n, double effect) { return power::logistic_wald_power(d, n, effect); }, false});
      } else if (code == 4) {
        tests.push_back({[&](double n, double effect) { return power::logistic_hsieh_power(d, n, effect); }, false});
      } else {
        tests.push_back({[&, code](double n, double effect) {
          const auto test = static_cast<power::LogisticTest>(code);
          return share(power::LogisticTrial(d, {test}, static_cast<int>(n), effect), s, hooks);
        }});
      }
    }
    return answer_all(input, tests, {4.0, 1e5, 0.0, d.alternative == Alternative::less ? -0.25 : 0.25}, s.trials, nullptr);
  });
}

// tests: codes of power::RmTest. n: patients of each arm; effect: the means times this.
// [[Rcpp::export]]
List power_simulate_rm(List input) {
  return respondr_glue::guarded([&]() -> List {
    const power::RmDesign d = read_rm(input);
    const power::Simulation s = read_simulation(input);
    const Hooks hooks = respondr_glue::r_hooks(input);
    const power::RmTrial probe(d, {}, 2, 1.0);
    if (!probe.positive()) {
      throw input_error("covariance", "The changes between visits must have a positive definite covariance.");
    }
    std::vector<TestPower> tests;
    for (const int code : Rcpp::IntegerVector(input["tests"])) {
      const power::RmTest test = static_cast<power::RmTest>(code);
      const bool formula = test == power::RmTest::multivariate || (test == power::RmTest::anova && probe.spherical());
      tests.push_back({[&, test, formula](double n, double effect) {
        const power::RmTrial trial(d, {test}, static_cast<int>(n), effect);
        return formula ? trial.exact(test) : share(trial, s, hooks);
      }, !formula});
    }
    return answer_all(input, tests, {2.0, 5000.0, 0.0, 1.0}, s.trials, nullptr);
  });
}

// Values of trial `trial` (from 0), for a look at what is simulated: changes, or the two arms.
// [[Rcpp::export]]
List power_trial_values(List input, int n, int level, double effect, int trial) {
  return respondr_glue::guarded([&]() -> List {
    const power::MeansDesign d = read_means(input);
    const std::uint64_t seed = respondr_glue::seed_of(input), which = static_cast<std::uint64_t>(trial);
    if (level == 0) {
      power::PairedTrial::Workspace w;
      power::PairedTrial(d, {}, n, effect).draw(seed, which, w);
      return List::create(Rcpp::_["change"] = w.change);
    }
    power::GroupsTrial::Workspace w;
    power::GroupsTrial(d, {}, n, level, effect).draw(seed, which, w);
    return List::create(Rcpp::_["reference"] = w.reference, Rcpp::_["level"] = w.level);
  });
}

// [[Rcpp::export]]
List power_trial_patients(List input, int n, double effect, int trial) {
  return respondr_glue::guarded([&]() -> List {
    const power::LogisticTrial logistic(read_logistic(input), {}, n, effect);
    power::LogisticTrial::Workspace w;
    logistic.draw(respondr_glue::seed_of(input), static_cast<std::uint64_t>(trial), w);
    return List::create(Rcpp::_["x"] = Rcpp::NumericMatrix(n, static_cast<int>(logistic.columns()), w.x.begin()),
                        Rcpp::_["y"] = w.y);
  });
}

// Contrasts in rows, patients in columns, arms in turn.
// [[Rcpp::export]]
List power_trial_courses(List input, int n, double scale, int trial) {
  return respondr_glue::guarded([&]() -> List {
    const power::RmDesign d = read_rm(input);
    const std::vector<double> z =
        power::RmTrial(d, {}, n, scale).draw(respondr_glue::seed_of(input), static_cast<std::uint64_t>(trial));
    return List::create(
        Rcpp::_["contrasts"] = Rcpp::NumericMatrix(static_cast<int>(d.visits) - 1, n * static_cast<int>(d.arms), z.begin()));
  });
}
