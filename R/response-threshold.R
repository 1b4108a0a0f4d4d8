# Response rates over all cut-offs of a change: bands for all cut-offs together, and where the conclusion changes.

#' Response rates over all cut-offs
#'
#' A class of response cuts a continuous change in two, and the conclusion may hang on where. This gives the rate of
#' each arm and
#' the difference of each arm to the reference (**arm minus reference**) at every cut-off, a band that holds at all cut-offs
#' together, the cut-offs at which the pointwise conclusion changes, and the continuous comparison as an anchor: a
#' difference at one cut-off that neither the band nor the continuous tests bear out was found by looking for it.
#'
#' @section What responds:
#' `direction = "greater"`: a change of at least the cut-off; `"less"`: of at most the cut-off (a fall). Changes whose
#' relative
#' distance is below 1e-12 count as equal, so that 10.3 - 8.3 meets the cut-off 2. Rows without a change are left out and
#' counted.
#'
#' @section Columns:
#' `conf_low`, `conf_high` and `p_value` hold at the one cut-off (rates: Wilson; differences: the test `method` of
#' [compare_rates()] with its interval). `conf_low_adjusted` and `conf_high_adjusted` hold at all cut-offs of the row's
#' arm or
#' contrast together:
#' * rate: p(c) +- sqrt(log(2 / alpha) / (2 n)), Dvoretzky, Kiefer and Wolfowitz with Massart's constant;
#' * difference, `band = "dkw"`: two such bands at alpha / 2 each, that is d(c) +- (sqrt(log(4 / alpha) / (2 n1)) +
#'   sqrt(log(4 /
#'   alpha) / (2 n0))); it holds for any distribution and any number of patients, and is wide;
#' * difference, `band = "bootstrap"`: sup-t, d(c) +- q s(c), q the quantile of the largest |d* - d| / s over resamples
#'   of the
#'   patients of each arm (Montiel Olea and Plagborg-Moller 2019); narrower, asymptotic, and missing where both rates are
#'   0 or 1.
#'
#' `conclusion` is `"higher"` or `"lower"` where `p_value` is at most 1 - `conf_level`, else `"no difference"`; `changes`
#' marks the cut-offs whose conclusion is not that of the cut-off below.
#'
#' @param formula `change ~ arm`, or `change ~ 1` for all patients together.
#' @param data A data frame.
#' @param ... Must be empty.
#' @param direction `"greater"` or `"less"`.
#' @param cuts Cut-offs, in the units of the change; `NULL` takes all observed values.
#' @param subset A condition on the rows of `data`.
#' @param reference The arm compared with; by default the first level.
#' @param method Test of the difference at a cut-off, see [compare_rates()].
#' @param band `"dkw"` or `"bootstrap"`, of the differences.
#' @param conf_level Confidence level.
#' @param replicates Bootstrap replicates.
#' @param seed One whole number, or the two that a result stores; by default drawn from R's generator.
#' @param threads Threads; results are the same bits for any number.
#' @return A data frame of class `respondr_threshold` ([result_columns]) with the column `cutoff`: at every cut-off one
#'   row an
#'   arm and one a difference.
#' @section Errors:
#' Wrong words, text or infinite changes, and cut-offs that are no numbers stop the call with a condition of class
#' `respondr_error` that names the argument.
#' @references Massart P (1990) \doi{10.1214/aop/1176990746}. Montiel Olea JL, Plagborg-Moller M (2019)
#'   \doi{10.1002/jae.2656}. Miettinen O, Nurminen M (1985) \doi{10.1002/sim.4780040211}.
#' @examples
#' d <- transform(MASS::anorexia, gain = Postwt - Prewt)
#' x <- response_threshold(gain ~ Treat, d, reference = "Cont")
#' x
#' plot(x)
#' response_threshold(gain ~ Treat, d, reference = "Cont", cuts = c(0, 5, 10), band = "bootstrap",
#'   seed = 1)
#' @export
response_threshold <- function(formula, data, ..., direction = "greater", cuts = NULL, subset = NULL, reference = NULL,
                               method = "n1_chisq", band = "dkw", conf_level = 0.95, replicates = 2000, seed = NULL,
                               threads = getOption("respondr.threads", 1L)) {
  call <- sys.call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- list(direction = check_word(direction, c("greater", "less"), "direction", call),
    method = check_word(method, setdiff(rate_methods, "binomial"), "method", call),
    band = check_word(band, c("dkw", "bootstrap"), "band", call), interval = "wilson",
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    replicates = check_whole(replicates, "replicates", call, 1, 1e7), threads = check_threads(threads, call))
  input <- threshold_input(formula, data, null_word(substitute(subset), env), reference, cuts, env, call)
  words$seed <- new_seed(seed, call)
  drawn <- words$band == "bootstrap" && length(input$arms) > 1L
  anchor <- threshold_anchor(input, words, call)
  if (!drawn && !any(anchor$distribution %in% "monte_carlo")) restore_seed(words$seed)
  rows <- threshold_rows(input, words, drawn, call)
  settings <- list(family = "response", title = paste0("Response over cut-offs: ", input$outcome), by = "cutoff",
    conf_level = words$conf_level, p_adjust = "none", mixed_scales = TRUE, arms = input$arms, anchor = anchor,
    direction = words$direction, band = words$band, all_values = is.null(cuts),
    lines = threshold_lines(input, words, rows, anchor),
    seed = if (drawn) words$seed$value, replicates = if (drawn) words$replicates)
  build_result(rows, class = "respondr_threshold", settings = settings, call = call)
}

