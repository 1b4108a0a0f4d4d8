# Percentages against counts, and totals against their parts.

#' Percentages against counts
#'
#' A printed percentage is an interval of numbers; of n patients only n + 1 percentages exist. Given count and n the
#' percentage is
#' checked (`"impossible"` if 100 count / n does not print as it, with the n or the counts that would); given one of the
#' two, the
#' other is solved for; given neither, the denominators up to `limit` that the percentage allows are listed (`remedy` holds
#' them, and [percent_denominators()] gives them as numbers). All comparisons are of whole numbers, hence exact. Rounding
#' half up and half to even are
#' both allowed; a figure that fits only if further digits were cut off is said to.
#'
#' @param count,n Counts and numbers of patients, `NA` where not printed.
#' @param percent Printed percentages as text, `"63.2"` or `"63.2 %"`; see [printed()].
#' @param limit Largest denominator looked at.
#' @param item Names of the rows.
#' @param decimals Decimals of `percent` where it is numeric.
#' @return An audit with a row a percentage.
#' @references Brown NJL, Heathers JAJ (2017). The GRIM test. Soc Psychol Personal Sci 8:363. \doi{10.1177/1948550616673876}
#' @examples
#' audit_percent(48, 77, "63.2")              # 48 of 76 it is
#' audit_percent(percent = "41.5")            # of how many?
#' percent_denominators("41.5", limit = 120)
#' @export
audit_percent <- function(count = NA, n = NA, percent, limit = 150, item = NULL, decimals = NULL) {
  call <- sys.call()
  percent <- read_printed(percent, decimals, 0, 100, "percent", call)
  limit <- check_whole(limit, "limit", call, 1, 1e5)
  count <- check_figures(count, "count", call)
  n <- check_figures(n, "n", call)
  rows <- max(length(percent), length(count), length(n))
  check_one_each(percent, rows, "percent", "row", call)
  check_one_each(count, rows, "count", "row", call)
  check_one_each(n, rows, "n", "row", call)
  item <- audit_labels(item, names(count), rows, "percentage", call)
  percent <- rep_len_printed(percent, rows)
  count <- rep_len(count, rows)
  n <- rep_len(n, rows)
  figures <- figure_digits(percent)
  solved <- ask_core(audit_percent_solve(figures$digits, figures$decimals, count, n), call)
  do.call(rbind, lapply(seq_len(rows), function(i) {
    percent_row(lapply(solved, `[`, i), percent[i], count[i], n[i], limit, item[i])
  }))
}

percent_row <- function(s, percent, count, n, limit, item) {
  row <- function(...) new_audit(item, test = "count / n", printed = paste0(
    if (!is.na(count)) paste0(format_whole(count), " "), if (!is.na(n)) paste0("of ", format_whole(n), " "), "(",
      as.character(percent), ")"),
    ...)
  word <- status_table$word[s$status + 1L]
  if (word != "ok") {
    return(row("percentage", verdict = "cannot be judged", status = word))
  }
  decimals <- unclass(percent)$decimals
  if (!is.na(count) && !is.na(n)) {
    verdict <- if (s$fits == 1L) "consistent" else "impossible"
    remedy <- if (s$fits != 1L) c(
      if (count > n) "The count is larger than n.",
      if (s$fits_cut == 1L) "Fits if further digits were cut off instead of rounded.",
      if (s$n_low <= s$n_high) paste0(format_whole(count), " of ", whole_range(s$n_low, s$n_high), " fits."),
      if (s$count_low <= s$count_high) paste0(whole_range(s$count_low, s$count_high), " of ", format_whole(n), " fits."),
      if (s$n_low > s$n_high && s$count_low > s$count_high) paste0("Neither any count of ", format_whole(n), " nor ",
        format_whole(count), " of any number prints as ", as.character(percent), ".")
    )
    return(row("percentage", recomputed = audit_number(s$recomputed, decimals), low = s$recomputed, high = s$recomputed,
      verdict = verdict, remedy = if (length(remedy)) paste(remedy, collapse = " ") else NA))
  }
  if (!is.na(n) || !is.na(count)) {
    ends <- if (is.na(count)) c(s$count_low, s$count_high) else c(s$n_low, s$n_high)
    found <- ends[1] <= ends[2]
    text <- if (found) paste(if (is.na(count)) "count" else "n", whole_range(ends[1], ends[2]))
    return(row(if (is.na(count)) "count" else "denominator", recomputed = text %||% "none", low = ends[1], high = ends[2],
      verdict = if (found) "consistent" else "impossible",
      remedy = if (found) NA else if (is.na(count)) "No count of this n prints as the percentage." else "No n fits."))
  }
  all <- percent_denominators(percent, limit)
  many <- length(all) > 0.5 * limit
  row("denominators", recomputed = paste0(length(all), " of the n up to ", limit), low = if (length(all)) min(all) else NA,
    high = if (length(all)) max(all) else NA,
    verdict = if (!length(all) || many) "cannot be judged" else "consistent",
    remedy = if (length(all)) paste0("n can be ", paste(utils::head(all, 40), collapse = ", "),
      if (length(all) > 40) ", ...", ".")
      else paste0("No n up to ", limit, " has this percentage; `limit` tries more."))
}

