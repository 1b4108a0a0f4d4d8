# What came out beside what was printed, from the rows themselves, by plain R: a second program beside the kernel.

condition_holds <- function(rpn, codes) {
  stack <- list()
  pop <- function() {
    top <- stack[[length(stack)]]
    stack[[length(stack)]] <<- NULL
    top
  }
  for (i in seq_along(rpn$op)) {
    value <- switch(rpn$op[i] + 1L,
      rep(TRUE, nrow(codes)),
      floor(rpn$levels[i] / 2^codes[, rpn$column[i] + 1L]) %% 2 == 1,
      pop() & pop(),
      pop() | pop(),
      !pop()
    )
    stack[[length(stack) + 1L]] <- value
  }
  stack[[1]]
}

# Codes of the categories, with those of free missing patterns read from the data.
cohort_codes <- function(data, world) {
  out <- vapply(names(world$categories), function(name) {
    if (startsWith(name, "known ")) {
      as.integer(!is.na(data[[sub("@", "_", sub("^known ", "", name), fixed = TRUE)]]))
    } else {
      as.integer(data[[name]]) - 1L
    }
  }, integer(nrow(data)))
  matrix(out, nrow = nrow(data))
}

reproduced_figures <- function(spec, data, world, steps, released) {
  codes <- cohort_codes(data, world)
  where <- function(text) condition_holds(read_condition(text, world), codes)
  quantity <- function(text, scale = 1) {
    q <- read_quantity(text, world)
    value <- 0
    for (j in seq_along(q$columns)) value <- value + q$coefficients[j] * data[[sub("@", "_", q$columns[j], fixed = TRUE)]]
    digits <- max(round(-log10(steps[match(q$columns, world$columns)])))
    round(value, digits) * scale
  }
  figures <- spec$figures
  class(figures) <- "data.frame"
  figures$reproduced <- vapply(seq_len(nrow(figures)), function(i) {
    reproduce_figure(as.list(figures[i, ]), where, quantity)
  }, 0)
  interval <- printed_interval(figures$printed, whole = figures$kind %in% c("n", "count"))
  slack <- 1e-9 * (1 + abs(interval$value))
  figures$met <- !is.na(figures$reproduced) & figures$reproduced >= interval$low - slack & figures$reproduced <= interval$high + slack
  figures$released <- figures$name %in% released
  figures[c("name", "kind", "of", "subset", "origin", "printed", "reproduced", "met", "released")]
}

reproduce_figure <- function(row, where, quantity) {
  within <- where(row$subset)
  parts <- split_outside(row$of, "~")
  if (row$kind == "count") return(sum(within & where(row$of)))
  if (row$kind == "percent") return(100 * sum(within & where(row$of)) / sum(within))
  if (row$kind %in% c("r", "f_visits")) {
    return(several_visits(row, vapply(strsplit(parts, ",", fixed = TRUE)[[1]], quantity, double(length(within)))[within, , drop = FALSE]))
  }
  if (row$kind == "p_groups") return(two_group_p(quantity(parts[1], row$scale), where(parts[2]), within, row$test))
  if (length(parts) == 2L) return(logistic_figure(row$kind, where(parts[1]), quantity(parts[2], row$scale), within))
  x <- quantity(parts, row$scale)[within]
  x <- x[!is.na(x)]
  if (row$kind == "n") return(length(x))
  if (!length(x)) return(NA_real_)
  switch(row$kind, mean = mean(x), sd = stats::sd(x), p_paired = safe_p(stats::t.test(x)),
    stats::quantile(x, quantile_of_kind[[row$kind]], names = FALSE))
}

safe_p <- function(test) tryCatch(test$p.value, error = function(cnd) NA_real_)

two_group_p <- function(x, group, within, test) {
  keep <- within & !is.na(x)
  safe_p(stats::t.test(x[keep & group], x[keep & !group], var.equal = test == "student"))
}

several_visits <- function(row, x) {
  x <- x[stats::complete.cases(x), , drop = FALSE]
  if (row$kind == "r") return(stats::cor(x[, 1], x[, 2]))
  centred <- x - rowMeans(x)
  between <- nrow(x) * sum((colMeans(x) - mean(x))^2)
  error <- sum((centred - rep(colMeans(centred), each = nrow(x)))^2)
  between / (error / (nrow(x) - 1))
}

