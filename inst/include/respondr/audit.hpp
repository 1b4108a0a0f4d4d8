#pragma once
// Audit of printed figures.

#include "respondr/audit/groups.hpp"
#include "respondr/audit/interval.hpp"
#include "respondr/audit/paired.hpp"
#include "respondr/audit/summary.hpp"
