#' Agreement of two readings of the same patients
#'
#' Cohen's kappa and weighted kappa with intervals: how far do two visits, or two readers, agree beyond chance? Agreement
#' is not the absence of change: patients who all move up one level agree badly and may all have responded.
#'
#' With weights w (1 on the diagonal), p the shares of the table and pe the agreement expected from its margins, kappa =
#' (po - pe) / (1 - pe). The interval is kappa plus or minus z times the standard error of Fleiss, Cohen and Everitt
#' (1969); the p tests kappa = 0 with their standard error under that hypothesis, and so the interval inverts no test
#' (`p_matches` is FALSE). Beside it stands `agreement`, the share of patients with equal readings, with Wilson's interval.
#' Levels are those of the response (a factor keeps levels that nobody has, which matters for weights).
#'
#' @inheritParams compare_paired_rates
#' @param event Levels to be taken together as the event: kappa of event against no event.
#' @param weights One or several of `"none"`, `"linear"` (1 - |i - j| / (k - 1), Cicchetti-Allison in SAS), `"quadratic"`
#'   (1 - (i - j)^2 / (k - 1)^2, Fleiss-Cohen), or a symmetric matrix of the levels with 1 on the diagonal.
#' @param alternative `"two.sided"`, `"greater"` or `"less"`, of kappa against 0.
#' @return A data frame of class `respondr_agreement`, one row per outcome, `by` combination, contrast and set of weights;
#'   the methods are `kappa`, `kappa_linear`, `kappa_quadratic` and `kappa_custom`.
#' @section Errors:
#' As [compare_paired_rates()]; weights of levels without an order.
#' @references
#' Cohen J (1960) \doi{10.1177/001316446002000104}; (1968) \doi{10.1037/h0026256}. Fleiss JL, Cohen J, Everitt BS (1969)
#' \doi{10.1037/h0028106}.
#' @examples
#' # Two dermatologists, 88 patients (SAS/STAT, PROC FREQ).
#' derm <- matrix(c(10, 4, 1, 0, 5, 10, 12, 2, 2, 4, 12, 5, 0, 2, 6, 13), 4, byrow = TRUE)
#' rate_agreement(derm, weights = c("none", "linear", "quadratic"))
#' @export
rate_agreement <- function(x, after = NULL, data = NULL, ..., outcomes = NULL, baseline = NULL, by = NULL, subset = NULL,
                           reference = NULL, visits = NULL, event = NULL, contrasts = "reference", weights = "none",
                           alternative = "two.sided", conf_level = 0.95, threads = getOption("respondr.threads", 1L)) {
  call <- sys.call()
  check_dots_empty(call, ...)
  input <- prates_input(
    if (!missing(x)) x, after, data, substitute(outcomes), substitute(baseline), substitute(by), substitute(subset),
    reference, visits, quote(list(both = NULL, lost = NULL, gained = NULL, neither = NULL)), parent.frame(), call,
    grouped = missing(by)
  )
  words <- list(
    contrasts = check_word(contrasts, c("reference", "pairwise"), "contrasts", call), method = "mcnemar",
    alternative = check_word(alternative, alternatives[1:3], "alternative", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE), threads = check_threads(threads, call)
  )
  if (!is.null(event)) input <- prates_event_as_levels(input, event, words, call)
  words$weights <- prates_check_weights(weights, input, call)
  prates_agreement_result(input, words, call)
}

# Event and no event in place of the levels.
prates_event_as_levels <- function(input, event, words, call) {
  input$event_given <- event
  input <- prates_with_events(input, words, call)
  if (identical(input$kind, "counts")) input$tables <- input$binary_tables else input$outcomes <- input$binary
  input$responses <- lapply(stats::setNames(nm = names(input$outcomes)), function(name) {
    list(labels = c(paste("not", input$event[[name]]), input$event[[name]]), kind = "two", ordered = TRUE)
  })
  input
}

prates_kappa_words <- c(none = "kappa", linear = "kappa_linear", quadratic = "kappa_quadratic", custom = "kappa_custom")

