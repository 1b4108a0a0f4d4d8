#pragma once
// Logistic regression.

#include "respondr/logistic/correct.hpp"
#include "respondr/logistic/exact.hpp"
#include "respondr/logistic/fit.hpp"
#include "respondr/logistic/influence.hpp"
#include "respondr/logistic/limits.hpp"
#include "respondr/logistic/recession.hpp"
#include "respondr/logistic/scan.hpp"
#include "respondr/logistic/tests.hpp"
