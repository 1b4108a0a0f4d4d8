#' Compare responses of the same patients before and after
#'
#' Did more patients respond after than before? The contrast is always **after minus (or over) before**: `gained` are the
#' patients who had the event only at the later visit, `lost` those who had it only at the reference visit. Patients are
#' matched by id in C++, never by the order of rows, and levels by their label, never by their position: a response that
#' has one value only at the second visit gives the ordinary p and interval.
#'
#' @section What may be given:
#' * long data: `response ~ visit | id`; with more than two visits each is compared with the reference visit, or all pairs
#'   (`contrasts = "pairwise"`), each with its own n; several responses as in [compare_paired()];
#' * wide data, one row per patient: `after ~ 1` with `baseline = before`;
#' * vectors: `compare_paired_rates(before, after)`;
#' * a square table of counts (before in rows, after in columns; matched by their names), or a list of tables;
#' * four counts, one or many comparisons: `both`, `lost`, `gained`, `neither`.
#'
#' @section The event:
#' TRUE, 1, or the second of two factor levels (of a table: of its two levels); `event =` names another, or several
#' (`event = c("main", "minor")`), or for several outcomes a list by outcome. Text, and responses of three or more levels,
#' need it. Bowker's test and its relatives take the levels as they are.
#'
#' @section Methods and the interval each is paired with:
#' With g gained and l lost of n pairs:
#' * `"mcnemar"`: chi-square (g - l)^2 / (g + l) on 1 df (McNemar 1947), one-sided by its signed root; with the score
#'   interval that inverts it: of the difference (g - l) / n that of Tango (1998), of the ratio of rates that of Nam and
#'   Blackwelder (2002) and Tang et al. (2003), of the odds ratio g / l Wilson's. `convention = "r"` and `"spss"` shorten
#'   |g - l| by 1; the interval then inverts no test.
#' * `"mcnemar_exact"`: g of g + l is binomial(1/2) (Cox 1958); with the exact interval of the conditional odds ratio g / l.
#' * `"mcnemar_midp"`: counts half the probability of the result itself, with the mid-p interval; less conservative
#'   (Fagerland, Lydersen and Laake 2013).
#' * `"mcnemar_unconditional"`: the largest p of the McNemar statistic over the unknown probability of change (Suissa and
#'   Shuster 1991), with the interval of the difference that inverts it.
#' * `"bowker"`: symmetry of a table of k levels (1948), k (k - 1) / 2 df; `"stuart_maxwell"` (1955, 1970) and `"bhapkar"`
#'   (1966): equal margins, k - 1 df; `"marginal_homogeneity"`: equal mean `scores` of ordered levels (Agresti 2013,
#'   section 11.3).
#' * `"cochran_q"`: equal rates at all visits (1950), patients with every visit; `"cmh"` comes beside it: the
#'   Cochran-Mantel-Haenszel statistic with the patient as stratum, which equals Q on complete data and uses every patient
#'   with two visits or more. Both n are printed.
#'
#' `conf_method` names another interval: `"newcombe"` (1998, method 10), `"bonett_price"` (2012 for the difference, 2006
#' for the ratio), `"score"`, `"conditional"`, `"midp"`, `"unconditional"`. `p_matches` is TRUE only where the interval
#' inverts the test of the p. Nobody changed: p = 1, and an interval.
#'
#' @section Two-sided rules:
#' The exact p of no change is one number under all three rules of `two_sided`, as the binomial is symmetric. The interval
#' is by default the central one (Clopper and Pearson), which never has a gap; `"minlike"` and `"blaker"` are shorter, and
#' where the odds they accept have a gap the status is `hull`.
#'
#' @section Distribution:
#' Tables of levels and visits: `"auto"` is exact while the work known beforehand is below `exact_limit` elementary steps,
#' and seeded Monte Carlo beyond with the 99 % interval of the p. Under the hypothesis each patient who moved did so in
#' either direction with probability one half; over visits, the events of a patient fall on any of his visits. The four
#' McNemar tests have one distribution each; the unconditional interval beyond the limit is Tango's, and the row says so.
#'
#' @inheritParams compare_paired
#' @param x A formula, a vector (before), a table of counts or a list of tables, or nothing when the four counts are given.
#' @param after Responses after, of the same shape as `x`.
#' @param baseline Columns of the response before, for `after ~ 1`.
#' @param alternative `"two.sided"`, `"less"` or `"greater"` (of the printed contrast).
#' @param event The level that is counted; see The event.
#' @param contrasts `"reference"`: every visit with the reference visit; `"pairwise"`: all pairs, later with earlier.
#' @param method One or several of the methods below, or `"default"`: `"mcnemar_exact"` (with more than two visits also
#'   `"cochran_q"` and `"cmh"`); of responses with three or more levels and no `event`, `"bowker"` and `"stuart_maxwell"`.
#' @param estimand `"difference"` of rates, their `"ratio"`, or the conditional `"odds_ratio"`; by default that of the
#'   method's own interval.
#' @param conf_method The interval; by default the one that inverts the test.
#' @param effect Shown beside the estimate: `"default"` (the difference beside a ratio or odds ratio, the odds ratio beside
#'   a difference), `"difference"` (Newcombe), `"ratio"` (Bonett-Price), `"odds_ratio"` (exact), or `"none"`.
#' @param scores Numbers of the ordered levels, by position or name; 1, 2, ... by default.
#' @param null The value of the estimate under the null hypothesis, where the method tests another than no change.
#' @param two_sided `"central"`, `"minlike"` or `"blaker"`.
#' @param continuity Continuity correction of `"mcnemar"` (of no change only); `NULL` leaves it to `convention`.
#' @param p_adjust `"none"` or a method of [stats::p.adjust()].
#' @param convention `"respondr"`, `"sas"` (no continuity correction), `"spss"` or `"r"` (with it; SPSS gives the binomial
#'   p instead up to 25 changes: `"mcnemar_exact"`).
#' @param both,lost,gained,neither Patients with the event at both visits, before only, after only, at neither; with `data`
#'   they may be names of its columns.
#'
#' @return A data frame of class `respondr_paired_rates`, one row per outcome, `by` combination, contrast and method; tests
#'   over all visits come first. The columns are described in [result_columns]. [shift_table()] gives the counts behind it,
#'   [rate_agreement()] kappa.
#'
#' @section Errors:
#' Wrong words stop the call with a condition of class `respondr_error` that names the argument: text or several levels
#' without `event`, an event that no row holds, levels without an order where scores need one, a formula without id, an id
#' with two rows for one visit, a table whose levels cannot be matched.
#'
#' @references
#' McNemar Q (1947) \doi{10.1007/BF02295996}. Cox DR (1958) \doi{10.1093/biomet/45.3-4.562}. Suissa S, Shuster JJ (1991)
#' \doi{10.2307/2532141}. Tango T (1998) \doi{10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B}. Newcombe
#' RG (1998) \doi{10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C}. Nam JM, Blackwelder WC (2002)
#' \doi{10.1002/sim.1102}. Tang NS, Tang ML, Chan ISF (2003) \doi{10.1002/sim.1439}. Bonett DG, Price RM (2006)
#' \doi{10.3102/10769986031003309}; (2012) \doi{10.3102/1076998611411915}. Fagerland MW, Lydersen S, Laake P (2013)
#' \doi{10.1186/1471-2288-13-91}; (2014) \doi{10.1002/sim.6148}. Bowker AH (1948) \doi{10.1080/01621459.1948.10483284}.
#' Stuart A (1955) \doi{10.1093/biomet/42.3-4.412}. Maxwell AE (1970) \doi{10.1192/bjp.116.535.651}. Bhapkar VP (1966)
#' \doi{10.1080/01621459.1966.10502021}. Cochran WG (1950) \doi{10.1093/biomet/37.3-4.256}. Agresti A (2013) Categorical
#' Data Analysis, 3rd edition, Wiley.
#'
#' @examples
#' # Ten patients converted, none lost the response.
#' before <- rep(FALSE, 10)
#' after <- rep(TRUE, 10)
#' compare_paired_rates(before, after)
#' # Complete response before and after consolidation (Cavo et al. 2012).
#' compare_paired_rates(both = 59, lost = 6, gained = 16, neither = 80,
#'   method = c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional"))
#' long <- data.frame(
#'   id = rep(1:8, 3), week = rep(c(0, 4, 8), each = 8),
#'   response = c(0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, NA, 1, 1)
#' )
#' compare_paired_rates(response ~ week | id, long)
#' @export
compare_paired_rates <- function(x, after = NULL, data = NULL, ..., outcomes = NULL, baseline = NULL, by = NULL, subset = NULL,
                                 reference = NULL, visits = NULL, event = NULL, contrasts = "reference", method = "default",
                                 estimand = "default", conf_method = "default", alternative = "two.sided", null = NULL,
                                 conf_level = 0.95, distribution = "auto", two_sided = "central", effect = "default",
                                 scores = NULL, continuity = NULL, p_adjust = "none", adjust_over = NULL,
                                 convention = "respondr", replicates = 10000, seed = NULL, exact_limit = 1e8,
                                 threads = getOption("respondr.threads", 1L), both = NULL, lost = NULL, gained = NULL,
                                 neither = NULL) {
  call <- sys.call()
  check_dots_empty(call, ...)
  cells <- substitute(list(both = both, lost = lost, gained = gained, neither = neither))
  input <- prates_input(
    if (!missing(x)) x, after, data, substitute(outcomes), substitute(baseline), substitute(by), substitute(subset),
    reference, visits, cells, parent.frame(), call, grouped = missing(by)
  )
  input$event_given <- event
  words <- prates_words(
    method, estimand, conf_method, contrasts, alternative, null, conf_level, distribution, two_sided, effect, scores, continuity,
    convention, replicates, exact_limit, threads, input, call
  )
  words$adjust <- prates_check_rates_adjust(p_adjust, adjust_over, input, call)
  prates_check_visits(input, words, call)
  prates_solve(input, words, seed, call)
}

