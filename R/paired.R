#' Compare measurements of the same patients before and after
#'
#' The contrast is always **after minus before** (the later or named visit minus the reference visit), the reverse of
#' `t.test(before, after, paired = TRUE)`; every result names it. Rows are matched by patient id in C++, never by their
#' order: shuffling the rows changes nothing. Each row of the result shows the pairs used, the patients lost, and the
#' zero and tied changes.
#'
#' @section What may be given:
#' * long data: `hb ~ visit | id`; several outcomes by `hb + hbf ~ visit | id` or `cbind(hb, hbf)`, or `~ visit | id` with
#'   `outcomes = c("hb", "hbf")`. With more than two visits each is compared with the reference visit, with its own n.
#'   Ids nested in centres: `hb ~ visit | centre/id`.
#' * wide data, one row per patient: `after ~ 1` with `baseline = before`.
#' * a column of changes: `change ~ 1`.
#' * vectors: `compare_paired(before, after)`; matrices with one row per patient and one column per outcome.
#' * summary figures: `compare_paired(n = , mean_before = , sd_before = , mean_after = , sd_after = , r = )`, or
#'   `sd_change` instead of `r` (paired t and the d effect sizes on the difference scale).
#'
#' @section Visits:
#' Numbers, dates and logical visits order themselves; factors and labelled columns keep their order; text is never
#' ordered by the alphabet. Name the reference (`reference = "week 0"`) and, where numbers in the text do not tell the
#' order, all visits (`visits = c("week 0", "week 4")`). A text visit called baseline, before, pre or screening is taken
#' as the reference if there is exactly one; the print says so.
#'
#' @section Methods and the interval each is paired with:
#' * `"t"`: `t = (mean - null) / (sd / sqrt(n))` of the changes on `n - 1` df, with the interval of the same test.
#' * `"signed_rank"`: Wilcoxon (1945) on midranks of `|change - null|`; exact conditional distribution by dynamic
#'   programming with ties, zeros dropped (`zeros = "wilcoxon"`) or ranked and then dropped (`"pratt"`, Pratt 1959). The
#'   statistic is the sum of positive ranks, the estimate the Hodges-Lehmann pseudomedian (1963), the interval the
#'   inversion of the same test, its attained level in `conf_attained`.
#' * `"sign"`: exact binomial on the signs, with the median and the order-statistic interval.
#' * `"permutation"`: sign flips of the changes (Fisher 1935), exact by convolution or by meeting in the middle, with the
#'   interval of Hartigan (1969).
#' * `"bootstrap"`: BCa (Efron 1987) or percentile interval of the mean change; the p-value inverts that interval.
#'
#' @section Distribution:
#' `"auto"` is exact while the work known beforehand is below `exact_limit` elementary steps and seeded Monte Carlo beyond
#' it, with the 99 % interval of the p in `p_low`, `p_high`. `"exact"` beyond the limit gives the status `too_large`.
#'
#' @section Effect sizes:
#' With M the mean change minus `null`, s the SD of the changes, s1 and s2 the SDs before and after, r their correlation
#' (`rank_biserial` and `prob_superiority` count changes from `null` as well):
#' * `d_z` = M / s, interval from the noncentral t distribution;
#' * `d_av` = M / sqrt((s1^2 + s2^2) / 2), interval of Bonett (2008);
#' * `d_rm` = d_z sqrt(2 (1 - r)), noncentral t limits times the same factor (Algina and Keselman 2003);
#' * `d_b` = M / s1, interval of Bonett (2008);
#' * `rank_biserial` = (T+ - T-) / (T+ + T-), Fisher z interval;
#' * `prob_superiority` = P(after > before) + P(equal) / 2, Wilson interval.
#'
#' `hedges = TRUE` multiplies the d family by the exact correction `J(n - 1)` and names them g.
#'
#' @param x A formula, a numeric vector or matrix (before, or the change if `after` is missing), or nothing when summary
#'   figures are given.
#' @param after Measurements after, of the same shape as `x`.
#' @param data A data frame for the formula.
#' @param ... Must be empty.
#' @param outcomes Names of outcome columns, as text, with a formula that has no left side.
#' @param baseline Columns measured before, for `after ~ 1`: one, or one for each outcome. With names, `c(hb_12 = hb_0, ...)`,
#'   they are matched to the outcomes.
#' @param by Columns whose combinations are analysed apart (names, text, `c(...)` or a one-sided formula).
#' @param subset A condition on the rows of `data`.
#' @param reference The visit compared with.
#' @param visits The visits wanted, in order.
#' @param method One or several of `"t"`, `"signed_rank"`, `"sign"`, `"permutation"`, `"bootstrap"`.
#' @param scale `"difference"`; `"ratio"` (geometric mean ratio after / before); `"log_percent"`, 100 ln(after / before);
#'   or `"symmetric_percent"`, 100 (after - before) / (after + before) (Berry and Ayers 2006).
#' @param alternative `"two.sided"`, `"less"`, `"greater"` (of the printed contrast), or `"equivalence"` with `margins`:
#'   two one-sided tests, interval of level 1 - 2 alpha.
#' @param null The value of the estimate under the null hypothesis: 0, or 1 on the ratio scale.
#' @param margins Lower and upper equivalence margin, on the scale of the estimate.
#' @param conf_level Confidence level.
#' @param distribution `"auto"`, `"exact"`, `"asymptotic"` or `"monte_carlo"`; see Distribution.
#' @param two_sided Rule of the two-sided exact p of rank tests, `"distance"` or `"central"`; the same number here, because
#'   the null distributions of this family are symmetric.
#' @param zeros Zero changes in the signed-rank test: `"wilcoxon"` or `"pratt"`.
#' @param continuity Continuity correction of the asymptotic tests; `NULL` leaves it to `convention`.
#' @param effect `"default"` (d_z for t, permutation and bootstrap; rank_biserial for signed_rank; prob_superiority for
#'   sign), `"none"`, or names; several names repeat each row.
#' @param hedges Small-sample correction of the d family.
#' @param effect_conf Interval of the effect size: `"analytic"` or `"bootstrap"` (BCa).
#' @param boot_conf Interval of the bootstrap method: `"bca"` or `"percentile"`.
#' @param p_adjust `"none"`, a method of [stats::p.adjust()], or `"max_t"`: step-down max-T (Westfall and Young 1993) by
#'   sign flips joint over the outcomes of a patient (an id is one patient in all `by` groups; ids that start again in each
#'   arm are written `arm/id`).
#' @param adjust_over Columns whose rows form one family, for example `"outcome"` (a family for each `by`, contrast and
#'   method) or `c("outcome", "contrast")`; `NULL` takes all rows of a method as one family.
#' @param convention `"respondr"`, or the choices by which `"sas"`, `"spss"` or `"r"` (base R before 4.6) would compute their p:
#'   exact or not, continuity, quantiles. Ties are always those of the decimals, which binary differences in other programs may
#'   miss, and the statistic is always the sum of positive ranks.
#' @param replicates Monte Carlo and bootstrap replicates.
#' @param seed One whole number for the random methods, or the two that a result stores; by default drawn from R's
#'   generator and stored in the result.
#'   Calls that draw nothing leave R's generator alone.
#' @param exact_limit Elementary steps an exact answer may take, per problem.
#' @param threads Threads; results are the same bits for any number.
#' @param n,mean_before,sd_before,mean_after,sd_after,r,sd_change Summary figures, one or many; with `data` they may be
#'   names of its columns.
#'
#' @return A data frame of class `respondr_paired`, one row per outcome, `by` combination, contrast and method. The columns
#'   are described in [result_columns]. Rows that cannot be answered carry a `status`.
#'
#' @section Errors:
#' Wrong words stop the call with a condition of class `respondr_error` that names the argument: unknown columns, text
#' outcomes, infinite values, a formula without id, an id with two rows for one visit, ids that restart in each arm, a
#' single visit, text visits without an order.
#'
#' @references
#' Wilcoxon F (1945) \doi{10.2307/3001968}. Pratt JW (1959) \doi{10.1080/01621459.1959.10501526}. Hodges JL, Lehmann EL
#' (1963) \doi{10.1214/aoms/1177704172}. Hartigan JA (1969) \doi{10.1080/01621459.1969.10501057}. Efron B (1987)
#' \doi{10.1080/01621459.1987.10478410}. Schuirmann DJ (1987) \doi{10.1007/BF01068419}. Bonett DG (2008)
#' \doi{10.1037/1082-989X.13.2.99}. Berry DA, Ayers GD (2006) \doi{10.1198/000313006X90684}. Westfall PH, Young SS (1993)
#' Resampling-Based Multiple Testing, Wiley.
#'
#' @examples
#' compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat,
#'                method = c("t", "signed_rank"))
#' long <- data.frame(
#'   id = rep(1:6, 2), visit = rep(c(0, 3), each = 6),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6)
#' )
#' compare_paired(hb ~ visit | id, long[sample(12), ], method = "signed_rank")
#' compare_paired(
#'   n = 39, mean_before = 7.9, sd_before = 1.1, mean_after = 9.6, sd_after = 1.3, r = 0.5
#' )
#' @export
compare_paired <- function(x, after = NULL, data = NULL, ..., outcomes = NULL, baseline = NULL, by = NULL, subset = NULL,
                           reference = NULL, visits = NULL, method = "t", scale = "difference",
                           alternative = "two.sided", null = NULL, margins = NULL, conf_level = 0.95,
                           distribution = "auto", two_sided = "distance", zeros = "wilcoxon", continuity = NULL,
                           effect = "default", hedges = FALSE, effect_conf = "analytic", boot_conf = "bca",
                           p_adjust = "none", adjust_over = NULL, convention = "respondr", replicates = 10000,
                           seed = NULL, exact_limit = 1e8, threads = getOption("respondr.threads", 1L),
                           n = NULL, mean_before = NULL, sd_before = NULL, mean_after = NULL, sd_after = NULL,
                           r = NULL, sd_change = NULL) {
  call <- sys.call()
  check_dots_empty(call, ...)
  figures <- substitute(list(
    n = n, mean_before = mean_before, sd_before = sd_before, mean_after = mean_after, sd_after = sd_after, r = r,
    sd_change = sd_change
  ))
  input <- paired_input(
    if (!missing(x)) x, after, data, substitute(outcomes), substitute(baseline), substitute(by), substitute(subset),
    reference, visits, figures, parent.frame(), call, grouped = missing(by)
  )
  words <- paired_words(
    method, scale, alternative, null, margins, conf_level, distribution, two_sided, zeros, continuity, effect, hedges,
    effect_conf, boot_conf, convention, replicates, exact_limit, input, call
  )
  words$adjust <- check_adjust(p_adjust, adjust_over, input, words, call)
  words$threads <- check_threads(threads, call)
  solve_paired(input, words, seed, call)
}

