#pragma once
// Independent proportions: one sample and two arms.

#include "respondr/rates/blyth_still.hpp"
#include "respondr/rates/lattice.hpp"
#include "respondr/rates/lattice_tests.hpp"
#include "respondr/rates/one_sample.hpp"
#include "respondr/rates/region.hpp"
#include "respondr/rates/score.hpp"
#include "respondr/rates/solve.hpp"
#include "respondr/rates/table.hpp"
#include "respondr/rates/two_arms.hpp"
#include "respondr/rates/two_arms_solve.hpp"
#include "respondr/rates/unconditional.hpp"
#include "respondr/rates/unconditional_limits.hpp"
