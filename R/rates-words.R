# The words of the rates family and their place in the C++ enumerations (inst/include/respondr/rates/table.hpp).

rate_methods <- c("chisq", "n1_chisq", "score", "g", "fisher", "boschloo", "barnard", "binomial")
rate_estimands <- c("difference", "ratio", "odds_ratio", "nnt", "rate")
count_rules <- c("minlike", "central", "blaker")
rate_intervals <- c(
  "test", "score", "miettinen_nurminen", "profile", "wald", "newcombe", "newcombe_continuity", "conditional",
    "chan_zhang",
  "agresti_min", "santner_snell", "clopper_pearson", "wilson", "wilson_continuity", "jeffreys", "agresti_coull", "midp",
  "blaker", "blyth_still_casella"
)
arm_intervals <- c("test", "wald", rate_intervals[12:19])
rate_contrasts <- c("reference", "pairwise", "overall")

# The intervals that an estimand has.
intervals_of <- function(estimand) {
  switch(estimand,
    rate = arm_intervals,
    odds_ratio = c("test", "score", "miettinen_nurminen", "profile", "wald", "conditional", "chan_zhang",
      "agresti_min"),
    ratio = c("test", "score", "miettinen_nurminen", "profile", "wald", "chan_zhang", "agresti_min"),
    c("test", "score", "miettinen_nurminen", "profile", "wald", "newcombe", "newcombe_continuity", "chan_zhang",
      "agresti_min",
      "santner_snell")
  )
}

# SAS (PROC FREQ) and SPSS (CROSSTABS) print the uncorrected chi-square beside the corrected one; base R corrects.
rate_continuity <- function(words, method) {
  given <- words$continuity %||% (words$convention == "r")
  given && method %in% c("chisq", "score")
}

estimand_of <- function(words, method) {
  words$estimand %||% if (method == "fisher") "odds_ratio" else "difference"
}

rate_estimand_words <- function(estimand, method) {
  switch(estimand,
    difference = "difference of rates", ratio = "ratio of rates", nnt = "number needed to treat", rate = "rate",
    odds_ratio = if (method == "fisher") "conditional odds ratio" else "odds ratio"
  )
}

rates_words <- function(x, input, call) {
  kind <- rates_kind(x, input)
  known <- switch(kind, one = c("binomial", "score"), overall = table_methods, strata = strata_methods,
    pairs = setdiff(rate_methods, "binomial"))
  usual <- switch(kind, one = "binomial", overall = "fisher", strata = "cmh", pairs = "n1_chisq")
  words <- list(
    kind = kind, method = check_words(x$method %||% usual, known, "method", call),
    estimand = if (!is.null(x$estimand)) check_word(x$estimand, rate_estimands[1:4], "estimand", call),
    alternative = check_word(x$alternative, alternatives[1:3], "alternative", call),
    conf_level = check_number(x$conf_level, "conf_level", call, 0, 1, open = TRUE),
    two_sided = check_word(x$two_sided, count_rules, "two_sided", call),
    midp = check_flag(x$midp, "midp", call), pooled = check_flag(x$pooled, "pooled", call),
    interval = check_word(x$interval, c(rate_intervals, strata_intervals[-1]), "interval", call),
    distribution = check_word(x$distribution, distributions[-1], "distribution", call),
    contrasts = check_word(x$contrasts, rate_contrasts, "contrasts", call),
    p_adjust = check_word(x$p_adjust, stats::p.adjust.methods, "p_adjust", call),
    convention = check_word(x$convention, conventions, "convention", call),
    continuity = if (!is.null(x$continuity)) check_flag(x$continuity, "continuity", call),
    exact_limit = if (identical(x$exact_limit, Inf)) Inf else check_number(x$exact_limit, "exact_limit", call, 0),
    replicates = check_whole(x$replicates, "replicates", call, 1, 1e9), threads = check_threads(x$threads, call)
  )
  if (!is.null(x$adjust_over)) {
    words$adjust_over <- check_words(x$adjust_over, c(names(input$by), "contrast", "method"), "adjust_over", call)
  }
  words$null <- x$null
  if (input$one) words$estimand <- "rate"
  if (kind %in% c("one", "pairs")) {
    check_rate_combination(words, input, call)
  } else {
    check_rates_together(words, x, call)
  }
  words
}

