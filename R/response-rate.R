#' Response rates
#'
#' How many patients respond, of whom, and how far apart are the arms? One row for each class that is counted, each way
#' to count a missing response, and each arm; below them the differences, always **arm minus reference**.
#'
#' @section What is counted:
#' An ordered factor (worst class first, as [response_rule()] orders them) is counted cumulatively: "at least minor", "main".
#' `at_least = FALSE` counts each class by itself and adds simultaneous limits for all K classes of an arm, in
#' `conf_low_adjusted` and `conf_high_adjusted`: `simultaneous = "goodman"` (1965: Wilson limits at the level
#' 1 - alpha / K), `"quesenberry_hurst"` (1964: Wilson limits with the chi-square quantile of K - 1 degrees of freedom) or
#' `"sison_glaz"` (1995: p - c / n to p + (c + 2 d) / n, the shortest for seven or more classes; with fewer, or with very
#' few patients, its limits are too narrow). A logical, 0/1 or two-level column counts TRUE, 1 or the second level; other
#' columns need `event =`. Labelled columns of haven bear their labels; what SPSS declares missing is missing.
#'
#' One row is one patient. The result of [classify_response()] over several visits needs `by = visit` or a `subset`:
#' rows of the same patient that would be counted together stop the call.
#'
#' @section Missing responses:
#' Side by side, in the column `missing`: `"nonresponder"` (all patients; a missing response is none), `"excluded"`
#' (patients with a response), `"responder"` (a missing response counts as one), `"best"` (missing is a response in the arms
#' and none in the reference) and `"worst"` (the reverse). With `at_least = FALSE` only `"excluded"` has a meaning, and
#' `"nonresponder"`, which puts a missing response into the worst class.
#' Classes of [classify_response()] keep what their rule says: patients whom it excludes are in no denominator, and a class
#' given for want of a value or of a baseline is a missing response.
#'
#' @section Difference between arms:
#' By the tests of [compare_rates()], each p-value with the interval of its own test. With `strata =` the arms are
#' compared within strata and the comparisons combined: `method = "cmh"` (Mantel-Haenszel weights; the interval inverts
#' the test, Miettinen and Nurminen 1985) or `"score_iv"` (inverse-variance weights); [compare_rates()] has ratios, odds
#' ratios and other intervals of the same strata.
#'
#' With `adjust = ~ covariates` by g-computation: a logistic model of arm and covariates is fitted, every patient is given
#' each arm in turn, and the mean probabilities are compared as difference and as ratio ([risk_effects()]).
#' `estimator = "ml"`, `"flic"` or `"flac"`; `"auto"` is maximum likelihood and, where that has infinite coefficients,
#' FLIC; the column `method` names which. Firth's own probabilities, pulled towards one half, are not offered.
#'
#' @section Variance of the adjusted figures:
#' `variance` says what is random, one or several of (mu_a the probabilities in arm a, pi_a its share of the n patients):
#' * `"ge"` (Ge et al. 2011; the margins of SAS, Stata and R): the responses only, the covariates as they are;
#'   `D V D'` with D the gradients of the risks and V the covariance of the coefficients.
#' * `"ge_hc0"`: the same with the sandwich covariance HC0 of the coefficients.
#' * `"ye"` (Ye et al. 2023): the patients, and with them the covariates, are a sample; what a trial is usually meant to
#'   estimate. The covariance of the risks is Z / n,
#'   `Z_aa = (Var_a(y) - 2 Cov_a(y, mu_a) + Var(mu_a)) / pi_a + 2 Cov_a(y, mu_a) - Var(mu_a)`,
#'   `Z_ab = Cov_a(y, mu_b) + Cov_b(y, mu_a) - Cov(mu_a, mu_b)`, `Var_a` and `Cov_a` among the patients of arm a, as
#'   RobinCar and beeca compute it. With `strata =` the randomisation was in blocks within these strata, and Z loses the
#'   part of the mean residuals of the strata; they should be among the covariates too.
#' * `"ye_residual"`: `Var_a(y - mu_a)` in the bracket, as the paper writes it.
#'
#' `method` is followed by the variance where it is not `"ge"`. After FLIC and FLAC Ye's formula holds in large samples.
#'
#' With `replicates` the bootstrap, which repeats the whole procedure on resampled patients and so holds the sampling of
#' covariates, stands in two further rows of each contrast: the patients of each arm are drawn again among themselves, the
#' model is fitted and standardised anew, and `conf_method` is `percentile` or `basic` (2 estimate - percentiles, for the
#' ratio on the log scale); `std_error` is that of the replicates (of the ratio: of its logarithm). These rows have no
#' p-value. With `"auto"` and `"ml"` a replicate that separates is refitted by Firth with FLIC, and one without any
#' estimate is left out; both are counted in print.
#'
#' @param formula `class ~ arm` or `class ~ 1`.
#' @param data A data frame, for example of `classify_response()`.
#' @param ... Must be empty.
#' @param by Columns (visit, stratum) whose combinations are counted apart.
#' @param strata Columns within whose combinations the arms are compared; with `adjust` the strata of the randomisation,
#'   of `variance = "ye"` only.
#' @param subset A condition on the rows of `data`.
#' @param event The response that is counted, one or several.
#' @param reference The arm compared with; by default the first level.
#' @param at_least Count classes cumulatively.
#' @param missing Ways to count a missing response.
#' @param interval Interval of each rate, see [compare_rates()].
#' @param simultaneous Limits of all classes together: `"goodman"`, `"quesenberry_hurst"` or `"sison_glaz"`.
#' @param method Test of the difference, see [compare_rates()]: by default `"n1_chisq"`, with `strata` `"cmh"`.
#' @param adjust Covariates, a one-sided formula.
#' @param estimator `"auto"`, `"ml"`, `"flic"` or `"flac"`; of `adjust` only.
#' @param variance `"ge"`, `"ge_hc0"`, `"ye"` or `"ye_residual"`, one or several; of `adjust` only.
#' @param replicates Bootstrap replicates of the adjusted figures; 0 for none.
#' @param seed One whole number for the bootstrap, or the two that a result stores; by default drawn from R's generator.
#' @param conf_level Confidence level.
#' @param threads Threads; results are the same bits for any number.
#' @return A data frame of class `respondr_response_rate` ([result_columns]), with the columns `counted`, `missing` and
#'   those of `by`.
#' @section Errors:
#' Wrong words, and words that would be passed over, stop the call with a condition of class `respondr_error` that names
#' the argument; so does a patient whose several rows would be counted together (`respondr_error_duplicate_id`). An arm
#' without patients, and a model that cannot be fitted, is a row with a `status`.
#' @references Goodman LA (1965) Technometrics 7:247. Quesenberry CP, Hurst DC (1964) Technometrics 6:191. Sison CP, Glaz J
#'   (1995) \doi{10.1080/01621459.1995.10476521}. May WL, Johnson WD (2000) \doi{10.18637/jss.v005.i06}. Wilson EB (1927)
#'   \doi{10.1080/01621459.1927.10502953}. Miettinen O, Nurminen M (1985) \doi{10.1002/sim.4780040211}.
#'   Ge M et al. (2011) \doi{10.1177/009286151104500409}. Ye T, Bannick M, Yi Y, Shao J (2023)
#'   \doi{10.1080/24754269.2023.2205802}. Puhr R et al. (2017) \doi{10.1002/sim.7273}. Davison AC, Hinkley DV (1997)
#'   \doi{10.1017/CBO9780511802843}.
#' @examples
#' response_rate(y ~ trt, MASS::bacteria, by = week, event = "n", subset = week %in% c(2, 11))
#' response_rate(low ~ smoke, MASS::birthwt, adjust = ~ age + lwt, variance = c("ge", "ye"),
#'   missing = "excluded")
#' response_rate(low ~ smoke, MASS::birthwt, strata = race, missing = "excluded")
#' @export
response_rate <- function(formula, data = NULL, ..., by = NULL, strata = NULL, subset = NULL, event = NULL, reference = NULL,
                          at_least = TRUE, missing = c("nonresponder", "excluded"), interval = "wilson",
                          simultaneous = "goodman", method = NULL, adjust = NULL, estimator = "auto", variance = "ge",
                          replicates = 0, seed = NULL, conf_level = 0.95,
                          threads = getOption("respondr.threads", 1L)) {
  call <- sys.call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  strata <- null_word(substitute(strata), env)
  words <- response_rate_words(list(at_least = at_least, missing = missing, interval = interval,
    simultaneous = simultaneous, method = method, adjust = adjust, estimator = estimator, variance = variance,
    replicates = replicates, conf_level = conf_level, threads = threads), !is.null(strata), call)
  input <- response_rate_input(formula, data, null_word(substitute(by), env), strata,
    null_word(substitute(subset), env), event, reference, words, env, call)
  cells <- response_rate_cells(input, words)
  words$bootstrap <- new.env(parent = emptyenv())
  if (words$replicates) words$seed <- new_seed(seed, call)$value
  rates <- response_rate_rows(input, cells, words, call)
  compare <- if (!is.null(adjust)) response_adjusted_rows else if (length(input$strata_names)) response_strata_rows else
    response_difference_rows
  between <- if (length(input$arms) >= 2L) compare(input, cells, words, call)
  settings <- list(family = "response", title = paste0("Response rates: ", input$outcome), by = c(names(input$by),
    "counted", "missing"), conf_level = words$conf_level, p_adjust = "none", mixed_scales = TRUE,
    lines = response_rate_lines(input, words), arms = input$arms, complete = !any(cells$unknown > 0),
    seed = words$seed, replicates = if (words$replicates) words$replicates)
  build_result(response_bind(c(list(rates), between)), class = "respondr_response_rate", settings = settings, call = call)
}

