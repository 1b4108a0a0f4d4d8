# Data sets for tests that compare a family with its naive second program: ordinary small ones and the hard ones. Each
# is a named list; the name says what is hard. Values are integers unless the case is about their size. Level first,
# then reference, as the oracles take them.

# Two arms of numbers.
cases_two_groups <- function() {
  list(
    plain = list(x = c(12, 7, 15, 9), y = c(4, 8, 3, 11, 6)),
    ties = list(x = c(3, 3, 4, 4, 4), y = c(2, 3, 3, 4, 2, 1)),
    heavy_ties = list(x = c(0, 0, 0, 1, 1, 0), y = c(0, 1, 1, 1, 0)),
    two_values_apart = list(x = c(1, 1, 1), y = c(0, 0, 0, 0)),
    all_equal = list(x = c(5, 5, 5), y = c(5, 5, 5, 5)),
    one_arm_constant = list(x = c(5, 5, 5), y = c(3, 5, 8, 6)),
    arms_constant_and_apart = list(x = c(5, 5, 5), y = c(3, 3)),
    separated = list(x = c(21, 25, 30, 22), y = c(3, 9, 8, 1, 5)),
    one_against_many = list(x = 9, y = c(2, 4, 6, 8, 11, 13)),
    one_against_one = list(x = 3, y = 1),
    two_against_two = list(x = c(1, 4), y = c(2, 6)),
    negative = list(x = c(-7, -3, 2, 5), y = c(-9, -8, 0, 1)),
    skewed = list(x = c(1, 1, 2, 3, 250), y = c(1, 4, 4, 9, 80, 3)),
    lopsided = list(x = c(4, 9), y = c(1, 2, 3, 3, 5, 6, 7, 8, 10)),
    offset = list(x = 1e8 + c(12, 7, 15, 9), y = 1e8 + c(4, 8, 3, 11, 6)),
    huge = list(x = 1e150 * c(12, 7, 15, 9), y = 1e150 * c(4, 8, 3, 11, 6)),
    tiny = list(x = 1e-150 * c(12, 7, 15, 9), y = 1e-150 * c(4, 8, 3, 11, 6))
  )
}

# The same with an arm that nobody is in or that holds only missing values: no answer, but a status.
cases_two_groups_empty <- function() {
  list(
    no_level = list(x = numeric(), y = c(1, 4, 2)),
    no_reference = list(x = c(1, 4, 2), y = numeric()),
    nobody = list(x = numeric(), y = numeric()),
    level_missing = list(x = c(NA_real_, NA_real_), y = c(1, 4, 2)),
    some_missing = list(x = c(3, NA, 7), y = c(NA, 1, 4, 2))
  )
}

# Three or more arms, the reference first.
cases_k_groups <- function() {
  list(
    plain = list(c(4, 8, 3), c(12, 7, 15), c(9, 20, 14)),
    unequal = list(c(4, 8), c(12, 7, 15, 1), c(9, 20, 14)),
    ties = list(c(1, 2, 2), c(2, 3, 3), c(2, 2, 4)),
    heavy_ties = list(c(0, 0, 1), c(0, 1, 1), c(1, 1, 1)),
    all_equal = list(c(5, 5), c(5, 5, 5), c(5, 5)),
    one_arm_constant = list(c(5, 5, 5), c(1, 4, 9), c(2, 8, 6)),
    arms_constant_and_apart = list(c(1, 1), c(2, 2), c(4, 4)),
    arm_of_one = list(c(4, 8, 3), 12, c(9, 20, 14)),
    four_arms = list(c(1, 5), c(2, 7), c(3, 8), c(4, 9)),
    offset = list(1e8 + c(4, 8, 3), 1e8 + c(12, 7, 15), 1e8 + c(9, 20, 14)),
    huge = list(1e150 * c(4, 8, 3), 1e150 * c(12, 7, 15), 1e150 * c(9, 20, 14)),
    tiny = list(1e-150 * c(4, 8, 3), 1e-150 * c(12, 7, 15), 1e-150 * c(9, 20, 14))
  )
}

# Value after, value before, arm.
cases_change <- function() {
  arm <- factor(rep(c("a", "b"), c(5, 6)))
  baseline <- c(7, 6, 8, 9, 5, 6, 7, 8, 8, 9, 4)
  after <- c(8, 6, 9, 11, 6, 8, 9, 11, 9, 13, 5)
  list(
    plain = list(y = after, arm = arm, baseline = baseline),
    offset = list(y = after + 1e8, arm = arm, baseline = baseline + 1e8),
    three_arms = list(y = after, arm = factor(rep(c("a", "b", "c"), c(3, 4, 4))), baseline = baseline),
    unused_level = list(y = after, arm = factor(arm, levels = c("a", "b", "z")), baseline = baseline),
    constant_baseline = list(y = after, arm = arm, baseline = rep(7, 11)),
    baseline_is_arm = list(y = after, arm = arm, baseline = as.integer(arm) + 0),
    perfect = list(y = 2 * baseline + as.integer(arm), arm = arm, baseline = baseline)
  )
}

# Two proportions: x1 of n1 (level), x0 of n0 (reference).
cases_2x2 <- function() {
  list(
    plain = c(7, 10, 3, 11), base_r_wrong = c(0, 12, 3, 8), davis = c(3, 9, 2, 21), tea = c(3, 4, 1, 4),
    equal = c(4, 9, 4, 9), all_against_none = c(10, 10, 0, 10), none_against_all = c(0, 6, 5, 5),
    no_events = c(0, 9, 0, 7), all_events = c(9, 9, 7, 7), one_event = c(1, 8, 0, 9), one_arm_full = c(6, 6, 2, 7),
    one_each = c(1, 1, 0, 1), lopsided = c(1, 2, 9, 30), tie_lost_by_rounding = c(5, 6, 0, 4),
    tie_mirror = c(2, 10, 8, 10), unequal_tie = c(2, 6, 4, 12)
  )
}

