#' Compare independent groups
#'
#' The contrast is always **level minus reference** (the first arm, or the one named by `reference`), the reverse of
#' `t.test(x, y)` on the same words; every result names it. With more than two arms each is compared with the reference, or
#' all pairs (`contrasts = "pairwise"`), one row a comparison. Each row shows the patients of both arms and those without a
#' value.
#'
#' @section What may be given:
#' * a data frame: `hb ~ arm`; several outcomes by `hb + hbf ~ arm` or `cbind(hb, hbf) ~ arm`, or `~ arm` with
#'   `outcomes = c("hb", "hbf")`. A numeric matrix with one row a patient may stand on the left.
#' * two vectors: `compare_groups(x, y)` is y minus x; values and their arms: `compare_groups(values, arm)`; two matrices
#'   with
#'   one row a patient and the same columns.
#' * summary figures, one entry an arm: `compare_groups(n = c(41, 21), mean = c(9.1, 8.2), sd = c(1.2, 1.4))`, with `arms` or
#'   names; with `data` they may be names of its columns, `by` and a column `outcome` telling comparisons apart.
#'
#' @section Methods and the interval each is paired with:
#' With n1, m1, s1 of the level and n0, m0, s0 of the reference:
#' * `"welch"` (the default): (m1 - m0) / sqrt(s1^2 / n1 + s0^2 / n0), t on Satterthwaite's degrees of freedom (Welch
#'   1947), and
#'   the interval of the same t. It does not assume that both arms vary alike.
#' * `"student"`: (m1 - m0) / (s sqrt(1 / n1 + 1 / n0)) with the pooled s, t on n1 + n0 - 2 df.
#' * `"z"`: the same with standard deviations known beforehand (`sigma`), normal.
#' * `"mann_whitney"` (Wilcoxon's rank-sum test): U, the number of pairs in which the level is the larger, ties one half.
#'   Exact
#'   conditional distribution with ties; estimate the Hodges-Lehmann shift (median of all differences), interval the
#'   inversion of
#'   the same test, its attained level in `conf_attained`.
#' * `"brunner_munzel"`: P(level > reference) + P(equal) / 2 with its t interval (Brunner and Munzel 2000), valid also where
#'   spreads differ. `distribution = "exact"` or `"monte_carlo"` permutes the studentized statistic (Neubert and Brunner
#'   2007).
#' * `"permutation"`: difference of means over all relabellings (Pitman 1937), with the interval that inverts it. Two-sided:
#'   twice the smaller tail.
#' * `"bootstrap"`: each arm resampled, BCa (Efron 1987) or percentile interval; the p-value inverts that interval.
#'
#' @section Several arms together:
#' One row an outcome and method, from rows or (the first three) summary figures: `"anova"`; `"welch_anova"` (Welch 1951); `"f_star"`
#' (Brown and Forsythe 1974); `"kruskal_wallis"`, exact, asymptotic or Monte Carlo; `"jonckheere"`, a trend over the arms in their
#' order. `effect`: `"eta2"` (the default), `"omega2"`, `"epsilon2"` with limits l / (l + N) from the noncentral F (Steiger 2004);
#' for ranks `"rank_epsilon2"` or `"rank_eta2"` with BCa limits.
#'
#' @section Families of contrasts:
#' Each has p and interval of the single comparison, and `p_adjusted` with simultaneous limits for the family: `"tukey"`
#' (Tukey-Kramer), `"games_howell"`, `"dscf"` (Dwass, Steel, Critchlow and Fligner, ranks) for all pairs; `"dunnett"`, `"steel"`
#' (ranks) for every arm against the reference; `"dunn"` (mean ranks) with adjusted p only.
#'
#' @section Change between arms:
#' `after ~ arm` with `baseline = before`, or rows of visits `outcome ~ arm * visit | id` (each later visit beside the first, or the
#' one in `reference = c(visit = ...)`): the change within each arm, the difference of changes (`"change_score"`), the difference at
#' equal baseline with adjusted means (`"ancova"`), the slope on baseline and the test of arm x baseline, in one table.
#'
#' @section Distribution:
#' `"auto"` is exact while the work known beforehand is below `exact_limit` elementary steps and seeded Monte Carlo beyond
#' it, with the 99 % interval of the p in `p_low`, `p_high`. `"exact"` beyond the limit gives the status `too_large`. For
#' `"brunner_munzel"` `"auto"` is the t approximation, the test as published.
#'
#' @section Effect sizes:
#' With D the difference of means minus `null`:
#' * `d` = D / pooled SD, interval from the noncentral t distribution;
#' * `d_av` = D / sqrt((s1^2 + s0^2) / 2), interval of Bonett (2008);
#' * `glass_delta` = D / s0, interval of Bonett (2008);
#' * `prob_superiority` = P(level > reference) + P(equal) / 2, interval of Newcombe (2006, method 5);
#' * `rank_biserial` = 2 prob_superiority - 1, limits likewise.
#'
#' `hedges = TRUE` multiplies the d family by the exact correction J (Hedges 1981) and names them g, g_av,
#' glass_delta_corrected.
#'
#' @param x A formula, a numeric vector or matrix, or nothing when summary figures are given.
#' @param y The second sample (compared with `x`), or the arm of each value of `x` (factor, text or logical).
#' @param data A data frame for the formula.
#' @param ... Must be empty.
#' @param outcomes Names of outcome columns, as text, with a formula that has no left side.
#' @param by Columns whose combinations are analysed apart (names, text, `c(...)` or a one-sided formula).
#' @param subset A condition on the rows of `data`.
#' @param reference The arm compared with; by default the first level (of text arms the first in the alphabet), always printed.
#' @param contrasts `"reference"`, each arm with the reference, or `"pairwise"`, all pairs, later minus earlier.
#' @param alternative `"two.sided"`, `"less"`, `"greater"` (of the printed contrast), or `"equivalence"` with `margins`: two
#'   one-sided tests, interval of level 1 - 2 alpha. One-sided intervals are open to infinity, or to the end of the range
#'   of a
#'   probability or a ratio.
#' @param method One or several of `"welch"`, `"student"`, `"z"`, `"mann_whitney"`, `"brunner_munzel"`, `"permutation"`,
#'   `"bootstrap"`; or of the tests of several arms, of a family of contrasts, or of change (see there).
#' @param null The value of the estimate under the null hypothesis; by default 0, or 0.5 for a probability.
#' @param margins Lower and upper equivalence margin, on the scale of the estimate.
#' @param conf_level Confidence level.
#' @param distribution `"auto"`, `"exact"`, `"asymptotic"` or `"monte_carlo"`; see Distribution.
#' @param two_sided Rule of the two-sided exact p of the Mann-Whitney test: `"distance"` (U as far from its mean as
#'   observed, as
#'   SAS and coin) or `"central"` (twice the smaller tail).
#' @param continuity Continuity correction of the asymptotic Mann-Whitney test; `NULL` leaves it to `convention`.
#' @param effect `"default"` (d for student and permutation, d_av for welch and bootstrap, prob_superiority for mann_whitney,
#'   rank_biserial for brunner_munzel), `"none"`, or names; several names repeat each row.
#' @param hedges Small-sample correction of the d family.
#' @param boot_conf Interval of the bootstrap method: `"bca"` or `"percentile"`.
#' @param sigma Known standard deviations for `"z"`: one number, or one for each arm under its name. With summary figures
#'   `sd`.
#' @param p_adjust `"none"` or a method of [stats::p.adjust()]; `"bonferroni"` gives simultaneous intervals as well.
#' @param adjust_over Columns whose rows form one family, for example `"contrast"`; `NULL` takes all rows of a method.
#' @param convention `"respondr"`, or the choices by which `"sas"`, `"spss"` or `"r"` (base R before 4.6) would compute the
#'   Mann-Whitney test: exact or not, continuity, and SAS's asymptotic limits (Moses).
#' @param replicates Monte Carlo and bootstrap replicates.
#' @param seed One whole number for the random methods, or the two that a result stores; by default drawn from R's generator.
#' @param exact_limit Elementary steps an exact answer may take, per problem.
#' @param threads Threads; results are the same bits for any number.
#' @param baseline Columns measured before treatment, one for each outcome or one for all of them, for `"change_score"` and
#'   `"ancova"`. With names, `c(hb_12 = hb_0, ...)`, they are matched to the outcomes.
#' @param covariance `"classical"`, or `"hc3"` (MacKinnon and White 1985) for the analysis of covariance and the test of the
#'   changes.
#' @param n,mean,sd,arms Summary figures, one entry an arm, and the arm of each.
#'
#' @return A data frame of class `respondr_groups`, one row per outcome, `by` combination, contrast and method. The
#'   columns are
#'   described in [result_columns]. Rows that cannot be answered carry a `status`.
#'
#' @section Errors:
#' Wrong words stop the call with a condition of class `respondr_error` that names the argument: unknown columns, a column
#' that is two of outcome, arm and group, text outcomes, infinite values, an id without `arm * visit`, a single arm, figures that are incomplete.
#'
#' @references
#' Welch BL (1947) \doi{10.1093/biomet/34.1-2.28}. Mann HB, Whitney DR (1947) \doi{10.1214/aoms/1177730491}. Hodges JL,
#' Lehmann
#' EL (1963) \doi{10.1214/aoms/1177704172}. Brunner E, Munzel U (2000)
#' \doi{10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U}. Neubert K, Brunner E (2007)
#' \doi{10.1016/j.csda.2006.05.024}. Efron B (1987) \doi{10.1080/01621459.1987.10478410}. Hedges LV (1981)
#' \doi{10.3102/10769986006002107}. Bonett DG (2008) \doi{10.1037/1082-989X.13.2.99}. Newcombe RG (2006)
#' \doi{10.1002/sim.2324}. Schuirmann DJ (1987) \doi{10.1007/BF01068419}.
#'
#' @examples
#' change <- transform(MASS::anorexia, gain = Postwt - Prewt)
#' compare_groups(gain ~ Treat, change, reference = "Cont", method = c("welch", "mann_whitney"))
#' compare_groups(c(8.1, 7.4, 9.0, 8.8), c(9.9, 8.6, 10.2, 9.7, 9.1), method = "mann_whitney")
#' compare_groups(n = c(control = 21, treated = 41), mean = c(8.2, 9.1), sd = c(1.4, 1.2))
#' compare_groups(gain ~ Treat, change, method = c("anova", "kruskal_wallis"), seed = 1)
#' compare_groups(gain ~ Treat, change, reference = "Cont", method = "dunnett")
#' compare_groups(Postwt ~ Treat, MASS::anorexia, baseline = Prewt, reference = "Cont")
#' @export
compare_groups <- function(x, y = NULL, data = NULL, ..., outcomes = NULL, baseline = NULL, by = NULL, subset = NULL,
                           reference = NULL, contrasts = "reference", method = "welch", alternative = "two.sided", null = NULL,
                           margins = NULL, conf_level = 0.95, distribution = "auto", two_sided = "distance",
                           continuity = NULL, effect = "default", hedges = FALSE, boot_conf = "bca", sigma = NULL,
                           covariance = "classical", p_adjust = "none", adjust_over = NULL, convention = "respondr", replicates = 10000, seed = NULL,
                           exact_limit = 1e8, threads = getOption("respondr.threads", 1L), n = NULL, mean = NULL,
                           sd = NULL, arms = NULL) {
  call <- sys.call()
  check_dots_empty(call, ...)
  figures <- substitute(list(n = n, mean = mean, sd = sd, arms = arms))
  check_word(contrasts, group_contrasts, "contrasts", call)
  before <- null_word(substitute(baseline), parent.frame())
  visits <- !missing(x) && inherits(x, "formula") && has_visits(x)
  table <- data %||% if (is.data.frame(y)) y
  if (visits && !is.null(before)) {
    stop_input("argument", c("`baseline` goes with `after ~ arm`; the formula here has visits.",
      i = "Name the visit to compare with in `reference`."), "baseline", call)
  }
  several <- visits || !is.null(before) || is.character(method) && any(method %in% groups_family_methods)
  input <- if (visits) {
    groups_from_visits(x, table, outcome_words(substitute(outcomes), as_data(table, call), parent.frame(), call),
      group_columns(substitute(by), table, missing(by), x, parent.frame(), call), substitute(subset), reference, contrasts, call)
  } else {
    groups_input(if (!missing(x)) x, y, data, substitute(outcomes), substitute(by), substitute(subset), reference,
      contrasts, figures, parent.frame(), call, grouped = missing(by))
  }
  if (several) {
    named <- setdiff(names(match.call())[-1], c("x", "y", "data", "outcomes", "by", "subset", "baseline", "seed", "n", "mean",
      "sd", "arms"))
    given <- mget(named[nzchar(named)])
    given$method <- if (missing(method)) c("change_score", "ancova") else method
    if (!is.null(before)) {
      input$baselines <- group_baselines(before, input, table, substitute(subset), parent.frame(), call)
      input$visit_note <- baseline_note(names(input$baselines), outcome_names(input))
    }
    return(groups_several(input, given, seed, call))
  }
  input$sigma <- arm_sigma(sigma, input, call)
  words <- two_words("groups", method, alternative, null, margins, conf_level, distribution, two_sided, continuity,
    contrasts, effect, hedges, boot_conf, convention, replicates, exact_limit, input, call)
  words$adjust <- check_two_adjust(p_adjust, adjust_over, input, call)
  words$threads <- check_threads(threads, call)
  solve_groups(input, words, seed, call)
}

