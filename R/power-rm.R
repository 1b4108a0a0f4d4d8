power_rm_tests <- c("anova", "gg", "hf", "multivariate")
power_rm_effects <- c("visit", "interaction")

#' Power of repeated measures
#'
#' Power, patients in each arm or detectable size of the course for the effect of the visits, or for the arms' effect on
#' the course (arm x visit): leave one of `n`, `scale` and `power` out.
#'
#' The means are given; `scale` multiplies them, so that a detectable size is a multiple of the course that was given.
#' `"multivariate"` (Hotelling's T-squared: one arm, the visits, or two arms) is exact for every covariance, `"anova"`
#' where the changes between visits all have the same variance (compound symmetry among others): both by the noncentral
#' F. `"anova"` of another covariance, and the tests corrected by Greenhouse and Geisser (`"gg"`) or Huynh and Feldt
#' (`"hf"`) are the share of simulated trials in which [rm_anova()] would reject. Uncorrected `"anova"` without sphericity
#' rejects too often and is no guide.
#'
#' @inheritParams power_paired
#' @param means Means of the visits: a vector for one arm, a matrix or list with an arm in each row or element.
#' @param sd Standard deviation, one or one a visit.
#' @param r Correlation: of every two visits (`"cs"`), or of neighbouring ones (`"ar1"`: `r` to the power of the distance).
#' @param structure `"cs"` or `"ar1"`.
#' @param covariance Covariance of the visits, in place of `sd`, `r` and `structure`.
#' @param n Number of analysed patients of each arm.
#' @param scale What the means are multiplied by.
#' @param effect `"visit"`, or with several arms `"interaction"`, which is then the default.
#' @param test `"anova"`, `"gg"`, `"hf"` or `"multivariate"`, one or several.
#' @return As for [power_paired()]; `effect` is the multiple of the means.
#' @references Muller KE, Barton CN (1989). Approximate power for repeated-measures ANOVA lacking sphericity. *Journal of the
#'   American Statistical Association* 84, 549-555. \doi{10.1080/01621459.1989.10478802}
#' @examples
#' power_rm(c(7.9, 9.1, 9.6), sd = 1.2, r = 0.5, power = 0.9)
#' power_rm(list(control = c(8, 8, 8), treated = c(8, 8.5, 9)), sd = 1.2, r = 0.6,
#'   structure = "ar1", n = 20, test = c("gg", "multivariate"), trials = 2000, seed = 1)
#' @export
power_rm <- function(means, n = NULL, scale = 1, power = NULL, sd = 1, r = NULL, structure = "cs", covariance = NULL,
                     effect = NULL, test = "multivariate", alpha = 0.05, dropout = 0, trials = 10000, seed = NULL,
                     threads = 1) {
  call <- rlang::current_env()
  means <- power_rm_means(means, call)
  effect <- effect %||% if (ncol(means) > 1L) "interaction" else "visit"
  check_word(effect, power_rm_effects, "effect", call)
  test <- check_words(test, power_rm_tests, "test", call)
  covariance <- power_rm_covariance(covariance, sd, r, structure, nrow(means), missing(sd), call)
  power_rm_fit(means, effect, test, call)
  if (is.null(n) && is.null(power)) {
    stop_input("argument", "Give `n` or `power`; `scale = NULL` asks for the detectable size.", "n", call)
  }
  words <- power_trial_words("normal", NULL, trials, seed, threads, call)
  out <- power_simulated(power_simulate_rm, test, match(test, power_rm_tests) - 1L,
    list(n = n, effect = scale, power = power), list(alpha = alpha), list(mean = means, covariance = covariance,
      rm_effect = match(effect, power_rm_effects) - 1L), words, "two.sided", dropout, call, arms = ncol(means),
    effect = "scale")
  attr(out, "settings")[c("shape", "unit")] <- list(NULL, if (ncol(means) > 1L) "patients in each arm" else "patients")
  attr(out, "settings")$effect <- effect
  out
}

