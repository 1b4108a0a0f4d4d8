# Power, sample size and detectable effect: the words, the rows and the call of the core. The places of words are those of
# inst/include/respondr/power/types.hpp.

power_tests <- c("t", "student", "welch", "ancova", "mann_whitney", "anova", "binomial", "chisq", "fisher",
  "mcnemar_exact", "n1_chisq", "boschloo", "barnard", "score")
power_alternatives <- c("two.sided", "less", "greater", "equivalence")
power_smallest <- c("all", "first")

#' Power of a before/after comparison
#'
#' Power, number of pairs or detectable change of the paired t-test, the sign test and the signed-rank test: leave one of
#' `n`, `effect` and `power` out.
#'
#' The power of the t-test is exact for normal changes (noncentral t, both tails counted); of an equivalence test it is the
#' probability that both one-sided tests reject. The power of the sign test is exact for every shape: a change lies above
#' or below the hypothesis with chances that the shape gives, and the number above is binomial. Of the signed-rank test,
#' and of the t-test of other shapes or of rounded changes, the power is the share of simulated trials in which
#' [compare_paired()] would reject, with its 95 % interval. Trials draw the same random numbers for every number of pairs,
#' effect and thread. Exact tests are so in the simulation as in [compare_paired()], up to about 350 pairs.
#'
#' The power of the sign and the signed-rank test goes up and down as n grows. The number of pairs is the smallest that no
#' larger one falls short of: up to 1.5 times the first with enough and 30 more (sign), up to 24 more (signed rank; beyond
#' 100 pairs the ups and downs are finer than the trials tell). `effect` is a mean. The sign test looks at the median,
#' which in `"lognormal"` changes lies below the mean.
#'
#' The standard deviation of the change is given as `sd_change`, or follows from the two visits as
#' `sqrt(sd_before^2 + sd_after^2 - 2 r sd_before sd_after)` (these three belong together, one design each), or is taken
#' `from` other results: see below. Other vectors give one row for each combination, which [plot()] draws as power curves.
#'
#' @section Figures from other results:
#' `from` takes the spread of the change from rows of [compare_paired()] with method `t` (patients, printed figures or
#' [stored_cohort()] patients; several rows, for example one a reconstructed cohort, give several plans), or from one row
#' of [audit_paired()]: the standard deviation of the change that the printed P implies, and the ends of its range over
#' rounding with the correlation between -1 and 1 where they are above 0. A contradiction is no basis for a plan and stops.
#'
#' @param n Number of pairs that are analysed (after dropout).
#' @param effect Mean change, after minus before, in the units of the standard deviation. `"published"` takes `shrink`
#'   times the change of `from` and warns, since published effects are on average too large.
#' @param power Power wanted, strictly between 0 and 1.
#' @param sd_change Standard deviation of the change.
#' @param sd_before,sd_after,r Standard deviations at the two visits and their correlation.
#' @param from Rows of [compare_paired()] or of [audit_paired()], see below.
#' @param shrink Share of a published effect that is planned with, at most 1.
#' @param alternative `"two.sided"`, `"less"`, `"greater"` or `"equivalence"`.
#' @param null Change of the hypothesis. For non-inferiority: the margin, with a one-sided alternative.
#' @param margin Equivalence: one number (both sides alike) or two.
#' @param alpha Level of the test; of each one-sided test of an equivalence.
#' @param dropout Share of the enrolled patients who are not analysed; `n_enrolled` allows for it in each arm.
#' @param test `"t"`, `"signed_rank"` or `"sign"`, one or several.
#' @param shape Distribution of the changes: `"normal"`, `"uniform"`, `"logistic"`, `"laplace"`, `"lognormal"` (skewness
#'   1.75) or `"t5"` (heavy tails), each with mean `effect` and the standard deviation asked for.
#' @param decimals Decimals to which the simulated changes are rounded, which makes ties; `NULL`: not rounded.
#' @param trials Number of simulated trials.
#' @param seed One whole number, or the two that a result stores; by default drawn from R's generator.
#' @param threads Number of threads; results are the same for any number.
#' @return A data frame of class `respondr_power`: `test`, `alternative`, `alpha`, `sd`, `sd_level`, `r` (of `change` and
#'   `ancova`), `ratio` (of two arms), `null_value`, `effect`, `n`, `n_level`, `n_total`, `n_enrolled`, `power` (attained)
#'   and `power_target` (asked for), `conf_low`, `conf_high` and `trials` (simulated power), `size` (attained level of tests
#'   of counts), `asked` (which of the three was left out) and `status`. The attribute `settings` holds everything else.
#' @references Phillips KF (1990). Power of the two one-sided tests procedure in bioequivalence. *Journal of
#'   Pharmacokinetics and Biopharmaceutics* 18, 137-144. \doi{10.1007/BF01063556}
#' @examples
#' power_paired(effect = 1, power = 0.9, sd_before = 1.4, sd_after = 1.6, r = 0.6, dropout = 0.1)
#' weight <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, method = "t")
#' power_paired(n = 20, power = 0.8, from = weight)
#' power_paired(n = 30, effect = 0.6, sd_change = 1, test = c("t", "signed_rank"), shape = "t5",
#'   trials = 2000, seed = 1)
#' @export
power_paired <- function(n = NULL, effect = NULL, power = NULL, sd_change = NULL, sd_before = NULL, sd_after = NULL,
                         r = NULL, from = NULL, shrink = 0.5, test = "t", alternative = "two.sided", null = 0, margin = NULL,
                         alpha = 0.05, dropout = 0, shape = "normal", decimals = NULL, trials = 10000, seed = NULL,
                         threads = 1) {
  call <- rlang::current_env()
  test <- check_words(test, power_paired_tests, "test", call)
  check_word(alternative, power_alternatives, "alternative", call)
  check_word(shape, power_shapes, "shape", call)
  published <- power_from_paired(from, call)
  if (identical(effect, "published")) {
    effect <- power_published(published, shrink, call)
  }
  spread <- power_spread(sd_change, sd_before, sd_after, r, published, call)
  limits <- power_margin(margin, alternative, null, call)
  if (!identical(test, "t") || shape != "normal" || !is.null(decimals)) {
    power_no_equivalence(alternative, call)
    words <- power_trial_words(shape, decimals, trials, seed, threads, call)
    out <- power_simulated(power_simulate_paired, test, match(test, power_paired_tests) - 1L,
      list(n = n, effect = effect, power = power), list(alpha = alpha, sd = spread, sd_level = 1, null = null), list(),
      words, alternative, dropout, call)
    return(power_said(out, "pairs", published))
  }
  out <- power_rows("t", list(n = n, effect = effect, power = power), list(alpha = alpha, sd = spread, null = null),
    alternative, dropout = dropout, threads = threads, call = call, limits = limits)
  power_said(out, "pairs", published)
}

