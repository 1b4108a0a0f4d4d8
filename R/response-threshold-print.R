# How response_threshold() reads: the lines above its table, the rows that are shown, sentences, and the picture.

threshold_lines <- function(input, words, rows, anchor) {
  what <- if (words$direction == "greater") "at least" else "at most"
  level <- format_level(words$conf_level)
  m <- length(input$cutoffs)
  c(paste0("response: a change of ", what, " the cut-off; ", m, " cut-off", if (m != 1L) "s", " from ",
      format_number(input$cutoffs[1]), " to ", format_number(input$cutoffs[m])),
    if (length(input$arms) > 1L) paste0("reference arm: ", input$arms[1]),
    paste0("adjusted limits: ", level, " for all cut-offs of a row's arm or contrast together (Dvoretzky-Kiefer-Wolfowitz",
      if (words$band == "bootstrap" && length(input$arms) > 1L) " for rates, sup-t bootstrap for differences", ")"),
    threshold_few_line(words, length(input$arms)),
    threshold_change_lines(rows, words$conf_level, words$method), threshold_anchor_lines(anchor),
    if (sum(input$lost)) paste(sum(input$lost), "patients without a change left out"),
    if (input$no_arm) paste(input$no_arm, "rows without an arm left out"),
    if (length(input$empty)) paste("arms without patients left out:", quoted(input$empty)))
}

# The critical value is a quantile of the replicates, which too few do not reach.
threshold_few_line <- function(words, arms) {
  least <- ceiling(1 / (1 - words$conf_level) - 1e-9) - 1
  if (words$band == "bootstrap" && arms > 1L && words$replicates < least) {
    paste("a band at this level needs at least", format_count(least), "replicates (better 999 or more): with fewer it is",
      "the whole range")
  }
}

# For each contrast: the runs of cut-offs with a conclusion, and where the band leaves out 0.
threshold_change_lines <- function(rows, conf_level, method) {
  at <- which(!is.na(rows$conclusion))
  contrast <- as.character(rows$contrast)
  vapply(unique(contrast[at]), function(name) {
    i <- at[contrast[at] == name]
    word <- as.character(rows$conclusion)[i]
    runs <- threshold_runs(rows$cutoff[i], word)
    runs <- runs[runs$word != "no difference", , drop = FALSE]
    out <- (rows$conf_low_adjusted[i] > 0 | rows$conf_high_adjusted[i] < 0) %in% TRUE
    band <- threshold_runs(rows$cutoff[i], out)
    paste0(name, ": one cut-off at a time (", method, ") ", if (nrow(runs)) first_runs(paste(runs$word, "at",
      runs$text)) else "no difference anywhere", "; the band leaves out 0 ", if (any(out)) paste("at",
      first_runs(band$text[band$word])) else "nowhere")
  }, "", USE.NAMES = FALSE)
}

first_runs <- function(text, most = 8L) {
  paste0(paste(utils::head(text, most), collapse = ", "),
    if (length(text) > most) paste0(" and ", length(text) - most, " more runs of cut-offs"))
}

threshold_runs <- function(cutoff, word) {
  r <- rle(word)
  last <- cumsum(r$lengths)
  first <- last - r$lengths + 1L
  data.frame(word = r$values, text = ifelse(first == last, vapply(cutoff[first], format_number, ""),
    paste(vapply(cutoff[first], format_number, ""), "to", vapply(cutoff[last], format_number, ""))))
}

threshold_anchor_lines <- function(anchor) {
  if (is.null(anchor)) {
    return(NULL)
  }
  labels <- c(mann_whitney = "Mann-Whitney, shift", welch = "Welch, difference of means")
  places <- estimate_places(anchor$estimate, anchor$conf_low, anchor$conf_high, rep(NA_real_, nrow(anchor)))
  shown <- function(name) format_places(anchor[[name]], places)
  limits <- ifelse(is.na(anchor$conf_low), "", paste0(" (", vapply(anchor$conf_level, format_level, ""), " interval ",
    shown("conf_low"), " to ", shown("conf_high"), ")"))
  text <- ifelse(is.na(anchor$p_value), paste("no test:", status_sentence(as.character(anchor$status))),
    paste0(shown("estimate"), limits, ", ", vapply(anchor$p_value, sentence_p, "")))
  paste0("the change itself, ", anchor$contrast, ": ", labels[as.character(anchor$method)], " ", text)
}

#' @export
format.respondr_threshold <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L), width = getOption("width")) {
  if (!is_whole_result(x) || !is.numeric(max_rows) || nrow(x) <= max_rows[1]) {
    return(NextMethod())
  }
  shown <- x[threshold_shown(x), , drop = FALSE]
  settings <- attr(x, "settings")
  settings$lines <- c(settings$lines, paste0("shown: ", if (any(!is.na(shown$conclusion))) "differences at ",
    length(unique(shown$cutoff)), " of ", length(unique(x$cutoff)), " cut-offs, ",
    if (any(x$changes %in% TRUE)) "those where a conclusion changes" else "spread over all", " (all: as.data.frame(x))"))
  attr(shown, "settings") <- settings
  lines <- format.respondr_result(shown, ..., max_rows = max_rows, width = width)
  lines[1] <- result_title(x)
  lines
}

threshold_shown <- function(x) {
  cutoffs <- unique(x$cutoff[x$changes %in% TRUE])
  if (!length(cutoffs)) {
    all <- unique(x$cutoff)
    cutoffs <- all[unique(round(seq(1, length(all), length.out = 5L)))]
  }
  compared <- !is.na(x$conclusion)
  x$cutoff %in% cutoffs & (compared | !any(compared))
}

#' @rdname report_text
#' @export
report_text.respondr_threshold <- function(x, ...) {
  places <- result_places(x)
  what <- if (identical(attr(x, "settings")$direction, "less")) "at most" else "at least"
  vapply(seq_len(nrow(x)), function(i) threshold_sentence(row_list(x, i), what, places[i]), "")
}

threshold_sentence <- function(one, what, places) {
  head <- paste0(one$outcome, " of ", what, " ", format_number(one$cutoff), ": ")
  between <- function(low, high) paste0(format_places(low, places), " to ", format_places(high, places))
  if (is.na(one$estimate)) {
    return(paste0(head, "no ", one$estimand, " of ", one$contrast, sentence_problem(one), "."))
  }
  level <- format_level(one$conf_level)
  limits <- if (is.na(one$conf_low)) "" else paste0(" (", level, " interval ", between(one$conf_low, one$conf_high), ")")
  band <- if (is.na(one$conf_low_adjusted)) "" else paste0("; for all cut-offs together ",
    between(one$conf_low_adjusted, one$conf_high_adjusted))
  if (one$estimand == "rate") {
    return(paste0(head, one$contrast, " ", rate_share(one$events, one$n), ", rate ", format_places(one$estimate, places),
      limits, band, "."))
  }
  paste0(head, "difference of rates (", one$contrast, ") ", format_places(one$estimate, places), limits, ", ",
    sentence_p(one$p_value), ", ", one$method, band, sentence_problem(one), ".")
}
