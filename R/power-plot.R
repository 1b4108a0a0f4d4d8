# Power curves.

power_axes <- c(n = "n", effect = "effect", power = "power", power_target = "power", alpha = "alpha", r = "r",
  ratio = "ratio", sd = "SD", sd_level = "SD of the other arm", null_value = "hypothesis", rate = "rate",
  prevalence = "prevalence", r2 = "r2")

# Columns of the design that tell rows of one test apart, in the order in which they are looked for; a spread that follows
# from the others is left out.
power_varying <- function(x, asked) {
  vary <- intersect(setdiff(names(power_axes), c("power", asked, if (asked == "power") "power_target")), names(x))
  vary <- vary[vapply(vary, function(v) max(tapply(x[[v]], x$test, function(u) length(unique(u)))) > 1L, NA)]
  kinds <- function(v) nrow(unique(as.data.frame(x)[c("test", v)]))
  for (v in c("sd_level", "sd")) {
    rest <- setdiff(vary, v)
    if (v %in% vary && kinds(rest) == kinds(vary)) vary <- rest
  }
  vary
}

#' Power curves
#'
#' Power against n (or effect against n, or n against effect) for all rows, one line for each test and remaining value.
#' Where neither the number, the effect nor the power varies, the first other value of the design that does is the x axis.
#'
#' @param x A result of [power_paired()], [power_groups()] or [power_rates()] with several values of `n` or `effect`.
#' @param ... Not used.
#' @return A ggplot object if ggplot2 is installed, otherwise `x` invisibly after a base plot.
#' @examples
#' plot(power_groups(n = 10:60, effect = c(4, 6), sd = 10, r = 0.6, test = c("student", "ancova")))
#' @export
plot.respondr_power <- function(x, ...) {
  asked <- x$asked[1]
  vary <- power_varying(x, asked)
  across <- c(vary, if (asked == "n") "effect" else "n")[1]
  vary <- setdiff(vary, across)
  if (length(unique(x$test)) > 1L) vary <- c("test", vary)
  words <- lapply(vary, function(v) {
    value <- if (is.numeric(x[[v]])) vapply(signif(x[[v]], 4), format, "") else x[[v]]
    ifelse(is.na(x[[v]]), NA, paste0(if (v != "test") paste0(power_axes[[v]], " "), value))
  })
  line <- vapply(seq_len(nrow(x)), function(i) {
    word <- vapply(words, `[`, "", i)
    paste(word[!is.na(word)], collapse = ", ")
  }, "")
  frame <- data.frame(across = x[[across]], asked = x[[asked]], line = factor(line, levels = unique(line)))
  frame <- frame[!is.na(frame$asked), ]
  labels <- stats::setNames(capitalised(power_axes), names(power_axes))
  labels[["n"]] <- paste0("n (", paste(unique(vapply(unique(x$test), power_unit, "", attr(x, "settings"))), collapse = ", or "), ")")
  words <- unique(vapply(x$test, power_effect_word, "", any(!is.na(x$trials)), attr(x, "settings")))
  if (length(words) == 1L) labels[["effect"]] <- if (endsWith(words, "times")) "Multiple of the given course" else
    capitalised(sub("^an? ", "", words))
  points <- table(frame$line)
  kind <- if (max(points, 0L) <= 10L || min(points) == 1L) "o" else "l"  # between few numbers nothing was computed
  colours <- rep_len(c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"), nlevels(frame$line))
  if (!rlang::is_installed("ggplot2")) {
    graphics::plot(frame$across, frame$asked, type = "n", xlab = labels[[across]], ylab = labels[[asked]])
    for (k in seq_len(nlevels(frame$line))) {
      graphics::lines(frame[frame$line == levels(frame$line)[k], 1:2], col = colours[k], lty = k, type = kind)
    }
    if (nlevels(frame$line) > 1L) {
      graphics::legend("bottomright", levels(frame$line), col = colours, lty = seq_along(colours))
    }
    return(invisible(x))
  }
  out <- ggplot2::ggplot(frame, ggplot2::aes(.data$across, .data$asked, colour = .data$line, linetype = .data$line)) +
    ggplot2::geom_line(linewidth = 0.8) + ggplot2::scale_colour_manual(values = colours, name = NULL) +
    ggplot2::scale_linetype_manual(name = NULL,
      values = rep_len(c("solid", "longdash", "dotdash", "dotted"), length(colours))) +
    ggplot2::guides(colour = ggplot2::guide_legend(ncol = 2), linetype = ggplot2::guide_legend(ncol = 2)) +
    ggplot2::labs(x = labels[[across]], y = labels[[asked]]) + ggplot2::theme_bw(base_size = 12) +
    ggplot2::theme(legend.key.width = ggplot2::unit(2, "lines"),
      legend.position = if (nlevels(frame$line) > 1L) "bottom" else "none")
  if (kind == "o") out$layers <- c(if (any(points > 1L)) out$layers, ggplot2::geom_point(size = 2))
  if (asked == "power") out + ggplot2::scale_y_continuous(limits = c(0, 1)) else out
}
