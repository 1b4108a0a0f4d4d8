#pragma once
// The paired_rates family.

#include "respondr/paired_rates/closed_form.hpp"
#include "respondr/paired_rates/conditional.hpp"
#include "respondr/paired_rates/kappa.hpp"
#include "respondr/paired_rates/marginal_homogeneity.hpp"
#include "respondr/paired_rates/mcnemar.hpp"
#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/solve.hpp"
#include "respondr/paired_rates/square.hpp"
#include "respondr/paired_rates/swaps.hpp"
#include "respondr/paired_rates/types.hpp"
#include "respondr/paired_rates/unconditional.hpp"
#include "respondr/paired_rates/visits.hpp"
