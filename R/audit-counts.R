# Counts against a printed P: every test the paper may have used, and which of them gives the P back.

count_test_labels <- c(
  chisq = "chi-square without correction", chisq_yates = "chi-square with Yates' correction", n1_chisq = "N - 1 chi-square",
  g = "likelihood ratio", fisher = "Fisher's exact test", fisher_central = "Fisher's exact test, twice the smaller tail",
  fisher_midp = "Fisher's exact test, mid-p"
)
count_tests_two_sided <- c("g", "fisher_central")
count_tests_2x2 <- c("chisq_yates", "fisher_central", "fisher_midp")

#' Counts against a printed P value
#'
#' Recomputes the P of a table of counts by every test it may come from and says which of them give the printed one back.
#' Counts
#' have no rounding, so each test has a single P and the verdict is sharp: `"consistent"` if exactly one test (or the one
#' that is
#' named) prints as the P, `"ambiguous between tests"` if several do, `"not reproducible by the named test"` if none does.
#' A P
#' printed as `"<0.001"` is a bound, which any smaller P meets.
#'
#' With x the counts and e those expected from the margins, n patients in all: `chisq` sum (x - e)^2 / e; `chisq_yates` sum
#' (|x - e| - 1/2)^2 / e; `n1_chisq` the first times (n - 1) / n (Campbell 2007, \doi{10.1002/sim.2832}); `g` 2 sum x ln(x
#' / e);
#' `fisher` all tables no more probable than the data (Fisher 1935; Freeman and Halton 1951,
#' \doi{10.1093/biomet/38.1-2.141}),
#' `fisher_central` twice the smaller tail, `fisher_midp` half of the probability of the data less (and of the tables as
#' probable as they are, or not: both conventions are in use and tried). `chisq_yates`,
#' `fisher_central` and `fisher_midp` are for 2 x 2 tables.
#'
#' Where no test fits a 2 x 2 table, `remedy` names the nearest counts with the same numbers of patients (at most three
#' patients
#' moved) that do fit, if there are any.
#'
#' @param counts A matrix of counts, arms in rows and categories in columns; a list of such matrices (names are the items);
#'   or an
#'   array arms x categories x tables.
#' @param p Printed P values, one a table, as text (see [printed()]).
#' @param test Tests the paper names: one or several of `"chisq"`, `"chisq_yates"`, `"n1_chisq"`, `"g"`, `"fisher"`,
#'   `"fisher_central"`, `"fisher_midp"`, or the word `"all"`. With a list, one entry a table. `"g"` is looked at only where
#'   it is named.
#' @param alternative `"two.sided"`, or of a one-sided P what the share of the first category in the first arm is against the
#'   second arm: `"less"` or `"greater"`. For 2 x 2 tables; `"g"` and `"fisher_central"` have none.
#' @param item Names of the tables.
#' @param decimals Decimals of `p` where it is numeric.
#' @param exact_limit Most steps of an exact test of a large table.
#' @return An audit: one row a table and test, and for each table a row `"P"` with the verdict.
#' @examples
#' # Sex, spleen and phenotype of a published table of predictors (Yang et al. 2020)
#' audit_counts(
#'   list(sex = rbind(c(20, 21), c(7, 14)), spleen = rbind(c(15, 26), c(14, 7)),
#'     phenotype = rbind(c(28, 13), c(11, 10))),
#'   p = c("0.110", "0.025", "0.220")
#' )
#' @export
audit_counts <- function(counts, p = NA_character_, test = "all", alternative = "two.sided", item = NULL, decimals = NULL,
                         exact_limit = 1e7) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  tables <- audit_tables(counts, call)
  p <- read_printed(p, decimals, 0, 1, "p", call)
  check_one_each(p, length(tables), "p", "table", call)
  exact_limit <- check_number(exact_limit, "exact_limit", call, 0)
  item <- audit_labels(item, names(tables), length(tables), "table", call)
  tests <- if (is.list(test)) test else list(test)
  check_one_each(tests, length(tables), "test", "table", call)
  tests <- rep_len(tests, length(tables))
  p <- rep_len_printed(p, length(tables))
  do.call(rbind, lapply(seq_along(tables), function(i) {
    named <- check_words(tests[[i]], c("all", names(count_test_labels)), "test", call)
    count_rows(tables[[i]], p[i], named, item[i], exact_limit, call, alternative)
  }))
}

