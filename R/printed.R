# Figures as they are printed: the text and the interval of all numbers that print like it.

#' Figures as they are printed
#'
#' Keeps the text of a printed figure and the interval of all numbers that print like it. `"6.8"` stands for any number
#' from 6.75 to 6.85; both ends belong to it, so that rounding half up and half to even are both allowed for. `"<0.001"`
#' is a bound: the number is anywhere below.
#'
#' @param x Text, for example `"6.8"`, `"27.00"`, `".025"`, `"<0.001"`, `"1.2e-5"`, `"41.5 %"` (the sign is dropped, the
#'   number stays 41.5), `"NS"` (above 0.05), `"0.05*"` (marks of footnotes are dropped), `"0,05"` (a decimal comma;
#'   `"1,821"`, which may be a thousand, is refused), `"1.2 x 10^-5"`, or `NA`. Numbers are allowed with `decimals`.
#' @param decimals Printed decimals, one or one for each figure; needed where `x` is numeric, since 27.00 and 27 are the
#'   same number.
#' @param lower,upper Limits of what the figure can be, for example 0 for a standard deviation.
#' @return An object of class `respondr_printed`, which can be subset, combined and printed. `as.double()` gives the numbers
#'   at face value (the end, for a bound).
#' @examples
#' printed(c("6.8", "27.00", "<0.001"))
#' printed(c(6.8, 27), decimals = c(1, 2))
#' @export
printed <- function(x, decimals = NULL, lower = -Inf, upper = Inf) {
  read_printed(x, decimals, lower, upper, "x", sys.call())
}

# Everything that audits take as a figure. `argument` is named in errors.
read_printed <- function(x, decimals, lower, upper, argument, call) {
  if (inherits(x, "respondr_printed")) {
    return(clamped_printed(x, lower, upper, argument, call))
  }
  if (is.factor(x)) x <- as.character(x)
  if (is.null(x) || (is.logical(x) && all(is.na(x)))) x <- rep(NA_character_, length(x))
  if (is.numeric(x) && !is.object(x)) x <- numbers_as_printed(x, decimals, argument, call)
  if (!is.character(x)) {
    stop_input("figure", c(paste0("`", argument, "` is ", class(x)[1], ", not printed figures."),
      i = "Give text such as \"6.8\" or \"<0.001\", or numbers with `decimals`."), argument, call)
  }
  clamped_printed(parse_printed(x, argument, call), lower, upper, argument, call)
}

numbers_as_printed <- function(x, decimals, argument, call) {
  if (is.null(decimals)) {
    stop_input("figure", c(paste0("`", argument, "` holds numbers, which do not say how many decimals were printed."),
      i = "Give the text (\"27.00\"), or `decimals`."), argument, call)
  }
  ok <- is.numeric(decimals) && length(decimals) %in% c(1L, length(x)) && !anyNA(decimals) &&
    all(decimals == round(decimals)) && all(decimals >= 0 & decimals <= 15)
  if (!ok) {
    stop_input("figure", "`decimals` must be whole numbers from 0 to 15, one or one for each figure.", "decimals", call)
  }
  digits <- as.integer(rep_len(decimals, length(x)))
  more <- !is.na(x) & abs(x - round(x, digits)) > 1e-9 * 10^-digits + 4 * .Machine$double.eps * abs(x)
  if (any(more)) {
    stop_input("figure", c(paste0("`", argument, "` holds ", quoted(format(x[more][1], digits = 15)), ", more than the ",
      digits[more][1], " decimals that `decimals` says were printed."),
      i = "Give the text as printed: a P has other decimals than a mean."), argument, call)
  }
  ifelse(is.na(x), NA_character_, sprintf("%.*f", as.integer(rep_len(decimals, length(x))), as.double(x)))
}

parse_printed <- function(x, argument, call) {
  text <- plain_spaces(x)
  text[text %in% no_figure] <- NA
  bare <- powers_of_ten(plain_signs(text))
  bare <- sub("^([Pp](-| )?(value)?)?\\s*=\\s*|^[Pp](-| )?(value)?\\s*(?=[<>\u2264\u2265])", "", bare, perl = TRUE)
  bare[!is.na(bare) & tolower(bare) %in% c("ns", "n.s.", "n.s")] <- ">0.05"
  bare <- gsub("\u2265", ">=", gsub("\u2264", "<=", bare, fixed = TRUE), fixed = TRUE)
  sign <- ifelse(grepl("^<", bare), "<", ifelse(grepl("^>", bare), ">", "="))
  bare <- sub(footnote_mark, "", bare)
  bare <- sub("(?<=[0-9])\\s?[a-d]$", "", bare, perl = TRUE)
  bare <- trimws(sub("\\s*%$", "", sub("^[<>]=?\\s*", "", bare)))
  bare <- point_for_comma(bare)
  ok <- is.na(bare) | grepl("^[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?$", bare)
  if (!all(ok)) {
    stop_input("figure", c(paste0("`", argument, "` holds ", quoted(unique(text[!ok])), ", which is no printed figure."),
      i = "Write figures with a decimal point and without separators of thousands, bounds as \"<0.001\"."), argument, call)
  }
  value <- as.double(bare)
  if (any(is.infinite(value))) {
    stop_input("figure", paste0("`", argument, "` holds ", quoted(unique(text[is.infinite(value)])), ", beyond the numbers of a computer."),
      argument, call)
  }
  mantissa <- sub("[eE].*$", "", bare)
  exponent <- ifelse(grepl("[eE]", bare), suppressWarnings(as.integer(sub("^.*[eE]", "", bare))), 0L)
  decimals <- ifelse(grepl(".", mantissa, fixed = TRUE), nchar(sub("^[^.]*\\.", "", mantissa)), 0L) - exponent
  half <- 0.5 * 10^-decimals
  slack <- 4 * .Machine$double.eps * (abs(value) + half)
  new_printed(text, value, ifelse(sign == "<", -Inf, ifelse(sign == ">", value, value - half - slack)),
    ifelse(sign == ">", Inf, ifelse(sign == "<", value, value + half + slack)), as.integer(decimals),
    ifelse(is.na(bare), NA, sign))
}

