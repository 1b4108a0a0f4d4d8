# Separation: whether a combination of predictors tells events from the others, and which terms do.

#' Does a predictor separate the responders from the others?
#'
#' Where a combination of predictors puts all events on one side (complete separation) or all but those that lie on the
#' border
#' (quasi-complete), maximum likelihood has no finite answer. The check solves the linear programme of Konis (2007); `terms`
#' are the terms whose coefficients are infinite, in complete separation a smallest set of terms that separates.
#'
#' @inheritParams fit_logistic
#' @return A list of class `respondr_separation`: `verdict` (`"none"`, `"quasi"`, `"complete"`), `terms`, `columns` (a
#'   data frame of
#'   each coefficient and where it runs: `-Inf`, `Inf`, `NaN` where it may go either way, `0` for finite, `NA` where it
#'   depends on
#'   others), `rows` (row numbers of
#'   `data` told apart without an error), `cells` (sentences on empty cells of factors), `n`, `events`, `event`.
#' @references Albert A, Anderson JA (1984) \doi{10.1093/biomet/71.1.1}. Konis K (2007) Linear programming algorithms
#'   for detecting
#'   separated data in binary logistic regression models, DPhil thesis, University of Oxford.
#' @examples
#' spleen <- rep(c("removed", "present"), c(27, 35))
#' patients <- data.frame(response = rep(1:0, c(58, 4)), spleen, age = 1:62)
#' check_separation(response ~ spleen + age, patients)
#' @export
check_separation <- function(formula, data = NULL, ..., weights = NULL, subset = NULL, event = NULL, reference = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  columns <- lapply(list(subset = substitute(subset), weights = substitute(weights)), null_word, env)
  input <- predictor_input(formula, data, columns$subset, columns$weights, NULL, event, reference, "binary", env, call)
  found <- logistic_separation(input, logistic_problem(input))
  used <- input$trials > 0 & (input$weights %||% 1) > 0
  structure(c(found, list(n = as.integer(round(sum(input$trials[used]))), outcome = input$outcome, event = input$event,
    events = as.integer(round(sum((input$y * input$trials)[used]))))), class = "respondr_separation")
}

# Beyond this many numbers the programme gives way to a certificate: at the maximum of the likelihood the residuals are
# weights,
# all positive, that balance the rows, so nothing separates them (Gordan's alternative). Without a certificate the core
# follows the
# direction of recession and checks it row by row.
separation_limit <- 2e5

logistic_separation <- function(input, problem) {
  x <- problem$x
  positive <- (problem$weight %||% rep(1, nrow(x))) > 0
  y <- problem$y[positive]
  one_class <- !length(y) || all(y == 0) || all(y == 1)
  none <- list(verdict = "none", terms = character(), one_class = one_class, how = "linear programming", rows = integer(),
    cells = character(), columns = separation_columns(x, numeric(ncol(x))))
  if (one_class || !ncol(x)) {
    return(none)
  }
  found <- if (length(x) <= separation_limit) lib_separation(x, problem$y, problem$weight) else large_separation(problem)
  if (found$verdict == "none") {
    none$how <- found$how %||% none$how
    return(none)
  }
  list(verdict = found$verdict, terms = separating_terms(found, input, problem), one_class = FALSE,
    how = found$how %||% none$how, rows = input$rows[found$rows], cells = separation_cells(found, input),
    columns = separation_columns(x, found$runs_to), used = found$rows)
}

separation_columns <- function(x, runs_to) {
  data.frame(column = colnames(x) %||% character(), runs_to = unname(runs_to))
}

runs <- function(runs_to) is.nan(runs_to) | (!is.na(runs_to) & runs_to != 0)

