# What the pictures of responders show, read from a formula: data frames with plain columns.

# `y ~ x | id` with y numeric or a class: columns y, x (absent for 1) and id (absent without |). NULL words are absent.
figure_frame <- function(formula, data, extra, env, need_id, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", paste0("Write `", if (need_id) "value ~ visit | id" else "change ~ arm", "`."), "formula", call)
  }
  data <- as_data(data, call)
  from <- environment(formula) %||% env
  rhs <- formula[[3]]
  id <- NULL
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    id <- rhs[[3]]
    rhs <- rhs[[2]]
  }
  if (need_id && is.null(id)) {
    stop_input("no_id", c(paste0("The formula has no id: ", deparse_one(formula), "."), i = "Write `... ~ visit | id`."),
      "formula", call)
  }
  n <- if (length(data)) nrow(data)
  y <- eval_column(formula[[2]], data, from, "formula", n, call)
  n <- n %||% length(y)
  check_rows(n, call)
  out <- list(y = y)
  if (!identical(rhs, 1)) out$x <- eval_column(rhs, data, from, "formula", n, call)
  if (!is.null(id)) {
    columns <- lapply(id_factors(id, call), eval_column, data, from, "id", n, call)
    out$id <- id_text(columns, seq_len(n))
    out$id[Reduce(`|`, lapply(columns, is.na))] <- NA
  }
  for (name in names(extra)) {
    e <- null_word(extra[[name]], env)
    if (is.null(e)) next
    if (is.character(e) && length(e) == 1L) e <- as.name(e)
    out[[name]] <- eval_column(e, data, from, name, n, call)
  }
  list(rows = quick_frame(out, n), y = deparse_one(formula[[2]]), x = deparse_one(rhs))
}

figure_number <- function(x, name, call) {
  x <- check_outcome(x, name, call)
  finite_column(x, name, call)
}

# Classes as a factor whose order is that of a factor, of numbers, or of first appearance. Classes that no patient drawn
# has are kept: they hold their colour.
figure_class <- function(x) {
  if (is.factor(x)) {
    return(factor(x, levels = levels(x), ordered = FALSE))
  }
  if (is.character(x)) factor(x, levels = unique(x[!is.na(x)])) else factor(x)
}

# Times of visits; labels keep their order and stand at equal distances.
figure_times <- function(x, call) {
  if (is.numeric(x) && !is.factor(x)) {
    at <- finite_column(as.double(bare_values(x)), "visit", call)
    return(list(at = at, breaks = NULL, labels = NULL))
  }
  f <- droplevels(figure_class(x))
  list(at = as.double(as.integer(f)), breaks = seq_along(levels(f)), labels = levels(f))
}

# Worst to best: vermilion, orange, sky blue, blue (Okabe and Ito), also apart as greys.
class_colours <- function(labels) {
  k <- length(labels)
  colours <- if (k <= 1L) "#0072B2" else if (k == 2L) c("#D55E00", "#0072B2") else if (k == 3L) {
    c("#D55E00", "#E69F00", "#0072B2")
  } else if (k == 4L) c("#D55E00", "#E69F00", "#56B4E9", "#0072B2") else
    grDevices::colorRampPalette(c("#D55E00", "#E69F00", "#F0E442", "#56B4E9", "#0072B2"))(k)
  stats::setNames(colours, labels)
}

check_some <- function(rows, what, call) {
  if (!nrow(rows)) stop_input("plot", paste0("There is no ", what, " to draw."), "formula", call)
  rows
}

check_lines <- function(lines, call) {
  if (!is.null(lines) && (!is.numeric(lines) || any(!is.finite(lines)))) {
    stop_input("number", "`lines` must hold numbers, the cut-offs of the rule.", "lines", call)
  }
  lines
}