#' Power of a comparison of independent groups
#'
#' Power, number of patients or detectable difference: leave one of `n`, `effect` and `power` out. Student and ANCOVA by
#' the noncentral t, Welch by averaging it over the estimated variances, ANOVA by the noncentral F: all exact for normal
#' values (ANCOVA: given equal baselines of the arms). Mann-Whitney by Noether's asymptotic formula.
#'
#' With a `shape`, trials of `student`, `welch` and `mann_whitney` are simulated: the power is the share in
#' which [compare_groups()] would reject, `effect` the difference of means for all of them (see [power_paired()]). The
#' number of patients for `mann_whitney` is then looked for as that of the signed-rank test there.
#'
#' With `r`, the correlation of baseline and follow-up, the same trial can be planned three ways: `student` compares the
#' final values (standard deviation `sd`), `change` the changes (`sd * sqrt(2 (1 - r))`), `ancova` the final values at
#' equal baseline (`sd * sqrt(1 - r^2)`). Ask for several in `test` to see them together.
#'
#' @inheritParams power_paired
#' @param n Number of analysed patients of the reference arm; of each group for `anova`.
#' @param effect Difference of means, level minus reference. For `mann_whitney` the probability that a patient of the
#'   other arm lies above one of the reference (0.5: no difference); for `anova` Cohen's f.
#' @param test `"student"`, `"change"`, `"ancova"`, `"welch"`, `"mann_whitney"` or `"anova"`, one or several.
#' @param shape `NULL` for the formulas, or the distribution of the simulated values, see [power_paired()].
#' @param decimals Decimals to which simulated values are rounded; `NULL`: not rounded.
#' @param sd Standard deviation, of the reference arm if `sd_level` is given.
#' @param sd_level Standard deviation of the other arm (`welch`, and simulated trials): a column of the result where given.
#' @param r Correlation of baseline and follow-up, one or several.
#' @param from In place of `sd`: rows of [compare_groups()] with method `student`, whose pooled standard deviations are
#'   taken. In place of `r`: one row of [audit_paired()], whose implied correlation and the ends of its range are taken.
#' @param ratio Patients of the other arm for each one of the reference.
#' @param groups Number of groups (`anova`).
#' @param means Means of the groups, in place of `effect` (`anova`).
#' @inherit power_paired return
#' @references Moser BK, Stevens GR, Watts CL (1989). The two-sample t test versus Satterthwaite's approximate F test.
#'   *Communications in Statistics - Theory and Methods* 18, 3963-3975. \doi{10.1080/03610928908830169}
#'
#'   Noether GE (1987). Sample size determination for some common nonparametric tests. *Journal of the American
#'   Statistical Association* 82, 645-647. \doi{10.1080/01621459.1987.10478478}
#'
#'   Borm GF, Fransen J, Lemmens WAJG (2007). A simple sample size formula for analysis of covariance in randomized
#'   clinical trials. *Journal of Clinical Epidemiology* 60, 1234-1238. \doi{10.1016/j.jclinepi.2007.02.006}
#' @examples
#' power_groups(effect = 5, power = 0.8, sd = 10, r = 0.6, test = c("student", "change", "ancova"))
#' power_groups(means = c(1, 2, 3), sd = 2, power = 0.9, test = "anova")
#' power_groups(n = 21, ratio = 2, effect = 15, sd = 20, test = c("welch", "mann_whitney"),
#'   shape = "lognormal", trials = 2000, seed = 1)
#' @export
power_groups <- function(n = NULL, effect = NULL, power = NULL, test = "student", sd = 1, sd_level = NULL, r = NULL,
                         from = NULL, ratio = 1, groups = length(means), means = NULL, alternative = "two.sided",
                         null = 0, margin = NULL, alpha = 0.05, dropout = 0, shape = NULL, decimals = NULL, trials = 10000,
                         seed = NULL, threads = 1) {
  call <- rlang::current_env()
  check_word(alternative, power_alternatives, "alternative", call)
  published <- power_from_groups(from, !missing(sd), !is.null(r), call)
  if (!is.null(published$r) && !any(test %in% c("change", "ancova"))) {
    stop_input("argument", c("An audit in `from` gives the correlation, which these tests do not use.",
      i = "Give `sd`, or ask for `change` or `ancova`."), "from", call)
  }
  sd <- published$sd %||% sd
  r <- published$r %||% r
  if (!is.null(shape) || !is.null(decimals)) {
    words <- power_trial_words(shape %||% "normal", decimals, trials, seed, threads, call)
    return(power_groups_simulated(test, list(n = n, effect = effect, power = power), list(alpha = alpha, sd = sd,
      sd_level = sd_level %||% sd, null = null, ratio = ratio), alternative, dropout, list(means, margin, r), words, call))
  }
  test <- check_words(test, c("student", "change", "ancova", "welch", "mann_whitney", "anova"), "test", call)
  limits <- power_margin(margin, alternative, null, call)
  check_positive(sd, "sd", call)
  power_groups_fit(test, alternative, r, sd_level, null, call)
  if ("anova" %in% test) power_anova_fit(test, alternative, effect, groups, means, list(ratio, null, sd_level), call)
  if (!is.null(means)) power_cohen(means, sd, effect, test, call)
  designs <- expand.grid(r = r %||% NA_real_, spread = seq_along(sd), test = test, stringsAsFactors = FALSE)
  designs$r[!designs$test %in% c("change", "ancova")] <- NA
  designs <- unique(designs)
  rows <- Map(function(at, one, r) {
    factor <- switch(one, change = sqrt(2 * (1 - r)), ancova = sqrt(1 - r^2), 1)
    numbers <- list(alpha = alpha, sd = factor * sd[at], sd_level = sd_level %||% sd[at], ratio = ratio, null = null,
      groups = if (one == "anova") groups else 2)
    f <- if (is.null(means)) effect else power_cohen(means, sd[at], effect, test, call)
    out <- power_rows(one, list(n = n, effect = f, power = power), numbers, alternative, dropout = dropout,
      threads = threads, call = call, limits = limits)
    out$r <- rep(r, nrow(out))
    out
  }, designs$spread, designs$test, designs$r)
  rows <- unname(rows)
  unit <- if (all(test == "anova")) "patients in each group" else "patients in the reference arm"
  power_said(do.call(power_bind, rows), unit, published)
}

