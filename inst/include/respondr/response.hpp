#pragma once
// Rules of response and the classes that they give.

#include "respondr/response/block.hpp"
#include "respondr/response/classify.hpp"
#include "respondr/response/decimal.hpp"
#include "respondr/response/ordinal_brant.hpp"
#include "respondr/response/multinomial.hpp"
#include "respondr/response/ordinal_tests.hpp"
#include "respondr/response/risk_variance.hpp"
#include "respondr/response/rule_cells.hpp"
#include "respondr/response/standardise.hpp"
#include "respondr/response/threshold.hpp"
#include "respondr/response/types.hpp"
#include "respondr/response/wins.hpp"