#' Compare the spread of independent groups
#'
#' Tests of two variances or of the absolute deviations from the centre of each arm. The contrast is level against reference,
#' for the ratio of variances level over reference.
#'
#' @section Methods:
#' * `"brown_forsythe"` (the default): Student's t of |x - median of its arm| (Brown and Forsythe 1974), printed as F =
#'   t^2; the
#'   estimate is the difference of the mean absolute deviations, with the interval of the t.
#' * `"levene"`: the same about the mean (Levene 1960).
#' * `"f"`: the ratio of variances, F on n1 - 1 and n0 - 1 df, with the interval that inverts it; it assumes normal data.
#' * `"fligner"`: normal scores of the ranks of |x - median of its arm| (Conover, Johnson and Johnson 1981), chi-square
#'   on 1 df;
#'   no interval.
#'
#' @inheritParams compare_groups
#' @param method One or several of `"brown_forsythe"`, `"levene"`, `"f"`, `"fligner"`.
#' @param null The value of the estimate under the null hypothesis: 1 for the ratio of variances, else 0.
#' @param y The second sample (compared with `x`), or the arm of each value of `x`.
#' @return A data frame of class `respondr_groups`, as [compare_groups()] gives.
#' @references
#' Brown MB, Forsythe AB (1974) \doi{10.1080/01621459.1974.10482955}. Levene H (1960) in Contributions to Probability and
#' Statistics, Stanford University Press. Conover WJ, Johnson ME, Johnson MM (1981) \doi{10.1080/00401706.1981.10487680}.
#' @examples
#' change <- transform(MASS::anorexia, gain = Postwt - Prewt)
#' compare_variances(gain ~ Treat, change, reference = "Cont", method = c("brown_forsythe", "f"))
#' @export
compare_variances <- function(x, y = NULL, data = NULL, ..., outcomes = NULL, by = NULL, subset = NULL, reference = NULL,
                              contrasts = "reference", method = "brown_forsythe", alternative = "two.sided", null = NULL,
                              margins = NULL, conf_level = 0.95, p_adjust = "none", adjust_over = NULL,
                              threads = getOption("respondr.threads", 1L), n = NULL, mean = NULL, sd = NULL, arms = NULL) {
  call <- sys.call()
  check_dots_empty(call, ...)
  figures <- substitute(list(n = n, mean = mean, sd = sd, arms = arms))
  check_word(contrasts, group_contrasts, "contrasts", call)
  input <- groups_input(if (!missing(x)) x, y, data, substitute(outcomes), substitute(by), substitute(subset), reference,
    contrasts, figures, parent.frame(), call, grouped = missing(by))
  words <- two_words("variances", method, alternative, null, margins, conf_level, "auto", "central", NULL, contrasts, "none",
    FALSE, "bca", "respondr", 1, 1e8, input, call)
  words$adjust <- check_two_adjust(p_adjust, adjust_over, input, call)
  words$threads <- check_threads(threads, call)
  solve_groups(input, words, NULL, call)
}