power_groups_simulated <- function(test, three, numbers, alternative, dropout, unused, words, call) {
  test <- check_words(test, power_groups_tests, "test", call)
  power_no_equivalence(alternative, call)
  if (!all(vapply(unused, is.null, NA))) {
    stop_input("argument", c("`means`, `margin` and `r` do not belong to simulated trials.",
      i = "Give `effect`, the difference of means, and `sd`."), "shape", call)
  }
  for (name in c("sd", "sd_level", "ratio")) check_positive(numbers[[name]], name, call)
  if (length(numbers$sd) > 1L) stop_input("number", "`sd` must be one number where trials are simulated.", "sd", call)
  out <- power_simulated(power_simulate_groups, test, match(test, power_groups_tests) - 1L, three, numbers, list(), words,
    alternative, dropout, call, arms = "ratio")
  attr(out, "settings")$unit <- "patients in the reference arm"
  out
}

power_no_equivalence <- function(alternative, call) {
  if (alternative == "equivalence") {
    stop_input("word", c("Equivalence is planned by formula, not by simulation.",
      i = "Use the t-test of normal, unrounded values."), "alternative", call)
  }
}

# An analysis of variance stands alone; what belongs to two arms, or says the groups twice, is refused.
power_anova_fit <- function(test, alternative, effect, groups, means, unused, call) {
  if (length(test) > 1L || alternative != "two.sided") {
    stop_input("word", c("`anova` stands alone and has no side.", i = "Ask for it in a call of its own."), "test", call)
  }
  if (!identical(as.double(unused[[1]]), 1) || !identical(as.double(unused[[2]]), 0) || !is.null(unused[[3]])) {
    stop_input("argument", c("`ratio`, `null` and `sd_level` belong to two arms.",
      i = "An analysis of variance has `groups` of one size."), "test", call)
  }
  if (is.null(means) && !length(groups) || identical(as.double(groups), 0)) {
    stop_input("number", c("`groups` is missing.", i = "Give the number of groups, or their `means`."), "groups", call)
  }
  check_whole(groups, "groups", call, 2, 1e4)
  if (!is.null(means) && groups != length(means)) {
    stop_input("argument", paste0("`means` are those of ", length(means), " groups, and `groups` is ", groups, "."), "groups",
      call)
  }
  if (!is.null(effect)) check_within(effect, "effect", call, 0, 1e300, open = FALSE)
}

