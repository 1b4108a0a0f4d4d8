#' Rank tests of repeated measures
#'
#' Friedman's test and its relatives for a measurement repeated in the same patients: are the visits alike? Each patient is a
#' block whose values are ranked among themselves, with midranks for ties; decimals that tie on paper tie here. Nothing is
#' assumed about the shape of the measurements, and a difference that all patients share is all that is seen.
#'
#' `rm_friedman_pairs()` compares the visits two by two, over the same patients as Friedman's test.
#'
#' @section Methods:
#' With n patients, k visits, r the midranks within a patient and R their sums over patients:
#' * `"friedman"`: Q = (k - 1) sum (R - n (k + 1) / 2)^2 / sum (r - (k + 1) / 2)^2, which allows for ties; asymptotic: chi-square
#'   on k - 1 df (Friedman 1937). With two visits it is the sign test.
#' * `"iman_davenport"`: F = (n - 1) Q / (n (k - 1) - Q) on k - 1 and (n - 1)(k - 1) df (Iman and Davenport 1980), closer to the
#'   exact p than chi-square. Where all patients agree F is infinite (status `boundary`) and the p is the exact one.
#' * `"quade"`: the centred ranks of a patient weighted by the rank of his range (Quade 1979); F on the same df.
#' * `"page"`: trend along the visits in their order, L = sum j R_j (Page 1963); asymptotic: normal with the variance of the
#'   permutations given the ties. `alternative = "greater"` is growth along the visits.
#' * `"skillings_mack"`: for patients with missing visits; a patient with m visits gives sqrt(12 / (m + 1)) (r - (m + 1) / 2),
#'   summed to A, and T = A' S^- A is chi-square on the rank of S (Skillings and Mack 1981). Equal to Friedman's Q where nothing
#'   is missing and nothing tied. S makes no allowance for ties: its asymptotic p is then too large, the exact and the Monte Carlo
#'   p are not. Visits that no patient has are left out.
#'
#' The first four use patients who have every visit; `"skillings_mack"` uses all who have at least two. Every row counts the
#' patients used and dropped, and [rm_patients()] names them.
#'
#' @section Distribution:
#' Under the null hypothesis the values of each patient are permuted among his visits, ties staying as they are. `"auto"` counts
#' all permutations (by convolution over the patients) while the work known beforehand is below `exact_limit` elementary steps,
#' and draws `replicates` of them beyond, with the 99 % interval of the p in `p_low`, `p_high`. `"exact"` beyond the limit gives
#' the status `too_large`. The F of Iman and Davenport is always asymptotic.
#'
#' @section Effect size:
#' Kendall's `kendall_w` = Q / (n (k - 1)), from 0 (no agreement between patients on the order of the visits) to 1 (all patients
#' the same order). Its interval is the bootstrap of patients: BCa (Efron 1987), or percentile if asked or if BCa does not exist.
#'
#' @section Pairs of visits:
#' The estimate is the difference of mean ranks, later visit minus reference.
#' * `"conover"`: t = difference / s sqrt(2 / n) on (n - 1)(k - 1) df, s^2 the mean square of the ranks after patients and visits
#'   (Conover 1999, section 5.8), with the interval of the same t.
#' * `"nemenyi"`: difference over sqrt(k (k + 1) / (12 n)) (less with ties), against the studentized range of k visits (Nemenyi
#'   1963): p and interval hold for all pairs together, and `p_adjust` leaves them as they are.
#' * `"exact"`: the exact distribution of the difference of two rank sums (Eisinga, Heskes, Pelzer and Te Grotenhuis 2017), with
#'   ties as they lie; it has no interval.
#'
#' @param formula `outcome ~ visit | id`, or wide columns `cbind(month0, month3, month12) ~ 1`.
#' @param data A data frame.
#' @param ... Must be empty.
#' @param outcomes Names of outcome columns, as text, with a formula that has no left side.
#' @param by Columns whose combinations are analysed apart.
#' @param subset A condition on the rows of `data`.
#' @param reference The visit that [rm_friedman_pairs()] compares with.
#' @param visits The visits wanted, in order; for wide columns their names.
#' @param method One or several of `"friedman"`, `"iman_davenport"`, `"quade"`, `"page"`, `"skillings_mack"`, or `"all"`.
#' @param alternative Of Page's test: `"two.sided"`, `"greater"` (the outcome grows along the visits) or `"less"`.
#' @param distribution `"auto"`, `"exact"`, `"asymptotic"` or `"monte_carlo"`; see Distribution.
#' @param effect_conf Interval of Kendall's W: `"bca"`, `"percentile"` or `"none"` (a batch of thousands of outcomes is faster
#'   without).
#' @param conf_level Confidence level.
#' @param exact_limit Elementary steps an exact answer may take, per problem.
#' @param replicates Monte Carlo and bootstrap replicates.
#' @param seed As in [compare_paired()].
#' @param threads Threads; results are the same bits for any number.
#' @return A data frame of class `respondr_rm_friedman`, one row for each outcome, `by` combination and method; for
#'   `rm_friedman_pairs()` one of class `respondr_rm_friedman_pairs`, one row for each outcome, `by` combination, pair and
#'   method. The columns are described in [result_columns]. [as_htest()] converts a row.
#' @section Errors:
#' Wrong words stop the call with a condition of class `respondr_error` that names the argument: a formula without id or with a
#' factor between patients (use `by`), unknown columns, infinite values, an id with two rows for one visit, text visits without
#' an order.
#' @references
#' Friedman M (1937) \doi{10.1080/01621459.1937.10503522}. Iman RL, Davenport JM (1980) \doi{10.1080/03610928008827904}. Quade D
#' (1979) \doi{10.1080/01621459.1979.10481670}. Page EB (1963) \doi{10.1080/01621459.1963.10500843}. Skillings JH, Mack GA (1981)
#' \doi{10.1080/00401706.1981.10486261}. Kendall MG, Babington Smith B (1939) \doi{10.1214/aoms/1177732186}. Efron B (1987)
#' \doi{10.1080/01621459.1987.10478410}. Conover WJ (1999) Practical Nonparametric Statistics, 3rd edition, Wiley. Nemenyi P
#' (1963) Distribution-free multiple comparisons, Princeton University. Eisinga R, Heskes T, Pelzer B, Te Grotenhuis M (2017)
#' \doi{10.1186/s12859-017-1486-2}.
#' @examples
#' # Skillings and Mack (1981): minutes to assemble a product by four methods, nine workers, three of
#' # them not at every method.
#' assembly <- data.frame(
#'   worker = rep(1:9, each = 4), method = factor(rep(c("A", "B", "C", "D"), 9)),
#'   minutes = c(
#'     3.2, 4.1, 3.8, 4.2, 3.1, 3.9, 3.4, 4.0, 4.3, 3.5, 4.6, 4.8, 3.5, 3.6, 3.9, 4.0, 3.6, 4.2,
#'     3.7, 3.9, 4.5, 4.7, 3.7, NA, NA, 4.2, 3.4, NA, 4.3, 4.6, 4.4, 4.9, 3.5, NA, 3.7, 3.9
#'   )
#' )
#' fit <- rm_friedman(minutes ~ method | worker, assembly,
#'   method = c("friedman", "skillings_mack"), seed = 1)
#' fit
#' rm_patients(fit)
#' rm_friedman_pairs(fit, method = c("conover", "exact"))
#' @export
rm_friedman <- function(formula, data = NULL, ..., outcomes = NULL, by = NULL, subset = NULL, reference = NULL,
                        visits = NULL, method = "friedman", alternative = "two.sided", distribution = "auto",
                        effect_conf = "bca", conf_level = 0.95, exact_limit = 1e8, replicates = 10000, seed = NULL,
                        threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  words <- friedman_words(method, alternative, distribution, effect_conf, conf_level, exact_limit, replicates, threads,
    call)
  input <- friedman_input(formula, data, outcomes, substitute(by), substitute(subset), reference, visits, parent.frame(),
    call)
  solve_rm_friedman(input, words, new_seed(seed, call), call)
}

