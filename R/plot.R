# Pictures of a paired result, with ggplot2 where it is installed and with base graphics where not. The data of a
# picture come from R/plot-data.R, so that both draw the same.

#' Pictures of patients before and after
#'
#' `plot_trajectories()` joins the measurements of each patient over all visits and lays the mean of each visit over
#' them. `plot_before_after()` shows the complete pairs of each comparison with the mean and its interval at both
#' visits. `plot_change()` shows the distribution of the change with the estimate and interval of the result (its
#' first method) and the line of no change. `autoplot()` and `plot()` choose one of them by `type`.
#'
#' Outcomes have panels of their own, and so have the combinations of `by`. Colours are those of Okabe and Ito, which
#' people with colour blindness can tell apart. To draw a part of a result, take its rows:
#' `plot(x[x$outcome == "hb", ])`.
#'
#' @param x,object A result of [compare_paired()] with patient rows.
#' @param type Which picture.
#' @param ... Passed on; the pictures take no further arguments.
#' @return A ggplot where ggplot2 is installed; else the picture is drawn and its data are returned invisibly. `plot()`
#'   always draws and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw: summary figures, a column of changes (which has no visits, so
#' only `plot_change()` can show it), or more than 40 panels.
#' @references Okabe M, Ito K (2008) Color Universal Design.
#' @examples
#' x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' plot(x, type = "trajectories")
#' plot(x, type = "change")
#' @name plot_paired
NULL

#' @rdname plot_paired
#' @export
plot_trajectories <- function(x, ...) {
  data <- trajectory_data(x, rlang::current_call())
  if (has_ggplot()) gg_trajectories(data) else base_trajectories(data)
}

#' @rdname plot_paired
#' @export
plot_before_after <- function(x, ...) {
  data <- before_after_data(x, rlang::current_call())
  if (has_ggplot()) gg_before_after(data) else base_before_after(data)
}

#' @rdname plot_paired
#' @export
plot_change <- function(x, ...) {
  data <- change_data(x, rlang::current_call())
  if (has_ggplot()) gg_change(data) else base_change(data)
}

#' @rdname plot_paired
#' @export
plot.respondr_paired <- function(x, type = c("trajectories", "before_after", "change"), ...) {
  picture <- paired_picture(x, type, missing(type), rlang::current_call())
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname plot_paired
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_paired <- function(object, type = c("trajectories", "before_after", "change"), ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  paired_picture(object, type, missing(type), rlang::current_call())
}

plot_types <- c("trajectories", "before_after", "change")

# Without a word, a column of changes gets the one picture it has.
paired_picture <- function(x, type, free, call) {
  if (free) {
    type <- if (identical(attr(x, "settings")$kind, "change")) "change" else "trajectories"
  }
  check_word(type, plot_types, "type", call)
  switch(type, trajectories = plot_trajectories(x), before_after = plot_before_after(x), change = plot_change(x))
}

# options(respondr.base_graphics = TRUE) draws with base graphics although ggplot2 is there.
has_ggplot <- function() {
  !isTRUE(getOption("respondr.base_graphics")) && requireNamespace("ggplot2", quietly = TRUE)
}

# Okabe and Ito; grey and black for what is neither up nor down.
direction_colours <- c(rose = "#0072B2", fell = "#D55E00", `did not change` = "#666666")
time_colours <- c(before = "#E69F00", after = "#0072B2")

# The more patients, the fainter each: lines overlap more than points do.
patient_alpha <- function(n) max(0.12, min(0.7, 6 / sqrt(max(n, 1))))

line_alpha <- function(n) max(0.03, min(0.8, 14 / max(n, 1)^0.75))

wrap_labels <- function(x, width = 14) {
  vapply(strwrap(as.character(x), width, simplify = FALSE), paste, "", collapse = "\n")
}

# Without it a result that has no picture would be drawn as a matrix of its columns.
#' @export
plot.respondr_result <- function(x, ...) {
  stop_input("plot", c(paste0("There is no picture of a result of class `", class(x)[1], "`."),
    i = "Print it, or take `as.data.frame(x)`."), "x", rlang::current_call())
}
