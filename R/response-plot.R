# Pictures of responders: waterfall, swimmer, spaghetti by class, doses, distribution of change. Their data come from
# R/response-plot-data.R; base graphics draw the same in R/response-plot-base.R.

#' Pictures of responders
#'
#' `plot_waterfall()`: the change of each patient, largest first, coloured by class, with lines at the cut-offs of the rule.
#' `plot_swimmer()`: a bar for each patient over the time on treatment, coloured by the class at each visit, with the
#' changes of dose and how it ended. `plot_spaghetti()`: measurements of each patient over the visits, a panel for each
#' class. `plot_doses()`: the dose over time, a panel for each patient (up to 40; more are laid over each other).
#' `plot_change_distribution()`: the share of patients whose change is at least (or at most) each value, by arm, with
#' the simultaneous band of Dvoretzky, Kiefer and Wolfowitz in Massart's form, F +- sqrt(log(2 / alpha) / (2 n)): every
#' cut-off of a rule read at once.
#'
#' All are ggplots that take further layers and themes; without ggplot2 base graphics draw the same. Colours are those
#' of Okabe and Ito.
#'
#' @param formula `change ~ class` (or `change ~ 1`; with `| id` the best change of each patient is taken),
#'   `class ~ time | id` (swimmer), `value ~ visit | id` (spaghetti), `dose ~ time | id` (doses), `change ~ arm`
#' (distribution).
#' @param data A data frame.
#' @param ... Must be empty.
#' @param lines Cut-offs of the rule, drawn as dashed lines.
#' @param better `"higher"` or `"lower"`: which change is the better one.
#' @param dose,end,death Columns: dose at each visit; end of treatment (last visit where absent); time of death.
#' @param class The column of classes, one a patient (the last known is taken).
#' @param ids Which patients to draw, by id.
#' @param direction `"at_least"` or `"at_most"`.
#' @param conf_level Level of the band.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw, `respondr_error_formula` and `respondr_error_column` for wrong
#' words.
#' @references Massart P (1990) \doi{10.1214/aop/1176990746}. Okabe M, Ito K (2008) Color Universal Design.
#' @examples
#' d <- MASS::anorexia
#' d$change <- d$Postwt - d$Prewt
#' d$class <- cut(d$change, c(-Inf, 0, 5, Inf), labels = c("none", "minor", "main"))
#' plot_waterfall(change ~ class, d, lines = c(0, 5))
#' plot_change_distribution(change ~ Treat, d, lines = 5)
#' @name plot_response
NULL

#' @rdname plot_response
#' @export
plot_waterfall <- function(formula, data = NULL, ..., lines = NULL, better = "higher") {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  check_word(better, c("higher", "lower"), "better", call)
  read <- waterfall_rows(formula, data, better, parent.frame(), call)
  read$lines <- check_lines(lines, call)
  if (has_ggplot()) gg_waterfall(read) else base_waterfall(read)
}

waterfall_caption <- function(read) {
  paste0(patients_words(nrow(read$rows)), if (nrow(read$rows) > 1L) ", one bar each",
    if (read$several) ", the best change of each",
    if (isTRUE(read$dropped > 0)) paste0("; ", read$dropped, " without a change left out"),
    if (length(read$lines)) ". Dashed: cut-offs of the rule")
}

gg_waterfall <- function(read) {
  n <- nrow(read$rows)
  few <- n <= 60L
  shown <- levels(droplevels(read$rows$class))
  ggplot2::ggplot(read$rows, ggplot2::aes(x = .data$rank, y = .data$y, fill = .data$class)) +
    ggplot2::geom_col(width = if (few) 0.8 else 1, colour = NA) +
    ggplot2::geom_hline(yintercept = 0, linewidth = 0.4) +
    (if (length(read$lines)) ggplot2::geom_hline(yintercept = read$lines, linetype = "dashed", colour = "grey25")) +
    ggplot2::scale_fill_manual(values = class_palette(read$rows$class), name = NULL, labels = wrap_labels(shown, 60L),
      guide = if (read$classes) gg_legend(shown) else "none") +
    ggplot2::scale_x_continuous(breaks = NULL, limits = (n + 1) / 2 + c(-0.5, 0.5) * max(n + 1, 12)) +
    ggplot2::labs(x = if (n == 1L) "patient" else "patients", y = read$y, caption = waterfall_caption(read)) +
    gg_theme()
}

