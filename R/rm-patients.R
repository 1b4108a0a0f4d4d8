# Who was measured, who was used, who was lost: for every visit, with ids.

# Patients an ANOVA of outcome o can use: all cells measured, all between variables known.
complete_patients <- function(input, o) {
  value <- matrix(input_column(input, "outcomes", o)[input$rows], nrow(input$rows))
  known <- !is.na(value) & !is.nan(value)
  between <- if (ncol(input$between)) stats::complete.cases(input$between) else rep(TRUE, nrow(value))
  list(known = known, complete = rowSums(known) == ncol(known) & between)
}

#' Patients measured, used and lost
#'
#' For each outcome and visit of a repeated-measures result: the patients measured, those the analysis used, and those it
#' dropped, with their ids. A repeated-measures ANOVA uses patients who have every visit; a mixed model
#' ([rm_mmrm()]) uses all measurements; ranks of complete blocks ([rm_friedman()]) as the ANOVA.
#'
#' `compare_dropouts()` compares the patients used with the others who were measured at the reference visit: means,
#' difference (used minus the others), Welch's t-test (Welch 1947) and its interval, and the standardised difference
#' \eqn{d = (m_1 - m_2) / \sqrt{(s_1^2 + s_2^2) / 2}}{d = (m1 - m2) / sqrt((s1^2 + s2^2) / 2)}. A difference says that the
#' completers are not a random part of the patients; no difference does not say the contrary.
#'
#' @param x A result of [rm_anova()], [rm_mmrm()] or [rm_friedman()].
#' @param conf_level Confidence level.
#' @return A data frame with a row for each outcome, `by` level and visit: `measured`, `used`, `dropped`, `dropped_ids`
#'   (text, ids separated by commas). `compare_dropouts()`: a row for each outcome and `by` level with `n_used`, `n_others`,
#'   `mean_used`, `mean_others`, `difference`, `conf_low`, `conf_high`, `statistic`, `df`, `p_value`,
#'   `standardised_difference`.
#' @references Welch BL (1947) \doi{10.1093/biomet/34.1-2.28}.
#' @examples
#' long <- data.frame(
#'   id = rep(1:6, 3), month = rep(c(0, 3, 12), each = 6),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 9.0, 9.1, 8.8, 9.9, NA, NA)
#' )
#' fit <- rm_anova(hb ~ month | id, long)
#' rm_patients(fit)
#' compare_dropouts(fit)
#' @export
rm_patients <- function(x) {
  input <- rm_input_of(x, rlang::current_call())
  frames <- lapply(rm_account(input, uses_all = inherits(x, "respondr_mmrm")), account_frame)
  structure(do.call(rbind, frames), class = c("respondr_rm_patients", "data.frame"))
}

rm_input_of <- function(x, call) {
  input <- if (is.data.frame(x)) attr(x, "input") else if (is.list(x)) x$input
  if (!inherits(input, "respondr_rm_input") || identical(input$kind, "figures")) {
    stop_input("rows", c("There are no patient rows behind this result.",
      i = "Give a result of `rm_anova()`, `rm_mmrm()` or `rm_friedman()` that was computed from patient rows."), "x", call)
  }
  input
}

# One entry an outcome and by group.
rm_account <- function(input, uses_all = FALSE) {
  entries <- expand.grid(g = seq_len(length(input$group_start) - 1L), o = seq_along(input$outcomes))
  lapply(seq_len(nrow(entries)), function(k) {
    part <- rm_group_input(input, entries$g[k])
    o <- entries$o[k]
    state <- complete_patients(part, o)
    id <- patient_labels(part)
    any_value <- rowSums(state$known) > 0
    used <- if (uses_all) any_value & complete_between(part) else state$complete
    list(
      outcome = names(input$outcomes)[o], by = part$by, visits = input$visits, reference = input$reference, id = id,
      known = state$known, used = used, measured = any_value,
      value = matrix(input_column(part, "outcomes", o)[part$rows], nrow(part$rows))
    )
  })
}

complete_between <- function(input) {
  if (ncol(input$between)) stats::complete.cases(input$between) else rep(TRUE, nrow(input$rows))
}