# The words and their place in the C++ enumerations (inst/include/respondr/rm/friedman_blocks.hpp).
friedman_methods <- c("friedman", "iman_davenport", "quade", "page", "skillings_mack")
friedman_pair_methods <- c("conover", "nemenyi", "exact")

friedman_words <- function(method, alternative, distribution, effect_conf, conf_level, exact_limit, replicates, threads,
                           call) {
  words <- list(
    method = if (identical(method, "all")) friedman_methods else check_words(method, friedman_methods, "method", call),
    alternative = check_word(alternative, alternatives[1:3], "alternative", call),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    effect_conf = check_word(effect_conf, c(boot_intervals, "none"), "effect_conf", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    exact_limit = check_number(exact_limit, "exact_limit", call, 0),
    replicates = as.integer(check_number(replicates, "replicates", call, 1, 1e9)),
    threads = check_threads(threads, call)
  )
  if (words$alternative != "two.sided" && !"page" %in% words$method) {
    stop_input("alternative", c(
      paste0("`alternative = \"", words$alternative, "\"` is a direction, and only Page's test has one."),
      i = "Use `method = \"page\"` for a trend along the visits."
    ), "alternative", call)
  }
  words
}

# One factor, the visit; groups go in `by`.
friedman_input <- function(formula, data, outcomes, by, subset, reference, visits, env, call) {
  if (missing(formula) || !inherits(formula, "formula")) {
    stop_input("formula", c("`formula` must be a formula.", i = "Write `outcome ~ visit | id`."), "formula", call)
  }
  parsed <- parse_rm_formula(formula, outcomes, call)
  factors <- names(parsed$variables)
  if (length(factors) > if (parsed$wide) 0L else 1L) {
    stop_input("formula", c(
      paste0("Rank tests have one factor, the visit; the formula has ", quoted(c(if (parsed$wide) "cbind()", factors)), "."),
      i = "Analyse groups apart with `by`, or compare their changes with `compare_groups()`."
    ), "formula", call)
  }
  frame <- as_data(data, call)
  rm_input(formula, data, outcomes, NULL, select_columns(by, frame, env, "by", call), subset, reference, visits, call)
}

friedman_options <- function(words, methods, codes, seed, labels) {
  at <- function(word, table) match(word, table) - 1L
  list(
    methods = at(methods, codes), distribution = at(words$distribution, distributions),
    alternative = at(words$alternative, alternatives), conf_level = words$conf_level, exact_limit = words$exact_limit,
    replicates = words$replicates, seed = seed, effect_interval = words$effect_conf != "none",
    bootstrap_interval = max(0L, at(words$effect_conf, boot_intervals), na.rm = TRUE), problem_labels = labels,
    progress = progress_hook()
  )
}