count_rows <- function(table, p, named, item, exact_limit, call, alternative = "two.sided") {
  if (all(dim(without_empty(table)) >= 2L)) table <- without_empty(table)
  small <- all(dim(table) == 2L)
  pool <- if ("all" %in% named) setdiff(names(count_test_labels), "g") else named
  if (!small) pool <- setdiff(pool, count_tests_2x2)
  if (!length(pool)) {
    stop_input("word", c(paste0("`test` names ", quoted(named), ", for 2 x 2 tables, and `", item, "` is ",
      paste(dim(table), collapse = " x "), "."), i = "Use \"chisq\", \"n1_chisq\" or \"fisher\"."), "test", call)
  }
  if (alternative != "two.sided") {
    if (!small) stop_input("word", "One-sided P are for 2 x 2 tables.", "alternative", call)
    pool <- setdiff(pool, count_tests_two_sided)
    if (!length(pool)) {
      stop_input("word", paste0("`test` names ", quoted(named), ", which is two-sided."), "alternative", call)
    }
  }
  values <- count_p(table, pool, exact_limit, call, alternative)
  known <- !is.na(values)
  fits <- known & p_fits(p, values) %in% TRUE
  digits <- max(3L, unclass(p)$decimals, na.rm = TRUE)
  range <- p_range(values)
  wide <- range$high > range$low
  recomputed <- if (any(known)) {
    shown <- ifelse(wide, audit_range(range$low, range$high, digits), audit_p(values, digits))
    also <- attr(values, "also") %||% (values + NA)
    shown <- paste0(shown, ifelse(is.na(also), "", paste0(" or ", audit_p(also, digits))))
    paste(paste(count_test_short[pool[known]], shown[known]), collapse = "; ")
  }
  verdict <- if (!any(known) || is.na(unclass(p)$value)) "cannot be judged" else if (!any(fits)) {
    "not reproducible by the named test"
  } else if (sum(fits) == 1L || unclass(p)$bound != "=") "consistent" else "ambiguous between tests"
  remedy <- if (any(known) && !any(fits) && !is.na(unclass(p)$value)) {
    count_remedy(table, p, named, pool, exact_limit, call, alternative)
  }
  status <- if (any(known)) "ok" else "not_estimable"
  new_audit(item, paste0("P", side_words(alternative)), as.character(p), recomputed %||% NA,
    if (any(known)) min(range$low[known]) else NA, if (any(known)) max(range$high[known]) else NA,
    tests_text(pool[if (any(fits)) fits else if (any(known)) known else TRUE]), verdict, remedy %||% NA, status,
    attr(values, "note") %||% NA)
}

# An arm or a category that nobody has is none.
without_empty <- function(table) table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]

# The P of a test as a range: a number, or where the tables were too many to be counted what drawn ones leave open.
p_range <- function(values) {
  spread <- attr(values, "spread") %||% list(low = values, high = values)
  lapply(spread, unname)
}

tests_text <- function(tests) {
  if (length(tests) == 1L) count_test_labels[[tests]] else paste(count_test_short[tests], collapse = ", ")
}

count_test_short <- c(chisq = "chi-square", chisq_yates = "Yates", n1_chisq = "N - 1", g = "G", fisher = "Fisher",
  fisher_central = "Fisher central", fisher_midp = "mid-p")

audit_p <- function(p, digits) ifelse(p < 0.5 * 10^-digits, formatC(p, digits = 2, format = "g"), sprintf("%.*f", digits,
  p))

# A P at an end of its printed interval belongs to it; the slack is that of the last bits of a tail.
p_fits <- function(p, values) {
  p <- unclass(p)
  slack <- 1e-11 * pmax(abs(values), 1e-300)
  range <- p_range(values)
  fits <- range$high >= p$low - slack & range$low <= p$high + slack
  also <- attr(values, "also")
  if (!is.null(also)) fits <- fits | (also >= p$low - slack & also <= p$high + slack) %in% TRUE
  fits
}

