# Two arms, or more, in strata. See rates-table.R for the shape of counts: a third dimension holds the strata.

strata_methods <- c(
  "cmh", "score_iv", "exact", "breslow_day", "tarone", "woolf", "zelen", "general", "row_means", "correlation"
)
strata_estimands <- c("difference", "ratio", "odds_ratio")
strata_intervals <- c("test", "mantel_haenszel", "klingenberg", "newcombe")

#' Comparison of two arms in strata
#'
#' What [compare_rates()] computes with `strata =`. The estimate is the difference, the ratio or the odds ratio of the
#' second arm and the first, the reference; the event is the last response.
#' * `"cmh"`: the Cochran-Mantel-Haenszel test, with `continuity = TRUE` corrected by a half, never beyond 0 (R's
#'   mantelhaen.test drops the correction where the excess is below a half). The estimate is that of Mantel and
#'   Haenszel (1959, \doi{10.1093/jnci/22.4.719}). `interval = "test"` inverts the very test: for the difference and
#'   the ratio the stratified score test with Mantel-Haenszel weights (Miettinen and Nurminen 1985,
#'   \doi{10.1002/sim.4780040211}), for the odds ratio the score test given the margins. `interval = "mantel_haenszel"`
#'   is that of Robins, Breslow and Greenland (1986, \doi{10.2307/2531052}) for the odds ratio, of Greenland and Robins
#'   (1985, \doi{10.2307/2530643}) for the ratio and of Sato (1989, \doi{10.2307/2531771}) for the difference;
#'   `"klingenberg"` (2014, \doi{10.1002/sim.6122}) and `"newcombe"` (Yan and Su 2010, \doi{10.1198/sbr.2009.0049}) are
#'   for the difference. These three invert another test.
#' * `"score_iv"`: the stratified score test of the difference or the ratio, weights one over the variance under the
#'   hypothesis, and its inversion.
#' * `"exact"`: the common odds ratio given all margins, conditional maximum likelihood, its p (`two_sided = "minlike"`
#'   or `"central"`, `mid_p`) and the interval that inverts it.
#' * `"breslow_day"`, `"tarone"`, `"woolf"` (asymptotic) and `"zelen"` (exact, or drawn beyond `exact_limit`): are the
#'   odds ratios of the strata equal?
#' * `"general"`, `"row_means"`, `"correlation"`: the Cochran-Mantel-Haenszel statistics of any number of arms and
#'   responses.
#'
#' Strata with an empty arm say nothing; nor do strata without events, or with nothing but events, about an odds ratio
#' or the tests, and strata without events about a ratio. They change no test, break nothing, and are counted in
#' `n_strata_dropped`. A difference of 0 between two arms without events is an estimate and stays.
#' @inheritParams rates_table
#' @param counts Whole numbers: arms x responses x strata, or arms x responses x strata x problems.
#' @param estimand `"difference"`, `"ratio"` or `"odds_ratio"`, of `cmh` and `score_iv`.
#' @param interval `"test"`, `"mantel_haenszel"`, `"klingenberg"` or `"newcombe"`, of `cmh`.
#' @param continuity Correct `cmh` by a half.
#' @param two_sided Of `exact`: `"minlike"` or `"central"`.
#' @return A list of columns as from rates_table(), with `n_strata`, `n_strata_dropped` and `estimand`.
#' @noRd
rates_strata <- function(counts, method = "cmh", estimand = "odds_ratio", interval = "test", scores = NULL,
                         response_scores = NULL, distribution = "auto", alternative = "two.sided",
                         two_sided = "minlike", mid_p = FALSE, continuity = FALSE, conf_level = 0.95,
                         exact_limit = 1e8, replicates = 10000, seed = NULL, threads = 1L, labels = character(),
                         call = NULL) {
  words <- table_words(method, strata_methods, distribution, alternative, mid_p, conf_level, exact_limit, replicates,
    threads, call)
  words$two_sided <- check_word(two_sided, table_two_sided[1:2], "two_sided", call)
  words$estimand <- check_word(estimand, strata_estimands, "estimand", call)
  words$interval <- check_word(interval, strata_intervals, "interval", call)
  words$continuity <- check_flag(continuity, "continuity", call)
  input <- table_input(counts, strata = TRUE, call)
  check_strata_words(words, input$dim, call)
  input$row_score <- table_scores(scores, input$dim[1], "scores", "arms", call)
  input$col_score <- table_scores(response_scores, input$dim[2], "response_scores", "responses", call)
  seed <- new_seed(seed, call)
  options <- table_options(words, strata_methods, seed$value, labels)
  options$estimand <- match(words$estimand, strata_estimands) - 1L
  options$interval <- match(words$interval, strata_intervals) - 1L
  options$continuity <- words$continuity
  out <- table_columns(ask_core(rates_strata_solve(input, options, words$threads), call), words, seed)
  estimand <- ifelse(out$method %in% c("cmh", "score_iv"), words$estimand, ifelse(out$method == "exact", "odds_ratio",
    NA))
  out$estimand <- factor(estimand, strata_estimands)
  out
}

# What does not go together.
check_strata_words <- function(words, dims, call) {
  of_two <- intersect(words$method, strata_methods[1:7])
  if (length(of_two) && !identical(as.integer(dims[1:2]), c(2L, 2L))) {
    stop_input("method", c(
      paste0(quoted(of_two), " is about two arms and two responses; there are ", dims[1], " and ", dims[2], "."),
      i = "Use `method = \"general\"`, `\"row_means\"` or `\"correlation\"`."
    ), "method", call)
  }
  if ("score_iv" %in% words$method && words$estimand == "odds_ratio") {
    stop_input("estimand", c(
      "Inverse-variance weights are for differences and ratios, not for the odds ratio.",
      i = "Use `estimand = \"difference\"` or `\"ratio\"`, or `method = \"cmh\"`."
    ), "estimand", call)
  }
  if (words$interval %in% c("klingenberg", "newcombe") && words$estimand != "difference") {
    stop_input("interval", c(
      paste0("`interval = \"", words$interval, "\"` is an interval of the difference."),
      i = "Use `estimand = \"difference\"`, or `interval = \"test\"`."
    ), "interval", call)
  }
  if (words$interval != "test" && "score_iv" %in% words$method) {
    stop_input("interval", c(
      paste0("`interval = \"", words$interval, "\"` goes with `method = \"cmh\"`."),
      i = "`method = \"score_iv\"` has the interval of its own test only."
    ), "interval", call)
  }
  directed <- setdiff(words$method, c("cmh", "score_iv", "exact"))
  if (words$alternative != "two.sided" && length(directed)) {
    stop_input("alternative", c(
      paste0("`alternative = \"", words$alternative, "\"` is a direction, and ", quoted(directed), " has none."),
      i = "Use `method = \"cmh\"`, `\"score_iv\"` or `\"exact\"`."
    ), "alternative", call)
  }
}
