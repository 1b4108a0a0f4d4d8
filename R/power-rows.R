# The rows of power: checks of the three numbers, all combinations, one call of the core.

check_positive <- function(x, argument, call) {
  if (!is.numeric(x) || !length(x) || !all(is.finite(x)) || any(x <= 0)) {
    stop_input("number", paste0("`", argument, "` must be above 0, not ", given_value(x), "."), argument, call)
  }
  as.double(x)
}

check_within <- function(x, argument, call, low, high, open) {
  ok <- is.numeric(x) && length(x) && all(is.finite(x)) && (if (open) all(x > low & x < high) else all(x >= low & x <= high))
  if (!ok) {
    stop_input("number", paste0("`", argument, "` must lie ", if (open) "strictly ", "between ", low, " and ",
      high, ", not ", given_value(x), "."), argument, call)
  }
  as.double(x)
}

# three: n, effect, power, one of them NULL; numbers: the rest of the design.
power_rows <- function(test, three, numbers, alternative, smallest = "all", dropout = 0, threads = 1, call,
                       limits = c(NA, NA), effect = "effect") {
  asked <- power_asked(three, numbers, dropout, call, least = 1, most = 1e8, effect = effect)
  if (alternative == "equivalence" && asked == "effect") {
    stop_input("argument", c("An equivalence test has no detectable effect.", i = "Give the true difference, often 0."),
      "effect", call)
  }
  if (alternative == "equivalence" && any(numbers$alpha >= 0.5)) {
    stop_input("number", "`alpha` of an equivalence test must be below 0.5.", "alpha", call)
  }
  threads <- check_whole(threads, "threads", call, 1, 1024)
  three[[asked]] <- NA_real_
  defaults <- list(alpha = 0.05, sd = 1, sd_level = 1, ratio = 1, null = 0, groups = 2, difference = 0)
  defaults[names(numbers)] <- numbers
  check_positive(defaults$ratio, "ratio", call)
  check_within(defaults$null, "null", call, -1e300, 1e300, open = FALSE)
  grid <- expand.grid(c(three[c("n", "effect", "power")], defaults), KEEP.OUT.ATTRS = FALSE)
  input <- c(lapply(grid, as.double), list(low = rep(as.double(limits[1]), nrow(grid)),
    high = rep(as.double(limits[2]), nrow(grid)),
    test = match(if (test == "change") "student" else test, power_tests) - 1L,
    alternative = match(alternative, power_alternatives) - 1L,
    smallest = match(smallest, power_smallest) - 1L, progress = NULL))
  answer <- ask_core(power_solve(input, threads), call)
  power_frame(test, alternative, asked, grid, answer, dropout, smallest, limits)
}

power_frame <- function(test, alternative, asked, grid, answer, dropout, smallest, limits) {
  arms <- if (test %in% c("t", "binomial", "mcnemar_exact")) 1 else if (test == "anova") grid$groups else 2
  total <- if (identical(arms, 2)) answer$n + answer$n_level else answer$n * arms
  level <- if (identical(arms, 2)) answer$n_level else rep(NA_real_, length(answer$n))
  spread <- if (test %in% c("binomial", "mcnemar_exact", power_arms_tests, "mann_whitney")) NA_real_ else grid$sd
  other <- if (test == "welch") grid$sd_level else NA_real_
  out <- data.frame(test = test, alternative = alternative, alpha = grid$alpha, sd = spread, sd_level = other,
    r = NA_real_, ratio = if (identical(arms, 2)) grid$ratio else NA_real_, null_value = grid$null,
    effect = answer$effect, n = answer$n, n_level = level, n_total = total,
    n_enrolled = if (identical(arms, 2)) with_dropout(answer$n, dropout) + with_dropout(answer$n_level, dropout) else
      arms * with_dropout(answer$n, dropout),
    power = answer$power, power_target = grid$power, size = answer$size, asked = asked, status = factor(status_table$word[answer$status + 1L],
      levels = status_table$word))
  structure(out, class = c("respondr_power", "data.frame"), settings = list(dropout = dropout, smallest = smallest,
    margin = limits, unit = "patients"))
}

# Patients of an arm to enrol so that n are left.
with_dropout <- function(n, dropout) ceiling(n / (1 - dropout) - 1e-9)