logistic_figure <- function(kind, event, x, within) {
  keep <- within & !is.na(x)
  fit <- suppressWarnings(stats::glm(event[keep] ~ x[keep], family = stats::binomial(), control = list(epsilon = 1e-12)))
  row <- summary(fit)$coefficients[2, ]
  z <- stats::qnorm(0.975)
  switch(kind, odds_ratio = exp(row[[1]]), or_low = exp(row[[1]] - z * row[[2]]), or_high = exp(row[[1]] + z * row[[2]]),
    p_logistic = row[[4]])
}

# Every cohort has all its patients once, and every column.
whole_cohorts <- function(data, spec) {
  columns <- variable_columns(spec$variables)
  nrow(data) > 0L && all(c("cohort", "id", columns) %in% names(data)) && all(table(data$cohort) == spec$patients) &&
    !anyDuplicated(data[c("cohort", "id")])
}

#' Printed beside reproduced figures
#'
#' Computed from the rows of the cohort by base R, apart from the program that made them. Rows that were changed since are
#' computed as they are; rows that do not make up whole cohorts have no figures, and the call stops.
#'
#' @param x A cohort of [reconstruct_cohort()].
#' @return A data frame: one row a figure and cohort, with `printed`, `reproduced`, `met` and `released`.
#' @examples
#' spec <- cohort_spec(10, list(x = cohort_measure(decimals = 1)),
#'   cohort_figure(c("mean", "sd"), "x", c("5.0", "1.2")))
#' cohort_figures(reconstruct_cohort(spec, seed = 1))
#' @export
cohort_figures <- function(x) {
  call <- environment()
  if (!inherits(x, "respondr_cohort")) {
    stop_input("argument", "`x` must be a cohort of reconstruct_cohort() or stored_cohort().", "x", call)
  }
  spec <- attr(x, "spec")
  if (is.null(spec)) {
    return(NULL)
  }
  data <- as.data.frame(x)
  made <- attr(x, "figures")
  if (!is.null(made) && identical(attr(x, "rows"), rlang::hash(data))) {
    return(made)
  }
  if (!whole_cohorts(data, spec)) {
    stop_input("data", c("`x` does not hold whole cohorts: rows or columns were left out, put in or bound.",
      i = "Ask before the rows are changed, or cohort by cohort: `x[x$cohort == 1, ]`."), "x", call)
  }
  plan <- cohort_plan(spec, call)
  do.call(rbind, lapply(unique(data$cohort), function(k) {
    data.frame(cohort = k, reproduced_figures(spec, data[data$cohort == k, ], plan$world, plan$steps, attr(x, "released")))
  }))
}

#' A cohort with one row a patient and visit
#'
#' @param x A cohort of [reconstruct_cohort()], or a data frame with columns like `hb_0`, `hb_3`.
#' @param visits Visits, as they end the names of columns; found from the spec where there is one.
#' @return A data frame with `visit` and one column a measurement that has visits; patients keep their rows at visits where
#'   nothing was measured out.
#' @examples
#' spec <- cohort_spec(10, list(x = cohort_measure(decimals = 1, visits = c(0, 3))),
#'   cohort_figure("mean", "x@0", "5.0"))
#' head(cohort_long(reconstruct_cohort(spec, seed = 1)))
#' @export
cohort_long <- function(x, visits = NULL) {
  call <- environment()
  spec <- attr(x, "spec")
  if (!is.data.frame(x)) {
    stop_input("argument", "`x` must be a cohort, or a data frame with a column a visit.", "x", call)
  }
  x <- as.data.frame(x)
  measured <- Filter(function(v) length(v$visits) > 0L, unclass(spec)$variables)
  if (is.null(visits)) visits <- unique(unlist(lapply(measured, `[[`, "visits")))
  if (!length(visits)) {
    stop_input("argument", c("`visits` are not known.", i = "Give them as they end the names of columns: `visits = c(0, 3)` for `hb_0`, `hb_3`."),
      "visits", call)
  }
  pattern <- paste0("^(.*)_(", paste(gsub(".", "\\.", visits, fixed = TRUE), collapse = "|"), ")$")
  timed <- grep(pattern, names(x), value = TRUE)
  if (!is.null(spec)) timed <- intersect(timed, variable_columns(measured))
  if (!length(timed)) {
    stop_input("argument", paste0("No column ends in the visits ", quoted(as.character(visits), 8), "."), "visits", call)
  }
  names_of <- unique(sub(pattern, "\\1", timed))
  fixed <- x[setdiff(names(x), timed)]
  visit_values <- utils::type.convert(as.character(visits), as.is = TRUE)
  rows <- lapply(seq_along(visits), function(v) {
    out <- cbind(fixed, visit = rep(visit_values[v], nrow(fixed)))
    out[[".row"]] <- seq_len(nrow(fixed))
    for (name in names_of) {
      column <- paste0(name, "_", visits[v])
      out[[name]] <- if (column %in% names(x)) x[[column]] else NA_real_
    }
    out[rowSums(!is.na(out[names_of])) > 0, ]
  })
  out <- do.call(rbind, rows)
  out <- out[order(out[[".row"]]), ]
  rownames(out) <- NULL
  out[setdiff(names(out), ".row")]
}