prates_check_visits <- function(input, words, call) {
  if (identical(input$kind, "counts") && any(words$method %in% prates_visit_methods)) {
    stop_input("method", c("Tests over all visits need patient rows; counts hold two visits.",
      i = "Use a McNemar test, or `response ~ visit | id`."), "method", call)
  }
}

prates_solve <- function(input, words, seed, call) {
  seed <- new_seed(seed, call)
  finished <- FALSE
  on.exit(if (!finished && !seed$given) restore_seed(seed))  # a call that stops has drawn nothing
  input <- prates_with_events(input, words, call)
  out <- prates_rows(input, words, seed$value, call)
  drawn <- any(out$distribution %in% "monte_carlo")
  if (!drawn) restore_seed(seed)
  finished <- TRUE
  out <- prates_adjust_rates(out, input, words, seed$value, call)
  settings <- list(
    family = "paired_rates", by = names(input$by), scale = prates_scale(words), conf_level = words$conf_level,
    warning = prates_caution(out),
    alternative = words$alternative, p_adjust = words$adjust$method, adjust_over = words$adjust$over,
    convention = words$convention, seed = if (drawn) seed$value, replicates = if (drawn) words$replicates,
    visit_note = input$visit_note, skipped = input$skipped, kind = input$kind, lines = prates_lines(out, input, words),
    title = "Responses of the same patients before and after", mixed_scales = TRUE, words = words
  )
  build_result(out, class = "respondr_paired_rates", settings = settings, trace = prates_trace(input, words), input = input,
    call = call)
}