#' @rdname plot_response
#' @export
plot_swimmer <- function(formula, data = NULL, ..., dose = NULL, end = NULL, death = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  words <- list(dose = substitute(dose), end = substitute(end), death = substitute(death))
  read <- swimmer_rows(formula, data, words, parent.frame(), call)
  if (has_ggplot()) gg_swimmer(read) else base_swimmer(read)
}

swimmer_marks <- c("dose raised" = 24, "dose lowered" = 25, died = 4, "last seen" = 62, ended = 124)

# With many bars the marks of doses would hide them.
swimmer_few <- function(read) read$n <= 50L

swimmer_caption <- function(read) {
  text <- paste0("Colour: class from each visit to the next, that of the last visit a little beyond it; grey: not known",
    if (!swimmer_few(read)) "; marks of doses and ends are drawn for up to 50 patients")
  paste(strwrap(text, 95), collapse = "\n")
}

swimmer_points <- function(read) {
  ends <- data.frame(at = read$ends$at, row = read$ends$row, mark = read$ends$how)
  if (!swimmer_few(read)) ends <- ends[ends$mark == "died", , drop = FALSE]
  if (swimmer_few(read) && length(read$doses) && nrow(read$doses)) {
    ends <- rbind(ends, data.frame(at = read$doses$at, row = read$doses$row, mark = read$doses$dose))
  }
  ends$mark <- factor(ends$mark, levels = intersect(names(swimmer_marks), ends$mark))
  ends
}

gg_swimmer <- function(read) {
  s <- read$segments
  points <- swimmer_points(read)
  few <- swimmer_few(read)
  shown <- intersect(read$classes, s$class)
  size <- if (few) 2.2 else 0.9
  s$half <- if (few) 0.42 else 0.5
  ggplot2::ggplot(s) +
    ggplot2::geom_rect(ggplot2::aes(xmin = .data$from, xmax = .data$to, ymin = .data$row - .data$half,
      ymax = .data$row + .data$half, fill = .data$class)) +
    ggplot2::geom_point(ggplot2::aes(x = .data$at, y = .data$row, shape = .data$mark), data = points, size = size,
      stroke = 0.7,
      fill = "white") +
    ggplot2::scale_fill_manual(values = class_colours(read$classes), name = NULL, na.value = "#CCCCCC", breaks = shown,
      labels = wrap_labels(shown, 60L)) +
    ggplot2::scale_shape_manual(values = swimmer_marks, name = NULL) +
    ggplot2::scale_y_continuous(breaks = if (few) read$ends$row, labels = if (few) short_labels(read$ends$id, 28L),
      expand = ggplot2::expansion(add = if (read$n < 4L) 2 else 0.8)) +
    gg_time_scale(read$time, read$visits) +
    ggplot2::guides(fill = gg_legend(shown, order = 1),
      shape = if (nrow(points)) ggplot2::guide_legend(override.aes = list(size = 2.4)) else "none") +
    ggplot2::labs(x = read$x, y = if (few) NULL else patients_words(read$n),
      caption = swimmer_caption(read)) +
    gg_theme() + ggplot2::theme(panel.grid.major.y = ggplot2::element_blank(), legend.box = "vertical",
      legend.margin = ggplot2::margin(0, 0, 0, 0))
}