#' @export
as.data.frame.respondr_cohort <- function(x, ...) {
  for (name in c("spec", "seed", "figures", "released", "rows")) attr(x, name) <- NULL
  class(x) <- "data.frame"
  x
}

#' @export
`[.respondr_cohort` <- function(x, ...) {
  out <- NextMethod()
  if (is.data.frame(out) && !"synthetic" %in% names(out)) return(as.data.frame.respondr_cohort(out))
  out
}

#' @export
print.respondr_cohort <- function(x, ..., max_rows = 6L) {
  cli::cat_line(format(x, ..., max_rows = max_rows))
  invisible(x)
}

#' @export
format.respondr_cohort <- function(x, ..., max_rows = 6L, width = getOption("width")) {
  spec <- attr(x, "spec")
  data <- as.data.frame(x)
  figures <- if (!is.null(spec) && whole_cohorts(data, spec)) cohort_figures(x)
  lines <- "SYNTHETIC patients: no person stands behind any row."
  if (nrow(data) && (is.null(data$synthetic) || !isTRUE(all(data$synthetic)))) {
    lines <- c(lines, "The column `synthetic`, which marks the rows, is missing or was changed: they are synthetic nevertheless.")
  }
  if (!is.null(spec) && is.null(figures)) {
    lines <- c(lines, paste0(nrow(data), if (nrow(data) == 1L) " row, no whole cohort of " else " rows, no whole cohorts of ",
      spec$patients, " patients: what they reproduce is not said."))
  }
  released <- NULL
  if (!is.null(spec) && !is.null(figures)) {
    cohorts <- length(unique(figures$cohort))
    one <- figures[!figures$released, ]
    lines <- c(lines, paste0("Made to reproduce ", if (nzchar(spec$title)) spec$title else "printed figures",
      if (nzchar(spec$source)) paste0(" (", spec$source, ")"), ": ", cohorts, if (cohorts == 1) " cohort" else " cohorts", " of ",
      spec$patients, " patients; ", sum(one$met), " of ", nrow(one), " figures met",
      if (any(one$origin == "assumed")) paste0(" (", sum(one$origin == "assumed"), " of them assumed)"), "."),
      paste0("Seed: ", paste(attr(x, "seed"), collapse = " ")))
    released <- released_lines(figures)
  }
  shown <- utils::head(data, max_rows)
  # As many columns as one line holds.
  widths <- vapply(names(shown), function(name) max(nchar(name), nchar(format(shown[[name]]))) + 1L, 0L)
  fits <- cumsum(widths) + nchar(nrow(shown)) <= width
  fits[1:3] <- TRUE
  rest <- c(if (nrow(data) > nrow(shown)) paste(nrow(data) - nrow(shown), "more rows"),
    if (!all(fits)) paste0(sum(!fits), " more columns: ", paste(names(shown)[!fits], collapse = ", ")))
  c(strwrap(lines, width, exdent = 2), released, "", utils::capture.output(print(shown[fits])),
    if (length(rest)) strwrap(paste0("... and ", paste(rest, collapse = " and "), "."), width, exdent = 4))
}

released_lines <- function(figures) {
  out <- figures[figures$released & figures$cohort == figures$cohort[1], ]
  if (!nrow(out)) {
    return(NULL)
  }
  c("Released, not reproduced:", paste0("  ", out$name, ": printed ", out$printed, ", here ",
    format(signif(out$reproduced, 3), trim = TRUE, drop0trailing = TRUE, scientific = FALSE)))
}
