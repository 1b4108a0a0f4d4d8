#' Compare rates of independent patients
#'
#' How many of the patients of each arm have an event, and how far apart are the arms? The contrast is always **level
#' minus (or over) reference**; every result names it, the event that is counted and the reference arm. Arms and
#' responses are matched by their labels. For the same patients at two visits use `compare_paired_rates()`.
#'
#' @section What may be given:
#' * one row a patient: `response ~ arm`; a logical, 0/1 or two-level factor response counts TRUE, 1 or the second level
#'   (as [stats::glm()] does); text and more levels need `event =`.
#' * counts: `cbind(events, others) ~ arm`, one row an arm (rows of the same arm are added up), or
#'   `compare_rates(events = c(drug = 12, control = 5), n = c(drug = 30, control = 31))`.
#' * one sample against a stated rate: `response ~ 1` (or `events = 12, n = 30`) with `null = 0.3`.
#'
#' @section Methods for two arms and the interval each is paired with:
#' With x1 of n1 and x0 of n0 events, N = n1 + n0, m = x1 + x0:
#' * `"n1_chisq"` (default): Pearson's chi-square times (N - 1) / N (Campbell 2007), with the interval of Miettinen and
#'   Nurminen (1985) for the difference, the ratio and the odds ratio.
#' * `"chisq"`: Pearson's chi-square, on request with Yates' correction (`continuity = TRUE`, or `convention = "r"`);
#'   with the score interval: Mee (1984) for the difference, Koopman (1984) for the ratio, Cornfield's for the odds
#'   ratio, corrected like the test. `distribution = "exact"` gives the conditional permutation p of the statistic,
#'   which no interval inverts.
#' * `"score"`: the same statistic as a signed z, for any `null`.
#' * `"g"`: likelihood ratio, with the profile-likelihood interval.
#' * `"fisher"`: exact given m, with the conditional odds ratio (maximum likelihood) and the exact interval that inverts
#'   the same test: base R pairs p by `"minlike"` with an interval by `"central"`, and gives p = 0.049 beside an
#'   interval that holds 1 for 0/12 against 3/8. For differences and ratios, which no conditional test has, the interval
#'   of Miettinen and Nurminen.
#' * `"boschloo"`: exact unconditional, by Fisher's p (Boschloo 1970), with its own inversion: by `"central"` and
#'   one-sided the order of tables is that of the one-sided p of no difference, which no hypothesis changes; by
#'   `"minlike"` and `"blaker"` it is Fisher's p at the odds ratio of the restricted rates.
#' * `"barnard"`: exact unconditional, by the score statistic (Barnard 1945; `pooled = FALSE`: the unpooled one). By
#'   `"central"` and one-sided the interval inverts the same order of tables, that of `null`; by `"minlike"` and
#'   `"blaker"`, which here both mean the absolute statistic, it is that of Agresti and Min (2001), which orders anew
#'   at every value. The absolute unpooled statistic has no useful inversion; it gets the interval of the pooled one.
#'   `interval = "chan_zhang"` (Chan and Zhang 1999) and `"santner_snell"` are the usual alternatives.
#'
#' The unknown common rate of the unconditional tests is searched over all its range; no part is left out (no
#' Berger-Boos). Intervals that invert no test (`interval = "wald"`, `"newcombe"`, ...) have `p_matches` FALSE. Where
#' the values that a test accepts have a gap the interval is their convex hull and the status says so; tests by
#' `"central"` have none. The unconditional inversions whose order moves with the hypothesis (Boschloo's by `"minlike"`
#' and `"blaker"`, Agresti and Min, Chan and Zhang) are searched in steps of 1/128 (difference) or 1/16 (logarithm of a
#' ratio), every step decided exactly.
#'
#' @section One sample:
#' `"binomial"` (default) is exact by `two_sided`: `"central"` inverts to Clopper and Pearson (1934), `"minlike"` to
#' Sterne (1954), `"blaker"` to Blaker (2000), `midp = TRUE` to mid-p limits; `"score"` inverts to Wilson (1927). Other
#' intervals: `interval = "jeffreys"`, `"agresti_coull"`, `"wald"`, `"wilson_continuity"`, `"blyth_still_casella"`.
#'
#' @section Number needed to treat:
#' One over the difference, and so are its limits; negative numbers are needed to harm. Where the interval of the
#' difference holds 0 the number runs from `conf_low` (harm) through infinity to `conf_high` (benefit), and a note says
#' so (Altman 1998).
#'
#' @section Several arms:
#' `contrasts = "reference"` compares every arm with the reference, `"pairwise"` every two. `p_adjust = "bonferroni"`
#' gives simultaneous intervals as well. [rates_arms()] gives the interval of each arm. `contrasts = "overall"` tests
#' all arms together, over all responses where no event is named: `"fisher"` (default; exact by a network, or seeded
#' Monte Carlo beyond `exact_limit`), `"chisq"`, `"n1_chisq"`, `"g"`, and along `scores` of the arms `"trend"` (Cochran
#' and Armitage) and `"linear"` (linear by linear). The effect size is Cramer's V.
#'
#' @section Strata:
#' With `strata =` two arms at a time are compared within strata and the comparisons combined: `"cmh"` (default) with
#' the common `estimand` (odds ratio unless named) and the interval that inverts the test, or `interval =
#' "mantel_haenszel"`, `"klingenberg"`, `"newcombe"`; `"score_iv"` (inverse-variance weights); `"exact"` (common odds
#' ratio); `"breslow_day"`, `"tarone"`, `"woolf"` and `"zelen"` ask whether the odds ratios of the strata are equal;
#' `"general"`, `"row_means"` and `"correlation"` take all arms and responses together. Strata that say nothing (an
#' empty arm, no events) change nothing and are counted in `n_strata_dropped`.
#'
#' @param formula `response ~ arm`, `cbind(events, others) ~ arm` or `response ~ 1`.
#' @param data A data frame.
#' @param ... Must be empty.
#' @param by Columns whose combinations are analysed apart.
#' @param subset A condition on the rows of `data`.
#' @param event The response that is counted, one or several.
#' @param reference The arm compared with; by default the first level.
#' @param strata Columns within whose combinations the arms are compared, and the comparisons combined.
#' @param scores Of `"trend"`, `"linear"` and `"correlation"`: one number for each arm, in the order of the arms (the
#'   reference first) or named by arm; by default 1, 2, ...
#' @param events,n Counts named by arm, instead of a formula.
#' @param null The value of the estimand under the null hypothesis; for one sample the stated rate.
#' @param estimand `"difference"`, `"ratio"`, `"odds_ratio"` or `"nnt"`; by default the odds ratio for `"fisher"` and
#'   the difference for all others.
#' @param method One or several of `"n1_chisq"`, `"chisq"`, `"score"`, `"g"`, `"fisher"`, `"boschloo"`, `"barnard"`; for
#'   one sample `"binomial"`, `"score"`.
#' @param alternative `"two.sided"`, `"less"` or `"greater"`, of the printed contrast. The open side of a one-sided
#'   interval is the end of the range: -1 or 1, 0 or infinity.
#' @param two_sided Rule of the two-sided exact p: `"minlike"` (tables no more probable), `"central"` (twice the smaller
#'   tail) or `"blaker"`.
#' @param midp Mid-p: half of what ties with the data.
#' @param pooled Barnard's test by the pooled statistic.
#' @param interval `"test"` for the inversion of the test, or the name of another interval: `"score"`,
#'   `"miettinen_nurminen"`, `"profile"`, `"wald"` (Katz for a ratio, Woolf for an odds ratio), `"newcombe"`,
#'   `"newcombe_continuity"`, `"conditional"`, `"chan_zhang"`, `"agresti_min"`, `"santner_snell"`; for one sample
#'   `"wald"`, `"clopper_pearson"`, `"wilson"`, `"wilson_continuity"`, `"jeffreys"`, `"agresti_coull"`, `"midp"`,
#'   `"blaker"`, `"blyth_still_casella"`.
#' @param distribution `"auto"`, `"exact"`, `"asymptotic"` or `"monte_carlo"` (tables of several arms only). `"auto"`
#'   replaces an exact test beyond `exact_limit` by the N - 1 chi-square (of one rate by the score test), and a note says
#'   so; a conditional test takes ten steps a count, so that this begins with millions of patients.
#' @param contrasts `"reference"`, `"pairwise"` or `"overall"`.
#' @param conf_level Confidence level.
#' @param p_adjust `"none"` or a method of [stats::p.adjust()].
#' @param adjust_over Columns whose rows form one family, for example `"contrast"`; `NULL` takes all rows of a method.
#' @param convention `"respondr"`, `"sas"`, `"spss"` or `"r"`: base R's chi-square is corrected for continuity.
#' @param continuity Continuity correction of `"chisq"` and of the one-sample `"score"`; `NULL` leaves it to
#'   `convention`.
#' @param exact_limit Elementary steps an exact answer may take, per problem.
#' @param replicates,seed Monte Carlo replicates and seed, as in [compare_paired()].
#' @param threads Threads; results are the same bits for any number.
#' @return A data frame of class `respondr_rates`, one row for each `by` combination, contrast and method. The columns
#'   are described in [result_columns]. Rows that cannot be answered carry a `status`.
#' @section Errors:
#' Wrong words stop the call with a condition of class `respondr_error` that names the argument: unknown columns, a
#' response whose event cannot be told, an event that is every response, a single arm, a column that is two of response,
#' arm, group and stratum, counts that are no whole numbers or more than a billion an arm, words that do not go together.
#' @references
#' Campbell I (2007) \doi{10.1002/sim.2832}. Miettinen O, Nurminen M (1985) \doi{10.1002/sim.4780040211}. Mee RW (1984)
#' Biometrics 40:1175. Koopman PAR (1984) Biometrics 40:513. Fay MP (2010) \doi{10.1093/biostatistics/kxp050}. Boschloo
#' RD (1970) \doi{10.1111/j.1467-9574.1970.tb00104.x}. Barnard GA (1945) \doi{10.1038/156177a0}. Chan ISF, Zhang Z
#' (1999) \doi{10.1111/j.0006-341X.1999.01202.x}. Agresti A, Min Y (2001) \doi{10.1111/j.0006-341X.2001.00963.x}.
#' Santner TJ, Snell MK (1980) \doi{10.1080/01621459.1980.10477482}. Newcombe RG (1998) Stat Med 17:857 and 17:873.
#' Blaker H (2000) \doi{10.2307/3315916}. Blyth CR, Still HA (1983) \doi{10.1080/01621459.1983.10477938}. Casella G
#' (1986) Can J Stat 14:113. Brown LD, Cai TT, DasGupta A (2001) \doi{10.1214/ss/1009213286}. Altman DG (1998)
#' \doi{10.1136/bmj.317.7168.1309}.
#' @examples
#' compare_rates(events = c(control = 3, drug = 0), n = c(control = 8, drug = 12), method = "fisher")
#' compare_rates(y ~ trt, MASS::bacteria, subset = week == 2, event = "n",
#'   method = c("n1_chisq", "barnard"))
#' compare_rates(y ~ trt, MASS::bacteria, strata = week, event = "n")
#' compare_rates(y ~ trt, MASS::bacteria, event = "n", method = "trend")
#' compare_rates(events = 12, n = 30, null = 0.3)
#' @export
compare_rates <- function(formula = NULL, data = NULL, ..., by = NULL, subset = NULL, event = NULL, reference = NULL,
                          strata = NULL, scores = NULL, events = NULL, n = NULL, null = NULL, estimand = NULL,
                          method = NULL, alternative = "two.sided", two_sided = "minlike", midp = FALSE, pooled = TRUE,
                          interval = "test", distribution = "auto", contrasts = "reference", conf_level = 0.95,
                          p_adjust = "none", adjust_over = NULL, convention = "respondr", continuity = NULL,
                          exact_limit = 1e8, replicates = 10000, seed = NULL, threads = getOption("respondr.threads", 1L)) {
  call <- sys.call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  columns <- lapply(list(by = substitute(by), strata = substitute(strata), subset = substitute(subset)), null_word, env)
  input <- rates_input(formula, data, columns$by, columns$strata, columns$subset, event, reference, events, n, env,
    call, grouped = missing(by))
  words <- rates_words(list(
    method = method, estimand = estimand, alternative = alternative, null = null, conf_level = conf_level,
    two_sided = two_sided, midp = midp, pooled = pooled, interval = interval, distribution = distribution,
    contrasts = contrasts, p_adjust = p_adjust, adjust_over = adjust_over, convention = convention,
    continuity = continuity, exact_limit = exact_limit, replicates = replicates, threads = threads,
    strata = columns$strata, scores = scores, reference = reference
  ), input, call)
  switch(words$kind,
    strata = solve_rates_strata(input, words, scores, seed, call),
    overall = solve_rates_overall(input, words, scores, seed, call),
    solve_rates(input, words, call)
  )
}