# Which of the forms was given, as one respondr_input.
paired_input <- function(x, after, data, outcomes, baseline, by, subset, reference, visits, figures, env, call, grouped) {
  words <- lapply(list(outcomes = outcomes, baseline = baseline, by = by, subset = subset), null_word, env)
  given <- c(words, list(reference = reference, visits = visits))
  if (is.null(x)) {
    check_unused(given, "summary figures", call)
    return(input_from_figures(figures, data, by, env, call))
  }
  if (inherits(x, "formula")) {
    if (is.null(data) && is.data.frame(after)) {
      data <- after
    }
    sizes <- as.list(figures)[-1]
    check_unused(lapply(sizes[!vapply(sizes, is.null, NA)], null_word, env), "a formula", call)
    by <- group_columns(by, data, grouped, x, env, call)
    outcomes <- outcome_words(outcomes, as_data(data, call), env, call)
    baseline <- baseline_columns(baseline, as_data(data, call), env)
    return(input_from_formula(x, data, NULL, outcomes, baseline, by, subset, reference, visits, call))
  }
  if (is.numeric(x) || is.logical(x) || is.data.frame(x) || is.factor(x) || is.character(x)) {
    check_unused(c(given, list(data = data)), "vectors", call)
    return(input_from_vectors(x, after, call))
  }
  stop_input("x", paste0("`x` must be a formula, numbers or a matrix, not ", given_value(x), "."), "x", call)
}

