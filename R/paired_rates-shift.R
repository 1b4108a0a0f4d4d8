#' Shift table
#'
#' Who moved from which level to which: counts of patients, levels before in rows and after in columns, matched by label,
#' with margins and percent.
#'
#' @inheritParams compare_paired_rates
#' @param x As in [compare_paired_rates()], or a result of it or of [rate_agreement()].
#' @param event Levels to be taken together as the event.
#' @param percent Of what the percent are: `"row"` (the patients of that level before), `"column"` or `"total"`.
#' @return A data frame of class `respondr_shift_table`, one row for each outcome, `by` combination, contrast, level before
#'   and level after (`"total"` for the margins): `n`, `percent`, and `n_dropped`, the patients without both responses.
#'   Printing shows tables.
#' @section Errors:
#' As [compare_paired_rates()].
#' @examples
#' classes <- c("none", "minor", "major")
#' before <- factor(c("none", "none", "minor", "none", "major", "minor"), levels = classes)
#' after <- factor(c("minor", "none", "major", "major", "major", "minor"), levels = classes)
#' shift_table(before, after)
#' @export
shift_table <- function(x, after = NULL, data = NULL, ..., outcomes = NULL, baseline = NULL, by = NULL, subset = NULL,
                        reference = NULL, visits = NULL, event = NULL, contrasts = "reference", percent = "row") {
  call <- sys.call()
  check_dots_empty(call, ...)
  input <- if (!missing(x) && inherits(x, c("respondr_paired_rates", "respondr_agreement"))) {
    given <- lapply(list(outcomes = substitute(outcomes), baseline = substitute(baseline), by = substitute(by),
      subset = substitute(subset)), null_word, parent.frame())
    check_unused(c(list(after = after, data = data, reference = reference, visits = visits), given), "a result", call)
    attr(x, "input")
  } else {
    prates_input(
      if (!missing(x)) x, after, data, substitute(outcomes), substitute(baseline), substitute(by), substitute(subset),
      reference, visits, quote(list(both = NULL, lost = NULL, gained = NULL, neither = NULL)), parent.frame(), call,
      grouped = missing(by)
    )
  }
  check_word(percent, c("row", "column", "total"), "percent", call)
  words <- list(contrasts = check_word(contrasts, c("reference", "pairwise"), "contrasts", call), method = "mcnemar")
  if (!is.null(event)) input <- prates_event_as_levels(input, event, words, call)
  prates_shift_frame(input, words, percent, call)
}

prates_shift_frame <- function(input, words, percent, call) {
  pairs <- prates_pairs(input, words$contrasts)
  counted <- ask_core(paired_rates_tables(prates_core_input(input, pairs, FALSE)), call)
  labels <- as.data.frame(prates_labels(input, pairs, " - "), optional = TRUE)
  frames <- lapply(seq_along(counted$tables), function(i) {
    levels <- c(input$responses[[as.character(labels$outcome[i])]]$labels, "total")
    counts <- stats::addmargins(counted$tables[[i]])
    k <- length(levels)
    of <- switch(percent, row = counts[, k], column = rep(counts[k, ], each = k), total = counts[k, k])
    data.frame(
      labels[rep(i, k * k), , drop = FALSE], before = rep(levels, k), after = rep(levels, each = k),
      n = as.integer(counts), percent = ifelse(rep_len(of, k * k) > 0, 100 * as.vector(counts) / of, NA_real_),
      n_dropped = counted$n_dropped[i], check.names = FALSE, row.names = NULL
    )
  })
  out <- do.call(rbind, frames)
  all_levels <- unique(c(unlist(lapply(input$responses, `[[`, "labels")), "total"))
  all_levels <- c(setdiff(all_levels, "total"), "total")
  out$before <- factor(out$before, levels = all_levels)
  out$after <- factor(out$after, levels = all_levels)
  structure(out, class = c("respondr_shift_table", "data.frame"), by = names(input$by), percent = percent)
}

#' @export
print.respondr_shift_table <- function(x, ..., width = getOption("width")) {
  cli::cat_line(format(x, width = width))
  invisible(x)
}

#' @export
format.respondr_shift_table <- function(x, ..., width = getOption("width")) {
  by <- attr(x, "by")
  if (!all(c("outcome", by, "contrast", "before", "after", "n", "percent") %in% names(x))) {
    return(utils::capture.output(print(as.data.frame(unclass_frame(x)))))
  }
  key <- row_keys(x, c("outcome", by, "contrast"))
  share <- c(row = "row", column = "column", total = "total")[[attr(x, "percent")]]
  blocks <- lapply(split(seq_len(nrow(x)), factor(key, levels = unique(key))), function(rows) {
    prates_shift_block(x[rows, , drop = FALSE], by, width)
  })
  c(paste0("Shift of levels, before in rows and after in columns: patients (", share, " percent)"),
    unlist(blocks, use.names = FALSE))
}

prates_shift_block <- function(d, by, width) {
  d <- unclass_frame(d)
  head <- paste(c(as.character(d$outcome[1]), if (length(by)) paste(by, vapply(by, function(b) as.character(d[[b]][1]), "")),
    as.character(d$contrast[1])), collapse = ", ")
  levels <- as.character(unique(d$after))
  cell <- paste0(format_count(d$n), ifelse(is.na(d$percent), "", paste0(" (", format_places(d$percent, 0L), ")")))
  columns <- c(list(table_column(paste0(d$reference[1], " \\ ", d$level[1]), as.character(unique(d$before)), FALSE)),
    lapply(levels, function(level) table_column(level, cell[d$after == level])))
  dropped <- d$n_dropped[1]
  c("", head, table_lines(columns, width, lead = 1L),
    if (dropped > 0) paste0(dropped, if (dropped == 1) " patient" else " patients", " without both responses left out"))
}
