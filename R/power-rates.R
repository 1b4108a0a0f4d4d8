#' Power of a comparison of rates
#'
#' Power, number of patients or detectable rate, by going through every outcome: one arm (`binomial`), two arms (`chisq`,
#' `n1_chisq`, `fisher`, `boschloo`, `barnard`, `score`, each as [compare_rates()] tests), the same patients twice
#' (`mcnemar_exact`). Leave one of `n`, `rate` and `power` out.
#'
#' The power of a test of counts goes up and down as n grows. `smallest = "all"` gives the smallest n that no larger one
#' up to 1.5 times the first and 30 more falls short of; `"first"` gives the first n with the power. `size` is the
#' attained level: the probability of rejection at the rate of the hypothesis (for `mcnemar_exact` where gains equal
#' losses). That of `chisq` may exceed `alpha`. Two-sided `binomial` and `mcnemar_exact` are two tests at `alpha / 2`
#' (`two_sided = "central"`); `fisher` orders by probability (`"minlike"`). A detectable rate lies above the reference
#' unless `alternative` is `"less"`.
#'
#' **Non-inferiority and superiority by a margin**: `test = "score"` with the margin in `null` and a one-sided alternative
#' (Farrington and Manning 1990): `null = -0.1, alternative = "greater"` plans to show that the rate is less than 10
#' percentage points below the reference.
#'
#' @inheritParams power_groups
#' @param n Number of analysed patients; of the reference arm for two arms; of pairs for `mcnemar_exact`.
#' @param rate Rate of the event to be found; of the other arm for two arms; of gains (no event, then event) for
#'   `mcnemar_exact`.
#' @param reference Rate of the hypothesis (`binomial`), of the reference arm, or of losses (`mcnemar_exact`).
#' @param from In place of `reference`: one rate of [response_rate()] or [compare_rates()], which is taken with the limits
#'   of its interval, or one row of [audit_percent()].
#' @param null Difference of the rates (other arm minus reference) under the hypothesis, for `"score"`.
#' @param test `"binomial"`, `"chisq"`, `"n1_chisq"`, `"fisher"`, `"boschloo"`, `"barnard"`, `"score"` or `"mcnemar_exact"`,
#'   one or several. Boschloo's and Barnard's tests take some seconds where the number of patients is asked for, which is
#'   looked for up to 250 patients an arm.
#' @param alternative `"two.sided"`, `"less"` or `"greater"`.
#' @param smallest `"all"` or `"first"`, see below.
#' @inherit power_paired return
#' @references Duffy SW (1984). Asymptotic and exact power for the McNemar test and its analogue with R controls per case.
#'   *Biometrics* 40, 1005-1015. \doi{10.2307/2531156}
#'
#'   Farrington CP, Manning G (1990). Test statistics and sample size formulae for comparative binomial trials with null
#'   hypothesis of non-zero risk difference or non-unity relative risk. *Statistics in Medicine* 9, 1447-1454.
#'   \doi{10.1002/sim.4780091208}
#' @examples
#' power_rates(rate = 0.4, reference = 0.2, power = 0.8, test = "binomial", alternative = "greater")
#' power_rates(rate = 0.6, reference = 0.3, power = 0.8, test = c("chisq", "fisher"), dropout = 0.1)
#' power_rates(rate = 0.85, reference = 0.85, null = -0.1, power = 0.8, test = "score",
#'   alternative = "greater", alpha = 0.025)
#' @export
power_rates <- function(n = NULL, rate = NULL, power = NULL, reference, from = NULL, test = "fisher",
                        alternative = "two.sided", null = 0, ratio = 1, alpha = 0.05, smallest = "all", dropout = 0,
                        threads = 1) {
  call <- rlang::current_env()
  test <- check_words(test, c("binomial", power_arms_tests, "mcnemar_exact"), "test", call)
  check_word(alternative, power_alternatives[1:3], "alternative", call)
  check_word(smallest, power_smallest, "smallest", call)
  published <- power_from_rates(from, !missing(reference), call)
  if (!is.null(published)) reference <- published$rate
  if (missing(reference)) {
    stop_input("argument", c("`reference` is missing.", i = "Give the rate of the hypothesis or of the reference arm."),
      "reference", call)
  }
  check_within(reference, "reference", call, 0, 1, open = FALSE)
  if (!is.null(rate)) check_within(rate, "rate", call, 0, 1, open = FALSE)
  check_number(null, "null", call, -1, 1, open = TRUE)
  if (null != 0 && !all(test == "score")) {
    stop_input("argument", c("`null` is the margin of the score test.", i = "Use `test = \"score\"`, or leave `null` out."),
      "null", call)
  }
  if (any(reference + null < 0) || any(reference + null > 1)) {
    stop_input("number", "`reference + null`, the rate of the hypothesis, must lie between 0 and 1.", "null", call)
  }
  if ("mcnemar_exact" %in% test && !is.null(rate) && max(rate) + max(reference) > 1) {
    stop_input("number", "Gains and losses add up to more than 1.", "rate", call)
  }
  most <- min(c(binomial = 20000, boschloo = 600, barnard = 600, score = 5000)[test], Inf, na.rm = TRUE)
  if (any(test %in% c("chisq", "n1_chisq", "fisher", "mcnemar_exact"))) most <- min(most, 1500)
  if (!is.null(n)) check_within(n, "n", call, 1, most, open = FALSE)
  rows <- lapply(test, function(one) {
    power_rows(one, list(n = n, effect = rate, power = power), list(alpha = alpha, null = reference,
      ratio = if (one %in% power_arms_tests) ratio else 1, difference = null), alternative, smallest, dropout, threads, call,
      effect = "rate")
  })
  out <- do.call(power_bind, rows)
  attr(out, "settings")$difference <- null
  power_said(out, if (all(test == "mcnemar_exact")) "pairs" else
    if (any(test %in% power_arms_tests)) "patients in the reference arm" else "patients", published)
}

