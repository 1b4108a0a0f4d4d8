#pragma once
// What a whole procedure is worth: a procedure of validate_bootstrap() that chooses its predictors again in each resample.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/screen/procedure.hpp"
#include "respondr/validate/bootstrap.hpp"

namespace respondr::screen {

// chosen: terms of each replicate, by row.
struct Rechosen {
  const Procedure* procedure = nullptr;
  unsigned char* chosen = nullptr;

  struct Workspace {
    Procedure::Workspace procedure;
    Model model;
    std::vector<std::uint32_t> rows;
    std::vector<double> weight;
  };

  Workspace make() const { return {}; }

  validate::Refit operator()(const validate::Resample& resample, Workspace& w, double* eta) const {
    const logistic::Problem& d = procedure->data();
    if (d.weight) {
      w.rows.clear();
      w.weight.clear();
      for (std::size_t i = 0; i < d.n; ++i) {
        if (resample.weight[i] > 0.0) {
          w.rows.push_back(static_cast<std::uint32_t>(i));
          w.weight.push_back(resample.weight[i]);
        }
      }
      procedure->run(w.rows.data(), w.weight.data(), w.rows.size(), w.procedure, w.model);
    } else {
      procedure->run(resample.index, nullptr, resample.size, w.procedure, w.model);
    }
    if (resample.replicate != validate::Resample::all) {
      std::copy(w.model.chosen.begin(), w.model.chosen.end(), chosen + resample.replicate * procedure->terms());
    }
    for (std::size_t i = 0; i < d.n; ++i) {
      eta[i] = d.offset ? d.offset[i] : 0.0;
      for (std::size_t j = 0; j < d.p; ++j) {
        eta[i] += w.model.beta[j] * d.x[j * d.n + i];
      }
    }
    return {!w.model.failed, w.model.firth, w.model.aliased};
  }
};

struct Optimism {
  validate::Validation validation;
  std::vector<double> included;  // by term: share of the replicates that chose it
};

inline Optimism optimism(const Procedure& procedure, const validate::BootstrapOptions& options, int threads,
                         const Hooks& hooks) {
  const logistic::Problem& d = procedure.data();
  const std::size_t replicates = static_cast<std::size_t>(options.replicates), terms = procedure.terms();
  std::vector<unsigned char> chosen(replicates * terms, 0);
  Optimism out;
  out.validation = validate::validate_bootstrap(validate::Patients{d.n, d.y, d.weight},
                                                Rechosen{&procedure, chosen.data()}, options, threads, hooks);
  out.included.assign(terms, 0.0);
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    out.included[k % terms] += chosen[k];
  }
  for (double& share : out.included) {
    share /= static_cast<double>(options.replicates);
  }
  return out;
}

}  // namespace respondr::screen