# Which words do not go together.
power_groups_fit <- function(test, alternative, r, sd_level, null, call) {
  if (any(test %in% c("change", "ancova"))) {
    if (!length(r)) {
      stop_input("number", c("`r` is missing.", i = "`change` and `ancova` need the correlation of baseline and follow-up."),
        "r", call)
    }
    check_within(r, "r", call, -1, 1, open = TRUE)
  }
  if (!is.null(sd_level)) {
    check_positive(sd_level, "sd_level", call)
    if (!all(test == "welch")) {
      stop_input("argument", c("`sd_level`, another standard deviation of the other arm, belongs to `welch`.",
        i = "The other formulas take one for both arms; with `shape = \"normal\"` they are simulated with two."), "sd_level", call)
    }
  }
  if (alternative == "equivalence" && any(test %in% c("welch", "mann_whitney"))) {
    stop_input("word", c("Equivalence is planned for `student`, `change` and `ancova`.", i = "Leave the other tests out."),
      "alternative", call)
  }
  if ("mann_whitney" %in% test && (length(test) > 1L || !identical(as.double(null), 0))) {
    stop_input("word", c("`mann_whitney` has an effect of its own: a probability, 0.5 without a difference.",
      i = "Ask for it in a call of its own and without `null`."), "test", call)
  }
}

