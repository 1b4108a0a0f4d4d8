# Numbers as text, one rule for each kind of column: the tables, the print, the sentences and the plots all use these.

no_value <- "-"

# Three decimals; never 0.000 and never 1.000 for less than 1.
format_p <- function(p) {
  out <- formatC(p, digits = 3, format = "f")
  out[!is.na(p) & p < 0.001] <- "<0.001"
  out[!is.na(p) & p > 0.999 & p < 1] <- ">0.999"
  out[!is.na(p) & p >= 1] <- "1"
  out[is.na(p)] <- no_value
  out
}

# Decimals that show two to three figures of the uncertainty: the width of the interval, else the standard error, else
# the value itself.
estimate_places <- function(estimate, low, high, std_error) {
  width <- high - low
  one_sided <- is.finite(estimate) & !is.finite(width)
  limit <- ifelse(is.finite(low), low, high)
  width[one_sided] <- 2 * abs(estimate - limit)[one_sided]
  bad <- !is.finite(width) | width <= 0
  width[bad] <- 4 * std_error[bad]
  bad <- !is.finite(width) | width <= 0
  width[bad] <- abs(estimate)[bad]
  bad <- !is.finite(width)
  width[bad] <- abs(limit)[bad]  # an infinite estimate: the digits of its finite limit
  width[!is.finite(width) | width <= 0] <- NA_real_
  places <- pmax(0, 2 - floor(log10(width)))
  size <- ifelse(is.infinite(estimate), abs(limit), abs(estimate))
  room <- 9 - ceiling(log10(pmax(size, 1)))
  places <- pmin(places, pmax(room, 0))
  places[is.na(places)] <- 0
  as.integer(places)
}

# The same decimals for all rows of a group (one outcome on one scale), so that columns line up: the most that a row
# asks for, but one narrow interval does not give all others its decimals.
group_places <- function(places, group) {
  out <- stats::ave(as.numeric(places), group, FUN = function(k) {
    known <- sort(k)
    if (length(known)) min(max(known), known[(length(known) + 1L) %/% 2L] + 1) else 0
  })
  out[is.na(out)] <- 0
  as.integer(out)
}

format_places <- function(x, places) {
  out <- character(length(x))
  places <- rep_len(places, length(x))
  for (k in unique(places)) {
    at <- places == k
    out[at] <- formatC(x[at], digits = k, format = "f")
  }
  tiny <- is.finite(x) & x != 0 & (abs(x) >= 1e9 | (places >= 9 & abs(x) < 1e-4))
  out[tiny] <- formatC(x[tiny], digits = 3, format = "g")
  out <- sub("^-(0(\\.0*)?)$", "\\1", out)
  out[is.na(x)] <- no_value
  out[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "Inf", "-Inf")
  out
}

format_interval <- function(low, high, places) {
  out <- paste0("[", format_places(low, places), ", ", format_places(high, places), "]")
  out[is.na(low) & is.na(high)] <- no_value
  out
}

# Sums of ranks are whole or halves, a t has two decimals.
format_statistic <- function(x) {
  out <- ifelse(abs(x) >= 1e6 | (abs(x) < 0.005 & x != 0), formatC(x, digits = 3, format = "g"),
    formatC(x, digits = 2, format = "f"))
  whole <- is.finite(x) & abs(x) < 1e9 & x == round(x)
  out[whole] <- formatC(x[whole], digits = 0, format = "f")
  half <- is.finite(x) & abs(x) < 1e9 & !whole & 2 * x == round(2 * x)
  out[half] <- formatC(x[half], digits = 1, format = "f")
  out[is.na(x)] <- no_value
  out
}

format_effect <- function(x) format_places(x, ifelse(is.finite(x) & abs(x) < 0.01 & x != 0, 4L, 2L))

format_count <- function(x) {
  out <- if (any(x >= 1e5, na.rm = TRUE)) formatC(x, format = "d", big.mark = ",") else sprintf("%.0f", as.double(x))
  out[is.na(x)] <- no_value
  out
}

# 0.95 as "95%", 0.9512 as "95.1%".
format_level <- function(x) {
  percent <- 100 * x
  whole <- abs(percent - round(percent)) < 1e-8
  out <- paste0(formatC(percent, digits = 1, format = "f"), "%")
  out[!is.na(whole) & whole] <- paste0(formatC(percent[!is.na(whole) & whole], digits = 0, format = "f"), "%")
  out[is.na(x)] <- no_value
  out
}

format_text <- function(x) {
  x <- as.character(x)
  x[is.na(x)] <- no_value
  x
}

# A plain number in running text: 0, 1, -2.5.
format_number <- function(x) format(x, digits = 7, trim = TRUE, drop0trailing = TRUE)

is_constant <- function(x) {
  if (is.factor(x)) x <- as.integer(x)
  length(x) < 2L || all(is.na(x)) || (!anyNA(x) && all(x == x[1]))
}

text_width <- function(x) nchar(x, type = "width", allowNA = FALSE)

pad_text <- function(x, width, right) {
  gap <- strrep(" ", pmax(0L, width - text_width(x)))
  if (right) paste0(gap, x) else paste0(x, gap)
}

shorten_text <- function(x, width) {
  long <- text_width(x) > width
  if (width < 8L) {
    x[long] <- paste0(strtrim(x[long], max(1, width - 2)), "..")
    return(x)
  }
  # The middle goes: names that share their beginning differ at the end.
  tail <- (width - 2L) %/% 2L
  n <- nchar(x[long])
  x[long] <- paste0(strtrim(x[long], width - 2L - tail), "..", substring(x[long], n - tail + 1L))
  x
}

# A long text over several lines, broken at spaces and behind "_" and "/", what follows indented.
wrap_text <- function(x, width) {
  long <- which(text_width(x) > width)
  x[long] <- vapply(x[long], function(one) {
    parts <- regmatches(one, gregexpr("[^ _/]*[ _/]?", one))[[1]]
    long <- text_width(trimws(parts)) > width - 2L
    parts[long] <- shorten_text(parts[long], width - 2L)
    lines <- ""
    for (part in parts[nzchar(parts)]) {
      last <- length(lines)
      fits <- text_width(sub(" +$", "", paste0(lines[last], part))) <= width
      if (fits) lines[last] <- paste0(lines[last], part) else lines <- c(lines, paste0("  ", part))
    }
    paste(sub(" +$", "", lines), collapse = "\n")
  }, "")
  x
}