# One row a patient: the best of its changes.
waterfall_rows <- function(formula, data, better, env, call) {
  read <- figure_frame(formula, data, list(), env, FALSE, call)
  d <- read$rows
  d$y <- figure_number(d$y, read$y, call)
  d$class <- if (is.null(d$x)) factor(rep("", nrow(d))) else with_unknown(figure_class(d$x))
  dropped <- sum(is.na(d$y))
  d <- check_some(d[!is.na(d$y), , drop = FALSE], "change", call)
  sign <- if (better == "higher") -1 else 1
  d <- d[order(sign * d$y), , drop = FALSE]
  if (!is.null(d$id)) {
    d <- d[!duplicated(d$id), , drop = FALSE]
    dropped <- NA
  }
  d$rank <- seq_len(nrow(d))
  list(rows = d, y = read$y, dropped = dropped, several = !is.null(d$id), classes = !is.null(d$x))
}

# Segments of each patient from a visit to the next, and the marks upon them.
swimmer_rows <- function(formula, data, words, env, call) {
  read <- figure_frame(formula, data, words, env, TRUE, call)
  d <- read$rows
  d$class <- figure_class(d$y)
  time <- figure_times(d$x, call)
  d$at <- time$at
  d <- check_some(d[!is.na(d$id) & !is.na(d$at), , drop = FALSE], "visit", call)
  for (name in intersect(c("end", "death"), names(d))) d[[name]] <- figure_number(d[[name]], name, call)
  if (anyDuplicated(d[c("id", "at")])) {
    stop_input("duplicate", "A patient has two rows for one visit.", "formula", call)
  }
  d <- d[order(d$id, d$at), , drop = FALSE]
  beyond <- 0.03 * max(diff(range(d$at)), 1e-6)
  patients <- lapply(split(d, factor(d$id, levels = unique(d$id))), swimmer_patient, beyond)
  segments <- do.call(rbind, lapply(patients, `[[`, "segments"))
  ends <- do.call(rbind, lapply(patients, `[[`, "end"))
  course <- vapply(split(as.integer(segments$class), segments$id), function(k) sum(k, na.rm = TRUE) / length(k), 0)[ends$id]
  ends <- ends[order(ends$at, course, ends$id), , drop = FALSE]  # of equal length, the better course above
  row <- function(x) match(x$id, ends$id)
  segments$row <- row(segments)
  ends$row <- row(ends)
  doses <- do.call(rbind, lapply(patients, `[[`, "doses"))
  if (length(doses) && nrow(doses)) doses$row <- row(doses)
  list(segments = segments, ends = ends, doses = doses, n = nrow(ends), time = time, x = read$x, classes = levels(d$class),
    visits = d$at)
}

# The class of the last visit is drawn a little beyond it, else it would not be seen.
swimmer_patient <- function(d, beyond) {
  death <- if (is.null(d$death)) NA_real_ else c(d$death[!is.na(d$death)], NA)[1]
  given <- if (is.null(d$end)) NA_real_ else c(d$end[!is.na(d$end)], NA)[1]
  last <- if (!is.na(given)) given else max(d$at, death, na.rm = TRUE)
  k <- nrow(d)
  died <- !is.na(death) && death <= last + 1e-9
  if (!died && last <= d$at[k]) last <- d$at[k] + beyond
  segments <- data.frame(id = d$id, from = d$at, to = pmin(last, c(d$at[-1], last)), class = d$class)
  doses <- NULL
  if (!is.null(d$dose)) {
    dose <- as.double(d$dose)
    known <- which(!is.na(dose))
    change <- diff(dose[known])
    moved <- which(change != 0)
    doses <- data.frame(id = rep(d$id[1], length(moved)), at = d$at[known[moved + 1L]],
      dose = ifelse(change[moved] > 0, "dose raised", "dose lowered"))
  }
  list(segments = segments[segments$to > segments$from | k == 1L, , drop = FALSE],
    end = data.frame(id = d$id[1], at = last, how = if (died) "died" else
      if (is.na(given)) "last seen" else "ended"), doses = doses)
}