#' @rdname plot_response
#' @export
plot_spaghetti <- function(formula, data = NULL, ..., class = NULL, lines = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  read <- figure_frame(formula, data, list(class = substitute(class)), parent.frame(), TRUE, call)
  d <- read$rows
  d$y <- figure_number(d$y, read$y, call)
  read$time <- figure_times(d$x, call)
  d$at <- read$time$at
  d$class <- if (is.null(d$class)) factor(rep("", nrow(d))) else figure_class(d$class)
  if (any(nzchar(levels(d$class)))) d$class <- patient_class(d)
  d <- check_some(d[!is.na(d$id) & !is.na(d$at) & !is.na(d$y), , drop = FALSE], "measurement", call)
  read$rows <- d[order(d$class, d$id, d$at), , drop = FALSE]
  read$lines <- check_lines(lines, call)
  if (has_ggplot()) gg_spaghetti(read) else base_spaghetti(read)
}

# The last known class of each patient, in time.
patient_class <- function(d) {
  known <- d[!is.na(d$class) & !is.na(d$id), , drop = FALSE]
  known <- known[order(known$at), , drop = FALSE]
  last <- known[!duplicated(known$id, fromLast = TRUE), , drop = FALSE]
  out <- as.character(last$class)[match(d$id, last$id)]
  out[is.na(out)] <- "not known"
  factor(out, levels = c(setdiff(levels(d$class), "not known"), if ("not known" %in% out) "not known"))
}

panel_counts <- function(d) {
  n <- vapply(levels(d$class), function(k) length(unique(d$id[d$class == k])), 0L)
  stats::setNames(paste0(ifelse(nzchar(names(n)), paste0(names(n), ": "), ""), n, " patient", ifelse(n == 1L, "", "s")),
    names(n))
}

# Of classes with several patients: the mean of one would hide its line.
spaghetti_means <- function(d) {
  several <- vapply(split(d$id, d$class), function(id) length(unique(id)) > 1L, NA)
  d <- d[d$class %in% names(several)[several], , drop = FALSE]
  if (!nrow(d)) {
    return(d[c("class", "at", "y")])
  }
  out <- stats::aggregate(d["y"], d[c("class", "at")], mean)
  out[order(out$class, out$at), , drop = FALSE]
}

# Patients measured once have no line.
seen_once <- function(d) d[!d$id %in% d$id[duplicated(d$id)], , drop = FALSE]
seen_often <- function(d) d[d$id %in% d$id[duplicated(d$id)], , drop = FALSE]

panel_labeller <- function(d) {
  columns <- ceiling(sqrt(nlevels(droplevels(d$class))))
  ggplot2::as_labeller(stats::setNames(wrap_labels(panel_counts(d), 72L %/% columns), levels(d$class)))
}

gg_spaghetti <- function(read) {
  d <- read$rows
  means <- spaghetti_means(d)
  ggplot2::ggplot(d, ggplot2::aes(x = .data$at, y = .data$y)) +
    (if (length(read$lines)) ggplot2::geom_hline(yintercept = read$lines, linetype = "dashed", colour = "grey25")) +
    ggplot2::geom_line(ggplot2::aes(group = .data$id, colour = .data$class), data = seen_often(d),
      alpha = max(0.2, line_alpha(length(unique(d$id)) / nlevels(d$class))), linewidth = 0.4) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$class), data = seen_once(d), size = 1) +
    ggplot2::geom_line(data = means[means$class %in% means$class[duplicated(means$class)], ], linewidth = 1.1) +
    ggplot2::geom_point(data = means, size = 2) +
    ggplot2::scale_colour_manual(values = class_palette(d$class), guide = "none") +
    ggplot2::facet_wrap(ggplot2::vars(.data$class), labeller = panel_labeller(d)) +
    gg_time_scale(read$time, d$at) +
    ggplot2::labs(x = read$x, y = read$y, caption = if (nrow(means))
      "Thick line: mean of the patients measured at each visit") +
    gg_theme()
}