power_bind <- function(...) {
  parts <- list(...)
  out <- do.call(rbind, lapply(parts, as.data.frame))
  structure(out, class = c("respondr_power", "data.frame"), settings = attr(parts[[1]], "settings"))
}

power_names <- c(t = "a paired t-test", student = "Student's t-test", change = "Student's t-test of the changes",
  welch = "Welch's t-test", ancova = "analysis of covariance with the baseline as covariate",
  mann_whitney = "a Mann-Whitney test (Noether's formula)", anova = "a one-way analysis of variance",
  binomial = "an exact binomial test", chisq = "Pearson's chi-square test without correction",
  fisher = "Fisher's exact test", n1_chisq = "the N - 1 chi-square test", boschloo = "Boschloo's test",
  barnard = "Barnard's test", score = "the score test of a difference of rates",
  mcnemar_exact = "the exact McNemar test", signed_rank = "the Wilcoxon signed-rank test",
  sign = "the sign test", lr = "the likelihood-ratio test of a logistic regression",
  wald = "the Wald test of a logistic regression", firth = "the penalised likelihood-ratio test (Firth)",
  information = "the Wald test of a logistic regression (Demidenko's formula)",
  hsieh = "the Wald test of a logistic regression (formula of Hsieh, Bloch and Larsen)",
  rm_anova = "the uncorrected repeated-measures ANOVA",
  gg = "the repeated-measures ANOVA corrected by Greenhouse and Geisser",
  hf = "the repeated-measures ANOVA corrected by Huynh and Feldt",
  multivariate = "Hotelling's multivariate test of the visits")

# Names of a test in a sentence.
power_name <- function(test, settings, simulated) {
  if (!is.null(settings$effect) && test == "anova") test <- "rm_anova"
  if (test == "score" && settings$difference != 0) {
    return(paste0("the score test against a difference of ", format(settings$difference)))
  }
  if (simulated && test == "mann_whitney") return("the Mann-Whitney test")
  power_names[[test]]
}

# What n counts in a row: tests of one call may count different things.
power_unit <- function(test, settings) {
  switch(test, mcnemar_exact = "pairs", binomial = "patients", settings$unit)
}

power_effect_word <- function(test, simulated = FALSE, settings = NULL) {
  if (!is.null(settings$effect)) {
    return(paste0(if (settings$effect == "visit") "a course" else "a difference of courses", " that is the given one times"))
  }
  if (simulated && test == "mann_whitney") return("a difference")
  if (test %in% power_logistic_tests) return("an odds ratio")
  if (test %in% c("binomial", power_arms_tests)) return("a rate")
  switch(test, mcnemar_exact = "a rate of gains", mann_whitney = "a probability", anova = "an effect f", "a difference")
}

# A choice of rows keeps the settings; a choice of columns that loses the answer is a plain data frame.
#' @export
`[.respondr_power` <- function(x, ...) {
  out <- NextMethod()
  if (is.data.frame(out)) {
    whole <- identical(names(out), names(x))
    attr(out, "settings") <- if (whole) attr(x, "settings")
    class(out) <- c(if (whole) "respondr_power", "data.frame")
  }
  out
}

#' @export
as.data.frame.respondr_power <- function(x, row.names = NULL, optional = FALSE, ...) { # nolint: object_name_linter
  structure(x, class = "data.frame", settings = NULL)
}

#' @rdname tidy.respondr_result
#' @export
tidy.respondr_power <- function(x, ...) {
  out <- as.data.frame(x)
  dotted <- dictionary_value(names(out), "tidy")
  names(out)[!is.na(dotted)] <- dotted[!is.na(dotted)]
  out
}