# Visits in rows, arms in columns.
power_rm_means <- function(means, call) {
  if (is.list(means) && !is.data.frame(means) && length(unique(lengths(means))) == 1L) means <- do.call(rbind, means)
  if (is.data.frame(means)) means <- as.matrix(means)
  out <- if (is.matrix(means)) t(means) else matrix(if (is.numeric(means)) means else NA_real_)
  if (!is.numeric(out) || nrow(out) < 2L || nrow(out) > 50L || !all(is.finite(out))) {
    stop_input("number", c("`means` must be numbers: a vector of two or more visits, or a row for each arm.",
      i = "For example `list(control = c(8, 8, 8), treated = c(8, 8.5, 9))`."), "means", call)
  }
  storage.mode(out) <- "double"
  unname(out)
}

power_rm_covariance <- function(covariance, sd, r, structure, visits, default_sd, call) {
  if (!is.null(covariance)) {
    if (!default_sd || !is.null(r)) {
      stop_input("argument", "`covariance` stands in place of `sd`, `r` and `structure`.", "covariance", call)
    }
    if (!is.numeric(covariance) || !identical(dim(covariance), c(visits, visits)) || !all(is.finite(covariance)) ||
        !isSymmetric(unname(covariance))) {
      stop_input("number", paste0("`covariance` must be a symmetric matrix of ", visits, " rows and columns."), "covariance",
        call)
    }
    return(power_rm_possible(unname(covariance + 0), "covariance", call))
  }
  check_word(structure, c("cs", "ar1"), "structure", call)
  check_within(sd, "sd", call, 1e-150, 1e150, open = FALSE)
  if (!length(sd) %in% c(1L, visits)) {
    stop_input("number", paste0("`sd` must be one number or ", visits, ", one a visit."), "sd", call)
  }
  if (is.null(r)) {
    stop_input("argument", c("`r` is missing.", i = "Give the correlation of two visits, or `covariance`."), "r", call)
  }
  check_number(r, "r", call, -1, 1, open = TRUE)
  sd <- rep_len(sd, visits)
  distance <- abs(outer(seq_len(visits), seq_len(visits), `-`))
  correlation <- if (structure == "ar1") r^distance else ifelse(distance == 0, 1, r)
  power_rm_possible(correlation, "r", call) * outer(sd, sd)
}

# No data have a covariance with a negative eigenvalue (of the correlations, so that units do not count).
power_rm_possible <- function(covariance, argument, call) {
  spread <- sqrt(pmax(0, diag(covariance)))
  correlation <- covariance / outer(spread, spread)
  if (any(spread == 0) || !all(is.finite(correlation)) || min(eigen(correlation, TRUE, TRUE)$values) < -1e-8) {
    stop_input("number", if (argument == "r") {
      c(paste0("No measurements at ", nrow(covariance), " visits can all have the correlation ",
        given_value(correlation[1, 2]), "."),
        i = paste0("With `structure = \"cs\"` it is ", signif(-1 / (nrow(covariance) - 1), 4), " or more."))
    } else {
      c("No measurements can have this `covariance`.", i = "Its variances must be above 0 and its eigenvalues not below 0.")
    }, argument, call)
  }
  covariance
}

power_rm_fit <- function(means, effect, test, call) {
  if (effect == "interaction" && ncol(means) < 2L) {
    stop_input("word", c("An interaction needs the means of two or more arms.", i = "Give a row of `means` for each arm."),
      "effect", call)
  }
  if ("multivariate" %in% test && effect == "interaction" && ncol(means) > 2L) {
    stop_input("word", c("`multivariate` is planned for the visits, or for two arms.", i = "Use `test = \"gg\"`."),
      "test", call)
  }
  course <- if (effect == "visit") rowMeans(means) else means - rowMeans(means)
  flat <- if (effect == "visit") diff(range(course)) == 0 else
    max(apply(course, 2L, function(x) diff(range(x)))) <= 1e-12 * max(abs(means), 1e-300)
  if (flat) {
    stop_input("number", if (effect == "visit") "The means of all visits are alike: nothing is to be found." else
      "The courses of all arms run in parallel: nothing is to be found.", "means", call)
  }
}