# Which of the forms was given, as one respondr_input.
groups_input <- function(x, y, data, outcomes, by, subset, reference, contrasts, figures, env, call, grouped) {
  words <- lapply(list(outcomes = outcomes, by = by, subset = subset), null_word, env)
  if (is.null(x)) {
    check_groups_unused(words[c("outcomes", "subset")], "summary figures", call)
    by <- select_columns(by, as_data(data, call), env, "by", call)
    return(groups_from_figures(figures, data, by, reference, contrasts, env, call))
  }
  if (inherits(x, "formula")) {
    if (is.null(data) && is.data.frame(y)) data <- y
    if (!is.null(y) && !is.data.frame(y)) {
      stop_input("data", c(paste0("`data` must be a data frame, not ", given_value(y), "."),
        i = "A second vector does not go with a formula."), "data", call)
    }
    sizes <- as.list(figures)[-1]
    check_groups_unused(lapply(sizes[!vapply(sizes, is.null, NA)], null_word, env), "a formula", call)
    by <- group_columns(by, data, grouped, x, env, call)
    outcomes <- outcome_words(outcomes, as_data(data, call), env, call)
    return(groups_from_formula(x, data, outcomes, by, subset, reference, contrasts, call))
  }
  if (is.numeric(x) || is.logical(x) || is.data.frame(x) || is.factor(x) || is.character(x)) {
    check_groups_unused(c(words, list(data = data)), "vectors", call)
    return(groups_from_vectors(x, y, reference, contrasts, call))
  }
  stop_input("x", paste0("`x` must be a formula, numbers or a matrix, not ", given_value(x), "."), "x", call)
}

check_groups_unused <- function(given, form, call) {
  extra <- names(given)[!vapply(given, is.null, NA)]
  if (length(extra)) {
    verb <- if (length(extra) > 1L) "do" else "does"
    stop_input("argument", c(paste0(quoted(extra), " ", verb, " not go with ", form, "."),
      i = "Write `outcome ~ arm` with `data`, or two vectors, or summary figures alone."), extra[1], call)
  }
}

check_two_adjust <- function(p_adjust, adjust_over, input, call) {
  check_word(p_adjust, stats::p.adjust.methods, "p_adjust", call)
  if (!is.null(adjust_over)) {
    check_words(adjust_over, c("outcome", names(input$by), "contrast", "method"), "adjust_over", call)
  }
  list(method = p_adjust, over = adjust_over)
}