threshold_input <- function(formula, data, subset, reference, cuts, env, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", "`formula` must be `change ~ arm` or `change ~ 1`.", "formula", call)
  }
  one <- parse_rates_formula(formula, env, call)$one
  data <- as_data(data, call)
  keep <- subset_rows(subset, data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  n <- nrow(data)
  name <- deparse_one(formula[[2]])
  change <- check_outcome(eval_column(formula[[2]], data, environment(formula), "formula", n, call), name, call)
  if (any(is.infinite(change))) {
    stop_input("outcome", c(paste0("`", name, "` has infinite values."), i = "Make them NA, or leave the patients out."),
      "formula", call)
  }
  arm <- if (one) factor(rep("all", n), levels = "all") else
    response_arm(eval_column(formula[[3]], data, environment(formula), "formula", n, call), reference, call)
  use <- !is.na(change) & !is.na(arm)
  if (!any(use)) stop_input("outcome", paste0("No patient has both `", name, "` and an arm."), "formula", call)
  cutoffs <- threshold_cutoffs(cuts, change[use], call)
  change <- snapped(change[use], cutoffs)
  if (is.null(cuts)) cutoffs <- sort(unique(change))
  lost <- tabulate(arm[!use], nlevels(arm))
  filled <- levels(arm) %in% arm[use]
  list(outcome = name, arms = levels(arm)[filled], lost = lost[filled], no_arm = sum(is.na(arm)),
    empty = levels(arm)[!filled], cutoffs = cutoffs, change = change,
    arm = factor(as.character(arm[use]), levels = levels(arm)[filled]))
}

threshold_cutoffs <- function(cuts, change, call) {
  if (is.null(cuts)) {
    return(distinct_values(change))
  }
  if (!is.numeric(cuts) || is.factor(cuts) || !length(cuts) || any(!is.finite(cuts))) {
    stop_input("cuts", c("`cuts` must be finite numbers, in the units of the change.",
      i = "`cuts = NULL` takes all values."), "cuts", call)
  }
  sort(unique(as.double(cuts)))
}

same_value <- function(a, b) abs(a - b) <= 1e-12 * pmax(abs(a), abs(b))

# The first of each run of values that only rounding tells apart, as a decimal number where it is one but for rounding.
distinct_values <- function(x) {
  short <- signif(x, 12L)
  near <- same_value(x, short)
  x[near] <- short[near]
  u <- sort(unique(x))
  u[c(TRUE, !same_value(u[-1L], u[-length(u)]))]
}

# Values that a cut-off equals but for rounding become it.
snapped <- function(x, cutoffs) {
  below <- findInterval(x, cutoffs)
  for (at in list(below, below + 1L)) {
    near <- cutoffs[ifelse(at >= 1L & at <= length(cutoffs), at, NA)]
    same <- !is.na(near) & same_value(x, near)
    x[same] <- near[same]
  }
  x
}

