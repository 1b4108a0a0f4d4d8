#pragma once
// Power, sample size and detectable effect.

#include "respondr/power/arms.hpp"
#include "respondr/power/counts.hpp"
#include "respondr/power/draws.hpp"
#include "respondr/power/logistic.hpp"
#include "respondr/power/means.hpp"
#include "respondr/power/score.hpp"
#include "respondr/power/sign.hpp"
#include "respondr/power/simon.hpp"
#include "respondr/power/simulate.hpp"
#include "respondr/power/solve.hpp"
#include "respondr/power/trial_logistic.hpp"
#include "respondr/power/trial_means.hpp"
#include "respondr/power/trial_rm.hpp"
#include "respondr/power/types.hpp"