# More than a fifth of the patients lost by Q is said first.
prates_caution <- function(out) {
  if (!any(out$method == "cochran_q")) {
    return(NULL)
  }
  q <- out[out$method == "cochran_q" & !is.na(out$n), , drop = FALSE]
  lost <- q$n_dropped / pmax(1L, q$n + q$n_dropped)
  if (!any(lost > 0.2)) {
    return(NULL)
  }
  worst <- q[which.max(lost), ]
  paste0("CAUTION: ", worst$n_dropped, " of ", worst$n + worst$n_dropped, " patients (", round(100 * max(lost)),
    "%) lack a visit and are not in Cochran's Q; method cmh uses all who have at least two visits.")
}

prates_scale <- function(words) {
  pairs <- intersect(words$method, prates_pair_methods)
  ratio <- vapply(pairs, function(m) prates_estimand_of(m, words) != "difference", NA)
  if (length(pairs) && all(ratio)) "ratio" else "difference"
}

# Codes of event and no event, where a method asks for them.
prates_with_events <- function(input, words, call) {
  if (!any(words$method %in% c(prates_pair_methods, prates_visit_methods))) {
    return(input)
  }
  names <- names(input$outcomes)
  if (is.list(input$event_given) && !all(names %in% names(input$event_given))) {
    stop_input("event", paste0("`event` has no entry for ", quoted(setdiff(names, names(input$event_given))), "."), "event", call)
  }
  number <- stats::setNames(seq_along(names), names)  # by number: finding thousands of outcomes by name takes its time
  distinct <- if (!is.null(input$cells) && !is.list(input$event_given)) number[1] else number  # all alike
  at <- lapply(distinct, function(i) prates_event_levels(input$responses[[i]], input$event_given, names[i], call))
  event <- vapply(distinct, function(i) prates_event_label(input$responses[[i]], at[[i]]), "")
  at <- stats::setNames(rep_len(at, length(number)), names)
  input$event <- stats::setNames(rep_len(event, length(number)), names)
  if (!is.null(input$cells)) {
    turned <- which(rep_len(vapply(at[distinct], identical, NA, 1L), length(number)))  # "no event" was named the event
    input$binary_cells <- input$cells
    input$binary_cells[, turned] <- input$cells[4:1, turned]
  } else if (identical(input$kind, "counts")) {
    input$binary_tables <- lapply(number, function(i) prates_binary_table(input$tables[[i]], at[[i]]))
  } else {
    input$binary <- lapply(number, function(i) prates_binary_codes(input$responses[[i]], at[[i]]))
  }
  input
}

# Levels at the places `at` are the event.
prates_binary_table <- function(table, at) {
  if (nrow(table) == 2L && identical(at, 2L)) {
    return(table)
  }
  side <- seq_len(nrow(table)) %in% at
  matrix(c(sum(table[!side, !side]), sum(table[side, !side]), sum(table[!side, side]), sum(table[side, side])), 2L)
}