# P of one table, by name; NA where a test has none (an empty arm or category).
count_p <- function(table, tests, exact_limit, call, alternative = "two.sided") {
  table <- without_empty(table)
  out <- stats::setNames(rep(NA_real_, length(tests)), tests)
  if (any(dim(table) < 2L)) {
    return(out)
  }
  if (alternative != "two.sided") {
    for (test in tests) out[test] <- two_arms_p(table[, 1], rowSums(table), test, exact_limit, call, alternative)
    return(out)
  }
  whole <- setdiff(tests, count_tests_2x2)
  low <- high <- out
  if (length(whole)) {
    solved <- rates_table(table, whole, exact_limit = exact_limit, replicates = count_replicates, seed = 1, call = call)
    word <- as.character(solved$method)
    out[word] <- low[word] <- high[word] <- solved$p_value
    drawn <- word[as.character(solved$distribution) %in% "monte_carlo"]
    low[drawn] <- pmax(0, out[drawn] - count_reach(out[drawn]))
    high[drawn] <- pmin(1, out[drawn] + count_reach(out[drawn]))
    if (length(drawn)) {
      attr(out, "note") <- paste0("Too many tables to count: ", format(count_replicates, big.mark = ",", scientific = FALSE),
        " were drawn, and the range is what they leave open.")
    }
  }
  if (all(dim(table) == 2L)) {
    for (test in intersect(tests, count_tests_2x2)) {
      out[test] <- low[test] <- high[test] <- two_arms_p(table[, 1], rowSums(table), test, exact_limit, call)
    }
    if ("fisher_midp" %in% tests) {
      other <- two_arms_p(table[, 1], rowSums(table), "fisher", exact_limit, call) - 0.5 * stats::dhyper(table[1, 1],
        sum(table[1, ]), sum(table[2, ]), sum(table[, 1]))
      if (abs(other - out["fisher_midp"]) > 1e-11) attr(out, "also") <- replace(out + NA, "fisher_midp", other)
    }
  }
  if (!identical(low, high)) attr(out, "spread") <- list(low = low, high = high)
  out
}

# Five standard errors of the share of drawn tables: one right P in two million is missed.
count_replicates <- 1e5
count_reach <- function(p) 5 * sqrt(pmax(p * (1 - p), 1 / count_replicates) / count_replicates)

# events and n: arms x tables.
two_arms_p <- function(events, n, test, exact_limit, call, alternative = "two.sided") {
  exact <- startsWith(test, "fisher")
  at <- function(word, words) match(word, words) - 1L
  options <- list(method = at(if (exact) "fisher" else sub("_yates", "", test), rate_methods),
    estimand = at(if (exact) "odds_ratio" else "difference", rate_estimands), interval = at("wald", rate_intervals),
    alternative = at(alternative, alternatives),
    two_sided = at(if (test == "fisher_central") "central" else "minlike", count_rules), distribution = at("auto",
      distributions),
    null = if (exact) 1 else 0, conf_level = 0.95, midp = test == "fisher_midp", continuity = test == "chisq_yates",
    pooled = TRUE, exact_limit = exact_limit, progress = NULL)
  input <- list(events = as.integer(events), n = as.integer(n), arms = 2L, level = 1L, reference = 2L)
  ask_core(rates_solve(input, options, 1L), call)$p_value
}

