# Standard deviations, correlations and rates of a plan, taken from other results, with what is said of it.

# Rows and columns that a result gives to a plan.
power_from_paired <- function(from, call) {
  if (is.null(from)) {
    return(NULL)
  }
  if (inherits(from, "respondr_audit")) {
    columns <- c("sd_change_low", "sd_change", "sd_change_high")
    return(power_from_audit(from, columns, "standard deviation of the change", call))
  }
  if (!inherits(from, "respondr_paired") || !nrow(from) || !all(as.character(from$method) == "t") || anyNA(from$std_error)) {
    stop_input("argument", c("`from` must be rows of compare_paired() with method `t`, or one row of audit_paired().",
      i = "Choose the rows, for example `x[x$outcome == \"hb\" & x$method == \"t\", ]`."), "from", call)
  }
  if (identical(attr(from, "settings")$scale, "ratio")) {
    stop_input("argument", c("`from` compares ratios: its spread is that of logarithms, its estimate is not.",
      i = "Compare with `scale = \"difference\"`, or the logarithms as an outcome."), "from", call)
  }
  list(sd = from$std_error * sqrt(from$n_pairs), effect = from$estimate,
    line = power_from_line("standard deviation of the change", from$std_error * sqrt(from$n_pairs), "compare_paired()"))
}

power_from_groups <- function(from, sd_given, r_given, call) {
  if (is.null(from)) {
    return(NULL)
  }
  if (inherits(from, "respondr_audit")) {
    if (r_given) stop_input("argument", "`r` and an audit in `from` give the correlation twice.", "r", call)
    out <- power_from_audit(from, c("r_low", "r", "r_high"), "correlation", call)
    return(list(r = out$sd, line = out$line))
  }
  if (!inherits(from, "respondr_groups") || !nrow(from) || !all(as.character(from$method) == "student") ||
      anyNA(from$std_error)) {
    stop_input("argument", c("`from` must be rows of compare_groups() with method `student`, or one row of audit_paired().",
      i = "The pooled standard deviation is taken from them."), "from", call)
  }
  if (sd_given) stop_input("argument", "`sd` and `from` give the standard deviation twice.", "sd", call)
  sd <- from$std_error / sqrt(1 / from$n + 1 / from$n_reference)
  list(sd = sd, line = power_from_line("pooled standard deviation", sd, "compare_groups()"))
}

# The rate of the hypothesis or of the reference arm, with its interval.
power_from_rates <- function(from, reference_given, call) {
  if (is.null(from)) {
    return(NULL)
  }
  if (reference_given) stop_input("argument", "`reference` and `from` give the rate twice.", "reference", call)
  if (inherits(from, "respondr_audit")) {
    low <- from$low / 100
    high <- from$high / 100
    if (nrow(from) == 1L && power_sound(from) && !identical(from$check, "percentage")) {
      stop_input("argument", c("The audit in `from` has no count or no number of patients, and the rate is left open.",
        i = "Give `audit_percent()` the count, n and the percentage."), "from", call)
    }
    if (nrow(from) != 1L || !power_sound(from) || !(low >= 0 && high <= 1)) {
      stop_input("argument", "An audit in `from` must be one row of audit_percent() that is not contradicted.", "from", call)
    }
    rate <- unique(c(low, high))
    return(list(rate = rate, line = power_from_line("rate", rate, "audit_percent()")))
  }
  rows <- if (inherits(from, c("respondr_response_rate", "respondr_rates"))) from[from$estimand %in% "rate", , drop = FALSE]
  if (is.null(rows) || nrow(rows) != 1L || is.na(rows$estimate)) {
    stop_input("argument", c("`from` must be one rate: a row of response_rate() or compare_rates(), or of audit_percent().",
      i = "For example `x[x$estimand == \"rate\" & x$level == \"control\", ]`."), "from", call)
  }
  rate <- unique(c(rows$conf_low, rows$estimate, rows$conf_high))
  list(rate = rate, line = paste0(power_from_line("rate", rate, if (inherits(from, "respondr_rates"))
    "compare_rates()" else "response_rate()"), " The outer ones are the limits of its ", format(100 * rows$conf_level[1]),
    "% interval."))
}

power_sound <- function(from) !as.character(from$verdict) %in% c("impossible", "not reproducible by the named test")

# Low end, middle and high end of what printed figures imply; correlations between -1 and 1, spreads above 0.
power_from_audit <- function(from, columns, what, call) {
  if (nrow(from) != 1L || !all(columns %in% names(from)) || is.na(from[[columns[2]]])) {
    stop_input("argument", c("`from` must be one row of audit_paired() with an implied correlation.",
      i = "It needs the printed means, standard deviations, n and P."), "from", call)
  }
  if (!power_sound(from)) {
    stop_input("argument", c(paste0("The printed figures contradict each other: ", as.character(from$verdict), "."),
      i = "They are no basis for a plan; give the number yourself."), "from", call)
  }
  value <- unlist(from[columns], use.names = FALSE)
  printed <- value
  value <- if (what == "correlation") value[value > -1 & value < 1] else power_spreads(value, from)
  if (!length(value)) {
    stop_input("argument", c(paste0("The printed figures leave the ", what, " open."), i = "Give the number yourself."),
      "from", call)
  }
  list(sd = unique(value), effect = NA_real_,
    line = paste0(power_from_line(what, unique(value), "audit_paired()"),
      power_range_words(unique(value), printed)))
}

# Ends of the range that cannot be planned with (a correlation of 1 or -1, no spread) are left out, and said.
power_range_words <- function(value, printed) {
  if (length(value) < 2L) return(NULL)
  if (length(value) == length(unique(printed))) return(" The outer ones are the ends of the range over rounding.")
  " The range over rounding is open at an end, which is left out."
}

# Spreads that some correlation from -1 to 1 allows: the least, the one at face value, the most.
power_spreads <- function(value, from) {
  most <- min(value[3], from$sd_most)
  out <- c(max(value[1], from$sd_least), if (value[2] <= most && value[2] >= from$sd_least) value[2], most)
  unique(out[is.finite(out) & out > 0])
}

power_from_line <- function(what, value, source) {
  paste0("The ", what, " (", paste(vapply(signif(value, 4), format, ""), collapse = ", "), ") is taken from ", source, ".")
}

# Unit of n and the source of figures, for the print.
power_said <- function(out, unit, published) {
  attr(out, "settings")[c("unit", "source")] <- list(unit, published$line)
  out
}

power_published <- function(published, shrink, call) {
  if (is.null(published)) {
    stop_input("argument", c("`effect = \"published\"` needs `from`.",
      i = "Give the comparison, or the change as a number."),
      "effect", call)
  }
  if (length(published$effect) != 1L || is.na(published$effect)) {
    stop_input("argument", c("`effect = \"published\"` needs one row of compare_paired().",
      i = "Give the change as a number."), "effect", call)
  }
  check_number(shrink, "shrink", call, 0, 1)
  effect <- shrink * published$effect
  said <- paste0("Planning with ", format(shrink), " of the observed change, ", format(effect, digits = 4), ".")
  warn_input("published", c(said, i = paste("Observed effects are too large on average where they were the reason to plan:",
    "prefer the smallest change that matters.")),
    "effect", call)
  effect
}