response_conventions <- c("nonresponder", "excluded", "responder", "best", "worst")

response_variances <- c("ge", "ge_hc0", "ye", "ye_residual")
response_simultaneous <- c("goodman", "quesenberry_hurst", "sison_glaz")

response_rate_words <- function(x, strata, call) {
  x$at_least <- check_flag(x$at_least, "at_least", call)
  x$missing <- check_words(x$missing, if (x$at_least) response_conventions else response_conventions[1:2], "missing", call)
  x$interval <- check_word(x$interval, arm_intervals[-1], "interval", call)
  x$simultaneous <- check_word(x$simultaneous, response_simultaneous, "simultaneous", call)
  known <- if (strata && is.null(x$adjust)) c("cmh", "score_iv") else setdiff(rate_methods, "binomial")
  method <- x$method
  x$method <- check_words(x$method %||% known[if (strata && is.null(x$adjust)) 1L else match("n1_chisq", known)], known,
    "method", call)
  x$variance <- check_words(x$variance, response_variances, "variance", call)
  x$estimator <- check_word(x$estimator, c("auto", "ml", "flic", "flac"), "estimator", call)
  x$conf_level <- check_number(x$conf_level, "conf_level", call, 0, 1, open = TRUE)
  x$threads <- check_threads(x$threads, call)
  x$replicates <- check_whole(x$replicates, "replicates", call, 0, 1e7)
  check_adjust_words(x, !is.null(method), call)
  if (x$at_least && x$simultaneous != "goodman") {
    stop_input("simultaneous", c("Simultaneous limits are those of classes counted one by one.",
      i = "Ask for `at_least = FALSE`, or leave out `simultaneous`."), "simultaneous", call)
  }
  if (!is.null(x$adjust) && !(inherits(x$adjust, "formula") && length(x$adjust) == 2L)) {
    stop_input("adjust", "`adjust` must be a one-sided formula, such as `~ age + spleen`.", "adjust", call)
  }
  x
}

