#pragma once
// Mixed models for repeated measures.

#include "respondr/rm/mmrm_residuals.hpp"
#include "respondr/rm/mmrm_solve.hpp"
#include "respondr/rm/mmrm_test.hpp"
