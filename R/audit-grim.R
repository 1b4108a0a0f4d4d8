# Means and SDs of whole numbers.

#' Means and SDs of whole numbers: GRIM, GRIMMER, DEBIT
#'
#' The mean of n whole numbers is a whole number over n, so that few means exist where n is small (GRIM, Brown and Heathers
#' 2017,
#' \doi{10.1177/1948550616673876}); the sum of their squares is a whole number of the parity of their sum, which leaves few
#' SDs (GRIMMER, Anaya 2016,
#' \doi{10.7287/peerj.preprints.2400v1}, as corrected by A. Allard 2018); of 0 and 1 the mean fixes the SD (DEBIT, Heathers
#' and Brown 2019).
#' Formulas stand in the header `respondr/audit/grim.hpp`. Rounding half up and half to even are both allowed. Only use it
#' for data that are whole numbers: counts, scores,
#' ages in completed years.
#'
#' @param mean,sd Printed means and SDs as text; see [printed()]. `sd` may be `NA`.
#' @param n Numbers of patients.
#' @param items Whole-number items that are averaged in each patient's value (1: the value is a whole number itself).
#' @param scale Smallest and largest value of an item, or `NULL`.
#' @param binary Are the values 0 and 1? The SD is then tested by DEBIT.
#' @param sd_denominator `"n-1"`, or `"n"` for the SD of a population.
#' @param item Names of the rows.
#' @param decimals Decimals where figures are numeric.
#' @return An audit with a row for the mean and one for the SD. A mean that cannot fail (n items at least 10^decimals) says
#'   so.
#' @examples
#' audit_grim("5.19", n = 28)
#' audit_grim("7.3", "2.51", n = 12)
#' audit_grim("0.19", "0.35", n = 1683, binary = TRUE)
#' @export
audit_grim <- function(mean, sd = NA_character_, n, items = 1, scale = NULL, binary = FALSE, sd_denominator = "n-1",
                       item = NULL, decimals = NULL) {
  call <- sys.call()
  binary <- check_flag(binary, "binary", call)
  denominator <- check_words(sd_denominator, c("n-1", "n"), "sd_denominator", call)
  if (binary) scale <- c(0, 1)
  if (!is.null(scale) && (!is.numeric(scale) || length(scale) != 2L || anyNA(scale) || any(scale != round(scale)) ||
    scale[1] >= scale[2])) {
    stop_input("number", c("`scale` must be two whole numbers, the smallest and the largest value of an item.",
      i = "For example `scale = c(1, 7)`."), "scale", call)
  }
  figures <- list(mean = read_printed(mean, decimals, -Inf, Inf, "mean", call), sd = read_printed(sd, decimals, 0, Inf,
    "sd", call))
  n <- check_figures(n, "n", call)
  items <- check_figures(items, "items", call)
  rows <- max(lengths(figures), length(n))
  for (name in names(figures)) check_one_each(figures[[name]], rows, name, "row", call)
  check_one_each(n, rows, "n", "row", call)
  check_one_each(items, rows, "items", "row", call)
  figures <- lapply(figures, rep_len_printed, rows)
  item <- audit_labels(item, names(mean), rows, "mean", call)
  design <- list(n = rep_len(n, rows), items = rep_len(items, rows), lowest = rep_len(as.double(scale[1] %||% NA), rows),
    highest = rep_len(as.double(scale[2] %||% NA), rows), binary = binary)
  solved <- lapply(c(denominator, setdiff(c("n-1", "n"), denominator)), function(word) {
    ask_core(audit_grim_solve(figure_digits(figures$mean), figure_digits(figures$sd), c(design,
      population = word == "n")), call)
  })
  do.call(rbind, lapply(seq_len(rows), function(i) {
    fits <- vapply(solved, function(s) s$grimmer[i] == 1L, NA)
    named <- which(fits[seq_along(denominator)])
    at <- c(named, 1L)[1]
    note <- if (at > 1L) paste("Only with the SD divided by", denominator[at]) else NA
    other <- if (!length(named) && any(fits %in% TRUE)) paste0("Fits with the SD divided by ", setdiff(c("n-1", "n"), denominator), ".")
    grim_rows(lapply(solved[[at]], `[`, i), lapply(figures, `[`, i), design$n[i], item[i], binary, note, other, scale)
  }))
}

grim_rows <- function(s, figures, n, item, binary, sd_note = NA, sd_remedy = NULL, scale = NULL) {
  text <- vapply(figures, as.character, "")
  decimals <- vapply(figures, function(f) max(unclass(f)$decimals, 0L, na.rm = TRUE), 0L)
  word <- status_table$word[s$status + 1L]
  verdict <- if (s$grim < 0L) "cannot be judged" else if (s$grim == 1L) "consistent" else "impossible"
  within <- function(x) pmin(pmax(x, scale[1] %||% -Inf), scale[2] %||% Inf)
  near <- unique(audit_number(within(c(s$near_low, s$near_high)), decimals[["mean"]] + 1L))
  mean <- new_audit(item, "mean", paste0(text[["mean"]], " of ", format_whole(n)),
    if (s$grim == 1L) paste("sum", whole_range(s$sum_low, s$sum_high)) else NA, s$near_low, s$near_high, "GRIM", verdict,
    if (s$grim == 0L) paste0("The nearest possible ", if (length(near) > 1L) "means are " else "mean is ",
      paste(near, collapse = " and "), ".")
    else NA,
    status = if (s$grim < 0L) word else "ok",
    note = if (s$grim == 1L && s$coarse == 0L) "Every mean with so few decimals is possible at this n." else NA)
  if (is.na(text[["sd"]]) || s$grim != 1L) {
    return(mean)
  }
  verdict <- if (s$grimmer < 0L) "cannot be judged" else if (s$grimmer == 1L) "consistent" else "impossible"
  rbind(mean, new_audit(item, "SD", text[["sd"]], audit_number(s$sd_near, decimals[["sd"]] + 1L), s$sd_near, s$sd_near,
    if (binary) "DEBIT" else "GRIMMER", verdict,
    if (s$grimmer == 0L && !is.null(sd_remedy)) sd_remedy else if (s$grimmer == 0L && !is.na(s$sd_near)) paste0("The nearest possible SD is ", audit_number(s$sd_near,
      decimals[["sd"]] + 1L), ".") else NA,
    status = if (s$grimmer < 0L) word else "ok", note = sd_note))
}