power_arms_tests <- c("chisq", "n1_chisq", "fisher", "boschloo", "barnard", "score")

#' Two-stage designs of one arm
#'
#' Simon's optimal and minimax designs: after `n1` patients the trial stops where `r1` or fewer respond; after `n`
#' patients the treatment is of no further interest where `r` or fewer responded in all. Every design with n up to `most`
#' is looked at.
#'
#' @param p0 Response rate of no interest.
#' @param p1 Response rate of interest, above `p0`.
#' @param alpha Largest probability of going on at `p0`.
#' @param power Smallest probability of going on at `p1`.
#' @param most Largest n looked at.
#' @return A data frame of two rows: `design`, `r1`, `n1`, `r`, `n`, `n_expected` and `stop_early` (at `p0`), `size`,
#'   `power`. Missing where no design up to `most` keeps both errors.
#' @references Simon R (1989). Optimal two-stage designs for phase II clinical trials. *Controlled Clinical Trials* 10,
#'   1-10. \doi{10.1016/0197-2456(89)90015-9}
#' @examples
#' power_two_stage(p0 = 0.05, p1 = 0.25)
#' @export
power_two_stage <- function(p0, p1, alpha = 0.05, power = 0.8, most = 100) {
  call <- rlang::current_env()
  check_number(p0, "p0", call, 0, 1, open = TRUE)
  check_number(p1, "p1", call, 0, 1, open = TRUE)
  if (!(p1 > p0)) stop_input("number", "`p1` must lie above `p0`.", "p1", call)
  check_number(alpha, "alpha", call, 0, 1, open = TRUE)
  check_number(power, "power", call, 0, 1, open = TRUE)
  most <- check_whole(most, "most", call, 2, 250)
  answer <- ask_core(power_simon(p0, p1, alpha, power, most), call)
  out <- data.frame(design = c("optimal", "minimax"), answer)
  out[is.na(out$n), -1] <- NA
  out
}