# Which other test gives the P back, and failing that which neighbouring counts.
count_remedy <- function(table, p, named, pool, exact_limit, call, alternative) {
  others <- setdiff(names(count_test_labels), c(pool, if (any(dim(table) != 2L)) count_tests_2x2))
  values <- if (length(others)) count_p(table, others, exact_limit, call)
  fit <- !is.na(values) & p_fits(p, values)
  if (any(fit)) {
    return(paste0("Fits under ", paste(count_test_labels[others[fit]], collapse = ", "), "."))
  }
  if (any(dim(table) != 2L)) {
    return(NULL)
  }
  side <- count_side_remedy(table, p, pool, exact_limit, call, alternative)
  if (!is.null(side)) return(side)
  steps <- expand.grid(a = -3:3, b = -3:3)
  moved <- abs(steps$a) + abs(steps$b)
  n <- rowSums(table)
  events <- rbind(table[1, 1] + steps$a, table[2, 1] + steps$b)
  keep <- moved > 0 & moved <= 3 & colSums(events < 0 | events > n) == 0
  keep <- keep & colSums(events) > 0 & colSums(events) < sum(n)
  steps <- which(keep)[order(moved[keep])]
  if (!length(steps)) {
    return(NULL)
  }
  tried <- intersect(c("chisq", "chisq_yates", "fisher"), pool)
  best <- NULL
  for (test in tried) {
    value <- two_arms_p(events[, steps], rep(n, length(steps)), test, exact_limit, call, alternative)
    at <- which(!is.na(value) & p_fits(p, value))[1]
    if (!is.na(at) && (is.null(best) || moved[steps[at]] < best$moved)) {
      best <- list(moved = moved[steps[at]], events = events[, steps[at]], test = test)
    }
  }
  if (is.null(best)) {
    return("No counts with these numbers of patients and up to three patients moved give this P.")
  }
  paste0("Would fit ", count_test_labels[best$test], " with ", paste(best$events, "of", n, collapse = " and "), " (",
    best$moved, if (best$moved == 1) " patient" else " patients", " moved).")
}

# The same tests of another side.
count_side_remedy <- function(table, p, pool, exact_limit, call, alternative) {
  for (other in setdiff(audit_alternatives, alternative)) {
    tests <- setdiff(pool, if (other != "two.sided") count_tests_two_sided)
    values <- if (length(tests)) count_p(table, tests, exact_limit, call, other)
    fit <- !is.na(values) & p_fits(p, values)
    if (any(fit)) {
      side <- if (other == "two.sided") "two-sided P" else paste0("one-sided P (", other, ")")
      return(paste0("Fits as a ", side, " under ", paste(count_test_labels[tests[fit]], collapse = ", "), "."))
    }
  }
  NULL
}

audit_tables <- function(counts, call) {
  if (is.data.frame(counts)) counts <- as.matrix(counts)
  if (is.array(counts) && length(dim(counts)) == 3L) {
    labels <- dimnames(counts)[[3]]
    counts <- stats::setNames(lapply(seq_len(dim(counts)[3]), function(i) counts[, , i]), labels)
  }
  tables <- if (is.list(counts)) counts else list(counts)
  if (!length(tables)) stop_input("counts", "`counts` holds no table.", "counts", call)
  lapply(tables, function(x) {
    if (is.data.frame(x)) x <- as.matrix(x)
    good <- is.matrix(x) && is.numeric(x) && all(dim(x) >= 2L)
    if (!good || anyNA(x) || any(!is.finite(x) | x < 0 | x != round(x)) || sum(x) > .Machine$integer.max) {
      stop_input("counts", c("`counts` must be matrices of whole numbers from 0 on, arms in rows and categories in columns.",
        i = "For example `rbind(c(20, 21), c(7, 14))`: 20 of 41 and 7 of 21."), "counts", call)
    }
    x
  })
}

check_one_each <- function(x, n, argument, what, call) {
  if (!length(x) %in% c(1L, n)) {
    stop_input("length", c(paste0("`", argument, "` has ", length(x), " values for ", n, " ", what, if (n != 1) "s", "."),
      i = paste0("Give one, or one for each ", what, ".")), argument, call)
  }
}

audit_labels <- function(item, names, n, what, call) {
  plain <- if (n == 1L) what else paste(what, seq_len(n))
  item <- item %||% (if (is.null(names)) plain else ifelse(nzchar(names) & !is.na(names), names, plain))
  check_one_each(item, n, "item", what, call)
  rep_len(as.character(item), n)
}

rep_len_printed <- function(x, n) x[rep_len(seq_len(length(x)), n)]

# Digits and decimals of figures that are no bounds, as whole numbers.
figure_digits <- function(x) {
  x <- unclass(x)
  decimals <- pmax(x$decimals, 0L)
  digits <- round(x$value * 10^decimals)
  digits[is.na(x$bound) | x$bound != "="] <- NA
  list(digits = as.double(digits), decimals = as.integer(decimals))
}