account_frame <- function(entry) {
  known <- entry$known
  lost <- known & !entry$used
  visits <- factor(entry$visits, levels = unique(entry$visits))
  k <- length(visits)
  data.frame(
    outcome = rep(factor(entry$outcome), k), entry$by[rep(1L, k), , drop = FALSE], visit = visits,
    measured = colSums(known), used = colSums(known & entry$used), dropped = colSums(lost),
    dropped_ids = vapply(seq_len(k), function(j) paste(entry$id[lost[, j]], collapse = ", "), ""),
    row.names = NULL, check.names = FALSE
  )
}

#' @export
print.respondr_rm_patients <- function(x, ..., width = getOption("width")) {
  columns <- patient_columns(x, max(12, width - 50))
  cli::cat_line(c("Patients measured, used and dropped at each visit", "", table_lines(columns, width)))
  invisible(x)
}

patient_columns <- function(x, room) {
  shown <- unclass_frame(x)
  shown$dropped_ids <- shorten_text(shown$dropped_ids, room)
  lapply(stats::setNames(names(shown), names(shown)), function(name) {
    table_column(gsub("_", " ", name), as.character(shown[[name]]), is.numeric(shown[[name]]))
  })
}

#' @rdname rm_patients
#' @export
compare_dropouts <- function(x, conf_level = 0.95) {
  call <- rlang::current_call()
  check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  input <- rm_input_of(x, call)
  frames <- lapply(rm_account(input), function(entry) {
    at <- entry$known[, entry$reference]
    value <- entry$value[, entry$reference]
    data.frame(outcome = factor(entry$outcome), entry$by, visit = entry$visits[entry$reference],
      lib_welch(value[at & entry$used], value[at & !entry$used], conf_level), row.names = NULL, check.names = FALSE)
  })
  structure(do.call(rbind, frames), class = c("respondr_rm_dropouts", "data.frame"), conf_level = conf_level)
}

#' @export
print.respondr_rm_dropouts <- function(x, ..., width = getOption("width")) {
  if (!all(dropout_names %in% names(x))) {
    return(invisible(print(unclass_frame(x))))
  }
  cli::cat_line(c("Patients used against the others, at the reference visit", "", table_lines(dropout_columns(x), width)))
  invisible(x)
}

dropout_names <- c(
  "n_used", "n_others", "mean_used", "mean_others", "difference", "conf_low", "conf_high", "statistic", "df", "p_value",
  "standardised_difference"
)

dropout_columns <- function(x) {
  places <- estimate_places(x$difference, x$conf_low, x$conf_high, rep(NA_real_, nrow(x)))
  keys <- setdiff(names(x), dropout_names)
  c(lapply(stats::setNames(keys, keys), function(name) table_column(name, format_text(x[[name]]), FALSE)), list(
    n_used = table_column("n used", format_count(x$n_used)), n_others = table_column("others", format_count(x$n_others)),
    mean_used = table_column("mean used", format_places(x$mean_used, places)),
    mean_others = table_column("mean others", format_places(x$mean_others, places)),
    difference = table_column("difference", format_places(x$difference, places)),
    interval = table_column(paste(format_level(attr(x, "conf_level") %||% 0.95), "interval"),
      format_interval(x$conf_low, x$conf_high, places)),
    p = table_column("p", format_p(x$p_value)), d = table_column("d", format_effect(x$standardised_difference))
  ))
}

# Sentences on the patients lost, for the print; the share decides whether they come first.
rm_loss <- function(account) {
  measured <- sum(vapply(account, function(e) sum(e$measured), 0))
  used <- sum(vapply(account, function(e) sum(e$used & e$measured), 0))
  list(measured = measured, used = used, share = if (measured > 0) 1 - used / measured else 0)
}

# "month 0: 39 measured, 7 used; ..." of the first outcome and group, all groups where there is one outcome.
rm_loss_lines <- function(account) {
  one <- account[[1]]
  lost <- one$measured & !one$used
  per_visit <- paste0(one$visits, ": ", colSums(one$known), collapse = ", ")
  c(
    paste0("Patients: ", sum(one$measured), " measured, ", sum(one$used & one$measured), " used, ", sum(lost), " dropped",
      if (any(lost)) paste0(" (ids ", paste(utils::head(one$id[lost], 8L), collapse = ", "),
        if (sum(lost) > 8L) paste0(" and ", sum(lost) - 8L, " more, see rm_patients()"), ")")),
    paste0("Measured at each visit: ", per_visit)
  )
}