# As lib_separation(): rows that a direction tells apart are taken out and the rest is asked again, because the core
# stops at the first direction it finds. A coefficient that the last rest does not determine runs where the first
# direction took it.
large_separation <- function(problem) {
  x <- problem$x
  rest <- which((problem$weight %||% rep(1, nrow(x))) > 0)
  kept <- independent_columns(separation_scale(x[rest, , drop = FALSE])$x)
  toward <- numeric(ncol(x))
  apart <- logical(nrow(x))
  while (length(rest)) {
    found <- logistic_recession(list(x = x[rest, , drop = FALSE], y = problem$y[rest], weight = problem$weight[rest],
      offset = problem$offset[rest]))
    if (found$separated == "none") break
    direction <- ifelse(is.na(found$direction), 0, found$direction)  # NA: a column that depends on others here
    eta <- abs(drop(x[rest, , drop = FALSE] %*% direction))
    out <- eta > 1e-6 * max(eta)
    toward <- ifelse(toward == 0 & found$columns, sign(direction), toward)
    apart[rest[out]] <- TRUE
    rest <- rest[!out]
    if (!any(out)) break
  }
  runs_to <- ifelse(kept, 0, NA)
  if (any(apart)) {
    free <- which(kept)
    if (length(rest)) free <- free[!determined_columns(x[rest, kept, drop = FALSE])]
    runs_to[free] <- ifelse(toward[free] == 0, NaN, toward[free] * Inf)
  }
  list(verdict = if (!any(apart)) "none" else if (length(rest)) "quasi" else "complete", runs_to = runs_to, rows = apart,
    how = "direction of recession")
}

# Complete separation leaves the direction free: terms are left out as long as the others still separate.
separating_terms <- function(found, input, problem) {
  term <- input$assign
  hit <- sort(unique(term[runs(found$runs_to) & term > 0L]))
  if (found$verdict == "complete" && length(hit) > 1L && length(problem$x) <= separation_limit) {
    for (k in rev(hit)) {
      left <- setdiff(hit, k)
      columns <- which(term == 0L | term %in% left)
      if (length(left) && lib_separation(problem$x[, columns, drop = FALSE], problem$y,
        problem$weight)$verdict == "complete") {
        hit <- left
      }
    }
  }
  input$labels[hit]
}

# "no none among spleen = removed", for factors among the terms.
separation_cells <- function(found, input) {
  names <- intersect(input$labels, names(input$reference))
  out <- lapply(names, function(name) {
    value <- input$frame[[name]]
    w <- input$trials * (input$weights %||% 1)
    events <- tapply(input$y * w, value, sum)
    others <- tapply((1 - input$y) * w, value, sum)
    line <- function(count, label) {
      empty <- names(count)[!is.na(count) & count == 0]
      if (length(empty)) paste0("no `", label, "` where ", name, " is ", paste(empty, collapse = " or "))
    }
    c(line(others, input$levels[1]), line(events, input$levels[2]))
  })
  as.character(unlist(out))
}

separation_words <- function(found) {
  if (found$verdict == "none") {
    return("no separation")
  }
  what <- if (length(found$terms)) paste0("the data by ", paste(found$terms, collapse = " with ")) else "the data"
  paste0(if (found$verdict == "complete") "complete" else "quasi-complete", " separation of ", what,
    if (length(found$cells)) paste0(" (", paste(found$cells, collapse = "; "), ")"))
}

#' @export
format.respondr_separation <- function(x, ..., width = getOption("width")) {
  finite <- x$columns$column[!is.na(x$columns$runs_to) & x$columns$runs_to == 0]
  far <- x$columns[runs(x$columns$runs_to), ]
  where <- ifelse(is.nan(far$runs_to), "either way", paste("to", far$runs_to))
  lines <- c(
    paste0("Separation of ", x$outcome, ": event ", x$event, ", ", x$events, " of ", x$n, " patients"),
    if (x$one_class) "All responses are the same, so there is nothing to separate." else
      paste0(capitalised(separation_words(x)), "."),
    if (nrow(far)) paste0("No finite maximum likelihood estimate: ", paste0(far$column, " (", where, ")",
      collapse = ", "), "."),
    if (x$verdict == "quasi" && length(finite)) paste0("Finite: ", paste(finite, collapse = ", "), "."),
    if (x$verdict != "none") paste0(length(x$rows), " of the rows are told apart without an error; ",
      "`method = \"firth\"` or \"flac\" ",
      "gives finite estimates, `method = \"ml\"` intervals with one limit."),
    paste0("Found by ", if (x$how == "linear programming") "linear programming (Konis 2007)" else
      "following the direction of recession", ".")
  )
  wrapped(lines, width)
}

#' @export
print.respondr_separation <- function(x, ..., width = getOption("width")) {
  lines <- format(x, width = width)
  lines[1] <- cli::style_bold(lines[1])
  cli::cat_line(lines)
  invisible(x)
}