#' @export
print.respondr_power <- function(x, ...) {
  if (!nrow(x) || is.null(attr(x, "settings"))) {
    print(as.data.frame(x), ...)
    return(invisible(x))
  }
  what <- c(n = "Number of patients", effect = "Detectable effect", power = "Power")[[x$asked[1]]]
  settings <- attr(x, "settings")
  one <- function(name) length(unique(x[[name]])) == 1L
  side <- c(two.sided = "two-sided", less = "one-sided (less)", greater = "one-sided (greater)", equivalence = "equivalence")
  counted <- unique(vapply(unique(x$test), power_unit, "", settings))
  head <- c(paste(what, "; n counts", paste(counted, collapse = ", or ")), if (one("alternative")) side[[x$alternative[1]]],
    if (one("alpha")) paste("alpha", format(x$alpha[1])))
  cat(strwrap(sub(" ;", ";", paste(head, collapse = ", ")), exdent = 2), sep = "\n")
  said <- c("asked", "trials", if (one("alternative")) "alternative", if (one("alpha")) "alpha",
    if (all(x$status == "ok")) "status", if (one("power_target")) "power_target",
    if (all(x$ratio %in% c(NA, 1))) "ratio", if (all(x$null_value %in% c(NA, 0))) "null_value",
    if (settings$dropout == 0) "n_enrolled")
  shown <- as.data.frame(x)[!names(x) %in% said]
  shown <- shown[vapply(shown, function(column) !all(is.na(column)), NA)]
  shown[] <- lapply(shown, function(column) ifelse(is.na(column), "", format(column, digits = 4)))
  print(shown, row.names = FALSE)
  lines <- c(settings$source, power_trial_lines(x))
  if (length(lines)) cat(strwrap(lines), sep = "\n")
  if (nrow(x) <= 3L) {
    cat(strwrap(report_text(x)), sep = "\n")
  }
  invisible(x)
}

#' @rdname report_text
#' @export
report_text.respondr_power <- function(x, ...) {
  settings <- attr(x, "settings")
  side <- c(two.sided = "two-sided ", less = "one-sided (less) ", greater = "one-sided (greater) ",
    equivalence = "one-sided ")
  vapply(seq_len(nrow(x)), function(i) {
    one <- x[i, , drop = FALSE]
    if (one$status != "ok") {
      return(paste0("No answer for ", power_name(one$test, settings, FALSE),
        ": no number in reach gives this power, or too few patients."))
    }
    number <- function(v) format(signif(v, 4), trim = TRUE)
    simulated <- !is.null(one$trials) && !is.na(one$trials)
    name <- power_name(one$test, settings, simulated)
    word <- power_effect_word(one$test, simulated, settings)
    whole <- function(v) format(v, scientific = FALSE, trim = TRUE)
    patients <- if (is.na(one$n_level)) paste(whole(one$n), power_unit(one$test, settings)) else
      paste(whole(one$n), "and", whole(one$n_level), "patients (reference and other arm)")
    size <- if (!is.na(one$size)) paste0(" (attained ", sprintf("%.4f", one$size), ")")
    about <- if (one$alternative == "equivalence") {
      paste0("to show equivalence between ", number(settings$margin[1]), " and ", number(settings$margin[2]),
        " if the truth is ", number(one$effect))
    } else {
      against <- if (one$test %in% c("binomial", power_arms_tests)) " against " else
        if (one$test == "mcnemar_exact") " and of losses of " else
          if (!is.na(one$null_value) && one$null_value != 0) " against a hypothesis of "
      paste0("for ", word, if (!endsWith(word, "times")) " of", " ", number(one$effect),
        if (!is.null(against)) paste0(against, number(one$null_value)),
        if (!is.null(one$rate)) paste0(" at a rate of ", number(one$rate)), power_spread_words(one, number))
    }
    paste0("With ", patients, " analysed, ", name, " at the ", side[[one$alternative]], number(one$alpha),
      " level", size, " has power ", sprintf("%.3f", one$power),
      if (simulated) paste0(" (", format(one$trials, big.mark = ","), " simulated trials: ", sprintf("%.3f", one$conf_low),
        " to ", sprintf("%.3f", one$conf_high), ")"), " ", about,
      if (settings$dropout > 0) paste0("; ", whole(one$n_enrolled), " are enrolled, since ", number(100 * settings$dropout),
        " % may drop out"), ".")
  }, "")
}

# The standard deviations and the correlation that a sentence is about.
power_spread_words <- function(one, number) {
  if (is.na(one$sd) || one$test == "anova") {
    return(NULL)
  }
  two <- !is.na(one$sd_level) && one$sd_level != one$sd
  paste0(" (SD ", number(one$sd), if (two) paste0(" and ", number(one$sd_level)), if (!is.na(one$r)) paste0(" at r = ",
    number(one$r)), ")")
}
