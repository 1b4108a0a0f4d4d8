# What stands behind all audits: the class of the answers, and the words of a verdict.

audit_verdicts <- c("consistent", "consistent only through rounding", "ambiguous between tests", "cannot be judged",
  "not reproducible by the named test", "impossible")

audit_columns <- c("item", "check", "printed", "recomputed", "low", "high", "test", "verdict", "remedy", "status", "note")

# Rows of an audit; what is one value stands in every row.
new_audit <- function(item, check, printed = NA_character_, recomputed = NA_character_, low = NA_real_, high = NA_real_,
                      test = NA_character_, verdict = NA_character_, remedy = NA_character_, status = "ok",
                      note = NA_character_) {
  columns <- list(item = as.character(item), check = as.character(check), printed = as.character(printed),
    recomputed = as.character(recomputed), low = as.double(low), high = as.double(high), test = as.character(test),
    verdict = factor(as.character(verdict), levels = audit_verdicts), remedy = as.character(remedy),
    status = as.character(status), note = as.character(note))
  n <- if (any(lengths(columns[c("item", "check")]) == 0L)) 0L else max(lengths(columns))
  as_audit(quick_frame(lapply(columns, rep_len, n), n))
}

as_audit <- function(x) {
  class(x) <- c("respondr_audit", "data.frame")
  x
}

#' @export
rbind.respondr_audit <- function(...) {
  parts <- Filter(Negate(is.null), list(...))
  plain <- lapply(parts, bare_frame)
  shared <- Reduce(intersect, lapply(plain, names))
  columns <- stats::setNames(lapply(shared, function(name) {
    column <- lapply(plain, `[[`, name)
    if (is.factor(column[[1]])) {
      return(factor(unlist(lapply(column, as.character), use.names = FALSE), levels = levels(column[[1]])))
    }
    unlist(column, use.names = FALSE)
  }), shared)
  as_audit(quick_frame(columns))
}

#' @export
`[.respondr_audit` <- function(x, ...) {
  out <- NextMethod()
  if (is.data.frame(out) && !all(audit_columns %in% names(out))) class(out) <- "data.frame"
  out
}

#' @export
as.data.frame.respondr_audit <- function(x, row.names = NULL, optional = FALSE, ...) bare_frame(x)

# The verdict of a figure recomputed from the others, at face value and over their rounding; a figure that is not printed
# has none.
audit_verdict <- function(figure, value, low, high) {
  f <- unclass(figure)
  slack <- 1e-11 * pmax(abs(value), abs(f$value))
  face <- value >= f$low - slack & value <= f$high + slack
  over <- low <= f$high & high >= f$low
  face <- face & !(over %in% FALSE)  # the value at face may be none of those that the rounding allows
  out <- ifelse(!is.na(face) & face, audit_verdicts[1], ifelse(over, audit_verdicts[2], audit_verdicts[5]))
  out[is.na(f$value)] <- NA
  out
}

# As many decimals as stand in print, three significant ones at least where the printed figure shows fewer.
audit_number <- function(x, decimals = 3L) {
  decimals <- rep_len(ifelse(is.na(decimals), 3L, pmin(pmax(decimals, 0L), 12L)), length(x))
  out <- ifelse(x != 0 & abs(x) < 10^-decimals, formatC(x, digits = 2, format = "g"), sprintf("%.*f", decimals, x))
  out[is.na(x)] <- NA
  out
}

audit_range <- function(low, high, decimals = 3L) {
  first <- audit_number(low, decimals)
  last <- audit_number(high, decimals)
  ifelse(first == last, first, ifelse(is.infinite(high) & high > 0, paste(first, "or more"), ifelse(is.infinite(low) & low < 0,
    paste(last, "or less"), paste(first, "to", last))))
}

# The value of the figures as they stand, where it is one of those that their rounding allows, and the range.
face_and_range <- function(value, low, high, decimals = 3L) {
  range <- audit_range(low, high, decimals)
  ifelse(value >= low & value <= high, paste0(audit_number(value, decimals), " (", range, ")"), range)
}