# NULL where an argument is absent or a wrapper hands a NULL on.
null_word <- function(e, env) {
  if (is.symbol(e) || is.call(e)) {
    value <- tryCatch(eval(e, env), error = function(cnd) TRUE)
    if (is.null(value)) {
      return(NULL)
    }
  }
  e
}

# Words that would be passed over stop the call.
check_unused <- function(given, form, call) {
  extra <- names(given)[!vapply(given, is.null, NA)]
  if (length(extra)) {
    stop_input("argument", c(paste0(quoted(extra), " ", if (length(extra) > 1L) "do" else "does", " not go with ", form, "."),
      i = "Write `outcome ~ visit | id` with `data` and `by`, or `after ~ 1` with `baseline =`, or summary figures alone."),
      extra[1], call)
  }
}

# The `by` columns; those of a grouped data frame where `by` is not given, but never the id.
group_columns <- function(by, data, grouped, formula, env, call) {
  if (grouped && inherits(data, "grouped_df")) {
    rhs <- formula[[length(formula)]]
    return(setdiff(names(attr(data, "groups")), c(".rows", all.vars(rhs))))
  }
  select_columns(by, as_data(data, call), env, "by", call)
}

# Outcomes as text, or as bare names in c().
outcome_words <- function(e, data, env, call) {
  bare <- is.call(e) && identical(e[[1]], as.name("c")) && all(vapply(as.list(e)[-1], is.symbol, NA))
  if (bare || is.symbol(e) && as.character(e) %in% names(data)) select_columns(e, data, env, "outcomes", call) else eval(e, env)
}