threshold_anchor <- function(input, words, call) {
  if (length(input$arms) < 2L) {
    return(NULL)
  }
  d <- data.frame(change = input$change, arm = input$arm)
  as.data.frame(compare_groups(change ~ arm, d, method = c("mann_whitney", "welch"), effect = "none",
    conf_level = words$conf_level, seed = words$seed$value, threads = words$threads))
}

threshold_rows <- function(input, words, drawn, call) {
  k <- length(input$arms)
  m <- length(input$cutoffs)
  pairs <- if (k > 1L) rates_pairs(input, "reference") else list(level = integer(), reference = integer())
  curve <- ask_core(response_threshold_curve(list(arms = unname(split(input$change, input$arm)), cutoffs = input$cutoffs,
    at_least = words$direction == "greater", level = pairs$level, reference = pairs$reference,
    conf_level = words$conf_level, replicates = if (drawn) words$replicates else 0L, seed = words$seed$value,
    threads = words$threads, progress = progress_hook())), call)
  counts <- list(events = as.vector(curve$events), n = rep(tabulate(input$arm, k), m), arms = k)
  out <- response_bind(c(list(threshold_rates(input, words, counts, curve, call)),
    if (k > 1L) list(threshold_differences(input, words, counts, pairs, curve, call))))
  out <- lapply(out, `[`, order(out$cutoff, is.na(out$conclusion), decreasing = c(FALSE, TRUE), method = "radix"))
  out$changes <- as.logical(out$changes)
  out
}

threshold_rates <- function(input, words, counts, curve, call) {
  k <- length(input$arms)
  n <- length(counts$n)
  arm <- rep(input$arms, length(input$cutoffs))
  solved <- rates_core(counts, NULL, response_core_words(words), "binomial", words$conf_level, call)
  c(list(outcome = constant_factor(input$outcome, n), cutoff = rep(input$cutoffs, each = k), contrast = arm, level = arm,
    method = rep("binomial", n), n = counts$n, n_dropped = rep(input$lost, length(input$cutoffs)), events = counts$events,
    estimand = rep("rate", n)), solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_value = rep(NA_real_, n), conf_low_adjusted = as.vector(curve$low), conf_high_adjusted = as.vector(curve$high),
      conclusion = rep(NA_character_, n), changes = rep(NA, n), status = status_factor(solved$status)))
}

threshold_differences <- function(input, words, counts, pairs, curve, call) {
  each <- length(pairs$level)
  core <- response_core_words(words)
  core[c("interval", "two_sided", "estimand")] <- list("test", "minlike", "difference")
  solved <- rates_core(counts, pairs, core, words$method, words$conf_level, call)
  n <- length(solved$status)
  found <- !is.na(solved$p_value) & solved$p_value <= round(1 - words$conf_level, 14)
  sign <- ifelse(found, sign(solved$estimate), 0)
  at <- matrix(sign, each)
  changes <- cbind(FALSE, at[, -1L, drop = FALSE] != at[, -ncol(at), drop = FALSE])
  level <- rep(input$arms[pairs$level], length(input$cutoffs))
  c(list(outcome = constant_factor(input$outcome, n), cutoff = rep(input$cutoffs, each = each),
    contrast = paste(level, "-", input$arms[1]), level = level, reference = rep(input$arms[1], n),
    method = rep(words$method, n)), solved[c("n", "n_reference")],
    list(n_dropped = rep(input$lost[pairs$level] + input$lost[1], length(input$cutoffs))),
    solved[c("events", "events_reference")], list(estimand = rep("difference of rates", n)),
    solved[c("estimate", "std_error", "conf_low", "conf_high")], list(conf_level = rep(words$conf_level, n),
      conf_method = conf_method_factor(solved$conf_method), p_matches = solved$p_matches == 1L),
    solved[c("statistic", "p_value")], list(conf_low_adjusted = as.vector(curve$difference_low),
      conf_high_adjusted = as.vector(curve$difference_high), conclusion = threshold_conclusions[sign + 2],
      changes = as.vector(changes), status = status_factor(solved$status)))
}

threshold_conclusions <- c("lower", "no difference", "higher")