# For each outcome one matrix a set of weights; names are the methods.
prates_check_weights <- function(weights, input, call) {
  labels <- lapply(input$responses, `[[`, "labels")
  if (is.character(weights)) {
    sets <- check_words(weights, names(prates_kappa_words)[1:3], "weights", call)
    if (any(sets != "none")) prates_check_order(input, "A weighted kappa", "weights", call)
    return(list(method = unname(prates_kappa_words[sets]), sets = lapply(unname(lengths(labels)), function(k) {
      lapply(sets, function(set) {
        distance <- abs(outer(seq_len(k), seq_len(k), "-")) / max(1, k - 1)
        switch(set, none = diag(k), linear = 1 - distance, quadratic = 1 - distance^2)
      })
    })))
  }
  size <- unique(lengths(labels))
  ok <- is.matrix(weights) && is.numeric(weights) && all(is.finite(weights)) && nrow(weights) == ncol(weights)
  if (!ok || any(abs(weights - t(weights)) > 1e-12) || any(diag(weights) != 1) || any(weights > 1)) {
    stop_input("weights", c("`weights` must be words, or a symmetric matrix with 1 on the diagonal and nothing above 1.",
      i = "For example `weights = \"linear\"`."), "weights", call)
  }
  if (length(size) != 1L || nrow(weights) != size) {
    stop_input("weights", paste0("`weights` is ", nrow(weights), " x ", ncol(weights), " and the response has ",
      paste(size, collapse = " or "), " levels."), "weights", call)
  }
  if (!is.null(rownames(weights)) && setequal(rownames(weights), labels[[1]])) {
    at <- match(labels[[1]], rownames(weights))
    weights <- weights[at, at]
  }
  list(method = "kappa_custom", sets = rep(list(list(unname(weights))), length(labels)))
}

prates_agreement_result <- function(input, words, call) {
  pairs <- prates_pairs(input, words$contrasts)
  options <- list(alternative = match(words$alternative, alternatives) - 1L, conf_level = words$conf_level,
    weights = lapply(words$weights$sets, lapply, as.double), progress = progress_hook())
  solved <- ask_core(paired_rates_agreement(prates_core_input(input, pairs, FALSE), options, words$threads), call)
  labels <- prates_labels(input, pairs, " - ")
  each <- length(words$weights$method)
  n <- length(solved$status)
  labels <- lapply(labels, function(x) rep(x, each = each))
  labels$contrast <- factor(sub(" - ", ", ", as.character(labels$contrast), fixed = TRUE))
  same <- function(word) constant_factor(word, n)
  columns <- c(
    labels,
    list(method = enumerated(words$weights$method, rep_len(seq_len(each), n)), alternative = same(words$alternative),
      null_value = rep(0, n), distribution = distribution_factor(solved$distribution)),
    solved[c("n_pairs", "n_dropped")], list(estimand = same("kappa")),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_matches = rep(FALSE, n)),
    solved[c("statistic", "p_value")], list(effect_name = same("agreement")),
    solved[c("effect", "effect_low", "effect_high")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
  settings <- list(
    family = "paired_rates", by = names(input$by), scale = "difference", conf_level = words$conf_level,
    alternative = words$alternative, p_adjust = "none", visit_note = input$visit_note, skipped = input$skipped,
    kind = input$kind, title = "Agreement of two readings of the same patients", words = words,
    lines = if (length(input$outcomes) == 1L) paste0("levels: ", paste(input$responses[[1]]$labels, collapse = ", "))
  )
  trace <- trace_table(list(
    c("levels", "by label", ""), c("standard error", "Fleiss, Cohen and Everitt (1969)", "interval: at kappa; p: at kappa = 0"),
    c("weights", paste(words$weights$method, collapse = ", "), "")
  ))
  build_result(columns, class = "respondr_agreement", settings = settings, trace = trace, input = input, call = call)
}

#' @rdname as_htest
#' @export
as_htest.respondr_agreement <- function(x, row = NULL, ...) {
  one <- htest_row(x, row, rlang::current_call())
  out <- list(
    statistic = c(z = one$statistic), p.value = one$p_value,
    conf.int = if (!is.na(one$conf_low)) structure(c(one$conf_low, one$conf_high), conf.level = one$conf_level),
    estimate = c(kappa = one$estimate), null.value = c(kappa = 0), stderr = one$std_error,
    alternative = as.character(one$alternative), method = capitalised(gsub("_", ", weights ", as.character(one$method))),
    data.name = paste0(one$outcome, ", ", one$contrast)
  )
  structure(out[!vapply(out, is.null, NA)], class = "htest")
}