# One of the arms is empty.
cases_2x2_empty <- function() list(no_level = c(0, 0, 3, 8), no_reference = c(3, 8, 0, 0), nobody = c(0, 0, 0, 0))

# One proportion: x of n, and the rate it is held against.
cases_one_rate <- function() {
  list(
    plain = c(7, 20, 0.3), none = c(0, 9, 0.3), all = c(9, 9, 0.3), one_patient = c(1, 1, 0.5), half = c(5, 10, 0.5),
    rare = c(1, 30, 0.02), on_the_rate = c(3, 10, 0.3), hole = c(4, 11, 0.62)
  )
}

# r x c tables, rows are arms.
cases_tables <- function() {
  list(
    plain = matrix(c(3, 1, 2, 4, 0, 5), 2), three_by_three = matrix(c(2, 0, 1, 1, 3, 0, 0, 1, 2), 3),
    no_events = matrix(c(0, 0, 0, 3, 4, 2), 3), all_events = matrix(c(3, 4, 2, 0, 0, 0), 3),
    empty_row = matrix(c(2, 0, 1, 3, 0, 2), 3), empty_column = matrix(c(2, 1, 0, 0, 3, 4), 2),
    diagonal = diag(c(2, 2, 2)), ties_of_probability = matrix(c(2, 1, 0, 0, 1, 2), 3),
    one_row = matrix(c(2, 3, 1), 1), four_arms = matrix(c(0, 1, 2, 3, 4, 3, 2, 1), 4)
  )
}

# 2 x 2 tables in strata.
cases_strata <- function() {
  list(
    plain = list(x1 = c(5, 2), n1 = c(9, 8), x0 = c(2, 4), n0 = c(7, 9)),
    without_events = list(x1 = c(3, 0, 2), n1 = c(6, 4, 5), x0 = c(1, 0, 1), n0 = c(5, 3, 6)),
    nothing_but_events = list(x1 = c(3, 4), n1 = c(6, 4), x0 = c(1, 3), n0 = c(5, 3)),
    no_event_at_all = list(x1 = c(0, 0), n1 = c(4, 5), x0 = c(0, 0), n0 = c(3, 6)),
    arm_missing_in_one = list(x1 = c(3, 0, 2), n1 = c(6, 0, 5), x0 = c(1, 2, 1), n0 = c(5, 3, 6)),
    patients_in_pairs = list(x1 = c(1, 0, 1, 1, 0), n1 = rep(1, 5), x0 = c(0, 0, 1, 0, 1), n0 = rep(1, 5)),
    opposite = list(x1 = c(4, 0), n1 = c(5, 5), x0 = c(0, 4), n0 = c(5, 5)),
    one_side_full = list(x1 = c(4, 5), n1 = c(4, 5), x0 = c(1, 2), n0 = c(3, 6)),
    one_stratum = list(x1 = 5, n1 = 9, x0 = 2, n0 = 7)
  )
}

# The same patients before and after: both, gained, lost, neither.
cases_paired <- function() {
  list(
    plain = c(4, 6, 2, 9), bentur = c(1, 1, 7, 12), ten_converted_none_lost = c(0, 10, 0, 0),
    one_level_after = c(5, 10, 0, 0), no_discordant = c(6, 0, 0, 7), all_events = c(9, 0, 0, 0), none = c(0, 0, 0, 8),
    one_discordant = c(3, 1, 0, 4), equal_discordant = c(2, 4, 4, 3), all_turn = c(0, 3, 5, 0),
    one_patient = c(0, 1, 0, 0)
  )
}

# Square tables, rows before, columns after.
cases_square <- function() {
  list(
    plain = matrix(c(3, 1, 4, 2, 5, 1, 0, 2, 6), 3), two_levels = matrix(c(5, 2, 7, 4), 2),
    level_nobody_holds = matrix(c(3, 1, 0, 0, 2, 5, 0, 1, 0, 0, 0, 0, 1, 2, 0, 4), 4),
    only_diagonal = diag(c(4, 3, 2)), symmetric = matrix(c(2, 1, 3, 1, 4, 2, 3, 2, 1), 3),
    level_apart = matrix(c(3, 2, 0, 5, 1, 0, 0, 0, 4), 3), all_go_up = matrix(c(0, 0, 0, 5, 0, 0, 2, 3, 0), 3),
    peterson = matrix(c(596, 0, 0, 11, 18, 2, 0, 0, 6, 0, 42, 0, 5, 0, 0, 0), 4), one_level = matrix(7, 1)
  )
}

# Patients x visits, 0/1.
cases_visits <- function() {
  list(
    plain = rbind(c(1, 0, 1), c(0, 1, 1), c(0, 0, 1), c(0, 1, 0), c(0, 0, 1), c(1, 1, 1)),
    two_visits = cbind(c(1, 1, 0, 0, 0, 1), c(1, 0, 1, 1, 1, 1)),
    four_visits = rbind(c(1, 0, 1, 1), c(0, 1, 1, 1), c(1, 1, 1, 0), c(0, 1, 0, 0), c(0, 0, 0, 1)),
    nobody_changes = rbind(c(1, 1, 1), c(0, 0, 0), c(1, 1, 1)),
    all_at_the_last = rbind(c(0, 0, 1), c(0, 0, 1), c(0, 0, 1), c(0, 0, 1)),
    one_patient = rbind(c(0, 1, 1)),
    gaps = rbind(c(1, 0, 1), c(0, NA, 1), c(0, 0, NA), c(NA, NA, 1), c(0, 1, 0), c(1, NA, NA), c(0, 0, 1))
  )
}