power_cohen <- function(means, sd, effect, test, call) {
  if (!identical(test, "anova") || !is.null(effect)) {
    stop_input("argument", "`means` stands in place of `effect` and belongs to `anova`.", "means", call)
  }
  if (!is.numeric(means) || length(means) < 2L || !all(is.finite(means))) {
    stop_input("number", "`means` must be two or more numbers.", "means", call)
  }
  sqrt(mean((means - mean(means))^2)) / sd
}

# Standard deviation of the change.
power_spread <- function(sd_change, sd_before, sd_after, r, published, call) {
  given <- c(!is.null(sd_change), !is.null(sd_before) || !is.null(sd_after) || !is.null(r), !is.null(published))
  if (sum(given) != 1L) {
    stop_input("argument", c("The spread of the change must be given once.",
      i = "Give `sd_change`, or `sd_before`, `sd_after` and `r`, or `from`."), "sd_change", call)
  }
  if (given[3]) {
    return(published$sd)
  }
  if (given[2]) {
    check_positive(sd_before, "sd_before", call)
    check_positive(sd_after, "sd_after", call)
    if (!is.numeric(r) || !length(r) || anyNA(r) || any(abs(r) > 1)) {
      stop_input("number", paste0("`r` must lie between -1 and 1, not ", given_value(r), "."), "r", call)
    }
    sizes <- c(length(sd_before), length(sd_after), length(r))
    if (any(sizes > 1L & sizes != max(sizes))) {
      stop_input("length", c("`sd_before`, `sd_after` and `r` have different lengths.",
        i = "They belong together, one design each: give one number, or as many."), "sd_before", call)
    }
    sd_change <- sqrt(pmax(0, sd_before^2 + sd_after^2 - 2 * r * sd_before * sd_after))
    if (any(sd_change <= 1e-12 * sd_before)) {
      stop_input("number", c("The change would have no spread: every patient changes alike.",
        i = "A correlation of 1 with equal standard deviations leaves nothing to test."), "r", call)
    }
  }
  check_positive(sd_change, "sd_change", call)
}

power_margin <- function(margin, alternative, null, call) {
  if (alternative != "equivalence") {
    if (!is.null(margin)) {
      stop_input("argument", c("`margin` belongs to `alternative = \"equivalence\"`.",
        i = "For non-inferiority give the margin as `null` with a one-sided alternative."), "margin", call)
    }
    return(c(NA_real_, NA_real_))
  }
  if (!identical(as.double(null), 0)) {
    stop_input("argument", c("An equivalence test has no `null`.", i = "Its hypotheses are the two ends of `margin`."), "null", call)
  }
  ok <- is.numeric(margin) && length(margin) %in% 1:2 && all(is.finite(margin))
  limits <- if (ok && length(margin) == 1L) c(-abs(margin), abs(margin)) else margin
  if (!ok || !(limits[1] < limits[2])) {
    stop_input("margin", c("`margin` must be one number or a lower and an upper one.", i = "For example `margin = 0.5`."),
      "margin", call)
  }
  as.double(limits)
}
