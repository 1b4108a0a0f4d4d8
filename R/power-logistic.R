power_logistic_tests <- c("lr", "wald", "firth", "information", "hsieh")

#' Power of a logistic regression
#'
#' Power, number of patients or detectable odds ratio for one predictor of a response: leave one of `n`, `odds_ratio` and
#' `power` out. By formula, or as the share of simulated trials in which [fit_logistic()] with the test would reject.
#'
#' * `"information"`: Wald test; variance from the expected information at the alternative, averaged over the predictor
#'   (Demidenko 2007);
#' * `"hsieh"`: the formulas of Hsieh, Bloch and Larsen (1998);
#' * `"lr"`, `"wald"`, `"firth"`: simulated trials; likelihood ratio, Wald, and the penalised likelihood ratio of Firth's
#'   estimate. A trial without an answer (all patients respond; Wald in separated data) does not reject.
#'
#' Formulas are for large trials. Small ones, rare responses and strong effects need the simulation: `wald` then falls
#' below what the formulas promise.
#'
#' @inheritParams power_paired
#' @param n Number of analysed patients.
#' @param odds_ratio Odds ratio of one standard deviation of a normal predictor, or of 1 against 0 of a binary one.
#' @param rate Rate of response at the mean of a normal predictor, or at 0 of a binary one.
#' @param predictor `"normal"` or `"binary"`.
#' @param prevalence Share of patients with 1 of a binary predictor.
#' @param r2 Share of the variance of the predictor that other covariates of the model explain. The formulas divide n by
#'   `1 / (1 - r2)`; the simulation adds one covariate with this share and without an effect of its own.
#' @param test Of the above, one or several.
#' @param alternative `"two.sided"`, `"less"` or `"greater"` than an odds ratio of 1.
#' @return As for [power_paired()]; `effect` is the odds ratio; also `rate`, `prevalence` (of a binary predictor) and `r2`.
#' @references Hsieh FY, Bloch DA, Larsen MD (1998). A simple method of sample size calculation for linear and logistic
#'   regression. *Statistics in Medicine* 17, 1623-1634.
#'   \doi{10.1002/(SICI)1097-0258(19980730)17:14<1623::AID-SIM871>3.0.CO;2-S}
#'
#'   Demidenko E (2007). Sample size determination for logistic regression revisited. *Statistics in Medicine* 26,
#'   3385-3397. \doi{10.1002/sim.2771}
#' @examples
#' power_logistic(odds_ratio = 1.5, rate = 0.5, power = 0.95)
#' power_logistic(n = 62, odds_ratio = 3, rate = 0.4, predictor = "binary", prevalence = 0.3,
#'   test = c("wald", "firth"), trials = 1000, seed = 1)
#' @export
power_logistic <- function(n = NULL, odds_ratio = NULL, power = NULL, rate, predictor = "normal", prevalence = 0.5, r2 = 0,
                           test = "information", alternative = "two.sided", alpha = 0.05, dropout = 0, trials = 10000,
                           seed = NULL, threads = 1) {
  call <- rlang::current_env()
  test <- check_words(test, power_logistic_tests, "test", call)
  check_word(alternative, power_alternatives[1:3], "alternative", call)
  check_word(predictor, c("normal", "binary"), "predictor", call)
  if (missing(rate)) {
    stop_input("argument", c("`rate` is missing.", i = "Give the rate of response at the mean of the predictor, or at 0."),
      "rate", call)
  }
  check_within(rate, "rate", call, 0, 1, open = TRUE)
  check_within(prevalence, "prevalence", call, 0, 1, open = TRUE)
  r2 <- check_within(r2, "r2", call, 0, 1, open = FALSE)
  if (any(r2 == 1)) stop_input("number", "`r2` must be below 1.", "r2", call)
  if (!is.null(odds_ratio)) odds_ratio <- log(check_positive(odds_ratio, "odds_ratio", call))
  words <- power_trial_words("normal", NULL, trials, seed, threads, call)
  out <- power_simulated(power_simulate_logistic, test, match(test, power_logistic_tests) - 1L,
    list(n = n, effect = odds_ratio, power = power), list(alpha = alpha, rate = rate, prevalence = prevalence, r2 = r2),
    list(predictor = match(predictor, c("normal", "binary")) - 1L), words, alternative, dropout, call,
    effect = "odds_ratio")
  out$effect <- exp(out$effect)
  if (predictor == "normal") out$prevalence <- NULL
  attr(out, "settings")[c("shape", "unit")] <- list(NULL, "patients")
  out
}
