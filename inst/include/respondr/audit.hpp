#pragma once
// Audit of printed figures.

#include "respondr/audit/anova.hpp"
#include "respondr/audit/decimal.hpp"
#include "respondr/audit/grim.hpp"
#include "respondr/audit/groups.hpp"
#include "respondr/audit/interval.hpp"
#include "respondr/audit/odds.hpp"
#include "respondr/audit/order.hpp"
#include "respondr/audit/paired.hpp"
#include "respondr/audit/percent.hpp"
#include "respondr/audit/summary.hpp"
