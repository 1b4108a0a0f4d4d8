# A naive second reading of rules: conditions run as R code on points (baseline, after) of a grid. Cut-offs are multiples of
# 0.5 and percent changes multiples of 25, so that doubles hold every comparison exactly.

naive_words <- function(before, after) {
  list(
    value = function(x) after[[x]], change = function(x) after[[x]] - before[[x]],
    percent_change = function(x) 100 * (after[[x]] - before[[x]]) / before[[x]],
      ratio = function(x) after[[x]] / before[[x]],
    between = function(x, low, high, closed = "both") {
      (if (closed %in% c("both", "left")) x >= low else x > low) & (if (closed %in% c("both",
        "right")) x <= high else x < high)
    }
  )
}

# Points x clauses, from the text of the clauses.
naive_truth <- function(texts, before, after) {
  words <- c(naive_words(before, after), as.list(after))
  vapply(texts, function(text) {
    text <- gsub("(change|percent_change|ratio)\\(([a-z]+)\\)", "\\1(\"\\2\")", text)
    eval(parse(text = text), words, baseenv())
  }, logical(length(after[[1]])))
}

# All pairs of a grid for x and, combined with each, some values of y.
naive_grid <- function(quotient) {
  b <- seq(if (quotient) 0.25 else 0, 12, by = 0.25)
  a <- seq(0, 12, by = 0.25)
  g <- expand.grid(bx = b, ax = a, by = 4, ay = c(0, 1, 1.5, 2, 4, 5, 7, 9))
  list(before = list(x = g$bx, y = g$by), after = list(x = g$ax, y = g$ay))
}

random_condition <- function(depth = 2L) {
  if (depth > 0L && stats::runif(1) < 0.45) {
    parts <- vapply(1:2, function(i) random_condition(depth - 1L), "")
    return(paste0("(", parts[1], sample(c(" & ", " | "), 1), parts[2], ")"))
  }
  measure <- sample(c("x", "y", "change(x)", "percent_change(x)", "ratio(x)", "change(x)"), 1)
  cuts <- if (grepl("percent", measure)) c(-50, -25, 0, 50, 100) else if (grepl("ratio", measure)) c(0.5, 1, 2) else
    if (grepl("change", measure)) c(-2, -0.5, 0, 1, 2.5) else c(0, 1.5, 4, 7)
  if (stats::runif(1) < 0.2) {
    two <- sort(sample(cuts, 2))
    return(paste0("between(", measure, ", ", two[1], ", ", two[2], ", closed = \"",
      sample(c("both", "left", "right", "none"), 1), "\")"))
  }
  text <- paste(measure, sample(c(">", ">=", "<", "<=", "==", "!="), 1, prob = c(3, 3, 3, 3, 1, 1)), sample(cuts, 1))
  if (stats::runif(1) < 0.1) paste0("!(", text, ")") else text
}

# The patients that a message names, put into the conditions again: none may hold.
witness_without_level <- function(message, texts) {
  examples <- regmatches(message, gregexpr("for example [^\n]*", message))[[1]]
  all(vapply(examples, function(example) {
    values <- function(variable) {
      both <- regmatches(example, regexec(paste0("\\b", variable, " (-?[0-9.]+) at baseline and (-?[0-9.]+) after"),
        example))[[1]]
      one <- regmatches(example, regexec(paste0("\\b", variable, " (-?[0-9.]+)"), example))[[1]]
      if (length(both)) as.numeric(both[2:3]) else if (length(one)) c(4, as.numeric(sub("\\.$", "", one[2]))) else NULL
    }
    # A variable that is not named may have any value: some are tried.
    free <- c(0.5, 1, 2, 4, 7, 9)
    points <- lapply(c(x = "x", y = "y"), function(v) {
      if (is.null(values(v))) expand.grid(b = free, a = c(0, 1.5, free)) else data.frame(b = values(v)[1], a = values(v)[2])
    })
    at <- expand.grid(x = seq_len(nrow(points$x)), y = seq_len(nrow(points$y)))
    pick <- function(column) list(x = points$x[at$x, column], y = points$y[at$y, column])
    !any(naive_truth(texts, pick("b"), pick("a")))
  }, NA))
}

# Baseline x, value ax at the visit judged and value mx at the visit "m3", all combinations of a grid.
moment_truth <- function(texts) {
  at <- expand.grid(b = seq(0.25, 12, by = 0.25), a = seq(0, 14, by = 0.25), m = seq(0, 14, by = 0.25))
  words <- c(naive_words(list(x = at$b, m = at$b), list(x = at$a, m = at$m)), list(baseline = function(x) at$b, x = at$a,
    m = at$m))
  texts <- gsub("at\\(((?:[a-z_]+\\()?)x(\\)?), \"m3\"\\)", "\\1m\\2", texts, perl = TRUE)
  holds <- vapply(texts, function(text) {
    eval(parse(text = gsub("(change|percent_change|ratio)\\(([a-z]+)\\)", "\\1(\"\\2\")", text)), words, baseenv())
  }, logical(nrow(at)))
  list(at = at, holds = holds)
}

random_moment_condition <- function(depth = 2L) {
  if (depth > 0L && stats::runif(1) < 0.55) {
    parts <- vapply(1:2, function(i) random_moment_condition(depth - 1L), "")
    return(paste0("(", parts[1], sample(c(" & ", " | "), 1), parts[2], ")"))
  }
  measure <- sample(c("x", "baseline(x)", "change(x)", "at(x, \"m3\")", "at(change(x), \"m3\")", "at(ratio(x), \"m3\")"), 1)
  cuts <- if (grepl("ratio", measure)) c(0.5, 1, 2) else if (grepl("change", measure)) c(-2, -0.5, 0, 1) else c(1.5, 4, 5)
  paste(measure, sample(c(">", ">=", "<", "<="), 1), sample(cuts, 1))
}