#' Print an audit
#'
#' A reviewer's list: for each item its checks, what is printed, what comes back from the other figures (with the interval
#' that their rounding leaves), the verdict, and what would make the figure fit. The verdicts are about figures:
#' \describe{
#'   \item{consistent}{The printed figures, taken as they stand, give the figure back.}
#'   \item{consistent only through rounding}{Only other numbers that print the same do.}
#'   \item{ambiguous between tests}{Several of the tests named give it back.}
#'   \item{cannot be judged}{The figures printed do not determine it.}
#'   \item{not reproducible by the named test}{No numbers that print like these give it back under that test.}
#'   \item{impossible}{No data whatever have these figures.}
#' }
#'
#' @param x An audit, for example of [audit_paired()].
#' @param ... Not used.
#' @param max_items Items printed at most.
#' @param width Width in characters.
#' @return `x`, invisibly.
#' @examples
#' print(audit_paired(39, "6.8", "1.1", "9.7", "1.9", p = "<0.001"))
#' @export
print.respondr_audit <- function(x, ..., max_items = getOption("respondr.max_rows", 20L), width = getOption("width")) {
  cat(format(x, max_items = max_items, width = width), sep = "\n")
  invisible(x)
}

#' @rdname print.respondr_audit
#' @export
format.respondr_audit <- function(x, ..., max_items = getOption("respondr.max_rows", 20L), width = getOption("width")) {
  items <- unique(x$item)
  counts <- table(x$verdict)
  counts <- counts[counts > 0]
  head <- paste0("Audit of printed figures: ", nrow(x), " check", if (nrow(x) != 1) "s", " of ", length(items), " item",
    if (length(items) != 1) "s", if (length(counts)) paste0("; ", paste(counts, names(counts), collapse = ", ")))
  shown <- utils::head(items, max_items)
  lines <- unlist(lapply(shown, function(item) {
    rows <- bare_frame(x)[x$item == item, , drop = FALSE]
    c("", item, unlist(lapply(seq_len(nrow(rows)), function(i) audit_lines(rows[i, ], width))))
  }))
  more <- length(items) - length(shown)
  c(wrapped(head, width), lines, if (more > 0) c("", paste("... and", more, "more items (print(x, max_items = Inf))")))
}

audit_lines <- function(row, width) {
  parts <- c(
    if (!is.na(row$printed)) paste("printed", row$printed),
    if (!is.na(row$recomputed)) paste("recomputed", row$recomputed)
  )
  name <- paste0(row$check, if (!is.na(row$test)) paste0(" (", row$test, ")"))
  line <- paste0("- ", name, if (length(parts)) ": ", paste(parts, collapse = ", "),
    if (!is.na(row$verdict)) paste0(" -> ", row$verdict))
  more <- c(row$remedy, row$note)
  more <- more[!is.na(more) & nzchar(more)]
  c(strwrap(line, max(width, 30), indent = 2, exdent = 6), strwrap(more, max(width, 30), indent = 6, exdent = 6))
}

#' @rdname report_text
#' @export
report_text.respondr_audit <- function(x, ...) {
  if (!nrow(x)) {
    return(character())
  }
  none <- "without a printed figure"
  counts <- table(factor(ifelse(is.na(x$verdict), none, as.character(x$verdict)), c(audit_verdicts, none)))
  counts <- counts[counts > 0]
  name <- names(counts)
  verb <- ifelse(name == "cannot be judged", "", ifelse(counts == 1L, "is ", "are "))
  bad <- bare_frame(x)[x$verdict %in% audit_verdicts[5:6], , drop = FALSE]
  sentences <- if (nrow(x) == 1L) paste0("One check of printed figures: ", name, ".") else paste0("Of ", nrow(x),
    " checks of printed figures, ", paste0(counts, " ", verb, name, collapse = ", "), ".")
  if (nrow(bad)) {
    sentences <- c(sentences, paste0(sub("^([a-z])", "\\U\\1", plain_label(bad$item), perl = TRUE), ": ", bad$check,
      " printed as ", bad$printed,
      ifelse(is.na(bad$recomputed), "", paste0(", recomputed ", bad$recomputed)), " (", bad$verdict, ")."))
  }
  sentences
}
