# The class of all results: a data frame that prints itself.

family_titles <- c(paired = "Before/after comparison of the same patients", groups = "Comparison of independent groups",
  rates = "Comparison of rates", paired_rates = "Rates of the same patients at two or more visits")

#' @export
`[.respondr_result` <- function(x, ...) {
  out <- NextMethod()
  if (!is.data.frame(out)) {
    return(out)
  }
  core <- intersect(result_dictionary$name[result_dictionary$core], names(x))
  if (all(core %in% names(out)) && !anyDuplicated(names(out))) {
    kept <- c("settings", "trace", "input", "call")
    for (name in kept) attr(out, name) <- attr(x, name)
    class(out) <- class(x)
    return(out)
  }
  bare_frame(out)
}

# Verbs of other packages may keep the class and change the columns; such a table is printed as the plain one it is.
is_whole_result <- function(x) {
  settings <- attr(x, "settings")
  need <- c("outcome", settings$by, "method", "estimate", "p_value", "status")
  factors <- c("outcome", "method", "status")
  !is.null(settings) && all(need %in% names(x)) && all(vapply(factors, function(name) is.factor(x[[name]]), NA))
}

#' @export
rbind.respondr_result <- function(...) {
  parts <- list(...)
  parts <- parts[!vapply(parts, is.null, NA)]
  if (length(parts) == 1L) {
    return(parts[[1]])
  }
  do.call(rbind, lapply(parts, function(p) if (inherits(p, "respondr_result")) as.data.frame(p) else p))
}

bare_frame <- function(x) {
  structure(stats::setNames(lapply(names(x), function(name) x[[name]]), names(x)),
    row.names = attr(x, "row.names"), class = "data.frame")
}

#' A result as a plain data frame
#'
#' Drops the class and everything that came with it: settings, trace and input.
#'
#' @param x A result, for example of [compare_paired()].
#' @param row.names,optional,... Not used.
#' @return A data frame with the [columns][result_columns] of the result.
#' @examples
#' x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia)
#' as.data.frame(x)
#' @export
as.data.frame.respondr_result <- function(x, row.names = NULL, optional = FALSE, ...) {
  bare_frame(unclass_frame(x))
}

unclass_frame <- function(x) {
  class(x) <- "data.frame"
  x
}

#' Print a result
#'
#' The header says what was compared with what, in which direction, where the reference visit came from, how many tests
#' there are and how their p-values were adjusted, and counts the rows that have a status. The table shows what is not
#' the same in all rows; columns that do not fit are named below it. `summary()` prints everything.
#'
#' @param x A result, for example of [compare_paired()].
#' @param ... Not used.
#' @param max_rows Rows printed at most; `Inf` for all.
#' @param width Width in characters.
#' @return `print()` gives `x` invisibly, `format()` the lines as text.
#' @examples
#' x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' print(x, max_rows = 2)
#' format(x)[1]
#' @export
print.respondr_result <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L), width = getOption("width")) {
  lines <- format(x, max_rows = max_rows, width = width)
  lines[1] <- cli::style_bold(lines[1])
  cli::cat_line(lines)
  invisible(x)
}

#' @rdname print.respondr_result
#' @export
format.respondr_result <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L), width = getOption("width")) {
  if (!is_whole_result(x)) {
    return(utils::capture.output(print(bare_frame(x))))
  }
  width <- if (is.numeric(width) && length(width) == 1L && !is.na(width)) max(20, width) else 80
  max_rows <- if (is.numeric(max_rows) && length(max_rows) == 1L && !is.na(max_rows) && max_rows >= 1) max_rows else 20L
  if (!nrow(x)) {
    return(wrapped(result_title(x), width))
  }
  shown <- x[seq_len(min(nrow(x), max_rows)), , drop = FALSE]
  fitted <- fit_columns(result_table(shown, x), width)
  more <- nrow(x) - nrow(shown)
  c(
    result_header(x, width), "",
    table_lines(fitted$columns, width, lead = fitted$lead),
    if (more > 0) paste0("... and ", format_count(more), " more row", if (more != 1) "s",
      " (print(x, max_rows = Inf))"),
    result_footer(x, fitted$dropped, width)
  )
}

result_title <- function(x) {
  settings <- attr(x, "settings")
  if (!is.null(settings$title)) {
    return(paste0(settings$title, ": ", format_count(nrow(x)), " row", if (nrow(x) != 1) "s"))
  }
  title <- unname(family_titles[settings$family %||% ""])
  if (is.na(title)) title <- "Comparison"
  paste0(title, ", ", contrast_words(x), ": ", format_count(nrow(x)), " row", if (nrow(x) != 1) "s")
}

# The direction, in words that hold for every row.
contrast_words <- function(x) {
  settings <- attr(x, "settings")
  if (identical(settings$kind, "change")) {
    return("change as given")
  }
  if (identical(settings$family, "paired")) {
    return(if (identical(settings$scale, "ratio")) "after / before" else "after - before")
  }
  if (identical(settings$scale, "ratio")) "level / reference" else "level - reference"
}

