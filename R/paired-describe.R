#' The before/after table
#'
#' Describes the complete pairs of every comparison: both visits and the change (n, mean, SD, median, quartiles, range), the
#' percent change, the correlation between the visits, and figures on the shape of the changes. Figures only: no test is
#' chosen from them.
#'
#' @param x A result of [compare_paired()], or anything [compare_paired()] takes.
#' @param ... Passed to [compare_paired()] where `x` is not its result.
#'
#' @return A data frame of class `respondr_description`, one row per outcome, `by` combination and contrast:
#'   `n_pairs`, `n_dropped`, `n_patients`; `mean_`, `sd_`, `median_`, `q1_`, `q3_`, `min_` and `max_` with the endings
#'   `before`, `after` and `change` in the units of the outcome; `percent_mean` and `percent_median` over the `n_percent` pairs with
#'   a baseline above 0; `correlation` (Pearson, before with after); `outliers`, changes further than 1.5 interquartile
#'   ranges from the quartiles; `skewness` (g1 = m3 / m2^1.5), `excess_kurtosis` (g2 = m4 / m2^2 - 3), `shapiro_p`, the p of
#'   [stats::shapiro.test()] of the changes (3 to 5,000 pairs); `status` and `note`.
#'   Quartiles follow the rule of the convention: type 7 of Hyndman and Fan (1996), type 2 for SAS, type 6 for SPSS.
#' @references Hyndman RJ, Fan Y (1996) \doi{10.1080/00031305.1996.10473566}.
#' @examples
#' describe_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' @export
describe_paired <- function(x, ...) {
  call <- rlang::current_call()
  result <- if (inherits(x, "respondr_paired")) {
    check_dots_empty(call, ...)
    x
  } else {
    eval.parent(as_compare_call(match.call()))
  }
  input <- attr(result, "input")
  settings <- attr(result, "settings")
  if (is.null(input) || input$kind == "figures") {
    stop_input("x", "Summary figures describe themselves: `describe_paired()` needs patient rows.", "x", call)
  }
  words <- settings$call_words
  words$scale <- "difference"
  words$null <- 0
  words$alternative <- "two.sided"
  words$effect_conf <- "analytic"
  seed <- list(value = c(0L, 0L))
  solved <- ask_core(name_infinite(paired_describe(input, core_options(words, "t", "none", seed), words$threads), input), call)
  labels <- result_labels(input, "difference")
  n <- length(solved$status)
  solved$status <- status_factor(solved$status)
  solved$note <- note_factor(solved$notes)
  solved$notes <- NULL
  at <- match("status", names(solved))
  solved <- append(solved, list(shapiro_p = lib_shapiro(input)), at - 1L)
  settings$quantile_type <- words$quantile_type
  out <- structure(c(labels, solved), row.names = .set_row_names(n), class = c("respondr_description", "data.frame"),
    settings = settings, input = input)
  keys <- c("outcome", settings$by, "contrast")
  at <- row_keys(out, keys) %in% row_keys(result, keys)
  if (all(at)) out else keep_rows(out, at)
}

# Rows of a description with what came with it.
keep_rows <- function(x, at) {
  out <- structure(lapply(unclass(x)[seq_along(names(x))], `[`, at), names = names(x), row.names = .set_row_names(sum(at)),
    class = class(x))
  attr(out, "settings") <- attr(x, "settings")
  attr(out, "input") <- attr(x, "input")
  out
}

# The same call to compare_paired(), with the cheapest words that matter here left as given.
as_compare_call <- function(call) {
  call[[1]] <- quote(respondr::compare_paired)
  call
}