#' @rdname plot_response
#' @export
plot_doses <- function(formula, data = NULL, ..., class = NULL, ids = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  read <- figure_frame(formula, data, list(class = substitute(class)), parent.frame(), TRUE, call)
  d <- read$rows
  d$y <- figure_number(d$y, read$y, call)
  read$time <- figure_times(d$x, call)
  d$at <- read$time$at
  d$class <- if (is.null(d$class)) factor(rep("", nrow(d))) else figure_class(d$class)
  if (!is.null(ids)) {
    lost <- setdiff(as.character(ids), d$id)
    if (length(lost)) stop_input("column", paste0("`ids` names ", quoted(lost), ", whom `data` does not hold."), "ids", call)
    d <- d[d$id %in% as.character(ids), , drop = FALSE]
  }
  d <- check_some(d[!is.na(d$id) & !is.na(d$at) & !is.na(d$y), , drop = FALSE], "dose", call)
  if (any(nzchar(levels(d$class)))) d$class <- patient_class(d)
  d$id <- factor(d$id, levels = unique(d$id))
  d <- d[order(d$id, d$at), , drop = FALSE]
  step <- stats::ave(d$y, d$id, FUN = function(v) c(NA, diff(v)))
  d$moved <- factor(ifelse(is.na(step) | step == 0, NA, ifelse(step > 0, "dose raised", "dose lowered")),
    levels = c("dose raised", "dose lowered"))
  read$rows <- d
  if (has_ggplot()) gg_doses(read) else base_doses(read)
}

gg_doses <- function(read) {
  d <- read$rows
  n <- nlevels(d$id)
  single <- n <= max_panels
  classes <- any(nzchar(levels(d$class)))
  colours <- if (classes) class_palette(d$class) else stats::setNames("#0072B2", "")
  shown <- levels(droplevels(d$class))
  columns <- ceiling(sqrt(n))
  moves <- d[!is.na(d$moved), , drop = FALSE]
  ggplot2::ggplot(d, ggplot2::aes(x = .data$at, y = .data$y)) +
    ggplot2::geom_step(ggplot2::aes(group = .data$id, colour = .data$class), data = seen_often(d),
      linewidth = if (single) 0.8 else 0.4,
      alpha = if (single) 1 else max(0.15, line_alpha(n)),
      position = if (single) "identity" else ggplot2::position_jitter(width = 0, height = 0.008 * diff(range(d$y, 0)),
        seed = 1)) +
    (if (single) ggplot2::geom_point(ggplot2::aes(colour = .data$class), data = seen_once(d), size = 1.2)) +
    ggplot2::geom_point(ggplot2::aes(shape = .data$moved), data = moves, fill = "white", size = if (single) 2 else 1,
      stroke = 0.6) +
    ggplot2::scale_shape_manual(values = swimmer_marks[1:2], name = NULL, drop = TRUE) +
    ggplot2::scale_colour_manual(values = colours, name = NULL, labels = wrap_labels(shown, 60L),
      guide = if (classes && single) gg_legend(shown) else "none") +
    (if (single) ggplot2::facet_wrap(ggplot2::vars(.data$id), labeller = ggplot2::as_labeller(stats::setNames(
      short_labels(levels(d$id), max(10L, 84L %/% columns)), levels(d$id)))) else if (classes)
      ggplot2::facet_wrap(ggplot2::vars(.data$class), labeller = panel_labeller(d))) +
    gg_time_scale(read$time, d$at, 8L) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(mult = c(0.05, 0.12))) +
    ggplot2::labs(x = read$x, y = read$y, caption = if (single) "One panel a patient" else
      paste0(n, " patients laid over each other; steps moved apart by less than 1% of the range")) +
    gg_theme() + ggplot2::theme(legend.box = "vertical", legend.margin = ggplot2::margin(0, 0, 0, 0))
}

