#pragma once
// Power, sample size and detectable effect.

#include "respondr/power/counts.hpp"
#include "respondr/power/means.hpp"
#include "respondr/power/simon.hpp"
#include "respondr/power/solve.hpp"
#include "respondr/power/types.hpp"