#' @rdname audit_percent
#' @return `percent_denominators()`: whole numbers, all n up to `limit` of which some count prints as the one percentage
#'   given.
#' @export
percent_denominators <- function(percent, limit = 150, decimals = NULL) {
  call <- sys.call()
  percent <- read_printed(percent, decimals, 0, 100, "percent", call)
  limit <- check_whole(limit, "limit", call, 1, 1e5)
  if (length(percent) != 1L || is.na(figure_digits(percent)$digits)) {
    stop_input("figure", c("`percent` must be one printed percentage.", i = "For example `\"41.5\"`."), "percent", call)
  }
  figures <- figure_digits(percent)
  audit_denominators(figures$digits, figures$decimals, limit)
}

#' Parts against their total
#'
#' Do printed parts add up to a printed total? Each figure is the interval of its rounding; the sum of the parts lies in
#' the sum of
#' their intervals. Counts have no decimals and no rounding: they must add up exactly.
#'
#' @param parts Printed parts as text or, for counts, whole numbers.
#' @param total The printed total.
#' @param item Name of the row.
#' @param counts Are these counts? By default where all figures are whole numbers without decimals, except text with a total
#'   of 100 or with %, which is read as percentages (and said to).
#' @return An audit of one row.
#' @examples
#' audit_total(c(49, 23, 5), 77)
#' audit_total(c("62.9", "30.6", "6.5"), "100.0")
#' @export
audit_total <- function(parts, total, item = "total", counts = NULL) {
  call <- sys.call()
  read <- function(x, argument) {
    if (is.numeric(x) && all(is.na(x) | x == round(x))) x <- ifelse(is.na(x), NA, sprintf("%.0f", x))
    read_printed(x, NULL, -Inf, Inf, argument, call)
  }
  typed <- is.character(parts) || is.character(total)
  parts <- unclass(read(parts, "parts"))
  total <- read(total, "total")
  check_one_each(total, 1L, "total", "set of parts", call)
  if (!length(parts$text)) {
    stop_input("length", "`parts` is empty.", "parts", call)
  }
  whole <- unclass(total)
  percentages <- is.null(counts) && typed && (any(grepl("%", c(parts$text, whole$text), fixed = TRUE)) ||
    isTRUE(whole$value == 100 && whole$decimals <= 0L))
  counts <- counts %||% (!percentages && all(c(parts$decimals, whole$decimals) <= 0L & c(parts$bound, whole$bound) == "=",
    na.rm = TRUE))
  check_flag(counts, "counts", call)
  sum <- sum(parts$value)
  low <- if (counts) sum else sum(parts$low)
  high <- if (counts) sum else sum(parts$high)
  ends <- if (counts) c(whole$value, whole$value) else c(whole$low, whole$high)
  slack <- 1e-11 * (abs(high) + abs(ends[2]))
  digits <- max(0L, parts$decimals, whole$decimals, na.rm = TRUE)
  unknown <- anyNA(c(parts$value, whole$value)) || any(c(parts$bound, whole$bound) != "=")
  face <- !unknown && abs(sum - whole$value) <= slack
  verdict <- if (unknown) "cannot be judged" else if (face) "consistent" else
    if (low <= ends[2] + slack && high >= ends[1] - slack) "consistent only through rounding" else "impossible"
  new_audit(item, "sum of the parts", paste(paste(parts$text, collapse = " + "), "=", whole$text), audit_number(sum,
    digits),
    low, high, "addition", verdict,
    if (verdict == "impossible") paste0("The parts and the total differ by ", audit_number(whole$value - sum, digits),
      ".") else NA,
    note = if (percentages && all(parts$decimals <= 0L)) "Read as percentages; `counts = TRUE` if these are counts." else NA)
}

check_figures <- function(x, argument, call) {
  if (is.logical(x) && all(is.na(x))) x <- as.double(x)
  if (is.character(x) || is.factor(x)) {
    text <- as.character(x)
    x <- stats::setNames(suppressWarnings(as.double(text)), names(x))
    x[is.na(x) & !plain_spaces(text) %in% no_figure & !is.na(text)] <- Inf  # refused below
  }
  if (!is.numeric(x) || any(!is.na(x) & (!is.finite(x) | x < 0 | x != round(x)))) {
    stop_input("counts", paste0("`", argument, "` must be whole numbers from 0 on, or NA."), argument, call)
  }
  stats::setNames(as.double(x), names(x))
}

format_whole <- function(x) sprintf("%.0f", x)

whole_range <- function(low, high) {
  if (is.infinite(high)) return(paste(format_whole(low), "and more"))
  if (low == high) return(format_whole(low))
  paste(format_whole(low), if (high - low == 1) "or" else "to", format_whole(high))
}