#' @rdname plot_response
#' @export
plot_change_distribution <- function(formula, data = NULL, ..., lines = NULL, direction = "at_least", conf_level = 0.95) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  check_word(direction, c("at_least", "at_most"), "direction", call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  read <- figure_frame(formula, data, list(), parent.frame(), FALSE, call)
  d <- read$rows
  d$y <- figure_number(d$y, read$y, call)
  d$group <- if (is.null(d$x)) factor(rep("all patients", nrow(d))) else if (is.character(d$x)) factor(d$x) else
    figure_class(d$x)
  d <- check_some(d[!is.na(d$y) & !is.na(d$group), , drop = FALSE], "change", call)
  if (nlevels(d$group) > 8L) {
    stop_input("plot", paste0("A picture of ", nlevels(d$group), " curves cannot be read (8 at most)."), "formula", call)
  }
  read$lines <- check_lines(lines, call)
  d$group <- droplevels(d$group)
  read$rows <- change_curve(d, direction, conf_level, read$lines)
  read$direction <- direction
  read$level <- conf_level
  if (has_ggplot()) gg_distribution(read) else base_distribution(read)
}

# Corners of the steps: the share just below and just above each value.
change_curve <- function(d, direction, conf_level, lines = NULL) {
  ends <- range(d$y, lines)
  pad <- 0.04 * max(diff(ends), 1e-8 * max(abs(ends)), 1e-300)
  parts <- lapply(levels(droplevels(d$group)), function(g) {
    y <- sort(d$y[d$group == g])
    n <- length(y)
    at <- unique(y)
    below <- findInterval(at, y, left.open = TRUE) / n
    upto <- findInterval(at, y) / n
    share <- as.vector(rbind(below, upto))
    if (direction == "at_least") share <- 1 - share
    first <- if (direction == "at_least") 1 else 0
    half <- sqrt(log(2 / (1 - conf_level)) / (2 * n))
    share <- c(first, share, 1 - first)
    data.frame(group = g, n = n, at = c(ends[1] - pad, rep(at, each = 2L), ends[2] + pad), share = share,
      low = pmax(0, share - half), high = pmin(1, share + half))
  })
  out <- do.call(rbind, parts)
  out$group <- factor(out$group, levels = levels(d$group))
  out
}

change_curve_words <- function(read) {
  list(y = paste0("patients with a change ",
    if (read$direction == "at_least") "of at least this (%)" else "of at most this (%)"),
    caption = paste0("Band: ", format_level(read$level), " for the whole curve (Dvoretzky-Kiefer-Wolfowitz)",
      if (length(read$lines)) ". Dashed: cut-offs of the rule"))
}

gg_distribution <- function(read) {
  d <- read$rows
  words <- change_curve_words(read)
  n <- d$n[match(levels(d$group), d$group)]
  labels <- stats::setNames(wrap_labels(paste0(levels(d$group), " (n = ", n, ")"), 60L), levels(d$group))
  ggplot2::ggplot(d, ggplot2::aes(x = .data$at, y = 100 * .data$share, colour = .data$group)) +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = 100 * .data$low, ymax = 100 * .data$high, fill = .data$group),
      alpha = 0.13, colour = NA) +
    ggplot2::geom_path(ggplot2::aes(linetype = .data$group), linewidth = 0.9) +
    (if (length(read$lines)) ggplot2::geom_vline(xintercept = read$lines, linetype = "dashed", colour = "grey25")) +
    ggplot2::scale_colour_manual(values = group_colours, aesthetics = c("colour", "fill"), name = NULL, labels = labels) +
    ggplot2::scale_linetype_discrete(name = NULL, labels = labels) +
    ggplot2::guides(colour = gg_legend(labels), fill = gg_legend(labels), linetype = gg_legend(labels)) +
    ggplot2::scale_y_continuous(limits = c(0, 100)) +
    ggplot2::labs(x = read$y, y = sub(" of at", "\nof at", words$y), caption = words$caption) +
    gg_theme()
}