baseline_columns <- function(e, data, env) {
  if (is.null(e)) {
    return(NULL)
  }
  if (is.call(e) && identical(e[[1]], as.name("c"))) {
    return(unlist(lapply(as.list(e)[-1], baseline_columns, data, env)))
  }
  if (is.symbol(e) && !as.character(e) %in% names(data)) {
    value <- tryCatch(eval(e, env), error = function(cnd) NULL)
    if (is.character(value)) e <- value
  }
  if (is.character(e)) lapply(e, as.name) else list(e)
}

solve_paired <- function(input, words, seed, call) {
  seed <- new_seed(seed, call)
  finished <- FALSE
  on.exit(if (!finished && !seed$given) restore_seed(seed))  # a call that stops has drawn nothing
  rows <- lapply(words$method, function(m) solve_one_method(input, words, m, seed, call))
  drawn <- any(vapply(rows, attr, NA, "drawn")) || words$adjust$method == "max_t"
  if (!drawn) restore_seed(seed)
  finished <- TRUE
  out <- bind_methods(rows)
  settings <- list(
    family = "paired", by = names(input$by), scale = words$scale, conf_level = words$conf_level,
    alternative = words$alternative, p_adjust = words$adjust$method, adjust_over = words$adjust$over,
    convention = words$convention, seed = if (drawn) seed$value, replicates = if (drawn) words$replicates,
    visit_note = input$visit_note, skipped = input$skipped, quantile_type = words$quantile_type, kind = input$kind,
    call_words = words
  )
  out <- adjust_rows(out, input, words, seed, call)
  build_result(out, class = "respondr_paired", settings = settings, trace = paired_trace(input, words), input = input,
    call = call)
}

# One batch in C++ for each method and effect size.
solve_one_method <- function(input, words, method, seed, call) {
  effects <- if (identical(words$effect, "default")) default_effect[[method]] else words$effect
  labels <- result_labels(input, words$scale)
  frames <- lapply(effects, function(effect) {
    options <- core_options(words, method, effect, seed)
    solved <- if (input$kind == "figures") {
      paired_solve_figures(input$figures, options)
    } else {
      paired_solve(input, with_keys(options, input, labels, words), words$threads)
    }
    solved <- ask_core(name_infinite(solved, input), call)
    result_frame(labels, solved, words, method, effect, input$kind)
  })
  random <- method == "bootstrap" || words$effect_conf == "bootstrap"
  monte_carlo <- any(vapply(frames, function(f) {
    any(as.integer(f$distribution) == match("monte_carlo", levels(f$distribution)), na.rm = TRUE)
  }, NA))
  structure(bind_methods(frames), drawn = random || monte_carlo)
}

name_infinite <- function(value, input) {
  if (inherits(value, "respondr_core_error") && value$kind == "infinite") {
    name <- outcome_names(input)[as.integer(value$message)]
    value$message <- paste0("Outcome `", name, "` holds infinite values; correct them or set them to NA.")
    value$argument <- "outcome"
  }
  value
}

# Keys of the random streams, only where a random number may be drawn: a signed-rank test of n pairs takes no more steps than
# half the cube of n.
with_keys <- function(options, input, labels, words) {
  largest <- max(diff(input$group_start), 0)
  rank <- options$method_name == "signed_rank" && (words$distribution == "monte_carlo" ||
    (words$distribution == "auto" && 15 * largest^3 > words$exact_limit))
  if (rank || options$method_name %in% c("permutation", "bootstrap") || options$effect_interval == 1L) {
    options$patient_labels <- patient_keys(input)
    options$problem_labels <- do.call(paste, c(lapply(labels, as.character), sep = "\r"))
  }
  options
}

core_options <- function(words, method, effect, seed) {
  at <- function(word, table) match(word, table) - 1L
  setup <- convention_settings(words$convention, method)
  list(
    method = at(method, paired_methods), method_name = method, scale = at(words$scale, scales),
    alternative = at(words$alternative, alternatives), null = words$null, margin_low = words$margins[1],
    margin_high = words$margins[2], conf_level = words$core_level, distribution = at(words$distribution, distributions),
    exact_rule = at(setup$exact_rule, exact_rules), zeros = at(words$zeros, zero_rules),
    continuity = words$continuity %||% setup$continuity, approximation = at(setup$approximation, c("normal", "student")),
    exact_limit = words$exact_limit, effect = at(effect, paired_effects), hedges = words$hedges,
    effect_interval = at(words$effect_conf, effect_intervals), bootstrap_interval = at(words$boot_conf, boot_intervals),
    replicates = words$replicates, seed = seed$value, patient_labels = character(), problem_labels = character(),
    quantile_type = words$quantile_type, progress = progress_hook()
  )
}
