# The description of a screen: each predictor by response, with the test named in the call.

# One entry a term: rows of the result, and the cells as text.
describe_terms <- function(input, read, words) {
  out <- lapply(input$labels, function(term) {
    own <- if (words$same_patients) input else read(one_term(words$formula, term))
    describe_term(own, term, words)
  })
  list(rows = do.call(rbind, lapply(out, `[[`, "rows")), cells = do.call(rbind, lapply(out, `[[`, "cells")))
}

# Counts of grouped responses are spread over patients.
describe_term <- function(input, term, words) {
  value <- bare_values(input$frame[[term]])
  rows <- rep(seq_along(input$y), input$trials)
  within <- sequence(input$trials)
  response <- factor(input$levels[1L + (within <= round(input$y * input$trials)[rows])], levels = input$levels)
  if (length(dim(value)) == 2L) value <- spline_variable(input, term, words$data) %||% value[, 1]
  patients <- list(value = value[rows], response = response)
  if (is.factor(value)) describe_factor(patients, term, words) else describe_number(patients, term, words)
}

# The variable that a spline or polynomial is made of, where there is one and it is a column.
spline_variable <- function(input, term, data) {
  name <- intersect(all.vars(str2lang(term)), names(data))
  x <- if (length(name) == 1L) data[[name]][input$rows]
  x <- bare_values(x)
  if (is.numeric(x) && is.null(dim(x))) x
}

describe_number <- function(patients, term, words) {
  test <- tryCatch(
    compare_groups(value ~ response, quick_frame(patients), method = words$numeric_test, conf_level = words$conf_level,
      seed = words$seed),
    respondr_error = function(cnd) NULL
  )
  cells <- vapply(levels(patients$response), function(class) {
    q <- stats::quantile(patients$value[patients$response == class], c(.5, .25, .75), names = FALSE)
    text <- format_places(q, quantile_places(patients$value))
    paste0(text[1], " (", text[2], " to ", text[3], ")")
  }, "")
  list(rows = description_row(test, patients, term, words$numeric_test), cells = cell_rows(term, NA_character_, cells))
}

# As many decimals as the data show, one more at most for the quartiles.
quantile_places <- function(x) {
  shown <- sub("^[^.]*\\.?", "", format_numbers(unique(x[is.finite(x)])))
  min(max(nchar(shown), 0L), 3L)
}

describe_factor <- function(patients, term, words) {
  levels <- levels(patients$value)
  two <- length(levels) == 2L
  test <- if (length(levels) > 1L) tryCatch(
    if (two) {
      compare_rates(value ~ response, quick_frame(patients), event = levels[2], method = words$factor_test,
        estimand = "odds_ratio", conf_level = words$conf_level, seed = words$seed)
    } else {
      compare_rates(value ~ response, quick_frame(patients), method = words$factor_test, contrasts = "overall",
        conf_level = words$conf_level, seed = words$seed)
    },
    respondr_error = function(cnd) NULL
  )
  counts <- table(patients$value, patients$response)
  share <- ifelse(colSums(counts) > 0, 100, NA) * t(t(counts) / colSums(counts))
  cells <- matrix(paste0(counts, " (", formatC(share, digits = 0, format = "f"), " %)"), ncol = 2L)
  list(rows = description_row(test, patients, term, words$factor_test), cells = cell_rows(term, levels, cells))
}

cell_rows <- function(term, level, cells) {
  cells <- matrix(cells, ncol = 2L)
  data.frame(term = term, level = level, others = cells[, 1], event = cells[, 2], stringsAsFactors = FALSE)
}

description_row <- function(test, patients, term, method) {
  pick <- function(name) if (is.null(test) || is.null(test[[name]])) NA_real_ else test[[name]][1]
  word <- function(name) if (is.null(test) || is.null(test[[name]])) NA_character_ else as.character(test[[name]][1])
  data.frame(
    term = term, level = NA_character_, reference = NA_character_, model = "description", method = method,
    distribution = word("distribution"),
    estimand = word("estimand"), estimate = pick("estimate"), std_error = pick("std_error"), conf_low = pick("conf_low"),
    conf_high = pick("conf_high"), conf_method = word("conf_method"), p_matches = isTRUE(as.logical(pick("p_matches"))),
    statistic = pick("statistic"), df = pick("df"), p_value = pick("p_value"), p_low = pick("p_low"), p_high = pick("p_high"),
    status = if (is.null(test)) "no_variance" else word("status"), note = if (is.null(test)) "" else word("note"),
    n = length(patients$response), n_dropped = NA_integer_,
    events = sum(patients$response == levels(patients$response)[2]), stringsAsFactors = FALSE
  )
}