# Words of the adjusted figures without `adjust`, and of the others with it, would be passed over.
check_adjust_words <- function(x, has_method, call) {
  alone <- c(replicates = x$replicates > 0, variance = !identical(x$variance, "ge"), estimator = x$estimator != "auto")
  if (is.null(x$adjust) && any(alone)) {
    word <- names(alone)[alone][1]
    stop_input(word, c(paste0("`", word, "` is a word of the adjusted figures."),
      i = paste0("Give `adjust = ~ covariates`, or leave out `", word, "`.")), word, call)
  }
  if (!is.null(x$adjust) && has_method) {
    stop_input("method", c("With `adjust` the arms are compared by the model, not by a test of rates.",
      i = "Leave out `method`; `estimator` and `variance` choose the model and its standard errors."), "method", call)
  }
}

response_rate_lines <- function(input, words) {
  arms <- input$arms
  c(if (length(arms) > 1L) paste0("reference arm: ", arms[1]),
    if (input$response$each) paste0("adjusted limits: ", response_simultaneous_names[[words$simultaneous]],
      ", simultaneous over the classes of an arm"),
    if (input$response$each && words$simultaneous == "sison_glaz" && input$response$k < 7L)
      "the approximation of Sison and Glaz is one for seven or more classes; with fewer Goodman's limits are safer",
    if (!is.null(words$adjust)) paste("adjusted by g-computation for", deparse_one(words$adjust[[2]])),
    if (!is.null(words$adjust)) paste0("variance ", words$variance, ": ", response_variance_lines[words$variance]),
    response_strata_line(input, words),
    response_bootstrap_line(words),
    if (input$by_rule > 0L) paste(input$by_rule, "classes that the rule gave for a missing value count as missing"),
    if (input$excluded > 0L) paste(input$excluded, "that the rule excludes left out"),
    if (input$skipped > 0L) paste(input$skipped, "rows without arm, group or stratum left out"))
}

response_simultaneous_names <- c(goodman = "Goodman (1965)", quesenberry_hurst = "Quesenberry and Hurst (1964)",
  sison_glaz = "Sison and Glaz (1995)")

response_variance_lines <- c(
  ge = "Ge 2011, covariates taken as they are, model-based",
  ge_hc0 = "Ge 2011, covariates taken as they are, sandwich HC0",
  ye = "Ye 2023, patients and covariates a sample (RobinCar, beeca)",
  ye_residual = "Ye 2023, patients and covariates a sample, residual form"
)

response_strata_line <- function(input, words) {
  if (length(input$strata_names)) {
    paste0(if (is.null(words$adjust)) "strata: " else "Ye's variance allows for randomisation in strata: ",
      paste(input$strata_names, collapse = ", "), " (", nlevels(input$stratum), ")")
  }
}