result_header <- function(x, width) {
  settings <- attr(x, "settings")
  lines <- c(settings$warning, result_title(x), header_constants(x))
  if (length(settings$visit_note)) lines <- c(lines, capitalised(settings$visit_note))
  if (length(settings$lines)) lines <- c(lines, capitalised(settings$lines))
  lines <- c(lines, header_skipped(x), header_tests(x), header_status(x))
  if (length(settings$seed)) {
    replicates <- settings$replicates
    lines <- c(lines, paste0("Seed: ", paste(settings$seed, collapse = " "),
      if (length(replicates)) paste0(" (", format(replicates, big.mark = ",", scientific = FALSE), " replicates)")))
  }
  wrapped(lines, width)
}

wrapped <- function(lines, width) {
  unlist(lapply(lines, function(line) strwrap(line, max(width, 20), exdent = 2)), use.names = FALSE)
}

capitalised <- function(x) paste0(toupper(substr(x, 1, 1)), substring(x, 2))

# What is the same in every row, once.
header_constants <- function(x) {
  by <- attr(x, "settings")$by
  names <- intersect(c("outcome", by, "contrast", "term", "event", "method", "distribution", "estimand"), names(x))
  names <- names[vapply(names, function(name) is_constant(x[[name]]) && !is.na(x[[name]][1]), NA)]
  labels <- dictionary_value(names, "label")
  labels[is.na(labels)] <- names[is.na(labels)]
  values <- vapply(names, function(name) as.character(x[[name]][1]), "")
  words <- if (length(names)) paste(labels, values)
  paste(c(words, header_hypothesis(x)), collapse = "; ")
}

header_hypothesis <- function(x) {
  if (is.null(x$alternative) || !is_constant(x$alternative)) {
    return(NULL)
  }
  alternative <- as.character(x$alternative[1])
  if (is.na(alternative)) {
    return(NULL)
  }
  if (alternative == "equivalence") {
    return(paste("equivalence between", format_number(x$margin_low[1]), "and", format_number(x$margin_high[1])))
  }
  value <- x$null_value
  null <- if (!is.null(value) && is_constant(value) && !is.na(value[1])) paste0(", null ", format_number(value[1]))
  paste0(c(two.sided = "two-sided", less = "one-sided (less)", greater = "one-sided (greater)")[[alternative]], null)
}

header_tests <- function(x) {
  settings <- attr(x, "settings")
  if (is.null(x$contrast) && is.null(x$term)) {
    return(NULL)  # means are no tests
  }
  tests <- count_tests(x)
  count <- paste0("Tests: ", format_count(tests))
  how <- settings$p_adjust %||% "none"
  if (how == "none") {
    return(paste0(count, if (tests > 1) ", p-values not adjusted"))
  }
  over <- if (length(settings$adjust_over)) paste(settings$adjust_over, collapse = " and ") else "all rows of a method"
  paste0(count, ", p-values adjusted by ", adjustment_name(how), " over ", over)
}

# Several effect sizes repeat the row of a test, which counts once.
count_tests <- function(x) {
  known <- !is.na(x$p_value)
  if (is.null(x$effect_name) || is_constant(x$effect_name)) {
    return(sum(known))
  }
  keys <- intersect(c("outcome", attr(x, "settings")$by, "contrast", "term", "method"), names(x))
  length(unique(row_keys(bare_frame(x)[known, , drop = FALSE], keys)))
}

# Rows of the data that belong to no patient, visit or group.
header_skipped <- function(x) {
  skipped <- attr(x, "settings")$skipped
  skipped <- skipped[skipped > 0]
  if (!length(skipped)) {
    return(NULL)
  }
  what <- c(id = "without an id", visit = "of no visit wanted", by = "without a group (`by` missing)",
    arm = "without an arm", strata = "without a stratum")[names(skipped)]
  paste0("Rows of the data left out: ", paste(format_count(as.integer(skipped)), what, collapse = ", "))
}

header_status <- function(x) {
  counts <- stats::setNames(tabulate(x$status, nlevels(x$status)), levels(x$status))
  counts <- counts[counts > 0]
  if (identical(names(counts), "ok")) {
    return(NULL)
  }
  sentences <- ifelse(names(counts) == "ok", "", paste0(" (", status_sentence(names(counts)), ")"))
  paste0("Status: ", paste0(format_count(as.integer(counts)), " ", names(counts), sentences, collapse = ", "))
}

result_footer <- function(x, dropped, width) {
  notes <- note_counts(x)
  out <- c(
    if (length(dropped)) paste0("Not shown for want of width: ", paste(dropped, collapse = ", "), "."),
    effect_legend(x),
    if (length(notes)) paste0("Note (", format_count(as.integer(notes)), " row", ifelse(notes == 1, "", "s"), "): ",
      names(notes), ".")
  )
  if (length(out)) wrapped(out, width)
}

# Rows for each single sentence.
note_counts <- function(x) {
  if (is.null(x$note)) {
    return(NULL)
  }
  counts <- stats::setNames(tabulate(x$note, nlevels(x$note)), levels(x$note))
  counts <- counts[counts > 0 & nzchar(names(counts))]
  single <- strsplit(names(counts), "; ", fixed = TRUE)
  words <- unlist(single)
  if (!length(words)) {
    return(NULL)
  }
  tapply(rep(as.integer(counts), lengths(single)), factor(words, levels = unique(words)), sum)
}
