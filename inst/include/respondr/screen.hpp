#pragma once
// Choosing predictors: sample size, the scan of markers, the procedure that screens and what it is worth.
#include "respondr/logistic/scan.hpp"
#include "respondr/screen/optimism.hpp"
#include "respondr/screen/procedure.hpp"
#include "respondr/screen/sample_size.hpp"