# All arms together, or strata: words of a pair of arms would be passed over.
check_rates_together <- function(words, x, call) {
  if (!is.null(words$null)) {
    stop_input("null", c("`null` goes with two arms without strata, or with one sample.",
      i = "Leave it out: the hypothesis here is that the arms do not differ."), "null", call)
  }
  idle <- c(estimand = !is.null(words$estimand), interval = words$interval != "test", pooled = !words$pooled)
  idle <- names(idle)[idle & c(words$kind == "overall", words$kind == "overall", TRUE)]
  if (length(idle)) {
    stop_input("word", paste0("`", idle[1], "` does not go with ", quoted(words$method), "."), idle[1], call)
  }
  if (!is.null(x$reference) && is.null(names(x$scores)) && any(words$method %in% c("trend", "linear", "correlation"))) {
    stop_input("reference", c("A trend takes the arms in their order and has no reference.",
      i = "Order the arms as levels of a factor, or name `scores` by arm."), "reference", call)
  }
}

# What is asked: one sample, pairs of arms, all arms together, or pairs of arms in strata.
rates_kind <- function(x, input) {
  if (!is.null(x$strata)) return("strata")
  if (input$one) return("one")
  overall <- identical(x$contrasts, "overall") || any(x$method %in% c("trend", "linear"))
  if (overall) "overall" else "pairs"
}

check_rate_combination <- function(words, input, call) {
  for (method in words$method) {
    check_rate_null(words, method, call)
    check_rate_rule(words, method, call)
  }
  allowed <- unique(unlist(lapply(words$method, function(m) intervals_of(estimand_of(words, m)))))
  if (!words$interval %in% allowed) {
    stop_input("word", c(
      paste0("`interval = \"", words$interval, "\"` is none of the intervals of this estimand."),
      i = paste0("Use one of ", quoted(allowed, 20), ".")
    ), "interval", call)
  }
  if (words$interval == "blyth_still_casella" && words$alternative != "two.sided") {
    stop_input("word", c("The interval of Blyth, Still and Casella has two limits only.",
      i = "Use `interval = \"clopper_pearson\"` with a one-sided alternative."), "interval", call)
  }
}

# A hypothesis that the estimand can have; where there is none, the one of no difference.
check_rate_null <- function(words, method, call) {
  estimand <- estimand_of(words, method)
  if (is.null(words$null)) {
    return(if (estimand == "rate") NA_real_ else as.double(estimand %in% c("ratio", "odds_ratio")))
  }
  null <- switch(estimand,
    rate = check_number(words$null, "null", call, 0, 1, open = TRUE),
    difference = check_number(words$null, "null", call, -1, 1, open = TRUE),
    check_number(words$null, "null", call, 0, Inf, open = TRUE)
  )
  if (estimand == "nnt" || (method == "fisher" && estimand != "odds_ratio")) {
    stop_input("null", c(
      paste0("`null` cannot be tested by `method = \"", method, "\"` with `estimand = \"", estimand, "\"`."),
      i = if (estimand == "nnt") "State it as a difference: `estimand = \"difference\"`." else
        "Fisher's test is one of the odds ratio: `estimand = \"odds_ratio\"`."
    ), "null", call)
  }
  null
}

check_rate_rule <- function(words, method, call) {
  exact <- method %in% c("fisher", "binomial") || (method %in% c("chisq", "n1_chisq") && words$distribution == "exact")
  if (words$midp && !exact) {
    stop_input("word", c(paste0("`midp = TRUE` goes with exact conditional tests, not with `method = \"", method,
      "\"`."),
      i = "Use `method = \"fisher\"`, or `distribution = \"exact\"` for the chi-square."), "midp", call)
  }
  if (words$midp && words$two_sided == "blaker") {
    stop_input("word", c("`midp = TRUE` goes with `two_sided = \"minlike\"` or `\"central\"`.",
      i = "Blaker's rule has no mid-p here."), "midp", call)
  }
  discrete <- method %in% c("fisher", "boschloo", "barnard", "binomial")
  if (words$distribution == "monte_carlo" || (words$distribution == "asymptotic" && discrete) ||
    (words$distribution == "exact" && method %in% c("score", "g"))) {
    stop_input("word", c(
      paste0("`method = \"", method, "\"` has no `distribution = \"", words$distribution, "\"` for two arms."),
      i = if (discrete) "It is exact; its asymptotic forms are `\"n1_chisq\"`, `\"chisq\"` and `\"score\"`." else
        "Exact tests are `\"fisher\"`, `\"boschloo\"`, `\"barnard\"` and `\"chisq\"` with `distribution = \"exact\"`."
    ), "distribution", call)
  }
}
