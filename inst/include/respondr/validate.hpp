#pragma once
// What a prediction is worth: discrimination, calibration, decisions, and validation by resampling.

#include "respondr/validate/auc.hpp"
#include "respondr/validate/bootstrap.hpp"
#include "respondr/validate/calibration.hpp"
#include "respondr/validate/cutpoint.hpp"
#include "respondr/validate/decision.hpp"
#include "respondr/validate/folds.hpp"
#include "respondr/validate/hosmer.hpp"
#include "respondr/validate/refit.hpp"