# What stands for a figure that is not printed.
no_figure <- c("", "NA", "N/A", "n/a", "NR", "ND", "-", "--", "\u2013", "\u2014", "...", "\u2026")
footnote_mark <- "\\s*(\\*+|[\u2020\u2021\u00a7\u00b6#]+)$"

plain_spaces <- function(x) trimws(gsub("[\u00a0\u2002-\u200a\u202f]", " ", enc2utf8(as.character(x))))

# Raised points, and dashes that stand for a minus.
plain_signs <- function(x) {
  x <- gsub("[\u00b7\u2219\u22c5](?=[0-9])", ".", x, perl = TRUE)
  sub("^[\u2013\u2012](?=[0-9.])", "-", gsub("\u2212", "-", x, fixed = TRUE), perl = TRUE)
}

# "1.2 x 10^-5" and "1.2 \u00d7 10\u207b\u2075" are "1.2e-5".
powers_of_ten <- function(x) {
  with <- grep("[0-9]\\s*(\u00d7|x|\\*)\\s*10", x)
  x[with] <- chartr("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b", "0123456789-", x[with])
  x[with] <- sub("(?<=[0-9])\\s*(\u00d7|x|\\*)\\s*10\\s*\\^?\\s*([-+]?[0-9]+)$", "e\\2", x[with], perl = TRUE)
  x
}

# "0,05" and "27,5" have a decimal comma; "1,821" may be a thousand, and is left to be refused.
point_for_comma <- function(x) {
  comma <- grepl("^[-+]?([0-9]+,([0-9]{1,2}|[0-9]{4,})|0?,[0-9]+)([eE][-+]?[0-9]+)?$", x)
  ifelse(comma, sub(",", ".", x, fixed = TRUE), x)
}

new_printed <- function(text, value, low, high, decimals, bound) {
  low[is.na(value)] <- NA
  high[is.na(value)] <- NA
  structure(list(text = text, value = value, low = low, high = high, decimals = decimals, bound = bound),
    class = "respondr_printed")
}

# No number outside the limits prints like it; a figure wholly outside is an error of the caller's column.
clamped_printed <- function(x, lower, upper, argument, call) {
  x <- unclass(x)
  beyond <- x$value < lower | x$value > upper
  outside <- !is.na(x$value) & (x$high < lower | x$low > upper | (x$bound == "=" & beyond))
  if (any(outside)) {
    stop_input("figure", c(paste0("`", argument, "` holds ", quoted(unique(x$text[outside])), ", outside ", lower, " to ",
      upper, "."), i = "Check the column."), argument, call)
  }
  x$low <- pmax(x$low, lower)
  x$high <- pmin(x$high, upper)
  structure(x, class = "respondr_printed")
}

#' @export
length.respondr_printed <- function(x) length(unclass(x)$text)

#' @export
`[.respondr_printed` <- function(x, i) {
  structure(lapply(unclass(x), function(column) column[i]), class = "respondr_printed")
}

#' @export
c.respondr_printed <- function(...) {
  parts <- lapply(list(...), function(p) unclass(if (inherits(p, "respondr_printed")) p else printed(p)))
  columns <- names(parts[[1]])
  joined <- lapply(columns, function(name) unlist(lapply(parts, `[[`, name)))
  structure(stats::setNames(joined, columns), class = "respondr_printed")
}

#' @export
rep.respondr_printed <- function(x, ...) x[rep(seq_along(unclass(x)$text), ...)]

#' @export
as.character.respondr_printed <- function(x, ...) unclass(x)$text

#' @export
as.double.respondr_printed <- function(x, ...) unclass(x)$value

#' @export
format.respondr_printed <- function(x, ...) {
  x <- unclass(x)
  if (!length(x$text)) {
    return(character())
  }
  paste0(x$text, " [", vapply(x$low, format, "", digits = 7), ", ", vapply(x$high, format, "", digits = 7), "]")
}

#' @export
print.respondr_printed <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

#' Does a number print as a figure?
#'
#' Whether a recomputed number, rounded to the decimals of a printed figure, is that figure; a half may have been rounded
#' up or down. For a bound, whether the number lies beyond it.
#'
#' @param x Numbers.
#' @param printed Printed figures, one or one for each number: text, or anything that [printed()] reads.
#' @return `TRUE` or `FALSE` for each number; `NA` where either is missing. Differences below 1e-9 of the number do not count.
#' @examples
#' prints_as(c(0.0249, 6.85, 0.0004), c(".025", "6.8", "<0.001"))
#' @export
prints_as <- function(x, printed) {
  call <- sys.call()
  if (!is.numeric(x) || is.object(x)) stop_input("number", "`x` must be numbers.", "x", call)
  figure <- unclass(read_printed(printed, NULL, -Inf, Inf, "printed", call))
  if (!length(figure$text) %in% c(1L, length(x))) {
    stop_input("length", paste0("`x` holds ", length(x), " numbers and `printed` ", length(figure$text), " figures."), "printed",
      call)
  }
  slack <- 1e-9 * abs(x)
  x >= figure$low - slack & x <= figure$high + slack
}
